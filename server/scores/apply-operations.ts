/** Takes the changes that a panelist's phone sends, each exactly once, in any number of attempts. */
import type { Actor } from '../access/actor.js';
import type { ExtentNeeds } from '../artifacts/find-extents.js';
import type { Clock } from '../clock.js';
import { isTooLarge, type SchoolScope } from '../db/database.js';
import { Conflict, Forbidden, InvalidInput } from '../errors.js';
import { beginSheet, refuseErased } from './begin-sheet.js';
import { isScoring, type Exhibition } from '../exhibitions/exhibition.js';
import type { Seat } from '../exhibitions/seats/seat.js';
import type { Rubric } from '../rubrics/rubric.js';
import { isAboutErasedMember, takenRubric } from './group-rows.js';
import { appendOperation, findSheet, type SheetBirth, type SheetWrite } from './score-sheet-records.js';
import {
  fieldsOfChange,
  MAX_JOURNAL,
  problemsOfChange,
  type JournalEntry,
  type Operation,
  type ScoreSheet,
} from './score-sheet.js';
import { journaledChange, mergeOperation } from './merge-operation.js';
import { resolvePlaces } from './resolve-places.js';
import { isPinChange } from './sheet-pins.js';

export interface Scoring {
  seat: Seat;
  exhibition: Exhibition;
  /** As it is pinned; what a sheet asks of it is `shownRubric`. */
  rubric: Rubric;
}

export interface Applied {
  /** Ids that stand in the sheet now, also those that did before. */
  applied: string[];
  sheet: ScoreSheet | null;
}

/**
 * Applies operations in their order; sent again they change nothing and are reported as applied all the same.
 * @throws InvalidInput when one of them does not fit the rubric or the work; then none is applied
 * @throws Forbidden when another phone has begun on the seat; NotFound when it was emptied meanwhile
 * @throws Conflict `sealed`, `not-open` or `too-many` for a new operation; those before it are applied.
 *   `erased` when nobody is left whom the sheet could be about; what is said about an erased member of a
 *   group counts as applied, and is not kept
 */
export async function applyOperations(
  needs: { clock: Clock } & ExtentNeeds,
  scope: SchoolScope,
  actor: Actor,
  { seat, exhibition, rubric }: Scoring,
  sent: Operation[],
): Promise<Applied> {
  const taken = takenRubric(rubric, seat);
  const problems = sent.flatMap((operation, at) =>
    problemsOfChange(taken, operation).map(({ field, message }) => ({
      field: `operations.${at}.${field}`,
      message,
    })),
  );
  if (problems.length > 0) throw new InvalidInput(problems);
  refuseErased(seat);
  // A phone that had no network may still speak of somebody who is erased: it is told that this is done, and
  // nothing of it is kept.
  const isLeftOut = (operation: Operation): boolean => isAboutErasedMember(seat, operation);
  const operations = await resolvePlaces(
    needs,
    scope,
    seat.slotId,
    sent.filter((each) => !isLeftOut(each)),
  );

  const birth: SheetBirth = {
    slotId: seat.slotId,
    exhibitionId: seat.exhibitionId,
    studentId: seat.studentId,
    panelistId: seat.personId,
    panelistName: seat.name,
    role: seat.role,
    rubric: exhibition.rubric,
  };
  const applied = sent.filter(isLeftOut).map(({ id }) => id);
  let sheet: ScoreSheet | null = null;
  let begun = seat.hands !== undefined;
  const begin = async (write: SheetWrite) => {
    const first = begun ? null : await beginSheet(scope, actor, seat.id, birth, write);
    begun = true;
    return first;
  };
  for (const operation of operations) {
    const stamp = { at: needs.clock.now(), by: actor.personId };
    sheet = isScoring(exhibition)
      ? await takeOperation(scope, seat, begin, operation, stamp, sheet).catch(sayFull)
      : await requireTaken(scope, seat, operation.id);
    applied.push(operation.id);
  }
  return { applied, sheet: sheet ?? (await findSheet(scope, seat.id)) };
}

/** Long words changed very often fill a journal before its entries do. */
function sayFull(error: unknown): never {
  if (isTooLarge(error)) throw new Conflict('scores.problem.too-many-changes', {}, 'too-many');
  throw error;
}

