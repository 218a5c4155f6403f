/** A term that is over keeps its own enrollment: what changes later changes nothing that was said of it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { hashOf } from '../../server/canonical.js';
import { listEnrolledStudents } from '../../server/people/read-enrollments.js';
import { beginNarrative } from '../../server/narratives/write-narrative.js';
import { listWithRecords } from '../../server/transcript/term-records.js';
import { actorOf, aCohort, issueAll, type TestCohort } from '../harness/builders/transcript.js';
import { savePersonChange } from '../../server/people/people-records.js';
import type { Client } from '../harness/client.js';
import { readPdf } from '../harness/read-pdf.js';
import { startApp, type TestApp, withPublicAddress } from '../harness/start-app.js';
import { dayFromNow, fromNow } from '../harness/test-clock.js';

interface Line {
  student: { id: string; grade: string | null };
  transcript: { id: string; number: string } | null;
}

let app: TestApp;
let cohort: TestCohort;
let registrar: Client;
let before: Line[];
beforeAll(async () => {
  app = await startApp(withPublicAddress);
  cohort = await aCohort(app, { names: ['Amina Warsame', 'Ravi Menon'] });
  registrar = await cohort.as('registrar');
  await issueAll(cohort);
  before = await linesOf(cohort.home.termId);
  const next = await registrar.post('/terms', {
    name: 'Next year',
    startsOn: dayFromNow(201),
    endsOn: dayFromNow(400),
  });
  nextTermId = next.json<{ id: string }>().id;
  const unasked = await registrar.post(`/terms/${nextTermId}/current`);
  expect([unasked.status, unasked.text]).toEqual([422, expect.stringContaining('confirmed')]);
  const asked = (await registrar.get(`/terms/${nextTermId}/current`)).json<{ open: object }>();
  expect(asked.open).toMatchObject({ exhibitions: expect.any(Number), transcripts: 0 });
  expect((await registrar.post(`/terms/${nextTermId}/current`, { confirmed: true })).status).toBe(200);
});
afterAll(() => app.close());
let nextTermId: string;

const linesOf = async (termId: string): Promise<Line[]> =>
  (await registrar.get(`/terms/${termId}/transcripts?perPage=200`)).json<{ items: Line[] }>().items;
const numbersOf = (lines: Line[]) => lines.map(({ transcript }) => transcript?.number).sort();

describe('a term that is over', () => {
  it('keeps grade, advisory, advisors and names through every later change, and nothing is issued again', async () => {
    const [amina, ravi] = cohort.students;
    const { advisoryId } = amina!;
    const changes: [string, object][] = [
      [
        `/people/${amina!.id}`,
        { givenName: 'Amina', familyName: 'Diaz', roles: ['student'], grade: '12', frozenNames: 'keep' },
      ],
      [
        `/people/${cohort.advisor.id}`,
        { givenName: 'Marisol', familyName: 'Reyes', roles: ['advisor'], frozenNames: 'keep' },
      ],
      [`/advisories/${advisoryId}`, { name: 'Maple', advisorIds: [] }],
    ];
    for (const [path, body] of changes) expect((await registrar.put(path, body)).status).toBe(200);
    expect((await registrar.post(`/people/${ravi!.id}/deactivate`)).status).toBe(200);
    await issueAll(cohort);
    const after = await linesOf(cohort.home.termId);
    expect(numbersOf(after)).toEqual(numbersOf(before));
    expect(after.find(({ student }) => student.id === amina!.id)!.student.grade).toBe('11');
    // Who left after it is still in the term.
    expect(after.map(({ student }) => student.id)).toContain(ravi!.id);
  });

  it('is not joined by somebody who comes later, and the new term has the new grade', async () => {
    const late = await cohort.home.person({ name: 'Lena Novak', roles: ['student'], grade: '9' });
    const old = await linesOf(cohort.home.termId);
    expect(old.map(({ student }) => student.id)).not.toContain(late.id);
    // What the command issues, and what a search finds, are those who were there then.
    const ravi = cohort.students[1]!;
    const issued = await listEnrolledStudents(cohort.home.scope, cohort.home.termId, listWithRecords);
    expect(issued.map(({ id }) => id).sort()).toEqual(old.map(({ student }) => student.id).sort());
    const found = async (search: string) => {
      const reply = await registrar.get(`/terms/${cohort.home.termId}/transcripts?search=${search}`);
      return reply.json<{ items: Line[] }>().items.map(({ student }) => student.id);
    };
    expect([await found('Menon'), await found('Novak')]).toEqual([[ravi.id], []]);
    const now = await linesOf(nextTermId);
    expect(now.map(({ student }) => student.id)).toContain(late.id);
    expect(now.find(({ student }) => student.id === cohort.students[0]!.id)!.student.grade).toBe('12');
    const answer = await registrar.post(`/terms/${cohort.home.termId}/transcripts`, {
      studentIds: [late.id],
    });
    expect(answer.status).toBe(422);
  });

  it('gives somebody who left a transcript, with what they were then', async () => {
    const ravi = cohort.students[1]!;
    await issueAll(cohort, { studentIds: [ravi.id], again: true });
    const line = (await linesOf(cohort.home.termId)).find(({ student }) => student.id === ravi.id)!;
    const pdf = await readPdf((await registrar.get(`/transcripts/${line.transcript!.id}.pdf`)).bytes);
    expect(pdf.pages.join(' ')).toContain('Cedar');
    expect(pdf.pages.join(' ')).toContain('Marisol Quintanilla');
    expect(pdf.pages.join(' ')).not.toContain('Maple');
  });

  it('gives one also to somebody who left before enrollments were recorded, when they are named', async () => {
    const former = await cohort.home.person({ name: 'Fern Former', roles: ['student'] });
    await savePersonChange(cohort.home.scope, former.id, { active: false, leftAs: 'graduated' });
    const page = await registrar.get(`/students/${former.id}/issue-transcript`, { as: 'page' });
    expect(page.text).toContain('Issue a transcript for Fern Former');
    const asked = await registrar.post(`/students/${former.id}/issue-transcript`, {
      termId: cohort.home.termId,
    });
    expect(asked.status).toBe(202);
    expect((await registrar.get(`/people/${former.id}`)).status).toBe(200);
    expect((await registrar.get(`/students/${former.id}`)).status).toBe(200);
  });

  it('is corrected by the office alone, and the correction is in the record', async () => {
    const amina = cohort.students[0]!;
    const path = `/people/${amina.id}/enrollments`;
    const one = `${path}/${cohort.home.termId}`;
    const current = await registrar.put(`${path}/${nextTermId}`, { grade: '8', status: 'enrolled' });
    expect(current.status).toBe(409);
    expect((await registrar.put(one, { grade: '10', status: 'graduated' })).status).toBe(200);
    const { items } = (await registrar.get(path)).json<{ items: object[] }>();
    expect(items).toEqual([
      expect.objectContaining({ current: true, grade: '12' }),
      expect.objectContaining({ current: false, grade: '10', status: 'graduated', assumed: false }),
    ]);
    expect((await (await cohort.as('advisor')).put(one, { status: 'left' })).status).toBe(403);
    const acts = (await listEntriesFrom(cohort.home.scope, 1, 500)).map(({ act }) => act);
    expect(acts.filter((act) => act === 'people.enrollment-correct')).toHaveLength(1);
    await issueAll(cohort);
    const line = (await linesOf(cohort.home.termId)).find(({ student }) => student.id === amina.id)!;
    expect(line.student.grade).toBe('10');
    expect(numbersOf(before)).not.toContain(line.transcript!.number);
  });
});

/** As of somebody who was added to the school so many days ago. */
const cameBefore = (id: string, days: number) =>
  app.context.db.connection
    .collection<{ _id: string }>('people')
    .updateOne({ _id: id }, { $set: { createdAt: fromNow({ days: -days }) } });

