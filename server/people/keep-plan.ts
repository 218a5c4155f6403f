/**
 * Writes down what an import would do, or does: by row what changes and what is odd, the rows that cannot be
 * used, and the counts.
 */
import type { SchoolScope } from '../db/database.js';
import { newId } from '../ids.js';
import type { ImportNeeds, ImportOrder } from './import-roster.js';
import { namesOf } from './name-correction.js';
import type { RosterChangesPlan } from './plan-roster.js';
import type { RowProblem } from './roster.js';
import { KEPT_OUTCOME, KEPT_PREVIEW, newChange, type RosterChange } from './roster-import.js';
import { removeRosterChanges, saveRosterChanges, saveRosterImport } from './roster-import-records.js';
import { isRenaming, type Importer } from './write-roster.js';

/** Rows of a preview that are written at once. */
const PREVIEW_PORTION = 100;
/** New names of a preview about which documents are looked for. */
const MAX_RENAMED = 200;
/** New advisories that are named; more are counted. */
const MAX_NAMED = 50;

export async function keepPlan(
  needs: ImportNeeds,
  scope: SchoolScope,
  actor: Importer,
  order: ImportOrder,
  plan: RosterChangesPlan,
): Promise<void> {
  const { importId, dryRun } = order;
  const kept = dryRun ? KEPT_PREVIEW : KEPT_OUTCOME;
  const expiresAt = new Date(needs.clock.now().getTime() + kept);
  const of = { schoolId: scope.schoolId, importId, expiresAt };
  const waits = dryRun ? await namesThatWait(needs, scope, plan) : new Set<string>();
  const rows = [
    ...inFileOrder(plan.problems).map(({ params = {}, ...problem }) =>
      newChange(of, { ...problem, params, kind: 'problem' }),
    ),
    ...plan.changed.map(({ rowKey, place, before, after, changes }) =>
      newChange(of, {
        ...{ ...place, rowKey, name: after.displayName, roles: after.roles },
        changes: before ? changes : plan.factsOf(after),
        ...oddIn(plan.oddOf(after, before ? changes : null)),
        // Known from the beginning, so that the line is found as theirs whatever becomes of the row.
        personId: before?.id ?? null,
        kind: before ? 'updated' : 'created',
        ...(before && waits.has(rowKey) ? { nameWaits: { personId: before.id, ...namesOf(after) } } : {}),
      }),
    ),
  ];
  // A worker that died over this began the list already.
  await removeRosterChanges(scope, importId);
  for (let at = 0; at < rows.length; at += PREVIEW_PORTION) {
    const portion = rows.slice(at, at + PREVIEW_PORTION);
    const numbered = portion.map((row, index) => ({ ...row, id: newId(), number: at + index + 1 }));
    await saveRosterChanges(scope, numbered);
  }
  await saveRosterImport(scope, {
    ...{ id: importId, schoolId: scope.schoolId, personId: actor.personId, dryRun, expiresAt },
    ...{ fileName: order.fileName, uploadId: order.uploadId, utf8: order.roster.utf8 },
    ...{
      unchanged: plan.unchanged,
      leftOut: plan.leftOut,
      withoutAdvisory: plan.withoutAdvisory,
      unnamed: plan.unnamed,
    },
    duplicates: plan.duplicates.map(({ key, first, second, reasons }) => ({ key, first, second, reasons })),
    ...{ elsewhere: plan.elsewhere, moved: plan.moved, questions: plan.questions, totals: plan.totals },
    ...{ columns: order.roster.columns, grades: order.roster.grades, said: chosenOf(order) },
    advisories: {
      created: plan.advisories.created.length,
      updated: plan.advisories.updated.length,
      names: plan.advisories.created.slice(0, MAX_NAMED).map(({ name }) => name),
    },
    ...{ manyAbsent: plan.manyAbsent, leaving: order.leaving ?? null },
    led: plan.advisories.updated.map(({ before: { id, advisorIds } }) => ({ id, advisorIds })),
    terms: { created: plan.terms.created.length, updated: plan.terms.updated.length },
  });
}

const oddIn = (odd: RosterChange['odd'] & object) => (odd.length > 0 ? { odd } : {});

/**
 * By row, as somebody who goes through the file with the list finds them; the files in the order in which
 * they were read.
 */
function inFileOrder(problems: readonly RowProblem[]): RowProblem[] {
  const files = [...new Set(problems.map(({ file }) => file))];
  return [...problems].sort((a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.row - b.row);
}

/** What was chosen, as the form sent it: a preview that is looked at again shows it. */
const chosenOf = ({ endTies, answers, said, ask }: ImportOrder): string[] => [
  ...endTies,
  ...ask,
  ...answers.same.map((key) => `same:${key}`),
  ...answers.two.map((key) => `two:${key}`),
  ...[...(said ?? [])].map(([key, option]) => `${option}:${key}`),
];

/** Keys of rows whose new name would wait, for whoever looks at a preview. */
async function namesThatWait(
  { isNamed }: ImportNeeds,
  scope: SchoolScope,
  { changed }: RosterChangesPlan,
): Promise<Set<string>> {
  const waiting = new Set<string>();
  for (const { rowKey, before } of changed.filter(isRenaming).slice(0, MAX_RENAMED))
    if (before && (await isNamed(scope, before))) waiting.add(rowKey);
  return waiting;
}
