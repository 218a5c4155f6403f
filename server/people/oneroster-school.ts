/** Which school of a OneRoster archive is ours, and at which one everybody else is. Pure. */
import { rowStatusOf } from './oneroster-rows.js';
import { unreadable, type TableRow } from './read-table.js';
import type { RosterAnswers, RosterQuestion } from './roster-questions.js';
import type { WordMeanings } from './word-meanings.js';

export interface RosterSchool {
  name: string;
  slug: string;
  /** The school in the archives of its district: `sourcedId` or `identifier`. Null or left out: not told. */
  rosterId?: string | null;
}

const schoolKey = 'school';

export interface PickedSchool {
  /** Null when the archive does not tell schools apart. */
  org: string | null;
  /** Somebody has to say which one. */
  question: RosterQuestion | null;
  /** Names of the schools of the archive by their id. */
  names: ReadonlyMap<string, string>;
}

/**
 * By the id that the school has set, then by its name or address; where that finds none, or several, somebody is asked.
 */
export function pickSchool(
  orgs: readonly TableRow[],
  school: RosterSchool,
  { answers, words }: { answers: RosterAnswers; words: WordMeanings },
  used: ReadonlyMap<string, readonly string[]> = new Map(),
): PickedSchool {
  const schools = orgs.filter(
    (row) => row.cell('type').toLowerCase() === 'school' && rowStatusOf(row, words) !== 'gone',
  );
  const names = new Map(schools.map((row) => [row.cell('sourcedId'), row.cell('name')]));
  if (schools.length === 0) return pickUnlisted(school, answers, used);
  const told = school.rosterId ?? '';
  const mine =
    told !== ''
      ? schools.filter((row) => ['sourcedId', 'identifier'].some((column) => isSame(told, row.cell(column))))
      : schools.length === 1
        ? schools
        : schools.filter((row) =>
            ['name', 'identifier', 'sourcedId'].some((column) =>
              [school.name, school.slug].some((own) => isSame(own, row.cell(column))),
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

/**
 * Without a list of schools: by the ids that people's rows have. One that everybody has is the district, or
 * the only school; where some are here and some are there, the id that the school has set counts, or somebody
 * is asked.
 */
function pickUnlisted(
  school: RosterSchool,
  answers: RosterAnswers,
  used: ReadonlyMap<string, readonly string[]>,
): PickedSchool {
  const people = [...used.values()];
  const ids = [...new Set(people.flat())].sort();
  const names = new Map(ids.map((id) => [id, id]));
  const told = school.rosterId ?? '';
  const nowhere = { org: null, question: null, names: new Map<string, string>() };
  if (ids.length === 0) return nowhere;
  const mine = told === '' ? undefined : ids.find((id) => isSame(told, id));
  if (mine !== undefined) return { org: mine, question: null, names };
  const several = ids.filter((id) => people.some((own) => !own.includes(id)));
  if (told === '' && several.length === 0) return nowhere;
  const question: RosterQuestion = {
    ...{ kind: 'school', key: schoolKey, params: { name: school.name, id: told } },
    options: (several.length > 0 ? several : ids)
      .slice(0, MAX_SCHOOLS)
      .map((value) => ({ value, label: value })),
  };
  const answer = answers.get(schoolKey);
  return { org: answer !== undefined && names.has(answer) ? answer : null, question, names };
}

const isSame = (own: string, text: string): boolean =>
  own.localeCompare(text, 'en', { sensitivity: 'base' }) === 0;

const MAX_SCHOOLS = 400;

/** @throws InvalidInput for `roster` when nobody has said which school is meant */
export function checkSchoolTold({ org, question }: PickedSchool): void {
  if (!question || org !== null) return;
  const name = String(question.params['name'] ?? '');
  const id = String(question.params['id'] ?? '');
  throw id === ''
    ? unreadable('people.import.problem.several-schools', { name })
    : unreadable('people.import.problem.school-not-in-archive', { id });
}
