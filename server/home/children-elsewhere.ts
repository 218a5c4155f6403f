/**
 * Families with children in several schools see all of them on one page; opening a child of another school
 * goes on there.
 */
import { findPerson, listChildren } from '../people/people-records.js';
import { initialsOf } from '../people/people-view.js';
import { findSchool } from '../school/school-records.js';
import type { HomeNeeds, HomePart } from './home.js';

/** Nothing for tokens and passes: they belong to one school. */
export async function childrenElsewhere({ actor, context: { db }, t }: HomeNeeds): Promise<HomePart> {
  if (actor.via !== 'session') return {};
  const lists = await Promise.all(
    (actor.elsewhere ?? []).map(async ({ personId, schoolId }) => {
      if (schoolId === null) return [];
      const scope = { db, schoolId };
      const [school, person] = await Promise.all([findSchool(db, schoolId), findPerson(scope, personId)]);
      if (!school || school.closedAt || !person?.active || !person.roles.includes('guardian')) return [];
      return (await listChildren(scope, personId)).map((child) => ({
        name: child.displayName,
        initials: initialsOf(child.displayName),
        href: `/students/${child.id}`,
        line: child.grade
          ? t('home.family.elsewhere', { school: school.name, grade: child.grade })
          : school.name,
        switchTo: personId,
      }));
    }),
  );
  const people = lists.flat();
  return people.length > 0 ? { people, peopleTitle: 'home.family.title' } : {};
}