type HeldSeat = Pick<Seat, 'id' | 'anew'>;
type Stamp = Pick<JournalEntry, 'at' | 'by'>;

/** More devices than one person holds would have to answer at the same moment for this to be used up. */
const ATTEMPTS = 25;

/** The n-th entry made revision n; what a write answers has the last one alone. */
const isWhole = (sheet: ScoreSheet | null): sheet is ScoreSheet =>
  sheet !== null && sheet.journal.length === sheet.revision;

/** One operation; `known` is the sheet as this request last wrote it, its journal perhaps cut to the last entry. */
async function takeOperation(
  scope: SchoolScope,
  seat: HeldSeat,
  begin: (write: SheetWrite) => Promise<ScoreSheet | null>,
  operation: Operation,
  stamp: Stamp,
  known: ScoreSheet | null,
): Promise<ScoreSheet> {
  const { id: operationId, device, seen, sequence, after } = operation;
  const origin = {
    ...(device === undefined ? {} : { device }),
    ...(sequence === undefined ? {} : { sequence }),
    ...(after === undefined || after.length === 0 ? {} : { after }),
  };
  const knowsNothing = device === undefined || seen === undefined;
  if (operation.kind !== 'resolve' && !isPinChange(operation) && (knowsNothing || known === null)) {
    // Nothing happened since it was made, or nothing is known of what its maker saw: it counts as it is.
    const change = journaledChange(operation);
    const entry = { operationId, ...stamp, change, ...origin };
    const expected = knowsNothing ? 'any' : { revision: seen, withoutConflicts: true };
    const write = { entry, fields: fieldsOfChange(change) };
    const taken = (await begin(write)) ?? (await appendOperation(scope, seat, write, expected));
    if (taken) return taken;
    if (knowsNothing) return requireTaken(scope, seat, operationId);
  }
  let sheet = isWhole(known) ? known : await findSheet(scope, seat.id);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    refuseAnew(seat, sheet);
    const base = sheet ?? { responses: {}, overallComment: '', journal: [], revision: 0 };
    if (base.journal.some((entry) => entry.operationId === operationId)) return sheet as ScoreSheet;
    if (sheet?.state === 'submitted' || base.revision >= MAX_JOURNAL) break;
    const settled = mergeOperation(base, operation, stamp.at);
    if (!settled) {
      if (operation.kind !== 'resolve')
        throw new Conflict('scores.problem.too-many-conflicts', {}, 'too-many');
      throw new Conflict('scores.problem.no-such-conflict', {}, 'no-such-conflict');
    }
    const { change, outcome, fields, conflicts } = settled;
    const entry = { operationId, ...stamp, change, ...origin, ...(outcome ? { outcome } : {}) };
    const write = { entry, fields, conflicts };
    const first = sheet === null ? await begin(write) : null;
    const taken = first ?? (await appendOperation(scope, seat, write, { revision: base.revision }));
    if (taken) return { ...taken, journal: [...base.journal, ...taken.journal] };
    sheet = await findSheet(scope, seat.id);
  }
  return requireTaken(scope, seat, operationId);
}

/** The seat was read before: whoever has begun anew on another phone meanwhile is neither written for nor read. */
function refuseAnew({ anew = [] }: HeldSeat, sheet: ScoreSheet | null): void {
  if ((sheet?.anew?.length ?? 0) > anew.length) throw new Forbidden('scores.problem.begun-elsewhere');
}

/** An operation that changed nothing is fine when it was taken before; else it says why it cannot be taken. */
async function requireTaken(scope: SchoolScope, seat: HeldSeat, operationId: string): Promise<ScoreSheet> {
  const sheet = await findSheet(scope, seat.id);
  refuseAnew(seat, sheet);
  if (sheet?.journal.some((entry) => entry.operationId === operationId)) return sheet;
  if (sheet?.state === 'submitted') throw new Conflict('scores.problem.sealed', {}, 'sealed');
  if (sheet && sheet.revision >= MAX_JOURNAL)
    throw new Conflict('scores.problem.too-many-changes', {}, 'too-many');
  throw new Conflict('scores.problem.not-open', {}, 'not-open');
}
