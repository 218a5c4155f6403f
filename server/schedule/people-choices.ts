/**
 * People as a form offers them to be chosen: in groups that can be taken as a whole, each with when they said
 * they can come. Pure.
 */
import type { Advisory, Person } from '../people/person.js';
import { groupsOf, isOffered, poolOf } from './people-groups.js';
import type { Schedule } from './schedule.js';
import type { MessageParams } from '../errors.js';

interface Words {
  t(key: string, params?: MessageParams): string;
  timeZone: string;
}

export interface PeopleGroup {
  /** What `resolve-groups.ts` knows the group by. */
  value: string;
  label: string;
  options: { value: string; label: string; help: string }[];
  open?: boolean;
}

/**
 * Of a school with more students, they are chosen by advisory or found by name; listed are those who are
 * chosen already.
 */
export const MAX_STUDENTS_LISTED = 1000;

const isListed = (people: readonly Person[]): boolean =>
  people.filter((person) => person.roles.includes('student')).length <= MAX_STUDENTS_LISTED;

/** Whoever was searched for, in front of the groups; a group without a value is nothing to tick as a whole. */
export const foundGroup = (
  found: readonly PeopleGroup['options'][number][],
  groups: readonly PeopleGroup[],
  t: Words['t'],
): PeopleGroup[] => {
  const listed = new Set(groups.flatMap(({ options }) => options.map(({ value }) => value)));
  const options = found.filter(({ value }) => !listed.has(value));
  return options.length > 0 ? [{ value: '', label: t('schedule.people.found'), options, open: true }] : [];
};

type Named = Pick<Advisory, 'id' | 'name'>;

/** Students by advisory. @param chosen whom to list where there are too many to list all */
export function studentChoices(
  people: readonly Person[],
  advisories: readonly Named[],
  t: Words['t'],
  chosen: readonly string[],
): PeopleGroup[] {
  const groups = studentGroups(people, advisories, t);
  if (isListed(people)) return groups;
  const shown = new Set(chosen);
  return groups.map((group) => ({
    ...group,
    options: group.options.filter(({ value }) => shown.has(value)),
  }));
}

function studentGroups(
  people: readonly Person[],
  advisories: readonly Named[],
  t: Words['t'],
): PeopleGroup[] {
  const students = people.filter((person) => person.roles.includes('student'));
  const known = new Set(advisories.map(({ id }) => id));
  const groups = [
    ...advisories.map(({ id, name }) => ({
      value: `advisory:${id}`,
      label: name,
      options: students.filter(({ advisoryId }) => advisoryId === id).map(optionOf),
    })),
    {
      value: 'advisory:',
      label: t('schedule.people.no-advisory'),
      options: students.filter(({ advisoryId }) => !advisoryId || !known.has(advisoryId)).map(optionOf),
    },
  ];
  return groups.filter(({ options }) => options.length > 0);
}

/**
 * Teachers, guests, and fellow students by advisory; the first group is whoever said that they can come, and
 * lists nobody again.
 */
export function panelistChoices(
  people: readonly Person[],
  advisories: readonly Named[],
  schedule: Pick<Schedule, 'days' | 'panelistIds' | 'exhibitionId'>,
  { t, timeZone }: Words,
): PeopleGroup[] {
  const offered = (person: Person) => isOffered(person, schedule.exhibitionId);
  const saysSo = (person: Person) => groupsOf(person, schedule, timeZone).includes('available');
  const of = (pool: 'teacher' | 'guest', isIncluded: (person: Person) => boolean) =>
    people
      .filter((person) => poolOf(person) === pool && isIncluded(person))
      .map((person) => ({
        ...optionOf(person),
        help: [
          person.organisation ?? '',
          saysSo(person) ? t('schedule.people.comes', { hours: hoursOf(person) }) : '',
        ]
          .filter((each) => each !== '')
          .join(' · '),
      }));
  const comes = people.filter(saysSo);
  const groups = [
    { value: 'teacher', label: t('schedule.people.teachers'), options: of('teacher', offered) },
    { value: 'guest', label: t('schedule.people.guests'), options: of('guest', offered) },
    // One by one: as a whole nobody means them.
    {
      value: '',
      label: t('schedule.people.other-guests'),
      options: of('guest', (person) => !offered(person)),
    },
  ].filter(({ options }) => options.length > 0);
  const peers = studentChoices(people, advisories, t, schedule.panelistIds).map((group) => ({
    ...group,
    label: t('schedule.people.peers', { advisory: group.label }),
  }));
  const available = {
    value: 'available',
    label: t('schedule.people.available', { count: comes.length }),
    options: [],
  };
  return [...(comes.length > 0 ? [available] : []), ...groups, ...peers];
}

const optionOf = ({ id, displayName }: Person) => ({ value: id, label: displayName, help: '' });
const hoursOf = ({ attendance }: Person): string => (attendance?.hours ?? []).slice(0, 3).join(', ');
