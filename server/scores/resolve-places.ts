/** Checks the places that operations pin against the work that this panel sees: its frozen versions and no others. */
import { isDeepStrictEqual } from 'node:util';
import { withExtents, type ExtentNeeds } from '../artifacts/find-extents.js';
import { pinnedWorkOf, resolvePlace, type PinnedWork } from '../artifacts/pin.js';
import { isUncounted, placeKindOf, type PinPlace } from '../artifacts/place.js';
import type { SchoolScope } from '../db/database.js';
import { InvalidInput, type FieldProblem } from '../errors.js';
import type { Slot } from '../exhibitions/slots/slot.js';
import { getSlot } from '../exhibitions/slots/slot-records.js';
import { versionsShown } from '../portfolio/portfolio.js';
import { listShownSnapshots, listTakenSnapshots } from './find-group-work.js';
import type { Operation } from './score-sheet.js';

/** Whether a slot's panel has any work before it that something could be pinned to. */
export const hasPinnable = async (scope: SchoolScope, slot: Slot): Promise<boolean> =>
  (await listShownSnapshots(scope, slot)).some(({ snapshot }) => snapshot.content.entries.length > 0);

/** With the places that the student has pinned in it. */
type PinnableWork = PinnedWork & { suggested: PinPlace[] };

/** Of these versions those that a slot's panel may have pinned to, by their ids. */
async function findPinnable(
  needs: ExtentNeeds,
  scope: SchoolScope,
  slot: Slot,
  wanted: ReadonlySet<string>,
): Promise<Map<string, PinnableWork>> {
  const snapshots = await listTakenSnapshots(scope, slot);
  const entries = snapshots.flatMap(({ snapshot }) =>
    snapshot.content.entries.flatMap(versionsShown).map((version) => ({
      ...pinnedWorkOf(version),
      suggested: (version.pins ?? []).map(({ place }) => place),
    })),
  );
  const pinned = entries.filter(({ artifactVersionId }) => wanted.has(artifactVersionId));
  const works = await withExtents(needs, scope, pinned);
  return new Map(works.map((work) => [work.artifactVersionId, work]));
}

/**
 * What the student has pinned is on record and taken over as it is. A page or time that nobody can check
 * becomes the whole work: a phone that is refused one pin sends nothing else either, and the note still says
 * what was meant.
 */
function resolveInWork(work: PinnableWork, place: PinPlace): ReturnType<typeof resolvePlace> {
  if (work.suggested.some((each) => isDeepStrictEqual(each, place))) return { place };
  return isUncounted(work.shown, work.extent) && place.kind === placeKindOf(work.shown)
    ? { place: { kind: 'whole' } }
    : resolvePlace(work, place);
}

/**
 * The same operations, with each place as it is kept.
 * @throws InvalidInput for a pin into another work, or to no place of it
 */
export async function resolvePlaces(
  needs: ExtentNeeds,
  scope: SchoolScope,
  slotId: string,
  operations: Operation[],
): Promise<Operation[]> {
  const wanted = operations.flatMap((each) => (each.kind === 'add-pin' ? [each.pin.artifactVersionId] : []));
  if (wanted.length === 0) return operations;
  const works = await findPinnable(needs, scope, await getSlot(scope, slotId), new Set(wanted));
  const problems: FieldProblem[] = [];
  const settled = operations.map((operation, at) => {
    if (operation.kind !== 'add-pin') return operation;
    const work = works.get(operation.pin.artifactVersionId);
    const found = work
      ? resolveInWork(work, operation.pin.place)
      : { problem: { message: 'scores.problem.unknown-work' } };
    if ('place' in found) return { ...operation, pin: { ...operation.pin, place: found.place } };
    problems.push({ ...found.problem, field: `operations.${at}.pin.place` });
    return operation;
  });
  if (problems.length > 0) throw new InvalidInput(problems);
  return settled;
}
