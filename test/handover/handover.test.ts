/**
 * A student moves to another school of the network: who does what, who sees what when, and what is on record
 * afterwards.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findAccountOfPerson, saveMembershipAdded } from '../../server/access/account-records.js';
import { checkSchool } from '../../server/cli/check-school.js';
import { findPerson, findStudent, savePersonChange } from '../../server/people/people-records.js';
import { aMove, anOffer, type TestMove } from '../harness/builders/handover.js';
import { issuedTranscript } from '../harness/builders/world-papers.js';
import { jobDone } from '../harness/builders/transcript.js';
import type { Client } from '../harness/client.js';
import { sendRoster } from '../harness/roster-desk.js';
import { startApp, type TestApp, type TestSchool } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface Line {
  href: string;
  title: string;
}
interface StudentPage {
  moves: { words: string; href: string | null }[];
  earlier: { school: string; groups: { kind: string; items: Line[] }[]; transcripts: Line[] }[];
}

async function accept(move: TestMove, id: string, body: object = {}): Promise<string> {
  const accepted = await move.office.south.post(`/handovers/${id}/accept`, body);
  expect([accepted.status, accepted.text]).toEqual([202, expect.any(String)]);
  const { studentId, jobId } = accepted.json<{ studentId: string; jobId: string }>();
  const job = await jobDone(move.office.south, jobId);
  expect([job.state, job.problems]).toEqual(['done', []]);
  return studentId;
}
const holds = async ({ scope }: TestSchool) =>
  (await checkSchool({ storage: app.context.storage, files: true }, scope)).problems;
const statusOf = async (client: Client, path: string) => (await client.get(path)).status;

describe('a guardian whose address somebody in the receiving school has', () => {
  it.each([
    ['family', 'Gus Same', { roles: ['guardian'], active: true }, true],
    ['family, the name written in another way', 'Same, Gús', { roles: ['guardian'], active: true }, true],
    ['family by another name', 'Gia Same', { roles: ['guardian'], active: true }, false],
    ['family who was deactivated', 'Gus Same', { roles: ['guardian'], active: false }, false],
    ['a teacher', 'Gus Same', { roles: ['advisor'], active: true }, false],
  ] as const)('%s', async (_who, name, { roles, active }, isTheSame) => {
    const move = await aMove(app);
    const email = `same.${move.student.id.slice(0, 8)}@move.example`;
    const guardian = await move.north.person({ name: 'Gus Same', roles: ['guardian'] });
    await savePersonChange(move.north.scope, guardian.id, { email });
    await savePersonChange(move.north.scope, move.student.id, { guardianIds: [guardian.id] });
    const here = await move.south.person({ name, roles: [...roles] });
    await savePersonChange(move.south.scope, here.id, { email, active });
    const studentId = await accept(move, await anOffer(move));
    const { guardianIds } = (await findStudent(move.south.scope, studentId))!;
    expect([guardianIds.length, guardianIds.includes(here.id)]).toEqual([1, isTheSame]);
    expect(await findPerson(move.south.scope, here.id)).toMatchObject({ roles: [...roles], active, email });
  });
});

it('a guardian who is an administrator of the receiving school becomes family there by an administrator', async () => {
  const move = await aMove(app);
  const { guardian } = move.cohort;
  const { south } = move;
  const chief = await south.person({ name: 'Hodan Chief', roles: ['admin'] });
  const account = await findAccountOfPerson(app.context.db, guardian.id);
  const membership = { personId: chief.id, schoolId: south.school.id, networkId: null };
  await saveMembershipAdded(app.context.db, account!.id, {
    ...membership,
    lastUsedAt: app.context.clock.now(),
  });
  const email = `ada.${move.student.id.slice(0, 8)}@move.example`;
  await south.person({ name: 'Ada', roles: ['admin'], email });
  const id = await anOffer(move);
  const refused = await move.office.south.post(`/handovers/${id}/accept`, {});
  expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('Hodan Chief is an admin')]);
  expect((await findPerson(south.scope, chief.id))!.roles).toEqual(['admin']);
  expect((await findPerson(move.north.scope, move.student.id))!.active).toBe(true);
  const accepted = await (await app.as(email)).post(`/handovers/${id}/accept`, {});
  expect([accepted.status, accepted.text]).toEqual([202, expect.any(String)]);
  const { studentId } = accepted.json<{ studentId: string }>();
  expect((await findStudent(south.scope, studentId))!.guardianIds).toEqual([chief.id]);
  expect((await findPerson(south.scope, chief.id))!.roles).toEqual(['admin', 'guardian']);
});

describe('a handover', () => {
  let move: TestMove;
  let id: string;
  let studentId: string;
  let code: string;
  beforeAll(async () => {
    move = await aMove(app);
    const { student, cohort } = move;
    const people = { student, registrar: cohort.registrar };
    code = (await issuedTranscript(app, move.north, people)).code;
    id = await anOffer(move);
  });

  it('shows the receiving office who, from where and since when, and nothing of the record', async () => {
    const seen = (await move.office.south.get(`/handovers/${id}`)).text;
    expect(JSON.parse(seen)).toMatchObject({
      handover: {
        state: 'offered',
        student: { id: null, name: move.student.displayName },
        acts: ['accept', 'decline'],
      },
      planned: [],
    });
    expect(seen).not.toContain('chair');
    expect(seen).not.toContain(move.student.id);
    for (const path of [
      `/students/${move.student.id}`,
      `/artifacts/${move.works.shown}`,
      `/people/${move.student.id}`,
    ])
      expect([path, await statusOf(move.office.south, path)]).toEqual([path, 404]);
    const told = (await move.office.south.get('/')).json<{ next: { href: string } }>().next;
    expect(told.href).toBe(`/handovers/${id}`);
    const page = (
      await (await move.cohort.as('guardian')).get(`/students/${move.student.id}`)
    ).json<StudentPage>();
    expect(page.moves).toEqual([
      expect.objectContaining({ words: expect.stringContaining('has been offered'), href: null }),
    ]);
  });

  it('is nobody else’s: neither network staff nor a third school nor an advisor sees it', async () => {
    const third = await app.aSchool({ networkId: move.networkId });
    await third.person({ name: 'Tom Third', roles: ['registrar'], email: 'third@move.example' });
    const others: [Client, number][] = [
      [await app.as(move.mail.network), 403],
      [await app.as('third@move.example'), 404],
      [await move.cohort.as('advisor'), 403],
      [await move.cohort.as('student'), 403],
    ];
    for (const [client, status] of others) {
      expect(await statusOf(client, `/handovers/${id}`)).toBe(status);
      expect((await client.post(`/handovers/${id}/accept`)).status).toBe(status);
      expect((await client.post(`/handovers/${id}/take-back`)).status).toBe(status);
    }
    // The old office cannot accept for the other one.
    expect((await move.office.north.post(`/handovers/${id}/accept`)).status).toBe(409);
  });

  it('enrolls the student once accepted, with one sign-in, and copies the record', async () => {
    studentId = await accept(move, id, { grade: '11' });
    const record = (await move.office.south.get(`/students/${studentId}`)).json<StudentPage>();
    const [earlier] = record.earlier;
    expect(record.earlier).toHaveLength(1);
    expect(earlier!.school).toBe(`North ${move.south.school.name.slice(6)}`);
    expect(earlier!.groups.map(({ kind, items }) => [kind, items.length])).toEqual([
      ['portfolio', 1],
      ['result', expect.any(Number)],
      ['narrative', 2],
      ['work', 2],
    ]);
    expect((await app.visitor().get(`/verify/${code}`)).json<{ state: string }>().state).toBe('issued');
    expect(earlier!.transcripts.map(({ href }) => href)).toEqual([`/verify/${code}`]);
    for (const { href } of earlier!.groups.flatMap(({ items }) => items)) {
      expect([href, await statusOf(move.office.south, href)]).toEqual([href, 200]);
      const page = await move.office.south.get(href, { as: 'page' });
      expect([page.status, page.text]).toEqual([200, expect.stringContaining('Record from North')]);
    }
    const person = await findStudent(move.south.scope, studentId);
    expect(person).toMatchObject({ grade: '11', displayName: move.student.displayName, active: true });
    const email = move.student.email!;
    const student = await app.as(email);
    expect(await statusOf(student, `/students/${studentId}`)).toBe(200);
    expect(await statusOf(student, `/students/${move.student.id}`)).toBe(404);
    // The old office makes no link for an account that is not its student's any more.
    expect((await move.office.north.post(`/people/${move.student.id}/invite`)).status).toBe(404);
  });

  it('gives the results as words and the files byte by byte', async () => {
    const { earlier } = (await move.office.south.get(`/students/${studentId}`)).json<StudentPage>();
    const first = (kind: string) => earlier[0]!.groups.find((each) => each.kind === kind)!.items[0]!.href;
    const result = (await move.office.south.get(first('result'))).json<{
      content: { rubric: { hash: string }; rows: { levelId: string; level: string; descriptor: string }[] };
    }>().content;
    expect(result.rubric.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(result.rows[0]).toMatchObject({
      levelId: expect.any(String),
      level: expect.any(String),
      descriptor: expect.stringMatching(/\w+ \w+/),
    });
    const works = earlier[0]!.groups.find((each) => each.kind === 'work')!.items;
    const chair = works.find(({ title }) => title === 'A chair of one sheet')!.href;
    const file = await move.office.south.get(`${chair}/file`);
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(file.bytes.subarray(1, 4).toString()).toBe('PNG');
    const portfolio = await move.office.south.get(first('portfolio'), { as: 'page' });
    expect(portfolio.text).toContain('I measured twice.');
    expect(portfolio.text).toContain(`${chair}/file`);
  });

  it('offers the guardians a membership, and shows them what a family sees', async () => {
    const guardian = await move.cohort.as('guardian');
    const offers = (await guardian.get('/memberships')).json<{
      items: { state: string; personId: string; name: string }[];
    }>().items;
    const offered = offers.find(({ state }) => state === 'offered')!;
    expect(offered.name).toBe(move.south.school.name);
    const link = await move.office.south.post(`/people/${offered.personId}/invite`);
    const { setPasswordPath } = link.json<{ setPasswordPath: string }>();
    expect((await guardian.post(setPasswordPath)).status).toBe(200);
    const seen = (await guardian.get(`/students/${studentId}`)).json<StudentPage>();
    const works = seen.earlier[0]!.groups.find(({ kind }) => kind === 'work')!.items;
    expect(works.map(({ title }) => title)).toEqual(['A chair of one sheet']);
    const all = (await move.office.south.get(`/students/${studentId}`)).json<StudentPage>();
    const draft = all.earlier[0]!.groups.find(({ kind }) => kind === 'work')!.items.find(
      ({ title }) => title === 'A draft',
    )!;
    expect(await statusOf(guardian, draft.href)).toBe(403);
  });

  it('is read by nobody who may not see the student, and by no panelist', async () => {
    const { earlier } = (await move.office.south.get(`/students/${studentId}`)).json<StudentPage>();
    const { href } = earlier[0]!.groups[0]!.items[0]!;
    await move.south.person({ name: 'Pan El', roles: ['panelist'], email: 'pan@move.example' });
    await move.south.person({ name: 'Ad Visor', roles: ['advisor'], email: 'ad@move.example' });
    const expected: [Client, number][] = [
      [await app.as('pan@move.example'), 403],
      [await app.as('ad@move.example'), 403],
      [await app.as('third@move.example'), 404],
      [await app.as(move.mail.network), 403],
      [move.office.north, 404],
    ];
    for (const [client, status] of expected)
      for (const path of [href, `${href}/file`]) expect(await statusOf(client, path)).toBe(status);
  });

  it('leaves the old school what it made, says where the student went, and is whole on both sides', async () => {
    const page = (await move.office.north.get(`/students/${move.student.id}`)).json<StudentPage>();
    expect(page.moves).toEqual([
      expect.objectContaining({
        words: `Left, moved to ${move.south.school.name}`,
        href: `/handovers/${id}`,
      }),
    ]);
    expect(await statusOf(move.office.north, `/artifacts/${move.works.shown}`)).toBe(200);
    const person = `/people/${move.student.id}`;
    expect((await move.office.north.get(person)).json<{ movedTo: object }>().movedTo).toMatchObject({
      ...{ school: move.south.school.name, href: `/handovers/${id}` },
    });
    const { text } = await move.office.north.get(person, { as: 'page' });
    expect([text.includes(`href="/handovers/${id}"`), text.includes(`${person}/invite`)]).toEqual([
      true,
      false,
    ]);
    expect(await holds(move.north)).toEqual([]);
    expect(await holds(move.south)).toEqual([]);
  });

  it('reaches the copies when the old school takes a work down', async () => {
    const before = (await move.office.south.get(`/students/${studentId}`)).json<StudentPage>();
    const chair = before.earlier[0]!.groups.find(({ kind }) => kind === 'work')!.items.find(
      ({ title }) => title === 'A chair of one sheet',
    )!.href;
    const down = await move.office.north.post(`/artifacts/${move.works.shown}/take-down`, {
      reason: 'privacy',
    });
    expect(down.status).toBe(200);
    expect(await statusOf(move.office.south, `${chair}/file`)).toBe(404);
    const portfolio = before.earlier[0]!.groups.find(({ kind }) => kind === 'portfolio')!.items[0]!.href;
    expect((await move.office.south.get(portfolio)).text).not.toContain('A chair of one sheet');
    expect(await holds(move.south)).toEqual([]);
    expect(await holds(move.north)).toEqual([]);
  });

  it.each(['the office', 'a roster'])(
    'is over for the old school when %s brings the student back',
    async (by) => {
      const person = `/people/${move.student.id}`;
      const { movedTo } = (await findPerson(move.north.scope, move.student.id))!;
      expect(movedTo).toMatchObject({ school: move.south.school.name });
      const roster = (status: string) =>
        sendRoster(move.office.north, `role,name,status\nstudent,${move.student.displayName},${status}\n`, {
          // A name alone brings nobody back.
          answers: 'same:all name',
        });
      const [back, leave] =
        by === 'the office'
          ? [
              () => move.office.north.post(`${person}/reactivate`),
              () => move.office.north.post(`${person}/deactivate`),
            ]
          : [() => roster('active'), () => roster('inactive')];
      expect((await back()).status).toBe(200);
      if (by === 'the office') {
        // The account is the other school's, so this is an offer.
        const link = await move.office.north.post(`${person}/invite`);
        expect(link.json<{ setPasswordPath: string }>().setPasswordPath).toMatch(/^\/join\//);
      }
      expect((await findPerson(move.north.scope, move.student.id))!.active).toBe(true);
      expect((await leave()).status).toBe(200);
      // They leave again, and not to there.
      const left = (await move.office.north.get(person)).json<{ active: boolean; movedTo: unknown }>();
      expect(left).toMatchObject({ active: false, movedTo: null });
      const { text } = await move.office.north.get(person, { as: 'page' });
      // Whoever has left is let in again before anybody makes a link for them.
      expect([text.includes('/handovers/'), text.includes(`${person}/invite`)]).toEqual([false, false]);
      expect(await statusOf(await app.as(move.student.email!), `/students/${studentId}`)).toBe(200);
      await savePersonChange(move.north.scope, move.student.id, { movedTo: movedTo! });
    },
  );

  it('is found when somebody changes or removes a part of it', async () => {
    const parts = app.context.db.connection.collection('earlierparts');
    const part = (await parts.findOne({ schoolId: move.south.school.id, kind: 'narrative' }))!;
    await parts.updateOne({ _id: part._id }, { $set: { 'content.markdown': 'Never said' } });
    expect((await holds(move.south)).map(({ kind }) => kind)).toEqual(['earlier record']);
    await parts.deleteOne({ _id: part._id });
    expect((await holds(move.south)).map(({ kind }) => kind)).toEqual(['earlier record']);
    await parts.insertOne(part);
    expect(await holds(move.south)).toEqual([]);
  });
});
