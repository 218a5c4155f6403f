/**
 * What two schools know of one student who moves between them: each erases its own, newer facts win, and the
 * office sees who comes.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findAccountOfPerson } from '../../server/access/account-records.js';
import { listParts, removePartsOf } from '../../server/handover/earlier-part-records.js';
import { erasePersonFromHandovers } from '../../server/handover/erase-person.js';
import { findHandover } from '../../server/handover/handover-records.js';
import { findStudent, savePersonChange } from '../../server/people/people-records.js';
import type { ErasedPerson } from '../../server/person-traces.js';
import { aMove, anOffer, copyRecord, type TestMove } from '../harness/builders/handover.js';
import type { Client } from '../harness/client.js';
import { startApp, testPassword, type TestApp, type TestSchool } from '../harness/start-app.js';
import { dayFromNow } from '../harness/test-clock.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ purpose: 'two-schools', jobs: false });
});
afterAll(() => app.close());

interface Page {
  handover: { student: { name: string }; reason: string };
  candidates: { value: string; returns: boolean; effects: string[] }[];
  arriving: {
    guardians: { id: string; name: string; email: string | null; state: string; nameHere: string | null }[];
    custodyNote: string;
  } | null;
}
const pageOf = async (client: Client, id: string) => (await client.get(`/handovers/${id}`)).json<Page>();

async function accepted(
  move: TestMove,
  body: object = {},
): Promise<{ id: string; jobId: string; studentId: string }> {
  const id = await anOffer(move);
  const answer = await move.office.south.post(`/handovers/${id}/accept`, body);
  expect([answer.status, answer.text]).toEqual([202, expect.any(String)]);
  return { id, ...answer.json<{ jobId: string; studentId: string }>() };
}

const erasedAs = (id: string, mark: string, name: string): ErasedPerson => ({
  ...{ id, ids: [id], names: [name], email: null, sourcedId: null, roles: ['student'], presented: [] },
  ...{ sealedSeatIds: [], madeLinks: false, mark, at: app.context.clock.now(), keptWorkIds: [] },
  ...{ keepIssued: false, eraseTranscripts: false, byName: false },
});

/** What an erasure does to handovers, without the rest of it. */
async function eraseFromHandovers({ scope }: TestSchool, person: ErasedPerson): Promise<void> {
  for (const part of erasePersonFromHandovers)
    if (part.collection === 'handovers') await part.erase?.(scope, person, '');
}

describe('a worker that is slow', () => {
  it('brings nothing back of somebody who was erased once everything was copied', async () => {
    const move = await aMove(app);
    const { jobId, studentId } = await accepted(move);
    const { scope } = move.south;
    let first = true;
    await copyRecord(app, move, jobId, {
      onPart: async () => {
        if (!first) return;
        first = false;
        await copyRecord(app, move, jobId);
        const parts = await listParts(scope, studentId);
        expect(parts.length).toBeGreaterThan(2);
        await removePartsOf.remove(
          scope,
          parts.map(({ id }) => id),
        );
        await savePersonChange(scope, studentId, { erasedAt: app.context.clock.now(), active: false });
      },
    });
    expect(await listParts(scope, studentId)).toEqual([]);
  });
});

describe('an erasure', () => {
  it('takes the name from the view of its own school alone', async () => {
    const move = await aMove(app);
    const { office, student, north, south } = move;
    const { id, jobId, studentId } = await accepted(move);
    await copyRecord(app, move, jobId);
    const names = async () => [
      (await pageOf(office.north, id)).handover.student.name,
      (await pageOf(office.south, id)).handover.student.name,
    ];
    const list = async () => (await office.south.get('/handovers')).text;
    expect(await names()).toEqual([student.displayName, student.displayName]);
    await eraseFromHandovers(south, erasedAs(studentId, 'Nobody South', student.displayName));
    expect(await names()).toEqual([student.displayName, 'Nobody South']);
    expect(await list()).not.toContain(student.displayName);
    await eraseFromHandovers(north, erasedAs(student.id, 'Nobody North', student.displayName));
    expect(await names()).toEqual(['Nobody North', 'Nobody South']);
    expect((await findHandover(north.scope, id))!.studentNumber).toBeNull();
  });

  it('in the old school leaves the name to the school to which the student has come, and to no other', async () => {
    const move = await aMove(app);
    const { office, student, north } = move;
    const declined = await anOffer(move);
    await office.south.post(`/handovers/${declined}/decline`, { reason: `${student.displayName} stays` });
    const { id } = await accepted(move);
    await eraseFromHandovers(north, erasedAs(student.id, 'Nobody', student.displayName));
    expect((await pageOf(office.south, id)).handover.student.name).toBe(student.displayName);
    const left = await pageOf(office.south, declined);
    expect([left.handover.student.name, left.handover.reason]).toEqual(['Nobody', 'Nobody stays']);
  });

  it('takes what the school had asked with', async () => {
    const move = await aMove(app);
    const { office, student, south } = move;
    const { id, studentId } = await accepted(move);
    await app.context.db.connection
      .collection('handovers')
      .updateOne({ _id: id as never }, { $set: { asked: { name: 'As South knew', by: 'number' } } });
    await eraseFromHandovers(south, erasedAs(studentId, 'Nobody', student.displayName));
    expect((await findHandover(south.scope, id))!.asked).toEqual({ name: 'Nobody', by: 'number' });
    expect((await pageOf(office.north, id)).handover.student.name).toBe(student.displayName);
  });
});

