/** Registrar and administrator: what runs today, what blocks issuing, what the school still lacks. */
import { countRemovalRequests } from '../artifacts/artifact-records.js';
import { hasRole } from '../access/actor.js';
import type { Exhibition } from '../exhibitions/exhibition.js';
import { listExhibitions } from '../exhibitions/exhibition-records.js';
import { countSlotsOfExhibitions, listFirstSlotsBetween } from '../exhibitions/slots/slot-records.js';
import type { Slot } from '../exhibitions/slots/slot.js';
import { countSigned, listAllStudentsSigned } from '../narratives/narrative-records.js';
import type { SchoolScope } from '../db/database.js';
import { listRecordedStudentIds } from '../people/enrollment-records.js';
import type { Term } from '../school/school.js';
import { mailAddressWarning } from '../school/shared-address.js';
import { countPeople, listSealedStudentIds } from '../people/people-records.js';
import { countLateSheets } from '../scores/late-sheet-records.js';
import { countLateVisits } from '../visits/late-visit-records.js';
import { countSheetsOfExhibition } from '../scores/score-sheet-records.js';
import { countIssuedOfTerm, listAllStudentsIssued } from '../transcript/transcript-records.js';
import { admissionTasks } from './guests-waiting.js';
import { attemptTasks } from './attempts-waiting.js';
import { dayAround } from './day.js';
import { officeHandovers } from './handovers-waiting.js';
import type { HomePart, SchoolHomeNeeds, Task } from './home.js';
import { latePortfolioTasks } from './late-portfolios.js';
import { presentationsToday } from './panel-home.js';
import { termsWithWork } from './school-year.js';

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

/**
 * On a day with more presentations than fit on a first page those that are not over yet: the day's own page
 * has them all.
 */
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

/**
 * The transcripts of the current term, and of each earlier one while some are missing: how many are out, and
 * what most often blocks the rest.
 */
async function transcriptTask({ scope, t, year }: SchoolHomeNeeds): Promise<(students: number) => Task[]> {
  const { current, earlier } = await year;
  if (!current) return () => [];
  const [issued, signed, sealed, ...before] = await Promise.all([
    countIssuedOfTerm(scope, current.id),
    countSigned(scope, current.id, 'advisor'),
    earlier.length > 0 ? listSealedStudentIds(scope) : new Set<string>(),
    ...earlier.map(async (term) => ({ term, ...(await idsOf(scope, term)) })),
  ]);
  const doneIn = new Set([
    ...(issued > 0 ? [current.id] : []),
    ...before.flatMap(({ term, issued: ids }) => (ids.size > 0 ? [term.id] : [])),
  ]);
  const asked = new Set(termsWithWork(earlier, doneIn));
  const left = before.flatMap(({ term, enrolled, ...of }): Task[] => {
    const ids = [...enrolled].filter((id) => !sealed.has(id));
    const among = (some: ReadonlySet<string>): number => ids.filter((id) => some.has(id)).length;
    const out = among(of.issued);
    if (!asked.has(term) || out === ids.length) return [];
    return [transcriptsOf(t, term, { issued: out, signed: among(of.signed), count: ids.length })];
  });
  return (count) => [...left, transcriptsOf(t, current, { issued, signed, count })];
}

const transcriptsOf = (
  t: SchoolHomeNeeds['t'],
  term: Term,
  counts: { issued: number; signed: number; count: number },
): Task => ({
  kind: 'transcript',
  title: t('home.office.transcripts.title', { term: term.name }),
  line: t('home.office.transcripts.line', counts),
  href: `/terms/${term.id}/transcripts`,
  action: t('home.office.transcripts.action'),
  at: null,
});

/**
 * Of a term that is over, from indexes: everybody who was enrolled in it, whether or not they have left
 * since, and what they have.
 */
async function idsOf(scope: SchoolScope, { id }: Term) {
  const [enrolled, issued, signed] = await Promise.all([
    listRecordedStudentIds(scope, id),
    listAllStudentsIssued(scope, id),
    listAllStudentsSigned(scope, id, 'advisor'),
  ]);
  return { enrolled, issued, signed };
}

/** A day that was over long ago still wants to be closed, but not before today's. */
const isPressing = (exhibition: Exhibition, now: Date): boolean =>
  exhibition.phase !== 'draft' && now.getTime() - exhibition.startsAt.getTime() < 86_400_000;
