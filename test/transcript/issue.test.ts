import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { aCohort, issueAll, jobDone, type TestCohort } from '../harness/builders/transcript.js';
import { readPdf } from '../harness/read-pdf.js';
import { startApp, type TestApp, withPublicAddress } from '../harness/start-app.js';

interface Issued {
  id: string;
  number: string;
  code: string;
  state: string;
  studentId: string;
  sha256: string;
}
interface TermPage {
  items: { student: { id: string }; missing: string[]; transcript: Issued | null }[];
}

let app: TestApp;
let cohort: TestCohort;
beforeAll(async () => {
  app = await startApp(withPublicAddress);
  cohort = await aCohort(app);
});
afterAll(() => app.close());

async function transcriptOf(who: TestCohort, studentId: string): Promise<Issued> {
  const registrar = await who.as('registrar');
  const found = (await registrar.get(`/terms/${who.home.termId}/transcripts?perPage=200`)).json<TermPage>();
  return found.items.find((line) => line.student.id === studentId)!.transcript!;
}

describe('issuing the transcripts of a term', () => {
  it('says beforehand what is missing per student', async () => {
    const registrar = await cohort.as('registrar');
    const { items } = (await registrar.get(`/terms/${cohort.home.termId}/transcripts`)).json<TermPage>();
    const of = (id: string) => items.find((line) => line.student.id === id)!.missing;
    expect(of(cohort.otherStudent.id)).toEqual(
      expect.arrayContaining(['result', 'advisor-narrative', 'student-narrative']),
    );
    expect(of(cohort.students[0]!.id)).not.toContain('result');
  });

  it('makes one PDF per student in the background, with progress, numbers without a gap and codes of their own', async () => {
    const job = await issueAll(cohort);
    expect(job).toMatchObject({ state: 'done', progress: { done: 5, total: 5 }, problems: [] });
    expect(job.result).toEqual({ href: `/terms/${cohort.home.termId}/transcripts` });
    const all = (await (await cohort.as('registrar')).get('/transcripts')).json<{ items: Issued[] }>().items;
    const year = app.context.clock.now().getUTCFullYear();
    const prefix = cohort.home.school.policies.numberPrefix;
    expect(all.map((each) => each.number).sort()).toEqual(
      [1, 2, 3, 4, 5].map((serial) => `${prefix}-${year}-00000${serial}`),
    );
    expect(new Set(all.map((each) => each.code)).size).toBe(5);
  });

  it('the PDF is the stored one, tagged, titled, with language and bookmarks, and says who, what and how it was reached', async () => {
    const issued = await transcriptOf(cohort, cohort.students[0]!.id);
    const answer = await (await cohort.as('student')).get(`/transcripts/${issued.id}.pdf`);
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(createHash('sha256').update(answer.bytes).digest('hex')).toBe(issued.sha256);
    const pdf = await readPdf(answer.bytes);
    expect(pdf).toMatchObject({
      title: expect.stringContaining('Amina Warsame-Okonkwo'),
      language: 'en',
      tagged: true,
    });
    expect(pdf.bookmarks).toEqual(
      expect.arrayContaining(['Amina Warsame-Okonkwo', 'Exhibitions', 'The advisor’s narrative']),
    );
    expect(pdf.pages[0]).toContain('Amina Warsame-Okonkwo');
    expect(pdf.pages[1]).toContain('Growth, goal by goal');
    const whole = pdf.pages.join(' ');
    expect(whole).toContain('Zoë Vandenbroucke');
    expect(whole).toContain('She counted. For eleven afternoons');
    expect(whole).toContain(issued.number);
    expect(whole).toContain(`/verify/${issued.code}`);
    // One outcome is a sentence, no chart.
    expect(whole).toMatch(/Level \d in Year\./);
    for (const tag of ['H1', 'H2', 'P', 'Figure', 'Link']) expect([...pdf.tags]).toContain(tag);
  });

  it('uses no new number when nothing has changed, and supersedes when asked again in earnest', async () => {
    const before = await transcriptOf(cohort, cohort.students[1]!.id);
    await issueAll(cohort, { studentIds: [cohort.students[1]!.id] });
    expect((await transcriptOf(cohort, cohort.students[1]!.id)).number).toBe(before.number);

    await issueAll(cohort, { studentIds: [cohort.students[1]!.id], again: true });
    const after = await transcriptOf(cohort, cohort.students[1]!.id);
    expect(after.number).not.toBe(before.number);
    const registrar = await cohort.as('registrar');
    expect((await registrar.get(`/transcripts/${before.id}`)).json()).toMatchObject({
      state: 'superseded',
      supersededBy: after.id,
    });
    expect((await registrar.get(`/transcripts/${before.id}.pdf`)).status).toBe(200);
  });

  it('the same request while it is under way, or with the same key, is the same job', async () => {
    const registrar = await cohort.as('registrar');
    const ask = (body: object) => registrar.post(`/terms/${cohort.home.termId}/transcripts`, body);
    const twice = await Promise.all([ask({ again: true }), ask({ again: true })]);
    const [first, second] = twice.map((answer) => answer.json<{ jobId: string }>().jobId);
    expect(first).toBe(second);
    await jobDone(registrar, first!);
    const keyed = await ask({ requestKey: 'spring' });
    await jobDone(registrar, keyed.json<{ jobId: string }>().jobId);
    const again = await Promise.all([ask({ requestKey: 'spring' }), ask({ requestKey: 'spring' })]);
    expect(again.map((answer) => answer.json())).toEqual([keyed.json(), keyed.json()]);
    // Two requests were made, and two are in the record: asking once more is no act.
    const asked = (await listEntriesFrom(cohort.home.scope, 1, 500)).filter(
      ({ act, subject }) =>
        act === 'transcript.request' && [first, keyed.json<{ jobId: string }>().jobId].includes(subject.id),
    );
    expect(asked).toHaveLength(2);
  });

  it('numbers stay unique and without a gap when many requests run at once', async () => {
    const many = await aCohort(app, { names: Array.from({ length: 8 }, (_, at) => `Student Number${at}`) });
    const registrar = await many.as('registrar');
    const asked = await Promise.all(
      many.students.map((student) =>
        registrar.post(`/terms/${many.home.termId}/transcripts`, { studentIds: [student.id] }),
      ),
    );
    for (const answer of asked) await jobDone(registrar, answer.json<{ jobId: string }>().jobId);
    const all = (await registrar.get('/transcripts?perPage=200')).json<{ items: Issued[] }>().items;
    expect(all.map((each) => Number(each.number.slice(-6))).sort((a, b) => a - b)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8,
    ]);
  });

  it('all that stand come as one zip', async () => {
    const zip = await (await cohort.as('registrar')).get(`/terms/${cohort.home.termId}/transcripts.zip`);
    expect(zip.headers.get('content-type')).toBe('application/zip');
    expect(zip.bytes.subarray(0, 2).toString()).toBe('PK');
    expect(zip.bytes.includes(Buffer.from('محمد عبد الرحمن.pdf'))).toBe(true);
  });
});

