/** What is left of terms that are over stays on the first pages until it is done, and nowhere else. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { earlierTerms, termsWithWork } from '../../server/home/school-year.js';
import type { Term } from '../../server/school/school.js';
import { newId } from '../../server/ids.js';
import { getTranscript, saveTranscripts } from '../../server/transcript/transcript-records.js';
import { aCohort, issueAll, type TestCohort } from '../harness/builders/transcript.js';
import type { Client } from '../harness/client.js';
import { startApp, withPublicAddress, type TestApp } from '../harness/start-app.js';
import { dayAfter, dayFromNow } from '../harness/test-clock.js';

const aTerm = (id: string, from: number, until: number): Term => ({
  ...{ id, schoolId: 's', slug: id, name: id },
  ...{ startsOn: dayFromNow(from), endsOn: dayFromNow(until) },
});
const idsOf = (terms: readonly Term[]) => terms.map(({ id }) => id);

describe('earlier terms', () => {
  const current = aTerm('now', 0, 100);
  it.each<[string, Term[], string[]]>([
    [
      'all of two years',
      [aTerm('a', -600, -400), aTerm('b', -380, -200), aTerm('c', -150, -1)],
      ['a', 'b', 'c'],
    ],
    ['none from before', [aTerm('old', -740, -600), aTerm('b', -380, -200)], ['b']],
    ['not one that runs beside it', [aTerm('year', -90, 200), aTerm('half', -90, 20)], ['half']],
    ['not one that ends with it', [aTerm('year', -90, 100)], []],
    ['none to come', [aTerm('next', 101, 200)], []],
  ])('%s', (_name, others, expected) => {
    const terms = [...others, current].sort((a, b) => a.startsOn.localeCompare(b.startsOn));
    expect(idsOf(earlierTerms(terms, current))).toEqual(expected);
  });

  it('are asked about where the school did it, the last one also at a school that does it otherwise', () => {
    const terms = [aTerm('a', -600, -400), aTerm('b', -380, -200), aTerm('c', -150, -1)];
    expect(idsOf(termsWithWork(terms, new Set(['a'])))).toEqual(['a', 'c']);
    expect(idsOf(termsWithWork(terms, new Set(['now'])))).toEqual(['c']);
    expect(termsWithWork(terms, new Set())).toEqual([]);
  });
});

interface Task {
  kind: string;
  title: string;
  line: string;
  href: string;
}

describe('the first page, in a later term', () => {
  let app: TestApp;
  let cohort: TestCohort;
  let registrar: Client;
  let year: string;
  beforeAll(async () => {
    app = await startApp(withPublicAddress);
    cohort = await aCohort(app, { names: ['Amina Warsame', 'Ravi Menon'] });
    registrar = await cohort.as('registrar');
    year = cohort.home.termId;
  });
  afterAll(() => app.close());

  async function tasksOf(client: Client, kind: string, mark: string): Promise<Task[]> {
    const { next, tasks, later } = (await client.get('/')).json<{
      next: Task | null;
      tasks: Task[];
      later: Task[];
    }>();
    const all = [...(next ? [next] : []), ...tasks, ...later];
    return all.filter((task) => task.kind === kind && task.href.includes(mark));
  }

  let lastDay = dayFromNow(200);
  async function goOn(name: string): Promise<string> {
    const [startsOn, endsOn] = [dayAfter(lastDay), dayAfter(lastDay, 100)];
    lastDay = endsOn;
    const { id } = (await registrar.post('/terms', { name, startsOn, endsOn })).json<{ id: string }>();
    expect((await registrar.post(`/terms/${id}/current`, { confirmed: true })).status).toBe(200);
    return id;
  }

  it('asks an advisor also about those who have left or graduated since, and two terms later', async () => {
    const [amina] = cohort.students;
    const { advisoryId } = amina!;
    const joins = (name: string) => cohort.home.person({ name, roles: ['student'], advisoryId });
    const [left, graduated] = [await joins('Lena Novak'), await joins('Omar Haddad')];
    await goOn('Spring');
    expect((await registrar.post(`/people/${left.id}/deactivate`)).status).toBe(200);
    expect((await registrar.post(`/people/${graduated.id}/deactivate`, { leftAs: 'graduated' })).status).toBe(
      200,
    );
    const later = await joins('Zuri Okafor');
    const advisor = await cohort.as('advisor');
    const asked = [left, graduated].map(({ id }) => `/students/${id}/narratives/new?termId=${year}`).sort();
    const ofYear = async () =>
      (await tasksOf(advisor, 'narrative', `termId=${year}`)).map(({ href }) => href);
    expect((await ofYear()).sort()).toEqual(asked);
    const spring = await goOn('Summer');
    expect((await ofYear()).sort()).toEqual(asked);
    expect(await tasksOf(advisor, 'narrative', `/students/${later.id}/narratives/new`)).toHaveLength(2);
    // The page that it leads to takes it.
    expect((await advisor.get(asked[0]!)).status).toBe(200);
    const written = await advisor.post(`/students/${left.id}/narratives`, {
      ...{ termId: year, markdown: 'Lena built a bridge.', then: 'sign' },
    });
    expect(written.status).toBe(201);
    expect(await ofYear()).toEqual(asked.filter((href) => !href.includes(left.id)));
    expect(spring).not.toBe(year);
  });

  it('says nothing of transcripts of earlier terms at a school that issues none', async () => {
    expect(await tasksOf(registrar, 'transcript', `/terms/${year}/`)).toEqual([]);
  });

  it('counts who was enrolled by id, until everybody has a transcript', async () => {
    const ofYear = () => tasksOf(registrar, 'transcript', `/terms/${year}/`);
    const { items } = (await registrar.get(`/terms/${year}/transcripts?perPage=200`)).json<{
      items: { student: { id: string } }[];
    }>();
    const everybody = items.map(({ student }) => student.id);
    const amina = cohort.students[0]!.id;
    await issueAll(cohort, { studentIds: [amina] });
    const [task] = await ofYear();
    expect(task!.line).toContain(`1 of ${everybody.length} issued`);
    await issueAll(cohort, { studentIds: everybody.filter((id) => id !== amina) });
    expect(await ofYear()).toEqual([]);
    // One is revoked, and somebody who was not enrolled has one: as many as students, and still not one for each.
    const revoked = (await registrar.get(`/terms/${year}/transcripts?perPage=200`)).json<{
      items: { student: { id: string }; transcript: { id: string } }[];
    }>();
    const { transcript } = revoked.items.find(({ student }) => student.id === amina)!;
    expect(
      (await registrar.post(`/transcripts/${transcript.id}/revoke`, { reason: 'Wrong name' })).status,
    ).toBe(200);
    const other = await getTranscript(cohort.home.scope, transcript.id);
    await saveTranscripts(cohort.home.scope, [
      {
        ...other,
        ...{ id: newId(), serial: 9999, number: 'X-2026-009999', code: '2222-3333-4444', state: 'issued' },
        ...{ studentId: cohort.otherStudent.id.replace(/^./, 'x'), pdf: null },
      },
    ]);
    expect((await ofYear())[0]!.line).toContain(`${everybody.length - 1} of ${everybody.length} issued`);
  });
});

it('asks nobody for narratives of a term in which the school wrote none', async () => {
  const app = await startApp();
  try {
    const cohort = await aCohort(app, { names: [] });
    const advisor = await cohort.as('advisor');
    const registrar = await cohort.as('registrar');
    const other = await cohort.as('otherStudent');
    const next = (
      await registrar.post('/terms', { name: 'Next', startsOn: dayFromNow(201), endsOn: dayFromNow(300) })
    ).json<{ id: string }>();
    expect((await registrar.post(`/terms/${next.id}/current`, { confirmed: true })).status).toBe(200);
    for (const client of [advisor, other]) expect((await client.get('/')).text).not.toContain('termId=');
  } finally {
    await app.close();
  }
});
