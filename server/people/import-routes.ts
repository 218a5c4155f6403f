/** The roster import: choose a file, see the differences, bring it in. Programs send the file and `dryRun` in one request. */
import multer from 'multer';
import { z } from 'zod';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../database.js';
import { NotFound } from '../errors.js';
import { flag } from '../http/read-input.js';
import { done, page, routes, type Call, type PageAnswer, type RoomRoutes } from '../http/route.js';
import { newId } from '../ids.js';
import { findSchool } from '../school/school-records.js';
import { importRoster, type ImportOutcome, type TermChanges } from './import-roster.js';
import { readRoster } from './read-roster.js';
import { csvColumns } from './read-roster-csv.js';
import { unreadable } from './read-table.js';
import type { Roster } from './roster.js';
import { findRosterUpload, saveRosterUpload, saveRosterUploadRemoved } from './roster-upload-records.js';

const runners = ['registrar', 'admin'] as const;
const maximumMegabytes = 15;
const keptMilliseconds = 60 * 60 * 1000;
const shownDifferences = 200;
const shownErrors = 500;

const counts = z.object({ created: z.number(), updated: z.number() });
const importAnswer = z.object({
  dryRun: z.boolean(),
  created: z.number(),
  updated: z.number(),
  unchanged: z.number(),
  advisories: counts,
  terms: counts,
  errors: z.array(z.object({ file: z.string(), row: z.number(), field: z.string(), message: z.string() })),
  differences: z.array(
    z.object({
      kind: z.enum(['created', 'updated']),
      name: z.string(),
      roles: z.array(z.string()),
      changes: z.array(z.object({ field: z.string(), from: z.string(), to: z.string() })),
    }),
  ),
  /** Who is new; in a dry run nobody. */
  added: z.array(z.object({ id: z.string(), name: z.string() })),
});

const receive = multer({
  storage: multer.memoryStorage(),
  defParamCharset: 'utf8',
  limits: { fileSize: maximumMegabytes * 1024 * 1024, files: 1, fields: 10, fieldSize: 10_000 },
}).single('roster');

const importPage = (call: Pick<Call, 't'>): PageAnswer =>
  page(
    'people/import',
    { maximumMegabytes, columns: Object.keys(csvColumns).join(', ') },
    {
      title: call.t('people.import.title'),
      crumbs: [{ href: '/people', label: call.t('people.people.title') }],
    },
  );

/** @param needs how terms are written: that is the school room's act */
export function makeImportRoutes(needs: {
  keepTerms(clock: Clock, scope: SchoolScope, terms: TermChanges): Promise<void>;
}): RoomRoutes {
  const importRoutes = routes('people');

  importRoutes.get('/people/import', { summary: 'The form for a roster', who: runners }, async (call) =>
    importPage(call),
  );

  importRoutes.post(
    '/people/import',
    {
      summary:
        'Bring in a roster: OneRoster 1.2 zip or one CSV (`roster`); `dryRun` only shows the differences',
      who: runners,
      token: 'people:import',
      files: () => receive,
      fileFields: { roster: { takes: 'A OneRoster 1.2 zip or one CSV file' } },
      body: z.object({
        dryRun: flag,
        /** The id of a file that an earlier preview kept. */
        kept: z.string().max(64).optional(),
      }),
      answer: importAnswer,
      limit: { name: 'people-import', failures: 120, seconds: 900 },
      again: async (call) => importPage(call),
    },
    async (call) => {
      const { scope, context, actor, body } = call;
      const upload = await uploadOf(call);
      const school = await findSchool(context.db, scope.schoolId);
      if (!school) throw new NotFound();
      const roster = await readRoster(upload, school);
      const outcome = await importRoster(
        { clock: context.clock, keepTerms: (inside, terms) => needs.keepTerms(context.clock, inside, terms) },
        scope,
        actor,
        roster,
        { dryRun: body.dryRun },
      );
      const view = {
        dryRun: body.dryRun,
        ...outcome,
        errors: outcome.errors.map((each) => ({
          file: each.file,
          row: each.row,
          field: each.field,
          message: call.t(each.message, each.params),
        })),
      };
      if (!body.dryRun && upload.id) await saveRosterUploadRemoved(scope, upload.id);
      if (call.wantsJson) return done('/people', view);
      if (body.dryRun) return previewPage(call, upload, roster, outcome, view);
      if (view.errors.length > 0) return resultPage(call, view);
      return done('/people', view, {
        notice: 'people.import.done',
        noticeParams: { created: view.created, updated: view.updated, unchanged: view.unchanged },
      });
    },
  );

  return importRoutes;
}

