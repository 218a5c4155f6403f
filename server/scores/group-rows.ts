/**
 * The rows of a sheet about a group: what the rubric scores for the group once, then the other rows for each
 * member who presents. Every row of such a sheet has an id of its own (`<criterion>` or `<criterion>--<slot
 * of the member>`), so that changes, conflicts, seal, revisions and decisions work on it as on any other;
 * `answersAbout` gives each member what was said about them. Pure.
 */
import type { GroupMember } from '../exhibitions/groups/group.js';
import type { Seat } from '../exhibitions/seats/seat.js';
import type { Criterion, Rubric } from '../rubrics/rubric.js';
import type { SheetChange, Resolution, ScoreResponse } from './score-sheet.js';

/** Ids in a rubric have single hyphens only, so this is never part of one. */
const between = '--';

/** Longest id of a row: that of a criterion, the two hyphens, that of a slot. */
export const MAX_ROW_ID = 110;

/** A row of the sheet: a criterion about the group, or about one member. */
export interface SheetRow extends Criterion {
  /** Slot of the member that it is about; left out for the group, and where somebody presents alone. */
  about?: string;
}
export interface SheetRubric extends Rubric {
  criteria: SheetRow[];
}

export const isGroupRow = (row: Pick<Criterion, 'unit'>): boolean => row.unit === 'group';

/** The id that a criterion has on the sheet when it is about the member with this slot. */
export const rowIdFor = (row: Pick<Criterion, 'id' | 'unit'>, memberSlotId: string): string =>
  isGroupRow(row) ? row.id : `${row.id}${between}${memberSlotId}`;

/**
 * What a row's id says: the criterion, and the slot of the member that it is about (null: the group, or
 * whoever presents alone).
 */
export function readRowId(rowId: string): { criterionId: string; about: string | null } {
  const at = rowId.indexOf(between);
  if (at < 0) return { criterionId: rowId, about: null };
  return { criterionId: rowId.slice(0, at), about: rowId.slice(at + between.length) };
}

/**
 * The rubric as a sheet asks for it.
 * @param members of the group; left out where somebody presents alone: then the rubric itself
 */
export function sheetRubric(rubric: Rubric, members: readonly GroupMember[] | undefined): SheetRubric {
  if (!members) return rubric;
  const own = rubric.criteria.filter((row) => !isGroupRow(row));
  return {
    ...rubric,
    criteria: [
      ...rubric.criteria.filter(isGroupRow),
      ...members.flatMap(({ slotId }) =>
        own.map((row): SheetRow => ({ ...row, id: rowIdFor(row, slotId), about: slotId })),
      ),
    ],
  };
}

/** What the sheet of this seat shows and asks for: nothing about members who did not come, or are erased. */
export const shownRubric = (rubric: Rubric, { members }: Pick<Seat, 'members'>): SheetRubric =>
  sheetRubric(
    rubric,
    members?.filter(({ absent, erased }) => !absent && !erased),
  );

/** Whether a change is about a member of the group who is erased: then nothing of it is kept. */
export const isAboutErasedMember = (
  { members = [] }: Pick<Seat, 'members'>,
  change: SheetChange | Resolution,
): boolean => {
  const about = 'criterionId' in change ? readRowId(change.criterionId).about : null;
  return members.some(({ slotId, erased }) => erased && slotId === about);
};

/** What it takes: also about somebody who turned out to be absent, because a phone may have said it before. */
export const takenRubric = (rubric: Rubric, { members }: Pick<Seat, 'members'>): SheetRubric =>
  sheetRubric(rubric, members);

/** Of a group's sheet what was said about the group and about one member, by the ids of the rubric's own criteria. */
export function answersAbout<R extends Partial<ScoreResponse>>(
  responses: Record<string, R>,
  memberSlotId: string,
): Record<string, R> {
  return Object.fromEntries(
    Object.entries(responses).flatMap(([rowId, response]) => {
      const { criterionId, about } = readRowId(rowId);
      return about === null || about === memberSlotId
        ? [[criterionId, ofCriterion(response, criterionId)]]
        : [];
    }),
  );
}

function ofCriterion<R extends Partial<ScoreResponse>>(response: R, criterionId: string): R {
  if (!response.pins) return response;
  const pins = Object.entries(response.pins).map(([id, pin]): [string, unknown] => [
    id,
    { ...pin, criterionId },
  ]);
  return { ...response, pins: Object.fromEntries<unknown>(pins) };
}

/** A row in one line, also where it does not stand under its student's name. */
export const rowLabel = (row: Pick<Criterion, 'name'>, student: string | undefined): string =>
  student ? `${student}: ${row.name}` : row.name;
