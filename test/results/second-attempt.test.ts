/** Presenting again: planned in one step, both attempts stay, and the record says which one counts. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getExhibition, saveExhibitionChange } from '../../server/exhibitions/exhibition-records.js';
import { getSlot } from '../../server/exhibitions/slots/slot-records.js';
import { listSeatsOfSlot } from '../../server/exhibitions/seats/seat-records.js';
import { findResult } from '../../server/results/result-records.js';
import { findSchool, listTerms, saveSchoolChange } from '../../server/school/school-records.js';
import { gatherFacts } from '../../server/transcript/gather-facts.js';
import { pressOnPage } from '../harness/browser-form.js';
import { aBarredPanel, laterDay, type BarredPanel } from '../harness/builders/attempts.js';
import { startApp, type TestApp } from '../harness/start-app.js';

interface Planned {
  slotId: string;
  attempt: number;
  seated: number;
}
interface Home {
  next: { kind: string; href: string } | null;
  tasks: { kind: string; href: string }[];
}
interface Shown {
  attempts: { slotId: string; counts: boolean; by: string | null; outcome: string | null }[];
}

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

async function notYet(): Promise<BarredPanel> {
  const panel = await aBarredPanel(app);
  expect((await panel.publish()).status).toBe(200);
  return panel;
}

/** Both published: the first not yet, the second met. */
async function twice(): Promise<{ panel: BarredPanel; second: string }> {
  const panel = await notYet();
  const second = (await panel.planNext('advisor')).json<Planned>().slotId;
  await panel.score(second, ['meeting', 'extending', 'meeting']);
  expect((await panel.publish('registrar', {}, second)).status).toBe(200);
  return { panel, second };
}

async function factsOf({ home, people }: BarredPanel) {
  const school = (await findSchool(home.scope, home.school.id))!;
  const term = (await listTerms(home.scope)).find((one) => one.id === home.termId)!;
  const facts = await gatherFacts(app.context, home.scope, school, term, [people.student]);
  return facts.get(people.student.id)!;
}

const waits = async (panel: BarredPanel, who: string) => {
  const home = (await (await panel.as(who)).get('/')).json<Home>();
  return [home.next, ...home.tasks].some(
    (task) => task?.kind === 'attempt' && task.href === `/slots/${panel.slotId}/result#again`,
  );
};