describe('the family of a student who arrives', () => {
  it('is shown before the acceptance, and only who is ticked comes along', async () => {
    const move = await aMove(app);
    const { north, south, student, office } = move;
    const mark = student.id.slice(0, 8);
    const guardian = (name: string, email: string | null) =>
      north.person({ name, roles: ['guardian'], ...(email ? { email } : {}) });
    const [ma, pa, gran, ben] = [
      await guardian('Ma New', `ma.${mark}@two.example`),
      await guardian('Pa Taken', null),
      await guardian('Gran Quiet', null),
      await guardian('Ben Shares', null),
    ];
    // Two of a family have one address at the new school, and it is the second of them who comes.
    const shared = { email: `home.${mark}@two.example` };
    await savePersonChange(north.scope, ben.id, shared);
    const here: string[] = [];
    for (const name of ['Ana Shares', 'Ben Shares']) {
      const { id } = await south.person({ name, roles: ['guardian'] });
      await savePersonChange(south.scope, id, shared);
      here.push(id);
    }
    await savePersonChange(north.scope, pa.id, { email: `pa.${mark}@two.example` });
    await south.person({ name: 'Tess Teacher', roles: ['advisor'], email: `pa.${mark}@two.example` });
    await savePersonChange(north.scope, student.id, {
      ...{ guardianIds: [ma.id, pa.id, gran.id, ben.id], custodyNote: 'Nobody but Ma picks up.' },
    });
    const id = await anOffer(move);
    const { arriving } = await pageOf(office.south, id);
    expect(arriving!.custodyNote).toBe('Nobody but Ma picks up.');
    expect(arriving!.guardians.map(({ name, email, state }) => [name, email, state])).toEqual(
      expect.arrayContaining([
        ['Ma New', `ma.${mark}@two.example`, 'account'],
        ['Pa Taken', `pa.${mark}@two.example`, 'address-taken'],
        ['Gran Quiet', null, 'no-address'],
        ['Ben Shares', shared.email, 'here'],
      ]),
    );
    expect((await pageOf(office.north, id)).arriving).toBeNull();
    const html = (await office.south.get(`/handovers/${id}`, { as: 'page' })).text;
    for (const each of [ma, pa, gran, ben])
      expect(html).toMatch(new RegExp(`name="guardianIds" value="${each.id}"[^>]* checked`));
    const accept = (body: object) => office.south.post(`/handovers/${id}/accept`, body);
    const unknown = await accept({ guardianIds: [student.id] });
    expect([unknown.status, unknown.text]).toEqual([422, expect.stringContaining('"guardianIds"')]);
    const answer = await accept({ guardianIds: ['', ma.id, gran.id, ben.id] });
    expect(answer.status).toBe(202);
    const arrived = (await findStudent(south.scope, answer.json<{ studentId: string }>().studentId))!;
    expect(arrived.custodyNote).toBe('Nobody but Ma picks up.');
    expect(arrived.guardianIds).toContain(here[1]);
    const family = await office.south.get(`/people/${arrived.id}/guardians`);
    const names = family.json<{ guardians: { displayName: string }[] }>().guardians;
    expect(names.map(({ displayName }) => displayName).sort()).toEqual([
      'Ben Shares',
      'Gran Quiet',
      'Ma New',
    ]);
  });

  it('is nobody when a form has no tick', async () => {
    const move = await aMove(app);
    const { studentId } = await accepted(move, { guardianIds: '' });
    expect((await findStudent(move.south.scope, studentId))!.guardianIds).toEqual([]);
  });
});

