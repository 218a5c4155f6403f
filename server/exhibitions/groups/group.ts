/**
 * A group that presents together: one presentation, one panel, one sheet per panelist. Each member has a slot
 * of their own, because portfolio, attempts, result and record are a person's; the first member's slot is the
 * presentation, the others' are part of it and follow it in time and place. Pure.
 */
import { newId } from '../../ids.js';
import type { Exhibition } from '../exhibition.js';
import type { Slot } from '../slots/slot.js';

export interface GroupMember {
  slotId: string;
  studentId: string;
  /** Did not come: their own rows are not asked for, and nothing is published about them. */
  absent: boolean;
  /** Their record was erased: nothing is said about them any more. Left out while it was not. */
  erased?: true;
}

export interface Group {
  /** What the group calls itself or its project; may be empty. */
  title: string;
  /** In the order in which they were named; the first one's slot is the presentation. */
  members: GroupMember[];
}

export const groupTitleLength = 80;
export const MAX_MEMBERS = 12;

/** What speaks against such a group, as a message key; null when nothing does. */
export function groupProblem(
  exhibition: Pick<Exhibition, 'format'>,
  members: readonly GroupMember[],
): string | null {
  if (exhibition.format === 'gallery') return 'exhibition.problem.group-in-gallery';
  const ids = members.map(({ studentId }) => studentId);
  if (new Set(ids).size < ids.length) return 'exhibition.problem.twice-in-group';
  return members.length > MAX_MEMBERS ? 'exhibition.problem.group-too-large' : null;
}

/** The slot of one more member: where and when the group presents. */
export const newMemberSlot = (presentation: Slot, studentId: string, now: Date): Slot => ({
  ...presentation,
  id: newId(),
  studentId,
  group: null,
  partOf: presentation.id,
  snapshotId: null,
  clock: null,
  createdAt: now,
});

/** The members after some of these students were erased. */
export const withErased = (members: readonly GroupMember[], studentIds: readonly string[]): GroupMember[] =>
  members.map((each) => (studentIds.includes(each.studentId) ? { ...each, erased: true } : each));
/** Filter for a list of members in which one of these students is not marked as erased. */
export const notErasedYet = ({ ids }: { ids: readonly string[] }) => ({
  $elemMatch: { studentId: { $in: ids }, erased: { $ne: true } },
});

type Face = Pick<Slot, 'id' | 'partOf'>;
type Presentation = Pick<Slot, 'id' | 'studentId' | 'group' | 'absent'>;

/** The slot at which the panel sits: of a group the first member's, else the slot itself. */
export const presentationIdOf = (slot: Face): string => slot.partOf ?? slot.id;

/** Everybody planned to present, whether they came or not; alone, the one. */
export const membersOf = (slot: Presentation): GroupMember[] =>
  slot.group?.members ?? [{ slotId: slot.id, studentId: slot.studentId, absent: slot.absent ?? false }];

/** Whether anybody presents: false where everybody planned was marked as absent. */
export const hasPresenter = (slot: Presentation): boolean => membersOf(slot).some(({ absent }) => !absent);

/** Ids of all slots of a presentation, its own first. */
export const memberSlotsOf = (slot: Presentation): string[] => membersOf(slot).map(({ slotId }) => slotId);

/**
 * Ids of the students who present: those of a group who did not come are left out. Alone, it is whose
 * presentation it was.
 */
export const presentersOf = (slot: Presentation): string[] =>
  membersOf(slot)
    .filter(({ absent }) => !absent || !slot.group)
    .map(({ studentId }) => studentId);

/** Everybody's id over several presentations, each once: to ask for their names. */
export const studentsOf = (slots: readonly Presentation[]): string[] => [
  ...new Set(slots.flatMap((slot) => membersOf(slot).map(({ studentId }) => studentId))),
];

/**
 * Who presents, as one line: the group's title, or the names.
 * @param people by id; whoever is missing there is left out
 */
export function presenterLine(
  slot: Presentation,
  people: ReadonlyMap<string, { displayName: string }>,
): string {
  if (slot.group?.title) return slot.group.title;
  return presenterNames(slot, people).join(', ');
}

const presenterNames = (slot: Presentation, people: ReadonlyMap<string, { displayName: string }>): string[] =>
  presentersOf(slot).flatMap((id) => people.get(id)?.displayName ?? []);
