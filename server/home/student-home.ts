/** The student: when do I present, what is still to hand in, what do I write about this term. */
import { listUnseenChanges } from '../artifacts/artifact-records.js';
import { isScoring } from '../exhibitions/exhibition.js';
import { correctedNews } from './corrected-results.js';
import { listExhibitionsByIds } from '../exhibitions/exhibition-records.js';
import { endOf, type Slot } from '../exhibitions/slots/slot.js';
import { listSlotsOfStudentSince } from '../exhibitions/slots/slot-records.js';
import { byId } from '../people/people-view.js';
import { studentHandovers } from './handovers-waiting.js';
import type { HomePart, SchoolHomeNeeds, Task } from './home.js';
import { findStudent } from '../people/people-records.js';
import { listPortfoliosWithNews, listStudentsWithSnapshot } from '../portfolio/portfolio-records.js';
import { countVisits } from '../visits/visit-records.js';
import { narrativeTasks } from './narratives-waiting.js';
import { newestWorks } from './student-page.js';

/** Works on the first page; the wall itself shows all. */
const WORKS = 4;

export async function studentHome(needs: SchoolHomeNeeds): Promise<HomePart> {
  const { actor, scope, t } = needs;
  const page = `/students/${actor.personId}`;
  const [works, news, ...tasks] = await Promise.all([
    findStudent(scope, actor.personId).then((student) =>
      student ? newestWorks(needs, student, WORKS) : null,
    ),
    correctedNews(needs, [{ id: actor.personId, displayName: actor.name }]),
    presentations(needs, actor.personId, (exhibition) => t('home.present.title', { exhibition })),
    portfolioTask(needs, page),
    portfolioNews(needs),
    worksChanged(needs),
    studentHandovers(needs, [{ id: actor.personId, displayName: actor.name }], 'own'),
    narrativeTasks(needs, [{ id: actor.personId, displayName: actor.name }], 'student'),
  ]);
  return {
    works: { href: page, add: `${page}/artifacts/new`, items: works?.items ?? [] },
    tasks: tasks.flat(),
    news,
  };
}

/**
 * The portfolio of the current term, and of each in which the student still presents, until its first
 * snapshot is submitted. Students are not told of exhibitions in preparation.
 */
async function portfolioTask(needs: SchoolHomeNeeds, page: string): Promise<Task[]> {
  const { actor, scope, t, year } = needs;
  const { current, terms } = await year;
  if (!current) return [];
  const found = await listAhead(needs, actor.personId);
  const named = new Set(found.map(({ termId }) => termId));
  const possible = terms.filter(({ id }) => id === current.id || named.has(id));
  const [{ slots }, submitted] = await Promise.all([
    shownOf(needs, found),
    Promise.all(possible.map(({ id }) => listStudentsWithSnapshot(scope, id, [actor.personId]))),
  ]);
  const ahead = new Set(slots.map(({ termId }) => termId));
  return possible.flatMap((term, at): Task[] =>
    submitted[at]!.size > 0 || (term.id !== current.id && !ahead.has(term.id))
      ? []
      : [
          {
            kind: 'portfolio',
            title: t('home.portfolio.title', { term: term.name }),
            line: t('home.portfolio.line'),
            // The page offers to begin one of that term.
            href: term.id === current.id ? `${page}/portfolios` : `${page}/portfolios?termId=${term.id}`,
            action: t('home.portfolio.action'),
            at: null,
          },
        ],
  );
}

/** What an advisor has submitted for the student or suggests to them, until the student has answered. */
async function portfolioNews({ actor, scope, t }: SchoolHomeNeeds): Promise<Task[]> {
  const found = await listPortfoliosWithNews(scope, actor.personId);
  return found.map(({ id, title, unseenSubmission, suggestions = [] }) => ({
    kind: 'portfolio',
    title,
    line: unseenSubmission
      ? t('home.portfolio.submitted-for-you', { number: unseenSubmission.number })
      : t('home.portfolio.suggestions', { count: suggestions.length }),
    href: unseenSubmission ? `/portfolios/${id}` : `/portfolios/${id}?edit=yes`,
    action: t('home.portfolio.action'),
    at: null,
  }));
}

/** Works that somebody else has changed, until the student has seen it. */
async function worksChanged({ actor, scope, t }: SchoolHomeNeeds): Promise<Task[]> {
  return (await listUnseenChanges(scope, actor.personId)).map(({ id, title }) => ({
    ...{ kind: 'portfolio' as const, title, line: t('home.work-changed.line') },
    ...{ href: `/artifacts/${id}`, action: t('home.work-changed.action'), at: null },
  }));
}

/** Slots of one student that lie ahead or are under way, whatever the phase of their exhibition. */
async function listAhead({ scope, context }: SchoolHomeNeeds, studentId: string): Promise<Slot[]> {
  const now = context.clock.now();
  return (await listSlotsOfStudentSince(scope, studentId, now)).filter((slot) => endOf(slot) > now);
}

/** Of these slots those in exhibitions that are neither in preparation nor closed, and the exhibitions. */
async function shownOf({ scope }: SchoolHomeNeeds, found: readonly Slot[]) {
  const exhibitions = byId(
    await listExhibitionsByIds(
      scope,
      found.map((slot) => slot.exhibitionId),
    ),
  );
  const slots = found.filter(({ exhibitionId }) => {
    const phase = exhibitions.get(exhibitionId)?.phase;
    return phase === 'open' || phase === 'scoring';
  });
  return { slots, exhibitions };
}

/** The presentations of one student that lie ahead or are under way, as tasks. */
export async function presentations(
  needs: SchoolHomeNeeds,
  studentId: string,
  title: (exhibition: string) => string,
): Promise<Task[]> {
  const { scope, context, t } = needs;
  const now = context.clock.now();
  const { slots, exhibitions } = await shownOf(needs, await listAhead(needs, studentId));
  const isStand = (slot: { exhibitionId: string }) => {
    const exhibition = exhibitions.get(slot.exhibitionId);
    return exhibition?.format === 'gallery' && isScoring(exhibition);
  };
  const stands = slots.filter(isStand).map((slot) => slot.id);
  const visits = stands.length > 0 ? await countVisits(scope, stands) : new Map<string, number>();
  return slots.flatMap((slot): Task[] => {
    const exhibition = exhibitions.get(slot.exhibitionId)!;
    const at = slot.startsAt.toISOString();
    const until = slot.startsAt <= now ? { until: endOf(slot).toISOString() } : {};
    if (isStand(slot)) {
      return [
        {
          kind: 'present',
          title: title(exhibition.title),
          line: t('home.stand.line', { room: slot.room, count: visits.get(slot.id) ?? 0 }),
          href: `/slots/${slot.id}/visits`,
          action: t('home.stand.action'),
          at,
          ...until,
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
        ...until,
      },
    ];
  });
}
