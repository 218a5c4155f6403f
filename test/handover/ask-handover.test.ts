/**
 * A roster with a student of another school of the network: the preview asks, the row comes in, and the old
 * school decides.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findPersonByNumber, savePersonChange } from '../../server/people/people-records.js';
import { aNetwork } from '../harness/builders/handover.js';
import { jobDone } from '../harness/builders/transcript.js';
import type { Client } from '../harness/client.js';
import { sendRoster } from '../harness/roster-desk.js';
import { startApp, type TestApp, type TestSchool } from '../harness/start-app.js';

const roster = [
  'id,name,email,guardian name,guardian email',
  'M1,Moved Kid,moved@ask.example,Ma Kid,ma@ask.example',
  'M2,Other Kid,,Ma Kid,ma@ask.example',
  'M3,Third Kid,,,',
].join('\n');

interface Preview {
  kept: string;
  created: number;
  errors: unknown[];
  moved: { rowKey: string; name: string; by: string }[];
}

let app: TestApp;
let [north, south]: TestSchool[] = [];
let office: { north: Client; south: Client };
let old: string;
beforeAll(async () => {
  app = await startApp({ purpose: 'asking' });
  const networkId = await aNetwork(app, 'nia@ask.example');
  north = await app.aSchool({ name: 'North School', networkId });
  south = await app.aSchool({ name: 'South School', networkId });
  const alone = await app.aSchool({ name: 'Alone' });
  await north.person({ name: 'Nora Office', roles: ['registrar'], email: 'nora@ask.example' });
  await south.person({ name: 'Sam Office', roles: ['registrar'], email: 'sam@ask.example' });
  const ma = await north.person({ name: 'Ma Kid', roles: ['guardian'], email: 'ma@ask.example' });
  const kid = {
    roles: ['student' as const],
    email: 'moved@ask.example',
    sourcedId: 'N-77',
    guardianIds: [ma.id],
  };
  old = (await north.person({ name: 'Moved Kid at North', ...kid })).id;
  await north.person({ name: 'Somebody Else', roles: ['student'], sourcedId: 'M2' });
  // Outside of the network nobody is asked about.
  await alone.person({ name: 'Not Asked', roles: ['student'], sourcedId: 'M3' });
  office = { north: await app.as('nora@ask.example'), south: await app.as('sam@ask.example') };
});
afterAll(() => app.close());

describe('a roster with a student of another school', () => {
  let ask: string;
  let studentId: string;

  it('is asked about and not refused; nothing but the fact itself is told', async () => {
    const preview = await sendRoster(office.south, roster, { dryRun: 'yes' });
    const view = preview.json<Preview>();
    expect([view.errors, view.created]).toEqual([[], 4]);
    expect(view.moved.map(({ name, by }) => [name, by])).toEqual([
      ['Moved Kid', 'address'],
      ['Other Kid', 'id'],
    ]);
    const page = await sendRoster(office.south, roster, { dryRun: 'yes' }, { as: 'page' });
    expect(page.text).toContain('A student with this email address is at another school of the network.');
    for (const text of [preview.text, page.text])
      for (const secret of ['North School', 'at North', 'Somebody Else', 'N-77', old])
        expect(text).not.toContain(secret);
    const form = new FormData();
    form.append('kept', view.kept);
    form.append('ask', view.moved[0]!.rowKey);
    const brought = await office.south.send('POST', '/people/import', form);
    expect([brought.status, brought.json<Preview>().created]).toEqual([200, 4]);
    const list = await office.south.get('/handovers');
    const { items } = list.json<{
      items: { id: string; state: string; otherSchool: null; student: object }[];
    }>();
    const kid = (await findPersonByNumber(south!.scope, 'M1'))!;
    studentId = kid.id;
    expect(items).toMatchObject([
      { state: 'asked', otherSchool: null, student: { id: kid.id, name: 'Moved Kid' }, acts: ['take-back'] },
    ]);
    for (const secret of ['North', old, 'N-77']) expect(list.text).not.toContain(secret);
    ask = items[0]!.id;
    expect((await office.south.get(`/handovers/${ask}`)).text).not.toContain('North');
  });

  it('is offered by the old school, which sees who asks', async () => {
    const home = (await office.north.get('/')).json<{ next: { title: string; href: string } }>().next;
    expect(home).toMatchObject({
      title: 'South School asks for Moved Kid at North',
      href: `/handovers/${ask}`,
    });
    expect((await office.south.post(`/handovers/${ask}/offer`)).status).toBe(404);
    expect((await office.north.post(`/handovers/${ask}/offer`)).status).toBe(200);
    const seen = (await office.south.get(`/handovers/${ask}`)).json<{
      handover: { otherSchool: string; acts: string[] };
      candidates: { value: string }[];
    }>();
    expect(seen.handover).toMatchObject({ otherSchool: 'North School', acts: ['accept', 'decline'] });
    expect(seen.candidates.map(({ value }) => value)).toEqual([studentId]);
  });

  it('becomes one student with one sign-in, never a second one with the same address', async () => {
    const twice = await office.south.post(`/handovers/${ask}/accept`);
    expect([twice.status, twice.text]).toEqual([422, expect.stringContaining('already uses this student')]);
    const accepted = await office.south.post(`/handovers/${ask}/accept`, { personId: studentId });
    expect(accepted.status).toBe(202);
    expect(accepted.json<{ studentId: string }>().studentId).toBe(studentId);
    await jobDone(office.south, accepted.json<{ jobId: string }>().jobId);
    const kid = await app.as('moved@ask.example');
    const page = (await kid.get(`/students/${studentId}`)).json<{ earlier: { school: string }[] }>();
    expect(page.earlier.map(({ school }) => school)).toEqual(['North School']);
    // The guardian came in with the roster and is not there twice.
    const guardians = await office.south.get(`/people/${studentId}/guardians`);
    expect(guardians.json<{ guardians: { displayName: string }[] }>().guardians).toHaveLength(1);
  });

  it('goes by the student number, and by the id only where one of the two has no number', async () => {
    const { scope } = north!;
    const numbered = async (name: string, sourcedId: string | null, studentNumber: string) => {
      const { id } = await north!.person({ name, roles: ['student'], sourcedId });
      await savePersonChange(scope, id, { studentNumber });
    };
    await numbered('One', 'U1', '900001');
    await numbered('Two', null, '900002');
    await numbered('Three', '17', '900003');
    await numbered('Four', 'S4', '900004');
    const rows = ['A1,900001,Ann One', 'A2,900002,Bo Two', '17,900007,Cy Other', 'S4,,Di Four'];
    const shown = await sendRoster(office.south, ['id,student number,name', ...rows].join('\n'), {
      dryRun: 'yes',
    });
    expect(shown.json<Preview>().moved.map(({ name, by }) => [name, by])).toEqual([
      ['Ann One', 'number'],
      ['Bo Two', 'number'],
      ['Di Four', 'id'],
    ]);
  });

  it('asks once, however often the file is brought in', async () => {
    const again = await sendRoster(office.south, roster, { dryRun: 'yes' });
    expect(again.json<Preview>().moved).toEqual([]);
  });
});
