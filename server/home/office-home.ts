/** Registrar and administrator: what runs today, what blocks issuing, what the school still lacks. */
import { hasRole } from '../access/actor.js';
import type { Exhibition } from '../exhibition/exhibition.js';
import { listExhibitions } from '../exhibition/exhibition-records.js';
import { countSlotsOfExhibitions, listSlotsBetween } from '../exhibition/slot-records.js';
import { listNarrativeStates } from '../narratives/narrative-records.js';
import { countPeople, listAllStudents } from '../people/people-records.js';
import { findSchool, findTerm } from '../school/school-records.js';
import { countSheetsOfExhibition } from '../scores/score-sheet-records.js';
import { countIssuedOfTerm } from '../transcript/transcript-records.js';
import { attemptTasks } from './attempts-waiting.js';
import { dayAround } from './day.js';
import type { HomePart, SchoolHomeNeeds, Task } from './home.js';
import { presentationsToday } from './panel-home.js';

export async function officeHome(needs: SchoolHomeNeeds): Promise<HomePart> {
  const { actor, scope, context, timeZone, t } = needs;
  const { from, until } = dayAround(context.clock.now(), timeZone);
  const [students, advisors, running, slots] = await Promise.all([
    countPeople(scope, 'student'),
    countPeople(scope, 'advisor'),
    listExhibitions(scope, { phases: ['draft', 'open', 'scoring'] }, 1, 10),
    listSlotsBetween(scope, from, until),
  ]);
  const tasks: Task[] = await exhibitionTasks(needs, running.items);
  tasks.push(...(await attemptTasks(needs, null)));
  if (students === 0) tasks.push(setUp('import', '/people/import', t));
  else if (running.total === 0) tasks.push(setUp('exhibition', '/exhibitions', t));
  if (advisors === 0 && students > 0) tasks.push(setUp('advisors', '/people', t));
  if (students > 0) tasks.push(...(await transcriptTask(needs, students)));
  if (hasRole(actor, 'admin') && students === 0) tasks.push(setUp('settings', '/school', t));
  return { tasks, today: await presentationsToday(needs, slots) };
}

const setUp = (what: string, href: string, t: SchoolHomeNeeds['t']): Task => ({
  kind: 'school',
  title: t(`home.office.${what}.title`),
  line: t(`home.office.${what}.line`),
  href,
  action: t(`home.office.${what}.action`),
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
        line: t(`home.office.phase.${exhibition.phase}`, {
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

/** The current term's transcripts: how many are out, and what most often blocks the rest. */
async function transcriptTask({ scope, context, t }: SchoolHomeNeeds, students: number): Promise<Task[]> {
  const school = await findSchool(context.db, scope.schoolId);
  const term = school?.currentTermId ? await findTerm(scope, school.currentTermId) : null;
  if (!term) return [];
  const ids = (await listAllStudents(scope)).map((student) => student.id);
  const [issued, states] = await Promise.all([
    countIssuedOfTerm(scope, term.id),
    listNarrativeStates(scope, term.id, ids),
  ]);
  const signed = states.filter((state) => state.voice === 'advisor' && state.latestVersion > 0).length;
  return [
    {
      kind: 'transcript',
      title: t('home.office.transcripts.title', { term: term.name }),
      line: t('home.office.transcripts.line', { issued, count: students, signed }),
      href: `/terms/${term.id}/transcripts`,
      action: t('home.office.transcripts.action'),
      at: null,
    },
  ];
}

/** A day that was over long ago still wants to be closed, but not before today's. */
const isPressing = (exhibition: Exhibition, now: Date): boolean =>
  exhibition.phase !== 'draft' && now.getTime() - exhibition.startsAt.getTime() < 86_400_000;
