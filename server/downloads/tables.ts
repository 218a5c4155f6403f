/** The tables of an exhibition, row by row. Pure: what is read stands in `gather-day.ts`. */
import { DateTime } from 'luxon';
import { membersOf, presenterLine } from '../exhibition/group.js';
import { endOf, type Slot } from '../exhibition/slot.js';
import { notCountedBecause } from '../panel/counted-seats.js';
import type { Result } from '../results/result.js';
import type { Rubric } from '../rubrics/rubric.js';
import type { ScoreResponse } from '../scores/score-sheet.js';
import type { Visit } from '../visits/visit.js';
import type { Cell, Table } from './csv.js';
import type { Day, SealedSheet } from './gather-day.js';

export interface Words {
  t(key: string, params?: Record<string, string | number>): string;
  timeZone: string;
  /** By content hash; null where the school no longer has it. */
  rubricOf: (hash: string) => Rubric | null;
}

type Found<T> = readonly { slot: Slot; found: readonly T[] }[];

const where = ['date', 'begins', 'ends', 'room', 'student'] as const;

const table = ({ t }: Words, columns: readonly string[], rows: Cell[][]): Table => ({
  columns: columns.map((each) => t(`downloads.column.${each}`)),
  rows,
});

const moment = (at: Date | null, zone: string): string =>
  at ? DateTime.fromJSDate(at, { zone }).toFormat('yyyy-MM-dd HH:mm') : '';

const whereOf = ({ timeZone }: Words, { people }: Day, slot: Slot): Cell[] => {
  const clock = (at: Date, format: string) => DateTime.fromJSDate(at, { zone: timeZone }).toFormat(format);
  return [
    clock(slot.startsAt, 'yyyy-MM-dd'),
    clock(slot.startsAt, 'HH:mm'),
    clock(endOf(slot), 'HH:mm'),
    slot.room,
    presenterLine(slot, people),
  ];
};

export function slotsTable(words: Words, day: Day): Table {
  const rows = day.slots.flatMap((slot) =>
    membersOf(slot).map((member): Cell[] => [
      ...whereOf(words, day, slot),
      day.people.get(member.studentId)?.displayName ?? '',
      day.people.get(member.studentId)?.studentNumber ?? '',
      member.absent,
      slot.attempt,
      slot.minutes,
      day.seatsOf(slot.id).length,
      day.seatsOf(slot.id).filter((seat) => day.stateOf(seat.id) === 'submitted').length,
      slot.id,
    ]),
  );
  const own = [
    'presenter',
    'student-number',
    'absent',
    'attempt',
    'minutes',
    'seats',
    'sheets-in',
    'slot-id',
  ];
  return table(words, [...where, ...own], rows);
}

export function seatsTable(words: Words, day: Day): Table {
  const { t } = words;
  const rows = day.slots.flatMap((slot) =>
    day
      .seatsOf(slot.id)
      .map((seat): Cell[] => [
        ...whereOf(words, day, slot),
        seat.name,
        t(`common.role.${seat.role}`),
        seat.chair,
        t(`downloads.sheet.${day.stateOf(seat.id)}`),
        countsOf(words, day, slot, seat.id),
        slot.id,
        seat.id,
      ]),
  );
  return table(words, [...where, 'panelist', 'role', 'chair', 'sheet', 'counts', 'slot-id', 'seat-id'], rows);
}

/** Whether the voice of a seat counts in any tally. */
function countsOf({ t }: Words, day: Day, slot: Slot, seatId: string): string {
  const seat = day.seatsOf(slot.id).find(({ id }) => id === seatId);
  return t(`downloads.counts.${(seat && notCountedBecause(seat)) ?? 'yes'}`);
}

/** What a sheet says of each row of its rubric, in the order of the rubric. */
function responsesOf(words: Words, { rubric, responses }: Pick<SealedSheet, 'rubric' | 'responses'>) {
  const known = words.rubricOf(rubric.hash);
  const ids = known?.criteria.map(({ id }) => id) ?? Object.keys(responses);
  return ids.flatMap((id) => {
    const response: Partial<ScoreResponse> | undefined = responses[id];
    if (!response) return [];
    const levelName = (levelId: string) =>
      known?.levels.find((level) => level.id === levelId)?.name ?? levelId;
    return [
      {
        row: known?.criteria.find((each) => each.id === id)?.name ?? id,
        level: response.notObserved
          ? words.t('common.level.not-observed')
          : response.levelId
            ? levelName(response.levelId)
            : '',
        comment: response.comment ?? '',
        notes: Object.entries(response.notes ?? {}).map(([levelId, note]) => ({
          level: levelName(levelId),
          note,
        })),
      },
    ];
  });
}

