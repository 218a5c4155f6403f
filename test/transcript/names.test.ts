/** A corrected name: the registrar decides per transcript, and what is issued again has the old name nowhere. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { correctName } from '../../server/people/correct-name.js';
import { savePersonChange } from '../../server/people/people-records.js';
import type { Person } from '../../server/people/person.js';
import { resultHash } from '../../server/results/result.js';
import { listResultsOfStudents, saveCorrectedResult } from '../../server/results/result-records.js';
import { findSchool, getTerm } from '../../server/school/school-records.js';
import type { CannotPrint } from '../../server/transcript/cannot-print.js';
import { keepNaming } from '../../server/transcript/find-naming.js';
import { gatherDocuments } from '../../server/transcript/gather-facts.js';
import { issueTranscripts, type IssueOrder } from '../../server/transcript/issue-transcripts.js';
import { numberTranscripts } from '../../server/transcript/number-transcripts.js';
import { issueDesk, NamesChanged } from '../../server/transcript/record-issued.js';
import type { TranscriptSnapshot } from '../../server/transcript/snapshot.js';
import {
  findTranscript,
  listOpenTranscripts,
  listTranscriptsOfStudent,
} from '../../server/transcript/transcript-records.js';
import { issueNeeds } from '../../server/transcript/transcripts-job.js';
import { actorOf, aCohort, issueAll, jobDone, type TestCohort } from '../harness/builders/transcript.js';
import type { Client } from '../harness/client.js';
import { readPdf } from '../harness/read-pdf.js';
import { startApp, type TestApp, withPublicAddress } from '../harness/start-app.js';

interface Issued {
  id: string;
  code: string;
  state: string;
  studentId: string;
  reason: string | null;
}

let app: TestApp;
let cohort: TestCohort;
let registrar: Client;
beforeAll(async () => {
  app = await startApp(withPublicAddress);
  cohort = await aCohort(app, { names: ['Amina Warsame', 'Ravi Menon'] });
  registrar = await cohort.as('registrar');
  await issueAll(cohort);
});
afterAll(() => app.close());

const issued = async () => (await registrar.get('/transcripts')).json<{ items: Issued[] }>().items;
const standingOf = async (studentId: string) =>
  (await issued()).find((each) => each.studentId === studentId && each.state === 'issued')!;
const textOf = async (id: string) => {
  const { pages, title, bookmarks } = await readPdf((await registrar.get(`/transcripts/${id}.pdf`)).bytes);
  return [...pages, title, ...bookmarks].join(' ');
};
async function correct(personId: string, body: object): Promise<void> {
  const answer = await registrar.post(`/people/${personId}/names`, body);
  expect([answer.status, answer.text]).toEqual([200, expect.anything()]);
  for (const jobId of answer.json<{ jobIds: string[] }>().jobIds) await jobDone(registrar, jobId);
}

it('prints the new name of an advisor everywhere where it is issued again, and nowhere else', async () => {
  const [amina, ravi] = cohort.students;
  const [ofAmina, ofRavi] = [await standingOf(amina!.id), await standingOf(ravi!.id)];
  const path = `/people/${cohort.advisor.id}/names`;
  const { documents } = (await registrar.get(path)).json<{ documents: { value: string }[] }>();
  expect(documents.map(({ value }) => value).sort()).toEqual([ofAmina.id, ofRavi.id].sort());
  expect(await textOf(ofAmina.id)).toContain('Quintanilla');

  const to = { givenName: 'Mara', familyName: 'Reyes', reason: 'Chosen name' };
  await correct(cohort.advisor.id, { ...to, reissue: [ofAmina.id] });
  const fresh = await standingOf(amina!.id);
  expect(fresh.id).not.toBe(ofAmina.id);
  const text = await textOf(fresh.id);
  expect(text).toContain('Mara Reyes');
  expect(text).not.toMatch(/Quintanilla|Marisol/);

  const old = (await issued()).find(({ id }) => id === ofAmina.id)!;
  expect(old).toMatchObject({ state: 'superseded', reason: 'Chosen name' });
  expect(await textOf(old.id)).toContain('Marisol Quintanilla');
  const verified = await app.visitor().get(`/verify/${old.code}`);
  expect(verified.json()).toMatchObject({ state: 'superseded' });

  // What was left stays, also when the whole term is asked for again.
  await issueAll(cohort);
  expect((await standingOf(ravi!.id)).id).toBe(ofRavi.id);
  expect((await standingOf(amina!.id)).id).toBe(fresh.id);
});

it('prints the new name of a student, in their own narrative as well; the record of it has no name', async () => {
  const amina = cohort.students[0]!;
  const before = await standingOf(amina.id);
  const to = { givenName: 'Noor', familyName: 'Idris', reason: 'As the court has decided' };
  await correct(amina.id, { ...to, reissue: [before.id] });
  const text = await textOf((await standingOf(amina.id)).id);
  expect(text).toContain('Noor Idris');
  expect(text).not.toMatch(/Amina|Warsame/);
  const entries = (await listEntriesFrom(cohort.home.scope, 1, 500)).filter(
    ({ act }) => act === 'people.name-correct',
  );
  expect(entries.map(({ detail }) => detail)).toEqual([
    { reissue: 1, leave: 1, shown: 0, asSealed: 2 },
    { reissue: 1, leave: 0, shown: 0, asSealed: 1 },
  ]);
});

it.each([
  ['the name they have', { givenName: 'Ravi', familyName: 'Menon', reason: 'x' }],
  ['no reason', { givenName: 'Ravi', familyName: 'Iyer' }],
  ['a transcript that does not have it', { givenName: 'R', reason: 'x', reissue: ['unknown'] }],
])('refuses %s', async (_case, body) => {
  const ravi = cohort.students[1]!;
  expect((await registrar.post(`/people/${ravi.id}/names`, body)).status).toBe(422);
});

it('a transcript that is printed while its student gets another name is printed again, with the new one', async () => {
  const own = await aCohort(app, { names: ['Tomas Berg'] });
  const { scope } = own.home;
  const student = own.students[0]!;
  const needs = issueNeeds(app.context);
  let printings = 0;
  let isPrinted: () => void = () => undefined;
  const printed = new Promise<void>((resolve) => (isPrinted = resolve));
  const print: typeof needs.printer.print = async (...page) => {
    const bytes = await needs.printer.print(...page);
    printings += 1;
    isPrinted();
    return bytes;
  };
  const order = {
    ...{ school: (await findSchool(scope, scope.schoolId))!, term: await getTerm(scope, own.home.termId) },
    ...{ students: [student], template: 'standard', jobId: null, again: false },
  };
  const failures: unknown[] = [];
  const actor = actorOf(own.registrar);
  const issuing: Promise<void>[] = [];
  await correctName(app.context, scope, actor, {
    ...{ personId: student.id, reason: 'Chosen' },
    to: { givenName: 'Tove', familyName: 'Berg', displayName: 'Tove Berg' },
    decide: async (inside, person) => {
      const naming = await keepNaming(inside, person);
      const beside = { ...needs, printer: { print, close: needs.printer.close } };
      if (issuing.length === 0)
        issuing.push(
          issueTranscripts(beside, scope, actor, order, {
            issued: () => undefined,
            failed: (_student, error) => void failures.push(error),
          }),
        );
      // Documents have been looked for, and here is one more that wants to be recorded.
      await printed;
      await new Promise((resolve) => setTimeout(resolve, 400));
      return naming;
    },
  });
  await Promise.all(issuing);
  expect([failures, printings]).toEqual([[], 2]);
  const office = await own.as('registrar');
  const [issuedOne] = (await office.get('/transcripts')).json<{ items: Issued[] }>().items;
  const { pages } = await readPdf((await office.get(`/transcripts/${issuedOne!.id}.pdf`)).bytes);
  expect(pages[0]).toContain('Tove Berg');
  expect(pages.join(' ')).not.toContain('Tomas Berg');
});

describe('while transcripts are issued', () => {
  let own: TestCohort;
  let order: IssueOrder;
  beforeAll(async () => {
    own = await aCohort(app, { names: ['Edda Holm'] });
    const { scope, termId } = own.home;
    order = {
      ...{ school: (await findSchool(scope, scope.schoolId))!, term: await getTerm(scope, termId) },
      ...{ students: own.students, template: 'standard', jobId: null, again: false },
    };
  });
  const rename = (person: Pick<Person, 'id'>, givenName: string) =>
    correctName(app.context, own.home.scope, actorOf(own.registrar), {
      ...{ personId: person.id, to: { givenName, familyName: 'Holm', displayName: `${givenName} Holm` } },
      ...{ reason: 'Chosen', decide: async () => ({ decisions: [], shown: [] }) },
    });

  it('a new name of somebody else does not matter, one of whoever is named does, whatever was erased', async () => {
    const { scope } = own.home;
    const { school, term, students } = order;
    await rename(own.otherStudent, 'Otto');
    const needs = issueNeeds(app.context);
    const actor = actorOf(own.registrar);
    const desk = issueDesk(needs, scope, actor);
    desk.noMore();
    const transcript = (await numberTranscripts(needs, scope, actor, order, students)).get(students[0]!.id)!;
    const gathered = await gatherDocuments(needs, scope, school, term, students);
    const { names, sources } = gathered.get(students[0]!.id)!;
    const pdf = { key: 'none', bytes: 1, sha256: 'f'.repeat(64) };
    const ready = { transcript, names, sources, change: { pdf, snapshotHash: 'f'.repeat(64) } };
    const collection = app.context.db.connection.collection('namecorrections');
    await collection.deleteMany({ personId: own.otherStudent.id });
    await rename(own.advisor, 'Mia');
    await expect(desk.record(ready)).rejects.toBeInstanceOf(NamesChanged);
    await rename(own.otherStudent, 'Oona');
    const again = (await gatherDocuments(needs, scope, school, term, students)).get(students[0]!.id)!;
    await rename(own.otherStudent, 'Olga');
    await desk.record({ ...ready, names: again.names });
    expect((await findTranscript(scope, transcript.id))!.state).toBe('issued');
  });

  it('a result that is corrected meanwhile is printed as it is then; one that is corrected later makes it older', async () => {
    const { scope } = own.home;
    const student = order.students[0]!;
    const needs = issueNeeds(app.context);
    /** Whenever its transaction began: before the transcript was issued, also where it comes later. */
    const began = app.context.clock.now();
    const correct = async (levelId: string, version: number) => {
      const [result] = await listResultsOfStudents(scope, [student.id]);
      const { hash, ...content } = structuredClone(result!);
      content.tally.criteria[0]!.decision = { levelId, by: 'moderation' } as never;
      const said = { reason: 'Misread', by: own.registrar.id, byName: 'Ruth Abernathy' };
      const corrected = { ...content, correction: { ...said, version, at: began, previousHash: hash } };
      await saveCorrectedResult(scope, { ...corrected, hash: resultHash(corrected) });
    };
    const { rubric } = app.context.rubrics.bySlug('learning-goals');
    const levels = rubric.levels.filter(({ between }) => !between);
    let printings = 0;
    const print: typeof needs.printer.print = async (...page) => {
      printings += 1;
      if (printings === 1) await correct(levels.at(-1)!.id, 2);
      return needs.printer.print(...page);
    };
    const beside = { ...needs, printer: { print, close: needs.printer.close } };
    const failures: unknown[] = [];
    await issueTranscripts(
      beside,
      scope,
      actorOf(own.registrar),
      { ...order, again: true },
      { issued: () => undefined, failed: (_student, error) => void failures.push(error) },
    );
    expect([failures, printings]).toEqual([[], 2]);
    const [issued] = await listOpenTranscripts(scope, order.term.id, [student.id]);
    const { snapshot } = (await findTranscript(scope, issued!.id))!;
    const { exhibitions } = JSON.parse(snapshot!) as TranscriptSnapshot;
    expect(exhibitions[0]!.outcomes[0]!.level).toBe(levels.at(-1)!.name);
    const verified = async () =>
      (await app.visitor().get(`/verify/${issued!.code}`)).json<{ outOfDate: { why: string } | null }>();
    expect((await verified()).outOfDate).toBeNull();
    await correct(levels[0]!.id, 3);
    expect((await verified()).outOfDate?.why).toBe('corrected');
  });

  it('nothing is issued about somebody who is erased meanwhile, and no number is used', async () => {
    const { scope } = own.home;
    const student = order.students[0]!;
    const needs = issueNeeds(app.context);
    let printings = 0;
    const print: typeof needs.printer.print = async (...page) => {
      printings += 1;
      await savePersonChange(scope, student.id, { erasedAt: app.context.clock.now() });
      return needs.printer.print(...page);
    };
    const beside = { ...needs, printer: { print, close: needs.printer.close } };
    const before = await listTranscriptsOfStudent(scope, student.id);
    const outcomes: unknown[] = [];
    const progress = {
      issued: () => void outcomes.push('issued'),
      failed: (_student: Person, error: unknown) => void outcomes.push((error as CannotPrint).key),
    };
    // The second time, whoever asks read the students before, and they are gone when their batch comes.
    for (const time of [1, 2]) {
      await issueTranscripts(beside, scope, actorOf(own.registrar), { ...order, again: true }, progress);
      expect([time, printings]).toEqual([time, 1]);
    }
    expect(outcomes).toEqual(['transcript.problem.gone', 'transcript.problem.gone']);
    expect(await listTranscriptsOfStudent(scope, student.id)).toEqual(before);
    const open = await listOpenTranscripts(scope, order.term.id, [student.id]);
    expect(open.map(({ state }) => state)).not.toContain('preparing');
  });
});