describe('a past term for which nobody was recorded', () => {
  const listed = async (office: Client, termId: string, query = '') => {
    const reply = await office.get(`/terms/${termId}/transcripts${query}`);
    const { items, total } = reply.json<{ items: Line[]; total: number }>();
    expect(total).toBe(items.length);
    return items.map(({ student }) => student.id).sort();
  };

  it('of a term that was over before the school was here lists everybody', async () => {
    const home = await app.aSchool();
    const email = `office.${home.school.id}@test.example`;
    await home.person({ name: 'Ruth Office', roles: ['registrar'], email });
    const office = await app.as(email);
    const term = { name: 'Long ago', startsOn: dayFromNow(-500), endsOn: dayFromNow(-300) };
    const { id } = (await office.post('/terms', term)).json<{ id: string }>();
    const student = await home.person({ name: 'Nia New', roles: ['student'], grade: '9' });
    const gone = await home.person({ name: 'Gus Gone', roles: ['student'], grade: '9' });
    await savePersonChange(home.scope, gone.id, { active: false, leftAs: 'left' });
    expect(await listed(office, id)).toEqual([student.id]);
    const shown = (await office.get(`/people/${student.id}/enrollments`)).json<{
      items: { termId: string; status: string }[];
    }>();
    expect(shown.items.find(({ termId }) => termId === id)?.status).toBe('enrolled');
    // Once the school has been here, whoever is added later was not there.
    await cameBefore(student.id, 400);
    await home.person({ name: 'Lea Late', roles: ['student'], grade: '9' });
    expect(await listed(office, id)).toEqual([student.id]);
  });

  it('lists who was at the school then: nobody who came later or had left before, unless there are records', async () => {
    const home = await app.aSchool();
    const email = (who: string) => `${who}.${home.school.id}@test.example`;
    const student = (name: string) => home.person({ name, roles: ['student'], grade: '9' });
    await home.person({ name: 'Ruth Office', roles: ['registrar'], email: email('office') });
    const office = await app.as(email('office'));
    const addTerm = async (name: string, from: number, to: number) => {
      const term = { name, startsOn: dayFromNow(from), endsOn: dayFromNow(to) };
      return (await office.post('/terms', term)).json<{ id: string }>().id;
    };
    const older = await addTerm('Older', -900, -700);
    const before = await addTerm('Before', -500, -300);
    const early = await student('Earl Early');
    const back = await student('Bea Back');
    const gone = await student('Gus Gone');
    for (const { id } of [early, back, gone]) await cameBefore(id, 1000);
    await savePersonChange(home.scope, gone.id, { active: false, leftAs: 'left' });
    await app.context.db.connection.collection('enrollments').deleteMany({ studentId: gone.id });
    const late = await student('Lea Late');
    const changed = await student('Cal Changed');
    const written = await student('Wes Written');
    // What is written down of old terms before a change is only assumed.
    const change = { givenName: 'Cal', familyName: 'Changed', roles: ['student'], grade: '10' };
    expect((await office.put(`/people/${changed.id}`, change)).status).toBe(200);
    const path = `/people/${back.id}/enrollments`;
    expect((await office.put(`${path}/${older}`, { grade: '8', status: 'left' })).status).toBe(200);
    expect(await listed(office, before)).toEqual([early.id]);
    await beginNarrative({ clock: app.context.clock }, home.scope, actorOf(written), {
      ...{ student: written, termId: before, voice: 'student', markdown: 'What I made.' },
    });
    const expected = [early.id, written.id].sort();
    expect(await listed(office, before)).toEqual(expected);
    expect(await listed(office, before, '?show=incomplete')).toEqual(expected);
    expect(await listed(office, before, '?search=Late')).toEqual([]);
    const issued = await listEnrolledStudents(home.scope, before, listWithRecords);
    expect(issued.map(({ id }) => id).sort()).toEqual(expected);
    expect((await office.get(`/terms/${before}/students/${late.id}/draft.pdf`)).status).toBe(404);
    const asked = await office.post(`/terms/${before}/transcripts`, { studentIds: [changed.id] });
    expect(asked.status).toBe(422);
    const statusOf = async (id: string) =>
      (await office.get(`/people/${id}/enrollments`))
        .json<{ items: { termId: string; status: string }[] }>()
        .items.find(({ termId }) => termId === before)!.status;
    const states = [];
    for (const { id } of [early, back, late, changed, written]) states.push(await statusOf(id));
    expect(states).toEqual(['enrolled', 'none', 'none', 'none', 'enrolled']);
    // The current term is what people are now.
    const now = await listed(office, home.termId);
    expect(now).toEqual([early, back, late, changed, written].map(({ id }) => id).sort());
  });
});

