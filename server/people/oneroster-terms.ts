/** The terms of a OneRoster archive. Pure. */
import { z } from 'zod';
import { isGone } from './oneroster-rows.js';
import type { TableRow } from './read-table.js';
import type { Roster, RowProblem } from './roster.js';

const dayShape = z.iso.date();

/** The finest division that the archive has of: terms and semesters, grading periods, school years. */
export function readTerms(sessions: TableRow[], problems: RowProblem[]): Roster['terms'] {
  const living = sessions.filter((row) => !isGone(row));
  const ofKind = (...kinds: string[]): TableRow[] =>
    living.filter((row) => kinds.includes(row.cell('type').toLowerCase()));
  const chosen = [
    ofKind('term', 'semester', 'trimester', 'quarter'),
    ofKind('gradingperiod'),
    ofKind('schoolyear'),
  ].find((rows) => rows.length > 0);
  return (chosen ?? []).flatMap((row) => {
    const term = {
      name: row.cell('title').slice(0, 60),
      startsOn: row.cell('startDate'),
      endsOn: row.cell('endDate'),
    };
    const good =
      term.name !== '' && [term.startsOn, term.endsOn].every((day) => dayShape.safeParse(day).success);
    if (good && term.startsOn < term.endsOn) return [term];
    problems.push({
      file: 'academicSessions.csv',
      row: row.row,
      field: 'startDate',
      message: 'people.import.row.term',
    });
    return [];
  });
}