interface Upload {
  /** Set when a preview kept the file. */
  id: string | null;
  name: string;
  content: Buffer;
}

async function uploadOf(
  call: Pick<Call, 'request' | 'scope' | 'actor'> & { body: { kept?: string | undefined } },
): Promise<Upload> {
  const { file } = call.request;
  if (file) return { id: null, name: file.originalname.slice(-200), content: file.buffer };
  if (!call.body.kept) throw unreadable('people.import.problem.no-file');
  const kept = await findRosterUpload(call.scope, call.body.kept, call.actor.personId);
  if (!kept) throw unreadable('people.import.problem.kept-gone');
  return kept;
}

type View = z.output<typeof importAnswer>;

async function previewPage(
  call: Pick<Call, 't' | 'scope' | 'actor' | 'context'>,
  upload: Upload,
  roster: Roster,
  outcome: ImportOutcome,
  view: View,
): Promise<PageAnswer> {
  const expiresAt = new Date(call.context.clock.now().getTime() + keptMilliseconds);
  const { schoolId } = call.scope;
  const kept = upload.id ?? newId();
  if (!upload.id) {
    await saveRosterUpload(call.scope, {
      id: kept,
      schoolId,
      personId: call.actor.personId,
      name: upload.name,
      content: upload.content,
      expiresAt,
    });
  }
  const people = outcome.created + outcome.updated;
  const besides = [outcome.advisories, outcome.terms].reduce(
    (sum, each) => sum + each.created + each.updated,
    0,
  );
  return page(
    'people/import-preview',
    {
      ...shown(call, view),
      uploadId: kept,
      fileName: upload.name,
      utf8: roster.utf8,
      nothing: people + besides === 0,
      action:
        people > 0
          ? call.t('people.import.action', { count: people })
          : call.t('people.import.action-besides'),
    },
    { title: call.t('people.import.preview-title'), crumbs: crumbs(call) },
  );
}

const resultPage = (call: Pick<Call, 't'>, view: View): PageAnswer =>
  page('people/import-result', shown(call, view), {
    title: call.t('people.import.result-title'),
    crumbs: crumbs(call),
  });

const crumbs = (call: Pick<Call, 't'>) => [
  { href: '/people', label: call.t('people.people.title') },
  { href: '/people/import', label: call.t('people.import.title') },
];

/** The page shows the first of long lists; JSON has them whole. */
function shown(call: Pick<Call, 't'>, view: View) {
  return {
    ...view,
    differences: view.differences.slice(0, shownDifferences).map((each) => ({
      ...each,
      kindWord: call.t(`people.import.kind.${each.kind}`),
      roleWords: each.roles.map((role) => call.t(`common.role.${role}`)).join(', '),
      changeWords: each.changes
        .map(({ field, from, to }) =>
          call.t('people.import.change', {
            field: call.t(`people.import.field.${field}`),
            from: from || '–',
            to: to || '–',
          }),
        )
        .join('; '),
    })),
    added: view.added.slice(0, shownDifferences),
    moreAdded: Math.max(0, view.added.length - shownDifferences),
    moreDifferences: Math.max(0, view.differences.length - shownDifferences),
    errors: view.errors.slice(0, shownErrors),
    moreErrors: Math.max(0, view.errors.length - shownErrors),
  };
}
