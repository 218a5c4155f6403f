/**
 * A term whose transcripts are not all complete: the office is told how many, and may issue the complete ones alone.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { newJob } from '../../server/jobs/job.js';
import { saveJob } from '../../server/jobs/job-records.js';
import { savePersonChange } from '../../server/people/people-records.js';
import { enrolledTest } from '../../server/people/read-enrollments.js';
import { saveSampleLoad } from '../../server/school/sample-load-records.js';
import { transcriptsJob } from '../../server/transcript/request-transcripts.js';
import { listOpenTranscripts } from '../../server/transcript/transcript-records.js';
import { hasVerifyAddress } from '../../server/transcript/verify-address.js';
import { aSnapshot } from '../harness/builders/portfolio.js';
import { actorOf, aCohort, issueAll, jobDone, type TestCohort } from '../harness/builders/transcript.js';
import type { Client } from '../harness/client.js';
import { readPdf } from '../harness/read-pdf.js';
import { startApp, type TestApp, withPublicAddress } from '../harness/start-app.js';

interface TermPage {
  items: { student: { id: string }; missing: string[]; transcript: { id: string } | null }[];
}

let app: TestApp;
let cohort: TestCohort;
let registrar: Client;
let address: string;
beforeAll(async () => {
  app = await startApp(withPublicAddress);
  cohort = await aCohort(app, { names: ['Amina Warsame-Okonkwo', '王小明'] });
  registrar = await cohort.as('registrar');
  address = `/terms/${cohort.home.termId}/transcripts`;
});
afterAll(() => app.close());

const pageOf = async () => (await registrar.get(address, { as: 'page' })).text;

describe('an address that works on this machine only', () => {
  const usual = withPublicAddress.environment.PUBLIC_URL;
  afterEach(() => {
    app.context.config.publicUrl = usual;
  });

  it.each([
    ['nothing', null],
    ['a loopback name', 'http://localhost:3000'],
    ['no machine at all', 'http://0.0.0.0:3000'],
  ])('%s: nothing is issued and no number is taken, whatever the proxy says', async (_case, publicUrl) => {
    app.context.config.publicUrl = publicUrl;
    const text = await pageOf();
    expect(text).toContain('Set PUBLIC_URL to the address that people use');
    expect(text).not.toContain('name="all"');
    const headers = { 'X-Forwarded-Host': 'vitrine.school.example', 'X-Forwarded-Proto': 'https' };
    const reply = await registrar.post(address, {}, { headers });
    expect([reply.status, reply.json()]).toMatchObject([409, { error: { code: 'public-url-needed' } }]);
    // A job that was asked for while there was an address.
    const { home, students } = cohort;
    const actor = actorOf(cohort.registrar);
    const ids = students.map(({ id }) => id);
    const payload = { termId: home.termId, studentIds: ids, again: false, actor };
    const order = { kind: transcriptsJob, key: randomUUID(), payload, total: ids.length };
    const { id } = await saveJob(home.scope, newJob(home.scope, app.context.clock, actor, order));
    const job = await jobDone(registrar, id);
    expect(job.state).toBe('failed');
    expect(job.problems.map(({ words }) => words)).toEqual([expect.stringContaining('Set PUBLIC_URL')]);
    expect(await listOpenTranscripts(home.scope, home.termId, ids)).toEqual([]);
  });

  it('a sample school goes on', async () => {
    app.context.config.publicUrl = null;
    const sample = await app.aSchool();
    const { slug } = sample.school;
    expect(await hasVerifyAddress(sample.scope, 'http://127.0.0.1:3000')).toBe(false);
    const note = { state: 'done' as const, pid: 0, startedAt: app.context.clock.now() };
    await saveSampleLoad(app.context.db, { id: slug, ...note });
    expect(await hasVerifyAddress(sample.scope, 'http://127.0.0.1:3000')).toBe(true);
  });
});

describe('a term of which some are incomplete', () => {
  it('says so where nobody is complete, and offers no complete ones', async () => {
    const text = await pageOf();
    expect(text).toContain('3 are incomplete.');
    expect(text).not.toContain('name="complete"');
    const reply = await registrar.post(address, { complete: true });
    expect(reply.status).toBe(422);
    expect(reply.json()).toMatchObject({ error: { fields: [{ field: 'studentIds' }] } });
  });

  it('leads from what is missing to the student', async () => {
    expect(await pageOf()).toContain(`<a href="/students/${cohort.otherStudent.id}"`);
  });

  it('issues the complete ones alone', async () => {
    const { id } = cohort.students[0]!;
    await aSnapshot(app, cohort.home, { studentId: id });
    const text = await pageOf();
    expect(text).toContain('2 are incomplete.');
    expect(text).toMatch(/name="complete"[^>]*>(<svg.*?<\/svg>)?Issue the one that is complete</s);
    const job = await issueAll(cohort, { complete: true });
    expect(job).toMatchObject({ state: 'done', progress: { done: 1, total: 1 } });
    const { items } = (await registrar.get(address)).json<TermPage>();
    expect(items.filter((line) => line.transcript).map((line) => line.student.id)).toEqual([id]);
  });

  it('no page carries the code alone: the key to the levels stands with it', async () => {
    const { items } = (await registrar.get(address)).json<TermPage>();
    const issued = items.find((line) => line.transcript)!.transcript!;
    const { pages } = await readPdf((await registrar.get(`/transcripts/${issued.id}.pdf`)).bytes);
    const last = pages[pages.length - 1]!;
    expect(last).toContain('How to read the levels');
    expect(last).toContain('Verify this transcript');
  });

  it('shows a draft of anybody: DRAFT on every page, and no number, code or address', async () => {
    const [, student] = cohort.students;
    const before = (await registrar.get('/transcripts')).json<{ total: number }>().total;
    const reply = await registrar.get(`/terms/${cohort.home.termId}/students/${student!.id}/draft.pdf`);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    const { pages } = await readPdf(reply.bytes);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.filter((text) => !text.includes('DRAFT'))).toEqual([]);
    expect(pages.join(' ').normalize('NFKC')).toContain('王小明');
    expect(pages.join(' ')).toContain('not issued yet');
    expect(pages.join(' ')).not.toMatch(/Verify this transcript|-\d{4}-\d{6}/);
    expect((await registrar.get('/transcripts')).json<{ total: number }>().total).toBe(before);
    const entries = await listEntriesFrom(cohort.home.scope, 1, 1000);
    expect(entries.filter(({ act }) => act === 'transcript.draft').map(({ subject }) => subject.id)).toEqual([
      student!.id,
    ]);
    expect(await pageOf()).toContain(`/students/${student!.id}/draft.pdf"`);
    const other = `/terms/${cohort.home.termId}/students/${cohort.advisor.id}/draft.pdf`;
    expect((await registrar.get(other)).status).toBe(404);
  });

  it('finds students by name, by what they lack and by what they have', async () => {
    const listed = async (query: string) =>
      (await registrar.get(`${address}?${query}`)).json<TermPage>().items.map(({ student }) => student.id);
    const [amina, wang] = cohort.students;
    expect(await listed('search=wars')).toEqual([amina!.id]);
    expect(await listed('show=complete')).toEqual([amina!.id]);
    expect((await listed('show=portfolio')).sort()).toEqual([wang!.id, cohort.otherStudent.id].sort());
    expect(await listed('show=advisor-narrative')).toEqual([cohort.otherStudent.id]);
    expect(await listed('show=issued')).toEqual([amina!.id]);
    expect(await listed('show=not-issued&search=yonas')).toEqual([cohort.otherStudent.id]);
    const nobody = await registrar.get(`${address}?search=nobody+is+called+so`, { as: 'page' });
    expect(nobody.text).toContain('Nobody in this term matches.');
    // The buttons go on naming the whole term.
    expect(nobody.text).not.toContain('Issue 3 transcripts');
    const some = await registrar.get(`${address}?search=wars`, { as: 'page' });
    expect(some.text).toContain('Issue 3 transcripts, 2 of them incomplete');
    expect((await registrar.get(`${address}?show=whatever`)).status).toBe(422);
  });

  it('counts nobody who was handed over and sealed, in the button, the list and the job alike', async () => {
    const sealed = await cohort.home.person({ name: 'Ada Sealed', roles: ['student'] });
    const ask = async (query = '') =>
      (await registrar.get(`${address}${query}`)).json<TermPage & { total: number }>();
    expect((await ask()).total).toBe(4);
    const isEnrolled = async (id: string) =>
      (await enrolledTest(cohort.home.scope, cohort.home.termId, new Set()))(id);
    const gone = { active: false, sealedAt: app.context.clock.now() };
    await savePersonChange(cohort.home.scope, sealed.id, gone);
    expect((await ask()).total).toBe(3);
    expect((await ask('?show=incomplete')).total).toBe(2);
    expect(await pageOf()).toContain('Issue 3 transcripts, 2 of them incomplete');
    expect(await isEnrolled(sealed.id)).toBe(false);
    const other = { all: true, requestKey: randomUUID() };
    const job = await registrar.post(address, other);
    const { progress } = (await registrar.get(`/jobs/${job.json<{ jobId: string }>().jobId}`)).json<{
      progress: { total: number };
    }>();
    expect(progress.total).toBe(3);
    await jobDone(registrar, job.json<{ jobId: string }>().jobId);
  });

  it('narrows to a grade on all pages, and asks before a form issues what is incomplete', async () => {
    const [, wang] = cohort.students;
    await savePersonChange(cohort.home.scope, wang!.id, { grade: '12' });
    const { items } = (await registrar.get(`${address}?grade=12`)).json<TermPage>();
    expect(items.map(({ student }) => student.id)).toEqual([wang!.id]);
    const page = await registrar.get(`${address}?grade=12`, { as: 'page' });
    expect(page.text).toContain('Issue the one found');
    await cohort.home.person({ name: 'Bea Fresh', roles: ['student'], grade: '12' });
    for (const wanted of [{ all: 'true' }, { filtered: 'true', grade: '12' }]) {
      const asked = await registrar.post(address, wanted, { as: 'page' });
      expect([asked.status, asked.text.includes('incomplete. Check the box')]).toEqual([422, true]);
    }
    const agreed = { filtered: 'true', grade: '12', confirmed: 'yes', again: 'true' };
    const sent = await registrar.post(address, agreed, { as: 'page' });
    const job = await jobDone(registrar, sent.headers.get('location')!.split('/').at(-1)!);
    expect(job).toMatchObject({ state: 'done', progress: { total: 2 } });
  });

  it('asks about those who were ticked, and about nobody who has a valid transcript', async () => {
    const [, wang] = cohort.students;
    const fresh = await cohort.home.person({ name: 'Caleb Fresh', roles: ['student'] });
    const { counts } = (await registrar.get(address)).json<{ counts: object }>();
    expect(counts).toMatchObject({ incomplete: 1, complete: 1 });
    expect(await pageOf()).toContain('Issue 5 transcripts, 1 of them incomplete');
    const ticked = (studentIds: string[], more = {}) =>
      registrar.post(address, { studentIds, ...more }, { as: 'page' });
    const asked = await ticked([fresh.id, wang!.id]);
    expect([asked.status, asked.text.includes('1 of these transcripts is incomplete')]).toEqual([422, true]);
    // Both stay ticked, and nobody else is in the way.
    for (const { id } of [fresh, wang!])
      expect(asked.text).toMatch(new RegExp(`name="studentIds" value="${id}"[^>]* checked`));
    expect(asked.text).not.toContain(`value="${cohort.otherStudent.id}"`);
    expect((await ticked([wang!.id])).status).toBe(303);
    expect((await ticked([wang!.id], { again: 'true' })).status).toBe(422);
    expect((await ticked([], { complete: 'true' })).status).toBe(303);
    const agreed = await ticked([fresh.id], { confirmed: 'yes' });
    await jobDone(registrar, agreed.headers.get('location')!.split('/').at(-1)!);
    const after = (await registrar.get(address)).json<{ counts: object }>();
    expect(after.counts).toMatchObject({ incomplete: 0, issued: 5 });
    expect((await registrar.post(address, { all: 'true' }, { as: 'page' })).status).toBe(303);
  });

  it('the zip is named after what it holds', async () => {
    const zip = await registrar.get(`${address}.zip`);
    expect(zip.headers.get('content-disposition')).toContain('filename="Transcripts, ');
  });
});