describe('the next attempt', () => {
  it('is a task of advisor and office until it is planned, with the same panel, in one step', async () => {
    const panel = await notYet();
    expect([await waits(panel, 'advisor'), await waits(panel, 'registrar')]).toEqual([true, true]);
    expect(await waits(panel, 'otherAdvisor')).toBe(false);
    const form = (await panel.result('advisor', panel.slotId, 'page')).text;
    expect(form).toContain(`/slots/${panel.slotId}/next-attempt`);
    const reply = await panel.planNext('advisor');
    expect([reply.status, reply.json()]).toMatchObject([201, { attempt: 2, seated: 2, room: 'Room 9' }]);
    const { slotId } = reply.json<Planned>();
    const [before, after] = await Promise.all([
      listSeatsOfSlot(panel.home.scope, panel.slotId),
      listSeatsOfSlot(panel.home.scope, slotId),
    ]);
    const people = (seats: typeof before) =>
      seats.map(({ personId, role, chair }) => ({ personId, role, chair }));
    expect(people(after)).toEqual(people(before));
    expect([await waits(panel, 'advisor'), await waits(panel, 'registrar')]).toEqual([false, false]);
    const { text } = await panel.result('student', panel.slotId, 'page');
    expect(text).toContain('Attempt 2 is planned:');
    expect(text).toContain('Room 9');
    expect((await panel.planNext('registrar', { startsAt: laterDay(3) })).status).toBe(409);
  });

  it('is refused before the first one, with somebody who is elsewhere, and by those who do not plan', async () => {
    const panel = await notYet();
    const refused = async (body: object) => (await panel.planNext('advisor', body)).json<{ error: object }>();
    const again = await panel.planNext('advisor', { startsAt: laterDay(-2) });
    expect([again.status, again.text.includes('startsAt')]).toEqual([422, true]);
    const page = await (
      await panel.as('advisor')
    ).post(`/slots/${panel.slotId}/next-attempt`, { startsAt: '', room: 'Room 77' }, { as: 'page' });
    expect([page.status, page.text.includes('href="#f-again-startsAt"')]).toEqual([422, true]);
    expect(page.text).toMatch(/id="f-again-room"[^>]*value="Room 77"/);
    const busy = await panel.as('registrar');
    const other = await busy.post(`/exhibitions/${panel.exhibitionId}/slots`, {
      studentId: panel.people.otherStudent.id,
      startsAt: laterDay(1),
      room: 'Room 3',
    });
    const seat = { personId: panel.people.advisor.id };
    await busy.post(`/slots/${other.json<{ id: string }>().id}/seats`, seat);
    expect(JSON.stringify(await refused({}))).toContain('samePanel');
    expect((await panel.planNext('advisor', { samePanel: false })).status).toBe(201);
    for (const who of ['student', 'guardian', 'panelist-0'])
      expect([who, (await panel.planNext(who)).status]).toEqual([who, 403]);
  });

  it('opens a closed exhibition again, or goes into another one by the same rubric', async () => {
    const closed = await notYet();
    await closed.moveTo('closed', 'scoring');
    expect((await closed.planNext('advisor')).status).toBe(201);
    expect((await getExhibition(closed.home.scope, closed.exhibitionId)).phase).toBe('scoring');

    const panel = await notYet();
    await panel.moveTo('closed', 'scoring');
    const planner = await panel.as('registrar');
    const plan = async (rubric: string) =>
      (
        await planner.post('/exhibitions', {
          termId: panel.home.termId,
          title: `Second chances ${rubric}`,
          rubric,
          startsAt: laterDay(20),
        })
      ).json<{ id: string }>().id;
    expect((await panel.planNext('advisor', { exhibitionId: await plan('learning-goals') })).status).toBe(
      422,
    );
    const exhibitionId = await plan('exhibition');
    const { slotId } = (await panel.planNext('advisor', { exhibitionId })).json<Planned>();
    expect(await getSlot(panel.home.scope, slotId)).toMatchObject({
      ...{ exhibitionId, attempt: 2, attemptOf: panel.exhibitionId },
    });
    expect((await getExhibition(panel.home.scope, panel.exhibitionId)).phase).toBe('closed');
    const shown = async (who: string) => (await panel.result(who)).json<Shown>().attempts.length;
    // What is a draft yet is no appointment.
    expect([await shown('advisor'), await shown('student')]).toEqual([2, 1]);
  });

  it('is planned after a published “not yet” alone; another closed day is opened again by its planners', async () => {
    const code = (reply: { status: number; json<T>(): T }) => [
      reply.status,
      reply.json<{ error: { code: string } }>().error.code,
    ];
    const unpublished = await aBarredPanel(app);
    await unpublished.moveTo('closed', 'scoring');
    expect(code(await unpublished.planNext('advisor'))).toEqual([409, 'not-due']);
    expect((await getExhibition(unpublished.home.scope, unpublished.exhibitionId)).phase).toBe('closed');
    const met = await aBarredPanel(app, ['meeting', 'meeting', 'meeting']);
    expect((await met.publish()).status).toBe(200);
    expect(code(await met.planNext('advisor'))).toEqual([409, 'not-due']);

    const panel = await notYet();
    const { id: exhibitionId } = (
      await (
        await panel.as('registrar')
      ).post('/exhibitions', {
        ...{ termId: panel.home.termId, title: 'Somebody else’s day', rubric: 'exhibition' },
        startsAt: laterDay(20),
      })
    ).json<{ id: string }>();
    await saveExhibitionChange(panel.home.scope, exhibitionId, 'draft', { phase: 'closed' });
    expect(code(await panel.planNext('advisor', { exhibitionId }))).toEqual([403, 'forbidden']);
    expect((await getExhibition(panel.home.scope, exhibitionId)).phase).toBe('closed');
    expect((await panel.planNext('registrar', { exhibitionId })).status).toBe(201);
  });

  it('is planned into the first exhibition that is still to come; where none is, a person says which', async () => {
    const panel = await notYet();
    const ask = (body: object = {}) => panel.planNext('advisor', { exhibitionId: undefined, ...body });
    const none = await ask();
    expect([none.status, none.text]).toEqual([422, expect.stringContaining('none with the same rubric')]);
    const form = async () => (await panel.result('advisor', panel.slotId, 'page')).text;
    const chosen = /<option value="([^"]*)" selected>/;
    expect((await form()).match(/id="f-again-exhibitionId"[\s\S]*?<\/select>/)![0]).not.toMatch(chosen);
    const planner = await panel.as('registrar');
    const ids: string[] = [];
    for (const days of [30, 20]) {
      const reply = await planner.post('/exhibitions', {
        ...{ termId: panel.home.termId, title: `In ${days} days`, rubric: 'exhibition' },
        startsAt: laterDay(days),
      });
      ids.push(reply.json<{ id: string }>().id);
    }
    expect((await form()).match(/id="f-again-exhibitionId"[\s\S]*?<\/select>/)![0].match(chosen)![1]).toBe(
      ids[1],
    );
    expect(await form()).toMatch(new RegExp(`id="f-again-startsAt"[^>]*value="${laterDay(20)}"`));
    const { slotId } = (await ask({ startsAt: laterDay(20) })).json<Planned>();
    expect((await getSlot(panel.home.scope, slotId)).exhibitionId).toBe(ids[1]);
  });

  it('is offered to be taken out once a correction says that the first one was met', async () => {
    const panel = await notYet();
    const { slotId } = (await panel.planNext('advisor')).json<Planned>();
    const shown = async (who: string) =>
      (await panel.result(who)).json<{
        state: string;
        unneeded: { slotId: string; mayRemove: boolean } | null;
      }>();
    expect((await shown('registrar')).unneeded).toBeNull();
    const office = await panel.as('registrar');
    const correction = {
      ...{
        state: (await shown('registrar')).state,
        reason: 'Read again',
        levels: [],
        consequences: [] as string[],
      },
      ...{ outcome: 'met', words: '' },
    };
    const reply = await office.post(`/slots/${panel.slotId}/result/corrections`, correction);
    expect(reply.status).toBe(201);
    expect((await shown('advisor')).unneeded).toMatchObject({ slotId, attempt: 2, mayRemove: true });
    for (const who of ['student', 'guardian']) expect((await shown(who)).unneeded).toBeNull();
    const page = (await panel.result('advisor', panel.slotId, 'page')).text;
    const removed = await pressOnPage(await panel.as('advisor'), page, 'Remove attempt 2 from the schedule');
    expect(removed.status).toBe(303);
    expect((await shown('advisor')).unneeded).toBeNull();
    expect((await panel.result('advisor', panel.slotId, 'page')).text).not.toContain('is still planned');
  });

  it('shows the panel the portfolio that was revised for it', async () => {
    const panel = await notYet();
    const { slotId } = (await panel.planNext('advisor')).json<Planned>();
    const student = await panel.as('student');
    const own = `/students/${panel.people.student.id}`;
    const work = await student.post(`${own}/artifacts`, { title: 'A chair', text: 'Of one sheet' });
    const artifactId = /"id":"([^"]+)"/.exec(work.text)![1]!;
    const begun = (await student.post(`${own}/portfolios`, { title: 'Wood', statement: '' })).json<{
      id: string;
      revision: number;
    }>();
    const entries = [{ artifactId, reflection: 'Bent again.', criterionIds: [] }];
    const change = { title: 'Wood', statement: '', entries, revision: begun.revision };
    const { revision } = (await student.put(`/portfolios/${begun.id}`, change)).json<{ revision: number }>();
    expect((await getSlot(panel.home.scope, slotId)).snapshotId).toBeNull();
    expect((await student.post(`/portfolios/${begun.id}/submit`, { revision })).status).toBe(201);
    expect((await getSlot(panel.home.scope, slotId)).snapshotId).not.toBeNull();
    expect((await getSlot(panel.home.scope, panel.slotId)).snapshotId).toBeNull();
  });
});