describe('a student who comes back', () => {
  it('has the family and the custody note of the school they come from', async () => {
    const move = await aMove(app);
    const { north, south, student, office, cohort } = move;
    const stays = cohort.guardian;
    const ended = await north.person({ name: 'Pa Ended', roles: ['guardian'] });
    await savePersonChange(north.scope, student.id, {
      ...{ guardianIds: [stays.id, ended.id], custodyNote: 'Old note' },
    });
    const { jobId, studentId } = await accepted(move);
    await copyRecord(app, move, jobId);
    const there = (await findStudent(south.scope, studentId))!;
    const family = (await office.south.get(`/people/${studentId}/guardians`)).json<{
      guardians: { id: string; displayName: string }[];
    }>().guardians;
    const gone = family.find(({ displayName }) => displayName === 'Pa Ended')!;
    expect(there.custodyNote).toBe('Old note');
    const end = await office.south.post(`/people/${studentId}/guardians/${gone.id}/end`);
    expect(end.status).toBe(200);
    await office.south.post(`/people/${studentId}/custody-note`, { note: 'New note' });
    const back = await office.south.post(`/people/${studentId}/handover`, { schoolId: north.school.id });
    const id = back.json<{ id: string }>().id;
    const seen = await pageOf(office.north, id);
    expect(seen.arriving).toMatchObject({
      guardians: [{ name: stays.displayName, state: 'here', nameHere: stays.displayName }],
      custodyNote: 'New note',
    });
    const candidate = seen.candidates.find(({ value }) => value === student.id)!;
    expect(candidate.returns).toBe(true);
    expect(candidate.effects.join('\n')).toMatch(/Pa Ended[^]*Old note/);
    const answer = await office.north.post(`/handovers/${id}/accept`, { personId: student.id });
    expect(answer.status).toBe(202);
    expect(await findStudent(north.scope, student.id)).toMatchObject({
      ...{ guardianIds: [stays.id], custodyNote: 'New note', active: true },
    });
  });

  it('to a school that knew them otherwise loses nothing of what either school has to say', async () => {
    const move = await aMove(app);
    const { north, south, student } = move;
    const own = await south.person({ name: 'Gus South', roles: ['guardian'] });
    const known = await south.person({ name: student.displayName, roles: ['student'] });
    await savePersonChange(south.scope, known.id, { guardianIds: [own.id], custodyNote: 'South note' });
    await savePersonChange(north.scope, student.id, { custodyNote: 'North note' });
    await accepted(move, { personId: known.id });
    const here = (await findStudent(south.scope, known.id))!;
    expect(here.custodyNote).toBe('South note\n\nNorth note');
    expect(here.guardianIds).toEqual(expect.arrayContaining([own.id]));
    expect(here.guardianIds).toHaveLength(2);
  });

  it('brings no sign-in to somebody whom that school knows otherwise: its office gives a link for it', async () => {
    const move = await aMove(app);
    const { south, student } = move;
    const before = (await findAccountOfPerson({ db: app.context.db }, student.id))!;
    expect(before.passwordHash).not.toBeNull();
    const known = await south.person({ name: student.displayName, roles: ['student'] });
    await accepted(move, { personId: known.id });
    // The password that was chosen elsewhere opens nothing of the student who was here before.
    const after = await findAccountOfPerson({ db: app.context.db }, known.id);
    expect(after).toMatchObject({ email: before.email, passwordHash: null, offers: [] });
    expect(after!.memberships.map(({ personId }) => personId)).toEqual([known.id]);
    const tried = await app.visitor().post('/sign-in', { email: before.email, password: testPassword });
    expect(tried.status).toBe(422);
    const link = await move.office.south.post(`/people/${known.id}/invite`);
    expect(link.status).toBe(201);
  });
});

describe('learning plans and internships', () => {
  it('come along as they were, and are read by whoever may read the student', async () => {
    const move = await aMove(app);
    const { student, north, south, office, cohort } = move;
    const own = await cohort.as('student');
    const plan = { termId: north.termId, aim: 'Build a boat', goals: ['Draw it', 'Float it'] };
    expect((await own.put(`/students/${student.id}/plan`, plan)).status).toBe(200);
    const internship = {
      ...{ termId: north.termId, organisation: 'Boat Works', mentorName: 'Ole Bent', interest: 'Wood' },
      ...{ startsOn: dayFromNow(-70), summary: 'Bending planks', hours: 12 },
    };
    expect((await own.post(`/students/${student.id}/internships`, internship)).status).toBe(201);
    const { jobId, studentId } = await accepted(move);
    await copyRecord(app, move, jobId);
    const { earlier } = (await office.south.get(`/students/${studentId}`)).json<{
      earlier: { groups: { kind: string; items: { title: string; href: string }[] }[] }[];
    }>();
    const hrefs = ['plan', 'internship'].map((kind) => {
      const { items } = earlier[0]!.groups.find((group) => group.kind === kind)!;
      expect(items).toHaveLength(1);
      return items[0]!.href;
    });
    const contents = await Promise.all(
      hrefs.map(async (href) => (await office.south.get(href)).json<{ content: object }>().content),
    );
    const { organisation, mentorName, interest, startsOn, summary, hours } = internship;
    expect(contents[0]).toMatchObject({ aim: plan.aim, goals: plan.goals });
    expect(contents[1]).toMatchObject({
      ...{ organisation, mentorName, interest, startsOn, endsOn: null, summary, hours },
    });
    for (const [href, words] of [
      [hrefs[0]!, 'Float it'],
      [hrefs[1]!, 'Bending planks'],
    ] as const)
      expect((await office.south.get(href, { as: 'page' })).text).toContain(words);
    await south.person({
      name: 'Ad Else',
      roles: ['advisor'],
      email: `else.${studentId.slice(0, 8)}@two.example`,
    });
    const other = await app.as(`else.${studentId.slice(0, 8)}@two.example`);
    expect((await other.get(hrefs[0]!)).status).toBe(403);
  });
});
