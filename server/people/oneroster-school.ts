/** Which school of a OneRoster archive is ours, and at which one everybody else is. Pure. */
import { isGone } from './oneroster-rows.js';
import { unreadable, type TableRow } from './read-table.js';
import type { RosterAnswers, RosterQuestion } from './roster-questions.js';

export interface RosterSchool {
  name: string;
  slug: string;
  /** The school in the archives of its district: `sourcedId` or `identifier`. Null or left out: not told. */
  rosterId?: string | null;
}

export const schoolKey = 'school';

export interface PickedSchool {
  /** Null when the archive does not tell schools apart. */
  org: string | null;
  /** Somebody has to say which one. */
  question: RosterQuestion | null;
  /** Names of the schools of the archive by their id. */
  names: ReadonlyMap<string, string>;
}

/** By the id that the school has set, then by its name or address; where that finds none, or several, somebody is asked. */
export function pickSchool(
  orgs: readonly TableRow[],
  school: RosterSchool,
  answers: RosterAnswers,
): PickedSchool {
  const schools = orgs.filter((row) => row.cell('type').toLowerCase() === 'school' && !isGone(row));
  const names = new Map(schools.map((row) => [row.cell('sourcedId'), row.cell('name')]));
  if (schools.length === 0) return { org: null, question: null, names };
  const same = (own: string, text: string): boolean =>
    own.localeCompare(text, 'en', { sensitivity: 'base' }) === 0;
  const told = school.rosterId ?? '';
  const mine =
    told !== ''
      ? schools.filter((row) => ['sourcedId', 'identifier'].some((column) => same(told, row.cell(column))))
      : schools.length === 1
        ? schools
        : schools.filter((row) =>
            ['name', 'identifier', 'sourcedId'].some((column) =>
              [school.name, school.slug].some((own) => same(own, row.cell(column))),
            ),
          );
  if (mine.length === 1) return { org: mine[0]!.cell('sourcedId'), question: null, names };
  const question: RosterQuestion = {
    ...{ kind: 'school', key: schoolKey, params: { name: school.name, id: told } },
    options: schools.slice(0, MAX_SCHOOLS).map((row) => ({
      value: row.cell('sourcedId'),
      label: [row.cell('name'), row.cell('identifier')].filter(Boolean).join(' · '),
    })),
  };
  const answer = answers.get(schoolKey);
  return { org: answer !== undefined && names.has(answer) ? answer : null, question, names };
}

const MAX_SCHOOLS = 400;

/** @throws InvalidInput for `roster` when nobody has said which school is meant */
export function checkSchoolTold({ org, question }: PickedSchool): void {
  if (!question || org !== null) return;
  const { name = '', id = '' } = question.params;
  throw id === ''
    ? unreadable('people.import.problem.several-schools', { name })
    : unreadable('people.import.problem.school-not-in-archive', { id });
}
