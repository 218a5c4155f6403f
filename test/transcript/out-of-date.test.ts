/**
 * An issued transcript says where something newer is not in it, and says nothing where a new one would say the same.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findNarrativeOf } from '../../server/narratives/narrative-records.js';
import { saveDraft, signNarrative } from '../../server/narratives/write-narrative.js';
import { appendAttemptChoice } from '../../server/results/attempt-choice-records.js';
import { resultHash, type Result } from '../../server/results/result.js';
import { listResultsOfStudents, saveResult } from '../../server/results/result-records.js';
import type { OutOfDate } from '../../server/transcript/out-of-date.js';
import { aPortfolio, aSnapshot } from '../harness/builders/portfolio.js';
import { publishSlot, seenState } from '../harness/builders/publishing.js';
import { aTalkingPanel } from '../harness/builders/reveal.js';
import { aCohort, actorOf, issueAll, jobDone, type TestCohort } from '../harness/builders/transcript.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp, withPublicAddress } from '../harness/start-app.js';
import { dayFromNow, fromNow } from '../harness/test-clock.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp(withPublicAddress);
});
afterAll(() => app.close());

interface Line {
  id: string;
  code: string;
  state: string;
  outOfDate: OutOfDate | null;
}
const whyOf = (line: Pick<Line, 'outOfDate'>) => line.outOfDate?.why ?? null;
const issuedBy = async (office: Client): Promise<Line[]> =>
  (await office.get('/transcripts')).json<{ items: Line[] }>().items;
const verified = async ({ code }: Line) =>
  whyOf((await app.visitor().get(`/verify/${code}`)).json<Pick<Line, 'outOfDate'>>());

it('a result that is published after it is told wherever it is listed, read or verified, until it is issued again', async () => {
  const panel = await aTalkingPanel(app, [['meeting'], ['meeting'], ['meeting']]);
  const office = await panel.as('registrar');
  const { termId } = panel.home;
  const student = panel.people.student.id;
  const issue = async () => {
    const reply = await office.post(`/terms/${termId}/transcripts`, { studentIds: [student] });
    expect((await jobDone(office, reply.json<{ jobId: string }>().jobId)).problems).toEqual([]);
  };
  const ofTerm = async () => {
    const { items } = (await office.get(`/terms/${termId}/transcripts`)).json<{
      items: { student: { id: string }; transcript: Line }[];
    }>();
    return whyOf(items.find((line) => line.student.id === student)!.transcript);
  };
  await issue();
  const [first] = await issuedBy(office);
  const everywhere = async () => [
    whyOf((await issuedBy(office)).find(({ id }) => id === first!.id)!),
    await ofTerm(),
    whyOf((await office.get(`/transcripts/${first!.id}`)).json<Line>()),
    await verified(first!),
  ];
  expect(await everywhere()).toEqual([null, null, null, null]);

  expect((await publishSlot(office, panel.slotId)).status).toBe(200);
  expect(await everywhere()).toEqual(['published', 'published', 'published', 'published']);
  const textOf = async (client: Client, path: string) => (await client.get(path, { as: 'page' })).text;
  expect(await textOf(office, `/transcripts/${first!.id}`)).toContain(
    'Out of date: a result that is not in it',
  );
  expect(await textOf(app.visitor(), `/verify/${first!.code}`)).toContain('Ask the student for a newer one');
  // Who cannot issue is not told to.
  expect(await textOf(await panel.as('student'), `/transcripts/${first!.id}`)).toContain(
    'Ask the school’s office for a newer one',
  );
  for (const path of [`/terms/${termId}/transcripts`, '/transcripts', `/students/${student}`])
    expect(await textOf(office, path)).toContain('Out of date');

  await issue();
  const [second] = await issuedBy(office);
  expect([second!.id === first!.id, whyOf(second!), await verified(first!)]).toEqual([false, null, null]);
  const corrected = await office.post(`/slots/${panel.slotId}/result/corrections`, {
    ...(await seenState(office, panel.slotId)),
    ...{ reason: 'Misread', levels: [`${panel.rows[0]!}:extending`] },
  });
  expect([corrected.status, await verified(second!)]).toEqual([201, 'corrected']);
});

describe('of what happens after it', () => {
  let cohort: TestCohort;
  let office: Client;
  let issued: Line;
  const why = () => verified(issued);
  const issueAgain = async () => {
    await issueAll(cohort, { studentIds: [cohort.students[0]!.id], again: true });
    issued = (await issuedBy(office))[0]!;
  };
  beforeEach(async () => {
    cohort = await aCohort(app, { names: ['Amina Warsame'] });
    office = await cohort.as('registrar');
    await issueAgain();
    expect(await why()).toBeNull();
  });

  /** Published like the one that the student has, with something changed. */
  async function publishedToo(change: (own: Result) => Partial<Result>): Promise<Result> {
    const [own] = await listResultsOfStudents(cohort.home.scope, [cohort.students[0]!.id]);
    const result = { ...own!, id: randomUUID(), ...change(own!), publishedAt: app.context.clock.now() };
    return saveResult(cohort.home.scope, { ...result, hash: resultHash(result) });
  }
  const aTerm = async (from: number, to: number): Promise<string> => {
    const days = { startsOn: dayFromNow(from), endsOn: dayFromNow(to) };
    const reply = await office.post('/terms', { name: `Term from ${from}`, ...days });
    expect(reply.status).toBe(201);
    return reply.json<{ id: string }>().id;
  };

  it('a result of a later term would not be in it; one of an earlier term would, with its term', async () => {
    const later = await aTerm(401, 500);
    await publishedToo(() => ({ termId: later, exhibitionId: randomUUID() }));
    expect(await why()).toBeNull();
    const earlier = await aTerm(-800, -700);
    await publishedToo(({ slot }) => ({
      ...{ termId: earlier, exhibitionId: randomUUID() },
      slot: { ...slot, startsAt: fromNow({ days: -750 }) },
    }));
    expect(await why()).toBe('published');
    await issueAgain();
    expect(await why()).toBeNull();
    const { exhibitions } = (await office.get(`/transcripts/${issued.id}/snapshot`)).json<{
      exhibitions: { termName?: string }[];
    }>();
    expect(exhibitions.map(({ termName }) => termName)).toEqual([undefined, 'Term from -800']);
  });

  it('a draft of a narrative is nothing, a signed one is told', async () => {
    const { scope, termId } = cohort.home;
    const student = cohort.students[0]!;
    const actor = actorOf(student);
    const narrative = (await findNarrativeOf(scope, student.id, termId, 'student'))!;
    const change = { student, narrative, markdown: 'I counted again.', revision: narrative.revision };
    await saveDraft(app.context, scope, actor, change);
    expect(await why()).toBeNull();
    await signNarrative(app.context, scope, actor, { student, narrativeId: narrative.id });
    expect(await why()).toBe('narrative');
    await issueAgain();
    expect(await why()).toBeNull();
  });

  it('a portfolio is told once it is submitted with other words than those that are printed', async () => {
    const { home } = cohort;
    const words = {
      studentId: cohort.students[0]!.id,
      title: 'The clinic',
      statement: 'Who waits, and why?',
    };
    await aPortfolio(app, home, words);
    // Without a statement, nothing of it is printed.
    await aSnapshot(app, home, { ...words, statement: '' });
    expect(await why()).toBeNull();
    await aSnapshot(app, home, words);
    expect(await why()).toBe('portfolio');
    await issueAgain();
    await aSnapshot(app, home, words);
    expect(await why()).toBeNull();
  });

  it('a choice of the attempt that is printed is nothing, one of another is told', async () => {
    const [first] = await listResultsOfStudents(cohort.home.scope, [cohort.students[0]!.id]);
    const second = await publishedToo(({ slot }) => ({
      slot: { ...slot, attempt: 2, startsAt: fromNow({ days: -30 }) },
    }));
    expect(await why()).toBe('published');
    await issueAgain();
    const choose = ({ id, studentId, exhibitionId, schoolId }: Result, turn: number) =>
      appendAttemptChoice(cohort.home.scope, {
        ...{ id: randomUUID(), schoolId, studentId, exhibitionId, slotId: id, reason: 'Agreed', turn },
        ...{ at: app.context.clock.now(), chosenBy: cohort.registrar.id, chosenByName: 'Ruth Abernathy' },
      });
    await choose(second, 1);
    expect(await why()).toBeNull();
    await choose(first!, 2);
    expect(await why()).toBe('attempt');
  });
});
