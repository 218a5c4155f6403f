/** What was published of each presenter, and what visitors left at the stands of a gallery. Pure. */
import { decisionsOn } from '../results/decision.js';
import { frozenAt, versionOf } from '../results/result.js';
import type { Cell, CsvTable } from './csv.js';
import type { Day, OpenResults, OpenVisits } from './gather-day.js';
import {
  answerWord,
  levelCell,
  momentIn,
  rowName,
  tableOf,
  whereCells,
  type TableWords,
} from './table-parts.js';

export function resultsTable(words: TableWords, day: Day, open: readonly OpenResults[]): CsvTable {
  const { t, timeZone } = words;
  const rows = open.flatMap(({ slot, results }) =>
    results.flatMap((result) => {
      const rubric = words.rubricOf(result.rubric.hash);
      return result.tally.criteria.map((row): Cell[] => {
        const made = decisionsOn(row.criterionId, result.decisions ?? []).at(-1);
        return [
          ...whereCells(words, day, slot),
          day.people.get(result.studentId)?.displayName ?? '',
          momentIn(result.publishedAt, timeZone),
          versionOf(result),
          result.correction ? momentIn(frozenAt(result), timeZone) : '',
          ...[result.correction?.byName ?? '', result.correction?.reason ?? ''],
          rowName(rubric, row.criterionId),
          levelCell(rubric, row.decision.levelId),
          row.decision.number,
          row.scored,
          row.notObserved,
          levelCell(rubric, made?.levelId),
          made?.reason ?? '',
          result.attainment ? t(`downloads.outcome.${result.attainment.outcome}`) : '',
          slot.id,
        ];
      });
    }),
  );
  const own = [
    ...['presenter', 'published', 'version', 'corrected', 'corrected-by', 'correction-reason', 'criterion'],
    ...['tally-level', 'tally-number', 'scored', 'not-observed', 'decided-level', 'decision-reason'],
    ...['outcome', 'slot-id'],
  ];
  return tableOf(words, own, rows);
}

export function visitsTable(words: TableWords, day: Day, open: readonly OpenVisits[]): CsvTable {
  const { t, timeZone } = words;
  const rows = open.flatMap(({ slot, visits, standOpen }) =>
    visits.flatMap((visit) => {
      const rubric = words.rubricOf(visit.rubric.hash);
      const state = visit.hidden ? 'hidden' : visit.review === 'held' ? 'held' : 'shown';
      const line = (about: string, said: string): Cell[] => [
        ...whereCells(words, day, slot),
        visit.name,
        t(`common.role.${visit.role}`),
        momentIn(visit.leftAt, timeZone),
        about,
        said,
        t(`downloads.visit.${state}`),
        slot.id,
      ];
      const marks = standOpen ? [] : Object.entries(visit.score.marks);
      const { comment } = visit.score;
      return [
        ...visit.feedback.map(({ prompt, words: answer }) => line(prompt, answer)),
        ...marks.map(([id, mark]) => line(rowName(rubric, id), answerWord(words, rubric, mark))),
        ...(comment === '' ? [] : [line(t('downloads.overall'), comment)]),
      ];
    }),
  );
  return tableOf(words, ['visitor', 'role', 'left', 'about', 'words', 'visit-state', 'slot-id'], rows);
}
