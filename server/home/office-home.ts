/** Registrar and administrator: what runs today, what blocks issuing, what the school still lacks. */
import { countRemovalRequests } from '../artifacts/artifact-records.js';
import { hasRole } from '../access/actor.js';
import type { Exhibition } from '../exhibition/exhibition.js';
import { listExhibitions } from '../exhibition/exhibition-records.js';
import { countSlotsOfExhibitions, listFirstSlotsBetween } from '../exhibition/slot-records.js';
import type { Slot } from '../exhibition/slot.js';
import { countSigned } from '../narratives/narrative-records.js';
import type { SchoolScope } from '../database.js';
import { countEnrolled } from '../people/enrollment-records.js';
import type { Term } from '../school/school.js';
import { mailAddressWarning } from '../school/shared-address.js';
import { countPeople, listSealedStudentIds } from '../people/people-records.js';
import { countLateSheets } from '../scores/late-sheet-records.js';
import { countLateVisits } from '../visits/late-visit-records.js';
import { countSheetsOfExhibition } from '../scores/score-sheet-records.js';
import { countIssuedOfTerm } from '../transcript/transcript-records.js';
import { admissionTasks } from './guests-waiting.js';
import { attemptTasks } from './attempts-waiting.js';
import { dayAround } from './day.js';
import { officeHandovers } from './handovers-waiting.js';
import type { HomePart, SchoolHomeNeeds, Task } from './home.js';
import { latePortfolioTasks } from './late-portfolios.js';
import { presentationsToday } from './panel-home.js';

/** Exhibitions that are closed and may still have guests to admit, newest first. */
const CLOSED_LOOKED_AT = 10;
/** Presentations listed on a first page. */
const MAX_TODAY = 40;

export async function officeHome(needs: SchoolHomeNeeds): Promise<HomePart> {
  const { actor, scope, t } = needs;
  const running = listExhibitions(scope, { phases: ['draft', 'open', 'scoring'] }, 1, 10);
  const closed = listExhibitions(scope, { phases: ['closed'] }, 1, CLOSED_LOOKED_AT);
  const [removals, mailWarning, handovers, students, advisors, { total: isRunning }, ...rest] =
    await Promise.all([
      openRemovals(scope),
      mailAddressWarning(needs),
      officeHandovers(needs),
      countPeople(scope, 'student'),
      countPeople(scope, 'advisor'),
      running,
      Promise.all([running, closed]).then(async ([now, before]) => [
        ...(await admissionTasks(needs, [...now.items, ...before.items], null)),
        ...(await latePortfolioTasks(needs, now.items, null)),
        ...(await exhibitionTasks(needs, now.items)),
      ]),
      attemptTasks(needs, null),
      countLateSheets(scope),
      countLateVisits(scope),
      transcriptTask(needs),
      slotsToday(needs).then((slots) => presentationsToday(needs, slots)),
    ]);
  const [exhibitions, attempts, late, lateVisits, transcripts, today] = rest;
  const tasks: Task[] = [...handovers, ...exhibitions, ...attempts];
  if (lateVisits > 0) tasks.unshift(lateTask('late-visits', lateVisits, t));
  if (late > 0) tasks.unshift(lateTask('late-sheets', late, t));
  if (removals > 0) tasks.unshift(removalTask(removals, t));
  if (mailWarning !== null) tasks.unshift(mailAddressTask(mailWarning, t));
  if (students === 0) tasks.push(setUp('import', '/people/import', t));
  else if (isRunning === 0) tasks.push(setUp('exhibition', '/exhibitions', t));
  if (advisors === 0 && students > 0) tasks.push(setUp('advisors', '/people', t));
  if (students > 0) tasks.push(...transcripts(students));
  if (hasRole(actor, 'admin') && students === 0) tasks.push(setUp('settings', '/school', t));
  return { tasks, today };
}

/** Requests to take works down; those of students who are sealed from this school nobody here can answer. */
async function openRemovals(scope: SchoolScope): Promise<number> {
  const asked = await countRemovalRequests(scope);
  return asked === 0 ? 0 : countRemovalRequests(scope, [...(await listSealedStudentIds(scope))]);
}

