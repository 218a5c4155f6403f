/** Network staff: the schools they look after. */
import { countStudentsBySchool } from '../people/people-across-schools-records.js';
import { aboutSchool } from '../school/school.js';
import { listSchoolsOfNetwork } from '../school/school-records.js';
import type { HomeNeeds, HomePart } from './home.js';

export async function networkHome({ actor, context, t }: HomeNeeds): Promise<HomePart> {
  if (actor.networkId === null) return {};
  const schools = await listSchoolsOfNetwork(context.db, actor.networkId, 1, 50);
  const students = await countStudentsBySchool(
    context.db,
    schools.items.map((school) => school.id),
  );
  return {
    tasks: [
      {
        kind: 'school',
        title: t('home.network.title', { count: schools.total }),
        line: t('home.network.line'),
        href: '/network/schools',
        action: t('home.network.action'),
        at: null,
      },
    ],
    schools: schools.items.map((school) => ({
      name: school.name,
      line: [aboutSchool(school), t('home.network.students', { count: students.get(school.id) ?? 0 })].join(
        ' · ',
      ),
    })),
  };
}
