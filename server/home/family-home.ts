/** The family: when does our child present, and the way to the child's page. */
import { listChildren } from '../people/people-records.js';
import { initialsOf } from '../people/people-view.js';
import { correctedNews } from './corrected-results.js';
import { studentHandovers } from './handovers-waiting.js';
import type { HomePart, SchoolHomeNeeds } from './home.js';
import { presentations } from './student-home.js';

export async function familyHome(needs: SchoolHomeNeeds): Promise<HomePart> {
  const { actor, scope, t } = needs;
  const children = await listChildren(scope, actor.personId);
  const [news, ...tasks] = await Promise.all([
    correctedNews(needs, children),
    studentHandovers(needs, children, 'child'),
    ...children.map((child) =>
      presentations(needs, child.id, (exhibition) =>
        t('home.family.present', { student: child.displayName, exhibition }),
      ),
    ),
  ]);
  return {
    tasks: tasks.flat(),
    news,
    peopleTitle: 'home.family.title',
    people: children.map((child) => ({
      name: child.displayName,
      initials: initialsOf(child.displayName),
      href: `/students/${child.id}`,
      line: child.grade ? t('home.grade', { grade: child.grade }) : '',
    })),
  };
}