/** On a day with more presentations than fit on a first page those that are not over yet: the day's own page has them all. */
async function slotsToday({ scope, context, timeZone }: SchoolHomeNeeds): Promise<Slot[]> {
  const now = context.clock.now();
  const { from, until } = dayAround(now, timeZone);
  const slots = await listFirstSlotsBetween(scope, from, until, MAX_TODAY + 1);
  return slots.length <= MAX_TODAY ? slots : listFirstSlotsBetween(scope, now, until, MAX_TODAY);
}

const setUp = (what: string, href: string, t: SchoolHomeNeeds['t']): Task => ({
  kind: 'school',
  title: t(`home.office.${what}.title`),
  line: t(`home.office.${what}.line`),
  href,
  action: t(`home.office.${what}.action`),
  at: null,
});

const mailAddressTask = (line: string, t: SchoolHomeNeeds['t']): Task => ({
  ...setUp('mail-address', '/school', t),
  line,
});

const removalTask = (count: number, t: SchoolHomeNeeds['t']): Task => ({
  kind: 'school',
  title: t('home.office.removals.title', { count }),
  line: t('home.office.removals.line'),
  href: '/removal-requests',
  action: t('home.office.removals.action'),
  at: null,
});

const lateTask = (what: 'late-sheets' | 'late-visits', count: number, t: SchoolHomeNeeds['t']): Task => ({
  kind: 'school',
  title: t(`home.late.${what}`, { count }),
  line: t('home.late.line'),
  href: `/${what}`,
  action: t('home.late.action'),
  at: null,
});

/** One line per exhibition that is not closed: where it stands and how many sheets are in. */
async function exhibitionTasks(
  { scope, context, t }: SchoolHomeNeeds,
  exhibitions: readonly Exhibition[],
): Promise<Task[]> {
  const slots = await countSlotsOfExhibitions(
    scope,
    exhibitions.map((exhibition) => exhibition.id),
  );
  return Promise.all(
    exhibitions.map(async (exhibition): Promise<Task> => {
      const { draft, submitted } = await countSheetsOfExhibition(scope, exhibition.id);
      return {
        kind: 'exhibition',
        title: exhibition.title,
        line: t(phaseLine(exhibition, draft + submitted), {
          count: slots.get(exhibition.id) ?? 0,
          submitted,
          begun: draft + submitted,
        }),
        href: `/exhibitions/${exhibition.id}`,
        action: t(`home.office.action.${exhibition.phase}`),
        at: isPressing(exhibition, context.clock.now()) ? exhibition.startsAt.toISOString() : null,
      };
    }),
  );
}

const phaseLine = ({ phase }: Pick<Exhibition, 'phase'>, begun: number): string =>
  phase === 'scoring' && begun === 0 ? 'home.office.phase.scoring-none' : `home.office.phase.${phase}`;

/** The transcripts of the current term, and of the one before while some are missing: how many are out, and what most often blocks the rest. */
async function transcriptTask({ scope, t, year }: SchoolHomeNeeds): Promise<(students: number) => Task[]> {
  const { current, previous } = await year;
  if (!current) return () => [];
  const [now, before, enrolled] = await Promise.all([
    countsOf(scope, current),
    previous ? countsOf(scope, previous) : null,
    previous ? countEnrolled(scope, previous.id) : 0,
  ]);
  const task = ({ term, issued, signed }: NonNullable<typeof before>, count: number): Task => ({
    kind: 'transcript',
    title: t('home.office.transcripts.title', { term: term.name }),
    line: t('home.office.transcripts.line', { issued, count, signed }),
    href: `/terms/${term.id}/transcripts`,
    action: t('home.office.transcripts.action'),
    at: null,
  });
  return (students) => [
    ...(before && before.issued < enrolled ? [task(before, enrolled)] : []),
    task(now, students),
  ];
}

async function countsOf(scope: SchoolScope, term: Term) {
  const [issued, signed] = await Promise.all([
    countIssuedOfTerm(scope, term.id),
    countSigned(scope, term.id, 'advisor'),
  ]);
  return { term, issued, signed };
}

/** A day that was over long ago still wants to be closed, but not before today's. */
const isPressing = (exhibition: Exhibition, now: Date): boolean =>
  exhibition.phase !== 'draft' && now.getTime() - exhibition.startsAt.getTime() < 86_400_000;