const sheetFacts = ({ t, timeZone }: Words, sheet: SealedSheet): Cell[] => [
  sheet.panelistName,
  t(`common.role.${sheet.role}`),
  moment(sheet.submittedAt, timeZone),
];

export function scoresTable(words: Words, day: Day, sheets: Found<SealedSheet>): Table {
  const rows = sheets.flatMap(({ slot, found }) =>
    found.flatMap((sheet) =>
      responsesOf(words, sheet)
        .filter(({ level }) => level !== '')
        .map(({ row, level }): Cell[] => [
          ...whereOf(words, day, slot),
          ...sheetFacts(words, sheet),
          row,
          level,
          countsOf(words, day, slot, sheet.id),
          slot.id,
          sheet.id,
        ]),
    ),
  );
  const own = ['panelist', 'role', 'submitted', 'criterion', 'level', 'counts', 'slot-id', 'seat-id'];
  return table(words, [...where, ...own], rows);
}

export function commentsTable(words: Words, day: Day, sheets: Found<SealedSheet>): Table {
  const rows = sheets.flatMap(({ slot, found }) =>
    found.flatMap((sheet) => {
      const line = (row: string, about: string, comment: string): Cell[] => [
        ...whereOf(words, day, slot),
        ...sheetFacts(words, sheet),
        row,
        about,
        comment,
        countsOf(words, day, slot, sheet.id),
        slot.id,
        sheet.id,
      ];
      const said = responsesOf(words, sheet).flatMap(({ row, level, comment, notes }) => [
        ...(comment === '' ? [] : [line(row, level, comment)]),
        ...notes.filter(({ note }) => note !== '').map((each) => line(row, each.level, each.note)),
      ]);
      const overall = sheet.overallComment;
      return overall === '' ? said : [...said, line(words.t('downloads.overall'), '', overall)];
    }),
  );
  const own = [
    'panelist',
    'role',
    'submitted',
    'criterion',
    'level',
    'comment',
    'counts',
    'slot-id',
    'seat-id',
  ];
  return table(words, [...where, ...own], rows);
}

export function resultsTable(words: Words, day: Day, results: Found<Result>): Table {
  const { t, timeZone } = words;
  const rows = results.flatMap(({ slot, found }) =>
    found.flatMap((result) => {
      const rubric = words.rubricOf(result.rubric.hash);
      const levelName = (id: string | null) =>
        id === null ? '' : (rubric?.levels.find((level) => level.id === id)?.name ?? id);
      return result.tally.criteria.map((row): Cell[] => {
        const made = result.decisions?.findLast((each) => each.criterionId === row.criterionId);
        return [
          ...whereOf(words, day, slot),
          day.people.get(result.studentId)?.displayName ?? '',
          moment(result.publishedAt, timeZone),
          rubric?.criteria.find((each) => each.id === row.criterionId)?.name ?? row.criterionId,
          levelName(row.decision.levelId),
          row.decision.number,
          row.scored,
          row.notObserved,
          levelName(made?.levelId ?? null),
          result.attainment ? t(`downloads.outcome.${result.attainment.outcome}`) : '',
          slot.id,
        ];
      });
    }),
  );
  const own = [
    ...['presenter', 'published', 'criterion', 'tally-level', 'tally-number', 'scored', 'not-observed'],
    ...['decided-level', 'outcome', 'slot-id'],
  ];
  return table(words, [...where, ...own], rows);
}

export function visitsTable(words: Words, day: Day, visits: Found<Omit<Visit, 'journal'>>): Table {
  const { t, timeZone } = words;
  const rows = visits.flatMap(({ slot, found }) =>
    found.flatMap((visit) => {
      const rubric = words.rubricOf(visit.rubric.hash);
      const state = visit.hidden ? 'hidden' : visit.review === 'held' ? 'held' : 'shown';
      const line = (about: string, words_: string): Cell[] => [
        ...whereOf(words, day, slot),
        visit.name,
        t(`common.role.${visit.role}`),
        moment(visit.leftAt, timeZone),
        about,
        words_,
        t(`downloads.visit.${state}`),
        slot.id,
      ];
      const marks = Object.entries(visit.score.marks).map(([id, mark]) =>
        line(
          rubric?.criteria.find((each) => each.id === id)?.name ?? id,
          mark.notObserved
            ? t('common.level.not-observed')
            : (rubric?.levels.find((level) => level.id === mark.levelId)?.name ?? mark.levelId ?? ''),
        ),
      );
      const { comment } = visit.score;
      return [
        ...visit.feedback.map(({ prompt, words: answer }) => line(prompt, answer)),
        ...marks,
        ...(comment === '' ? [] : [line(t('downloads.overall'), comment)]),
      ];
    }),
  );
  return table(
    words,
    [...where, 'visitor', 'role', 'left', 'about', 'words', 'visit-state', 'slot-id'],
    rows,
  );
}
