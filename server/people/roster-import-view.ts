/**
 * What pages and programs see of a roster import or its preview: counts, problems by row, and the differences by page.
 */
import { z } from 'zod';
import type { SchoolScope } from '../db/database.js';
import { NotFound } from '../errors.js';
import type { Call } from '../http/route.js';
import type { Job } from '../jobs/job.js';
import { movedBy } from './find-moved.js';
import { duplicateReasons } from './likely-duplicates.js';
import { isNameField, isRenamed } from './name-correction.js';
import { listPeopleByIds } from './people-records.js';
import { byId } from './person.js';
import type { NameWaits, RosterChange } from './roster-import.js';
import {
  countRosterChanges,
  findRosterImport,
  listNamesWaiting,
  listOddRows,
  listRosterChanges,
} from './roster-import-records.js';
import { headingOf, rowMessage } from './row-problem-words.js';
import { columnsAnswer, questionAnswer, questionView } from './roster-questions-view.js';

/** Problems that are shown; whoever has more mends these first. */
const MAX_SHOWN_PROBLEMS = 500;
/** Names that are listed; the same file again lists those that still wait. */
const MAX_SHOWN_NAMES = 500;
/** Rows with odd values that are listed; each is marked in the differences as well. */
const MAX_SHOWN_ODD = 100;

const counts = z.object({ created: z.number(), updated: z.number() });
const sideAnswer = z.object({
  name: z.string(),
  grade: z.string().nullable(),
  row: z.number().nullable().describe('In the file; null for somebody who is at the school already.'),
  left: z.boolean(),
});
export const rosterImportAnswer = z.object({
  id: z.string(),
  dryRun: z.boolean(),
  fileName: z.string(),
  utf8: z.boolean(),
  /** The file that a preview has kept, for `kept`. */
  kept: z.string(),
  created: z.number(),
  updated: z.number(),
  unchanged: z.number(),
  leftOut: z.number().describe('Rows that bring nothing in because of one of `errors`.'),
  withoutAdvisory: z.number().describe('Students of the file who are in no advisory after it.'),
  odd: z
    .object({
      total: z.number(),
      items: z.array(z.object({ row: z.number(), name: z.string(), remarks: z.array(z.string()) })),
    })
    .describe('Rows that come in, with values that are probably mistyped.'),
  elsewhere: z
    .array(z.object({ name: z.string(), student: z.boolean() }))
    .describe('New people whose address has an account at another school: they may have moved.'),
  questions: z
    .array(questionAnswer)
    .describe(
      'What is asked instead of guessed. Send `answers` with `option:key` for each that you answer; `all role`, `all status`, `all line`, `all name`, `all id`, `all address` and `all absent` are the keys for all others of that kind. Rows that a question is about wait for the answer; people who are not in the file stay without one.',
    ),
  totals: z
    .record(z.string(), z.number())
    .describe('How many there are of each kind of question and of each list: the first 200 are listed.'),
  columns: columnsAnswer.describe(
    'Of a CSV: in which row the headings were found, and which of them are used.',
  ),
  grades: z
    .array(z.object({ written: z.string(), grade: z.string() }))
    .describe('Grades that the file has in words, and as what they were read.'),
  /** What was chosen in the form of the preview. */
  said: z.array(z.string()),
  manyAbsent: z
    .number()
    .nullable()
    .describe(
      'How many would leave by `all absent`, where the file has fewer of the school: send it as `leaving`.',
    ),
  leaving: z.number().nullable().describe('What was sent as `leaving`.'),
  duplicates: z
    .array(
      z.object({
        key: z.string(),
        first: sideAnswer,
        second: sideAnswer,
        reasons: z.array(z.enum(duplicateReasons)),
      }),
    )
    .describe(
      'New people who may be somebody else of the file or of the school. They come in as two, unless `duplicates` has `same:` and the `key`; `two:` and the key says that they are two, so that nobody asks again.',
    ),
  unnamed: z
    .array(z.object({ key: z.string(), student: z.string(), guardian: z.string() }))
    .describe(
      'Guardians whom the file does not name any more. They stay, unless `endTies` has the `key` of the tie.',
    ),
  moved: z
    .array(z.object({ rowKey: z.string(), name: z.string(), by: z.enum(movedBy) }))
    .describe(
      'Students of the file who are new here, while another school of the network has one with this student number, id or address. Send `ask` with the `rowKey` of those whose school shall be asked for a handover.',
    ),
  names: z
    .array(z.object({ personId: z.string(), name: z.string(), to: z.string(), href: z.string() }))
    .describe(
      'People whose new name waits, because frozen documents have the earlier one: at `href` somebody decides which of them show the new one. Everything else of their rows is brought in.',
    ),
  advisories: counts.extend({ names: z.array(z.string()).describe('Of new ones') }),
  terms: counts,
  /** Of the new and changed people, how many are not in, because the import was stopped. */
  missing: z.number(),
  problems: z.number(),
  errors: z.array(z.object({ file: z.string(), row: z.number(), field: z.string(), message: z.string() })),
  differences: z.array(
    z.object({
      kind: z.enum(['created', 'updated']),
      name: z.string(),
      roles: z.array(z.string()),
      changes: z
        .array(z.object({ field: z.string(), from: z.string(), to: z.string() }))
        .describe('Of somebody new all that is written, from nothing.'),
      remarks: z.array(z.string()).describe('What is odd about these values.'),
    }),
  ),
  page: z.number(),
  pages: z.number(),
  perPage: z.number(),
  total: z.number(),
  /** Who of this page is new; in a preview nobody. */
  added: z.array(z.object({ id: z.string(), name: z.string() })),
});