describe('of two attempts', () => {
  it('the latest counts in transcript and growth; the other one stays, marked as such', async () => {
    const { panel, second } = await twice();
    const facts = await factsOf(panel);
    expect(facts.exhibitions).toMatchObject([
      { attempt: 2, otherAttempts: [{ attempt: 1 }], met: { outcome: 'met', missed: [] } },
    ]);
    expect(facts.rubrics[0]!.goals[1]!.history).toMatchObject([
      { levelId: 'building', attempt: 1, counts: false },
      { levelId: 'extending', attempt: 2 },
    ]);
    const page = (
      await (await panel.as('student')).get(`/students/${panel.people.student.id}`, { as: 'page' })
    ).text;
    expect(page).toContain('this attempt counts');
    expect(page).toContain('another attempt counts');
    expect(page.match(/class="chart-attempt"/g)).toHaveLength(3);
    expect(page).toContain('One other attempt is shown as an open mark and does not count.');
    expect((await panel.result('student', second)).json<Shown>().attempts).toMatchObject([
      { slotId: panel.slotId, counts: false, outcome: 'not-yet' },
      { slotId: second, counts: true, by: 'latest', outcome: 'met' },
    ]);
    expect((await findResult(panel.home.scope, panel.slotId))!.attainment!.outcome).toBe('not-yet');
  });

  it('advisor or office choose another one with a reason, and may give it back to the rule', async () => {
    const { panel, second } = await twice();
    const stateFor = async (who: string) =>
      (await panel.result(who, second)).json<{ attemptsState?: string | null }>().attemptsState ?? undefined;
    const choose = async (who: string, body: object) =>
      (await panel.as(who)).post(`/slots/${second}/counts`, { state: await stateFor(who), ...body });
    const first = { slotId: panel.slotId, reason: 'The first one was before the whole panel' };
    for (const who of ['student', 'guardian', 'panelist-0', 'otherAdvisor'])
      expect([who, (await choose(who, first)).status]).toEqual([who, 403]);
    expect((await choose('advisor', { slotId: panel.slotId, reason: ' ' })).status).toBe(422);
    expect((await choose('advisor', { slotId: 'elsewhere', reason: 'So' })).status).toBe(422);
    expect((await choose('advisor', { slotId: '', reason: 'So' })).status).toBe(409);
    const seen = await stateFor('registrar');
    expect((await choose('registrar', { ...first, state: undefined })).status).toBe(428);
    expect((await choose('advisor', first)).status).toBe(200);
    const later = await choose('registrar', { slotId: second, reason: 'I had not seen that', state: seen });
    expect([later.status, later.json()]).toMatchObject([
      409,
      {
        error: { code: 'stale', choice: { slotId: panel.slotId, by: 'Amara Okafor', reason: first.reason } },
      },
    ]);
    const facts = await factsOf(panel);
    expect(facts.exhibitions).toMatchObject([{ attempt: 1, otherAttempts: [{ attempt: 2 }] }]);
    expect(facts.rubrics[0]!.goals[1]!.history.map((step) => step.counts)).toEqual([undefined, false]);
    expect((await panel.result('guardian', second, 'page')).text).toContain(first.reason);
    expect((await choose('registrar', { slotId: '', reason: 'Settled otherwise' })).status).toBe(200);
    expect((await factsOf(panel)).exhibitions).toMatchObject([{ attempt: 2 }]);
  });

  it('the school may let the best one count', async () => {
    const panel = await notYet();
    const second = (await panel.planNext('advisor')).json<Planned>().slotId;
    await panel.score(second, ['beginning', 'building', 'meeting']);
    await panel.publish('registrar', {}, second);
    expect((await factsOf(panel)).exhibitions).toMatchObject([{ attempt: 2 }]);
    const { scope, school } = panel.home;
    await saveSchoolChange(scope, { policies: { ...school.policies, attempts: 'best' } });
    expect((await factsOf(panel)).exhibitions).toMatchObject([{ attempt: 1 }]);
  });

  it('a student with one attempt reads as before there were several', async () => {
    const panel = await notYet();
    const facts = await factsOf(panel);
    expect(facts.rubrics[0]!.goals[0]!.history.map((step) => Object.keys(step).sort())).toEqual([
      ['attempt', 'levelId', 'on', 'termId'],
    ]);
    expect(Object.keys(facts.exhibitions[0]!)).not.toContain('otherAttempts');
  });

  it('whoever sits on the second panel alone learns nothing of the first', async () => {
    const panel = await notYet();
    const second = (await panel.planNext('advisor')).json<Planned>().slotId;
    await panel.score(second, ['meeting']);
    const { attempts } = (await panel.result('panelist-0', second)).json<Shown>();
    expect(attempts).toEqual([]);
    expect((await panel.result('panelist-0', second, 'page')).text).not.toContain('id="attempts"');
  });
});
