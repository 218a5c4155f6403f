/** The terms of a OneRoster archive. Pure. */
import { z } from 'zod';
import { isFailedFormula, isFormula } from './formula-cells.js';
import { readDay, formulaAsName, rowStatusOf } from './oneroster-rows.js';
import type { TableRow } from './read-table.js';
import type { Roster, RowProblem } from './roster.js';
import type { WordMeanings } from './word-meanings.js';

const dayShape = z.iso.date();
/** Letters of the name of a term. */
const MAX_TERM_NAME = 60;

/** The finest division that the archive has of: terms and semesters, grading periods, school years. */
export function readTerms(
  sessions: TableRow[],
  words: WordMeanings,
  problems: RowProblem[],
): Roster['terms'] {
  const living = sessions.filter((row) => rowStatusOf(row, words) !== 'gone');
  const ofKind = (...kinds: string[]): TableRow[] =>
    living.filter((row) => kinds.includes(row.cell('type').toLowerCase()));
  const chosen = [
    ofKind('term', 'semester', 'trimester', 'quarter'),
    ofKind('gradingperiod'),
    ofKind('schoolyear'),
  ].find((rows) => rows.length > 0);
  return (chosen ?? []).flatMap((row) => {
    const term = {
      name: row.cell('title'),
      startsOn: readDay(row.cell('startDate')) ?? '',
      endsOn: readDay(row.cell('endDate')) ?? '',
    };
    const place = { file: 'academicSessions.csv', row: row.row };
    if (term.name.length > MAX_TERM_NAME) {
      // Cut, two of them might be one.
      const params = { most: String(MAX_TERM_NAME) };
      problems.push({ ...place, field: 'title', message: 'people.import.row.term-long', params });
      return [];
    }
    if (isFormula(term.name) || isFailedFormula(term.name)) {
      problems.push(formulaAsName(place, term.name));
      return [];
    }
    const good =
      term.name !== '' && [term.startsOn, term.endsOn].every((day) => dayShape.safeParse(day).success);
    if (good && term.startsOn < term.endsOn) return [term];
    problems.push({ ...place, field: 'startDate', message: 'people.import.row.term' });
    return [];
  });
}
