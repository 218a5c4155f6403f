/**
 * Finds the work that lies before a panel: the snapshot of whoever presents, of a group every member's who has come.
 */
import type { SchoolScope } from '../db/database.js';
import { membersOf, presenterLine, type GroupMember } from '../exhibitions/groups/group.js';
import { seenSnapshotIds, type Slot } from '../exhibitions/slots/slot.js';
import { listSlotsByIds } from '../exhibitions/slots/slot-records.js';
import type { PortfolioSnapshot } from '../portfolio/portfolio.js';
import { listSnapshotsByIds } from '../portfolio/portfolio-records.js';
import { findCriterion, type Rubric } from '../rubrics/rubric.js';
import { workOf } from './find-work.js';
import { rowIdFor } from './group-rows.js';
import type { WorkPiece, WorkView } from './work.js';

interface Shown {
  /** The slot of the one whose work it is. */
  slotId: string;
  studentId: string;
  snapshot: PortfolioSnapshot;
}

/** In the order of the members; whoever did not come or has submitted nothing is missing. */
export const listShownSnapshots = (scope: SchoolScope, slot: Slot): Promise<Shown[]> =>
  snapshotsOf(
    scope,
    slot,
    membersOf(slot).filter(({ absent }) => !absent),
  );

/**
 * Also of those who turned out to be absent, and earlier versions that the panel saw: a phone may have pinned
 * something there before.
 */
export async function listTakenSnapshots(scope: SchoolScope, slot: Slot): Promise<Shown[]> {
  const members = membersOf(slot);
  const slots = slot.group
    ? await listSlotsByIds(
        scope,
        members.map(({ slotId }) => slotId),
      )
    : [slot];
  const snapshots = await listSnapshotsByIds(scope, slots.flatMap(seenSnapshotIds));
  return slots.flatMap((each) =>
    snapshots
      .filter(({ id }) => seenSnapshotIds(each).includes(id))
      .map((snapshot) => ({ slotId: each.id, studentId: each.studentId, snapshot })),
  );
}

async function snapshotsOf(
  scope: SchoolScope,
  slot: Slot,
  members: readonly GroupMember[],
): Promise<Shown[]> {
  const ids = members.map(({ slotId }) => slotId);
  const slots = slot.group ? await listSlotsByIds(scope, ids) : [slot];
  const pinned = new Map(slots.map(({ id, snapshotId }) => [id, snapshotId]));
  const snapshots = await listSnapshotsByIds(
    scope,
    [...pinned.values()].filter((id) => id !== null),
  );
  return members.flatMap(({ slotId, studentId }) => {
    const snapshot = snapshots.find(({ id }) => id === pinned.get(slotId));
    return snapshot ? [{ slotId, studentId, snapshot }] : [];
  });
}

/**
 * Null when nothing was submitted before the exhibition opened.
 * @param rubric as the sheet asks for it: what a member of a group has pinned goes to the row about them
 * @param people who present, by id
 */
export async function findShownWork(
  scope: SchoolScope,
  slot: Slot,
  rubric: Rubric,
  people: ReadonlyMap<string, { displayName: string }>,
): Promise<WorkView | null> {
  const shown = await listShownSnapshots(scope, slot);
  const [first] = shown;
  if (!first) return null;
  if (!slot.group) return workOf(first.snapshot);
  const parts = shown.map(({ slotId, studentId, snapshot }) => {
    const { title, statement, submittedAt, pieces } = workOf(snapshot);
    return {
      title,
      statement,
      submittedAt,
      studentName: people.get(studentId)?.displayName ?? '',
      pieces: pieces.map((piece) => aboutMember(piece, rubric, slotId)),
    };
  });
  return {
    title: presenterLine(slot, people),
    statement: '',
    submittedAt: parts
      .map(({ submittedAt }) => submittedAt)
      .sort()
      .at(-1)!,
    pieces: parts.flatMap(({ pieces }) => pieces),
    parts,
  };
}

/** A row that the sheet has under the criterion's own id is about the whole group. */
const aboutMember = (piece: WorkPiece, rubric: Rubric, slotId: string): WorkPiece => ({
  ...piece,
  pins: piece.pins.map((pin) => {
    const isAboutGroup = findCriterion(rubric, pin.criterionId) !== undefined;
    const row = { id: pin.criterionId, ...(isAboutGroup ? { unit: 'group' as const } : {}) };
    return { ...pin, criterionId: rowIdFor(row, slotId) };
  }),
});
