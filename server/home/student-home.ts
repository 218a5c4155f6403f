/** The student: when do I present, what is still to hand in, what do I write about this term. */
import { isScoring } from '../exhibition/exhibition.js';
import { listExhibitionsByIds } from '../exhibition/exhibition-records.js';
import { endOf } from '../exhibition/slot.js';
import { listSlotsOfStudent } from '../exhibition/slot-records.js';
import { byId } from '../people/people-view.js';
import type { HomePart, SchoolHomeNeeds, Task } from './home.js';
import { findStudent } from '../people/people-records.js';
import { listNewestSnapshots } from '../portfolio/portfolio-records.js';
import { findSchool, findTerm } from '../school/school-records.js';
import { countVisits } from '../visits/visit-records.js';
import { narrativeTasks } from './narratives-waiting.js';
import { worksOf } from './student-page.js';

/** Works on the first page; the wall itself shows all. */
const WORKS = 4;

export async function studentHome(needs: SchoolHomeNeeds): Promise<HomePart> {
  const { actor, scope, t } = needs;
  const page = `/students/${actor.personId}`;
  const student = await findStudent(scope, actor.personId);
  const works = student ? await worksOf(needs, student) : null;
  return {
    works: { href: page, add: `${page}/artifacts/new`, items: works?.items.slice(0, WORKS) ?? [] },
    tasks: [
      ...(await presentations(needs, actor.personId, (exhibition) =>
        t('home.present.title', { exhibition }),
      )),
      ...(await portfolioTask(needs, page)),
      ...(await narrativeTasks(needs, [{ id: actor.personId, displayName: actor.name }], 'student')),
    ],
  };
}

/** The portfolio of the current term, until its first snapshot is submitted. */
async function portfolioTask({ actor, scope, context, t }: SchoolHomeNeeds, page: string): Promise<Task[]> {
  const school = await findSchool(context.db, scope.schoolId);
  const term = school?.currentTermId ? await findTerm(scope, school.currentTermId) : null;
  if (!term) return [];
  const snapshots = await listNewestSnapshots(scope, [actor.personId], term.id);
  if (snapshots.length > 0) return [];
  return [
    {
      kind: 'portfolio',
      title: t('home.portfolio.title', { term: term.name }),
      line: t('home.portfolio.line'),
      href: `${page}/portfolios`,
      action: t('home.portfolio.action'),
      at: null,
    },
  ];
}

/** The presentations of one student that lie ahead or are under way, as tasks. */
export async function presentations(
  { scope, context, t }: SchoolHomeNeeds,
  studentId: string,
  title: (exhibition: string) => string,
): Promise<Task[]> {
  const now = context.clock.now();
  const slots = (await listSlotsOfStudent(scope, studentId)).filter((slot) => endOf(slot) > now);
  const exhibitions = byId(
    await listExhibitionsByIds(
      scope,
      slots.map((slot) => slot.exhibitionId),
    ),
  );
  const isStand = (slot: { exhibitionId: string }) => {
    const exhibition = exhibitions.get(slot.exhibitionId);
    return exhibition?.format === 'gallery' && isScoring(exhibition);
  };
  const stands = slots.filter(isStand).map((slot) => slot.id);
  const visits = stands.length > 0 ? await countVisits(scope, stands) : new Map<string, number>();
  return slots.flatMap((slot): Task[] => {
    const exhibition = exhibitions.get(slot.exhibitionId);
    if (!exhibition || exhibition.phase === 'draft' || exhibition.phase === 'closed') return [];
    const at = slot.startsAt.toISOString();
    if (isStand(slot)) {
      return [
        {
          kind: 'present',
          title: title(exhibition.title),
          line: t('home.stand.line', { room: slot.room, count: visits.get(slot.id) ?? 0 }),
          href: `/slots/${slot.id}/visits`,
          action: t('home.stand.action'),
          at,
        },
      ];
    }
    return [
      {
        kind: 'present',
        title: title(exhibition.title),
        line: t('home.present.line', { room: slot.room, count: slot.minutes }),
        href: `/slots/${slot.id}`,
        action: t('home.present.action'),
        at,
      },
    ];
  });
}