export type RosterImportView = z.output<typeof rosterImportAnswer>;

/** @throws NotFound once the outcome is not kept any more */
export async function readRosterImport(
  call: Pick<Call, 't' | 'scope'>,
  job: Job,
  { page: number, perPage }: { page: number; perPage: number },
): Promise<RosterImportView> {
  const made = await findRosterImport(call.scope, job.id);
  if (!made) throw new NotFound('people.import.problem.outcome-gone');
  const [counted, problems, odd, found, waiting] = await Promise.all([
    countRosterChanges(call.scope, made.id),
    listRosterChanges(call.scope, made.id, ['problem'], 1, MAX_SHOWN_PROBLEMS),
    listOddRows(call.scope, made.id, MAX_SHOWN_ODD),
    listRosterChanges(call.scope, made.id, ['created', 'updated'], number, perPage),
    listWaiting(call.scope, made.id),
  ]);
  const { created, updated } = counted;
  return {
    ...{ id: made.id, dryRun: made.dryRun, fileName: made.fileName, utf8: made.utf8, kept: made.uploadId },
    ...{
      created,
      updated,
      unchanged: made.unchanged,
      leftOut: made.leftOut ?? counted.problems,
      withoutAdvisory: made.withoutAdvisory ?? 0,
      odd: {
        total: odd.total,
        items: odd.items.map((each) => ({ row: each.row, name: each.name, remarks: remarksOf(call, each) })),
      },
      elsewhere: made.elsewhere ?? [],
      duplicates: made.duplicates ?? [],
      unnamed: made.unnamed ?? [],
      moved: made.moved ?? [],
      questions: (made.questions ?? []).map((each) => questionView(call, each)),
      totals: made.totals ?? {},
      columns: made.columns ?? null,
      grades: [...(made.grades ?? [])],
      said: made.said ?? [],
      ...{ manyAbsent: made.manyAbsent ?? null, leaving: made.leaving ?? null },
      names: waiting.map(({ name, nameWaits }) => ({
        ...{ personId: nameWaits.personId, name, to: nameWaits.displayName, href: namesHref(nameWaits) },
      })),
      advisories: { ...made.advisories, names: made.advisories.names ?? [] },
      terms: made.terms,
    },
    missing: made.dryRun ? 0 : created + updated - counted.done,
    problems: counted.problems,
    errors: problems.items.map(({ file, row, field, message, params, name }) => ({
      ...{ file, row, field: headingOf(field, made.columns ?? null) },
      message: call.t(rowMessage(message, made.dryRun), { ...params, name, ...whatOf(call, params) }),
    })),
    differences: found.items.map(({ kind, name, roles, changes, nameWaits, odd: marks = [] }) => ({
      kind: kind === 'updated' ? ('updated' as const) : ('created' as const),
      ...{ name, roles, remarks: remarksOf(call, { odd: marks }) },
      changes: nameWaits ? changes.filter(({ field }) => !isNameField(field)) : changes,
    })),
    ...{ page: found.page, pages: found.pages, perPage: found.perPage, total: found.total },
    added: found.items.flatMap(({ kind, done, personId, name }) =>
      kind === 'created' && done && personId ? [{ id: personId, name }] : [],
    ),
  };
}

const remarksOf = ({ t }: Pick<Call, 't'>, { odd = [] }: Pick<RosterChange, 'odd'>): string[] =>
  odd.map((each) => t(`people.import.odd.${each}`));

/** New names about which somebody has still to decide: not those that people have by now. */
async function listWaiting(
  scope: SchoolScope,
  importId: string,
): Promise<{ name: string; nameWaits: NameWaits }[]> {
  const waiting: { name: string; nameWaits: NameWaits }[] = [];
  for (let last = 0; waiting.length < MAX_SHOWN_NAMES;) {
    const rows = await listNamesWaiting(scope, importId, last, MAX_SHOWN_NAMES);
    const names = rows.flatMap(({ nameWaits }) => nameWaits ?? []);
    const ids = names.map(({ personId }) => personId);
    const people = byId(ids.length > 0 ? await listPeopleByIds(scope, ids) : []);
    for (const nameWaits of names) {
      const person = people.get(nameWaits.personId);
      if (person && isRenamed(person, nameWaits)) waiting.push({ name: person.displayName, nameWaits });
    }
    if (rows.length < MAX_SHOWN_NAMES) break;
    last = rows.at(-1)!.number;
  }
  return waiting.slice(0, MAX_SHOWN_NAMES);
}

/** The field that was changed by two at once, in words. */
const whatOf = ({ t }: Pick<Call, 't'>, { field }: RosterChange['params']): { what?: string } =>
  field === undefined ? {} : { what: t(`people.import.field.${String(field)}`) };

/** The form of a correction, with the new name in it. */
const namesHref = ({ personId, givenName, familyName, displayName }: NameWaits): string =>
  `/people/${personId}/names?${new URLSearchParams({ givenName, familyName, displayName }).toString()}`;