describe('who may read a transcript', () => {
  it.each([
    ['the student', 'student', 200],
    ['the family', 'guardian', 200],
    ['the advisor', 'advisor', 200],
    ['another student', 'otherStudent', 403],
  ] as const)('%s: %s → %i', async (_name, who, status) => {
    const issued = await transcriptOf(cohort, cohort.students[0]!.id);
    const client = await cohort.as(who);
    expect((await client.get(`/transcripts/${issued.id}`)).status).toBe(status);
    expect((await client.get(`/transcripts/${issued.id}.pdf`)).status).toBe(status);
  });

  it('not the child of another family, nobody of another school, and nobody without an account', async () => {
    const strange = await aCohort(app, { names: ['Somebody Else'] });
    const others = await transcriptOf(cohort, cohort.students[1]!.id);
    expect((await (await cohort.as('guardian')).get(`/transcripts/${others.id}.pdf`)).status).toBe(403);
    expect((await (await strange.as('registrar')).get(`/transcripts/${others.id}.pdf`)).status).toBe(404);
    expect((await app.visitor().get(`/transcripts/${others.id}.pdf`)).status).toBe(401);
  });

  it('only the office issues', async () => {
    const answer = await (await cohort.as('advisor')).post(`/terms/${cohort.home.termId}/transcripts`, {});
    expect(answer.status).toBe(403);
  });
});