describe('what a page looks like', () => {
  it('supersedes nothing, the school’s name does', async () => {
    const own = await aCohort(app, { names: ['山田太郎'] });
    const office = await own.as('registrar');
    const admin = await own.home.person({
      name: 'Ada Lund',
      roles: ['admin'],
      email: `a.${own.home.school.id}@test.example`,
    });
    const adminClient = await app.as(admin.email!);
    const numbers = async () =>
      (await office.get('/transcripts')).json<{ items: { number: string; state: string }[] }>().items.length;
    await issueAll(own);
    const issued = await numbers();
    expect(issued).toBeGreaterThan(0);
    const looks = { motto: 'Look closely', accent: '#7a1f3d', address: '1 Elm Street', pageSize: 'a4' };
    expect((await adminClient.put('/school', { name: own.home.school.name, ...looks })).status).toBe(200);
    // As of a document from before the language of the letters was frozen with the name.
    await savePersonChange(own.home.scope, own.students[0]!.id, { locale: 'Japanese' });
    await issueAll(own);
    expect(await numbers()).toBe(issued);
    // As one of an earlier version: its hash covered everything.
    await app.context.db.connection
      .collection('transcripts')
      .updateMany({ schoolId: own.home.school.id }, { $set: { factsHash: hashOf('of another time') } });
    await issueAll(own);
    expect(await numbers()).toBe(issued);
    expect((await adminClient.put('/school', { name: 'Another name' })).status).toBe(200);
    await issueAll(own);
    expect(await numbers()).toBe(issued * 2);
  });
});

describe('the page of the enrollments', () => {
  it('says of a term for which nobody was recorded what its transcripts say, and nothing of one that has not begun', async () => {
    for (const [name, from, to] of [
      ['Long ago', -600, -400],
      ['Some day', 500, 600],
    ] as const) {
      const term = { name, startsOn: dayFromNow(from), endsOn: dayFromNow(to) };
      expect((await registrar.post('/terms', term)).status).toBe(201);
    }
    const { id } = cohort.students[0]!;
    await cameBefore(id, 700);
    const { items } = (await registrar.get(`/people/${id}/enrollments`)).json<{
      items: { term: string; status: string; assumed: boolean; grade: string | null }[];
    }>();
    const of = (name: string) => items.find(({ term }) => term === name);
    expect(of('Long ago')).toMatchObject({ status: 'enrolled', assumed: true, grade: '12' });
    expect(of('Some day')).toMatchObject({ status: 'none', assumed: false, grade: null });
    const { text } = await registrar.get(`/people/${id}/enrollments`, { as: 'page' });
    expect(text).toContain('Not recorded at the time, so shown as known today');
    expect(text).toContain('Has not begun yet');
    expect(text).not.toContain('Correct Some day');
  });
});
