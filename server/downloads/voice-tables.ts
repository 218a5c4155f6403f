/**
 * What panelists scored and wrote, row by row. Each presenter of a group has all rows about them, those about
 * the whole group among them: what one student's result is made of is found under their name. Pure.
 */
import type { GroupMember } from '../exhibitions/groups/group.js';
import type { Slot } from '../exhibitions/slots/slot.js';
import { answerNow, type Revision } from '../results/revision.js';
import type { Rubric } from '../rubrics/rubric.js';
import { answersAbout, isGroupRow, readRowId } from '../scores/group-rows.js';
import type { ScoreResponse } from '../scores/score-sheet.js';
import type { Cell, CsvTable } from './csv.js';
import type { Day, OpenSheets, SealedSheet } from './gather-day.js';
import {
  answerWord,
  countsOf,
  levelCell,
  momentIn,
  presenterName,
  rowName,
  tableOf,
  whereCells,
} from './table-parts.js';
import type { TableWords } from './table-parts.js';

/** What one sheet says about one presenter in one row. */
interface Answer {
  criterionId: string;
  response: Partial<ScoreResponse>;
  /** Of this panelist on this row, in the order in which they were made. */
  revisions: Revision[];
  now: ReturnType<typeof answerNow>;
  ofGroup: boolean;
}

interface About {
  slot: Slot;
  member: GroupMember;
  sheet: SealedSheet;
  rubric: Rubric | null;
  answers: Answer[];
}

/** Every sheet once for each presenter. */
function everySheet(words: TableWords, open: readonly OpenSheets[]): About[] {
  return open.flatMap(({ slot, about, sheets, revisions }) =>
    sheets.flatMap((sheet) =>
      about.map((member): About => {
        const rubric = words.rubricOf(sheet.rubric.hash);
        const revised = revisions.flatMap((one) => {
          const { criterionId, about: of } = readRowId(one.criterionId);
          const isHere = one.seatId === sheet.id && (of === null || of === member.slotId);
          return isHere ? [{ ...one, criterionId }] : [];
        });
        const answers = answersOf(sheet, rubric, member, revised);
        // Somebody who did not come has no part in what the group showed.
        const theirs = slot.group && member.absent ? answers.filter(({ ofGroup }) => !ofGroup) : answers;
        return { slot, member, sheet, rubric, answers: theirs };
      }),
    ),
  );
}

/** In the order of the rubric. */
function answersOf(
  sheet: SealedSheet,
  rubric: Rubric | null,
  member: GroupMember,
  revisions: Revision[],
): Answer[] {
  const responses = answersAbout(sheet.responses, member.slotId);
  const said = [...new Set([...Object.keys(responses), ...revisions.map((one) => one.criterionId)])];
  const order = rubric?.criteria.map(({ id }) => id) ?? said;
  // A row that the rubric no longer knows is told last rather than not at all.
  const ids = [...order.filter((id) => said.includes(id)), ...said.filter((id) => !order.includes(id))];
  return ids.map((criterionId) => ({
    criterionId,
    response: responses[criterionId] ?? {},
    revisions: revisions.filter((one) => one.criterionId === criterionId),
    now: answerNow({ seatId: sheet.id, responses }, criterionId, revisions),
    ofGroup: rubric?.criteria.some((row) => row.id === criterionId && isGroupRow(row)) ?? false,
  }));
}

const sheetFacts = (words: TableWords, day: Day, { slot, member, sheet }: About): Cell[] => [
  ...whereCells(words, day, slot),
  presenterName(day, member),
  sheet.panelistName,
  words.t(`common.role.${sheet.role}`),
  momentIn(sheet.submittedAt, words.timeZone),
];

const scopeOf = ({ t }: TableWords, { slot }: About, ofGroup: boolean): string =>
  t(`downloads.said-about.${slot.group && ofGroup ? 'group' : 'presenter'}`);

export function scoresTable(words: TableWords, day: Day, open: readonly OpenSheets[]): CsvTable {
  const rows = everySheet(words, open).flatMap((about) => {
    const { slot, sheet, rubric } = about;
    return about.answers.flatMap(({ criterionId, response, revisions, now, ofGroup }): Cell[][] => {
      const [level, levelNow] = [response, now].map((answer) => answerWord(words, rubric, answer));
      if (!level && !levelNow) return [];
      return [
        [
          ...sheetFacts(words, day, about),
          ...[scopeOf(words, about, ofGroup), rowName(rubric, criterionId)],
          ...[level!, levelNow!, revisions.length],
          momentIn(revisions.at(-1)?.at, words.timeZone),
          ...[countsOf(words, day, slot, sheet.id), slot.id, sheet.id],
        ],
      ];
    });
  });
  const own = [
    ...['presenter', 'panelist', 'role', 'submitted', 'said-about', 'criterion', 'level', 'level-now'],
    ...['revisions', 'revised', 'counts', 'slot-id', 'seat-id'],
  ];
  return tableOf(words, own, rows);
}

export function commentsTable(words: TableWords, day: Day, open: readonly OpenSheets[]): CsvTable {
  const { t } = words;
  const rows = everySheet(words, open).flatMap((about) => {
    const { slot, member, sheet, rubric } = about;
    const line = (kind: string, ofGroup: boolean, row: string, level: string, said: string): Cell[] => [
      ...sheetFacts(words, day, about),
      ...[scopeOf(words, about, ofGroup), t(`downloads.comment-kind.${kind}`), row, level, said],
      ...[countsOf(words, day, slot, sheet.id), slot.id, sheet.id],
    ];
    const said = about.answers.flatMap(({ criterionId, response, revisions, ofGroup }) => {
      const row = rowName(rubric, criterionId);
      const word = (answer: Parameters<typeof answerWord>[2]) => answerWord(words, rubric, answer);
      const notes = Object.entries(response.notes ?? {}).filter(([, note]) => note !== '');
      return [
        ...(response.comment ? [line('row', ofGroup, row, word(response), response.comment)] : []),
        ...notes.map(([levelId, note]) => line('level', ofGroup, row, levelCell(rubric, levelId), note)),
        ...revisions.map((one) => line('revision', ofGroup, row, word(one.after), one.reason)),
      ];
    });
    const ofAll = slot.group && member.absent ? '' : sheet.overallComment;
    return ofAll === '' ? said : [...said, line('overall', true, t('downloads.overall'), '', ofAll)];
  });
  const own = [
    ...['presenter', 'panelist', 'role', 'submitted', 'said-about', 'comment-kind', 'criterion', 'level'],
    ...['comment', 'counts', 'slot-id', 'seat-id'],
  ];
  return tableOf(words, own, rows);
}
