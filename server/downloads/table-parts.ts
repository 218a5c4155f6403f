/** What the tables of an exhibition share: when and where, and words in the reader's language. Pure. */
import { DateTime } from 'luxon';
import { presenterLine, type GroupMember } from '../exhibitions/groups/group.js';
import { endOf, type Slot } from '../exhibitions/slots/slot.js';
import { notCountedBecause } from '../exhibitions/counting/counted-seats.js';
import type { Rubric } from '../rubrics/rubric.js';
import type { Cell, CsvTable } from './csv.js';
import type { Day } from './gather-day.js';
import type { MessageParams } from '../errors.js';

export interface TableWords {
  t(key: string, params?: MessageParams): string;
  timeZone: string;
  /** By content hash; null where the school no longer has it. */
  rubricOf: (hash: string) => Rubric | null;
}

const where = ['date', 'begins', 'ends', 'room', 'student'] as const;

/** @param own columns after those that say when and where */
export const tableOf = ({ t }: TableWords, own: readonly string[], rows: Cell[][]): CsvTable => ({
  columns: [...where, ...own].map((each) => t(`downloads.column.${each}`)),
  rows,
});

/** A moment as a spreadsheet sorts it, in the school's time. */
export const momentIn = (at: Date | null | undefined, zone: string): string =>
  at ? DateTime.fromJSDate(at, { zone }).toFormat('yyyy-MM-dd HH:mm') : '';

export const whereCells = ({ timeZone }: TableWords, { people }: Day, slot: Slot): Cell[] => {
  const clock = (at: Date, format: string) => DateTime.fromJSDate(at, { zone: timeZone }).toFormat(format);
  return [
    clock(slot.startsAt, 'yyyy-MM-dd'),
    clock(slot.startsAt, 'HH:mm'),
    clock(endOf(slot), 'HH:mm'),
    slot.room,
    presenterLine(slot, people),
  ];
};

export const presenterName = ({ people }: Day, { studentId }: Pick<GroupMember, 'studentId'>): string =>
  people.get(studentId)?.displayName ?? '';

/** Whether the voice of a seat counts in any tally. */
export function countsOf({ t }: TableWords, day: Day, slot: Slot, seatId: string): string {
  const seat = day.seatsOf(slot.id).find(({ id }) => id === seatId);
  return t(`downloads.counts.${(seat && notCountedBecause(seat)) ?? 'yes'}`);
}

/** The name of a level in its rubric; nothing for none. */
export const levelCell = (rubric: Rubric | null, levelId: string | null | undefined): string =>
  levelId ? (rubric?.levels.find((level) => level.id === levelId)?.name ?? levelId) : '';

/** An answer to a row as one word: a level, "not observed", or nothing. */
export const answerWord = (
  { t }: TableWords,
  rubric: Rubric | null,
  answer: { levelId?: string | null | undefined; notObserved?: boolean | undefined },
): string => (answer.notObserved ? t('common.level.not-observed') : levelCell(rubric, answer.levelId));

export const rowName = (rubric: Rubric | null, criterionId: string): string =>
  rubric?.criteria.find((each) => each.id === criterionId)?.name ?? criterionId;
