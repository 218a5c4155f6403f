import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Person } from '../../server/people/person.js';
import { aPresentation } from '../harness/builders/presentation.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp, type TestSchool } from '../harness/start-app.js';

describe('the tie between a student and a guardian', () => {
  let app: TestApp;
  let school: TestSchool;
  let registrar: Client;
  let student: Person;
  let mother: Person;
  let uncle: Person;

  beforeAll(async () => {
    app = await startApp();
    school = await app.aSchool();
    await school.person({ name: 'Rita Registrar', roles: ['registrar'], email: 'rita@family.example' });
    mother = await school.person({ name: 'Mona Mother', roles: ['guardian'], email: 'mona@family.example' });
    uncle = await school.person({ name: 'Uri Uncle', roles: ['panelist'], email: 'uri@family.example' });
    student = await school.person({ name: 'Sam Student', roles: ['student'], guardianIds: [mother.id] });
    registrar = await app.as('rita@family.example');
  });
  afterAll(() => app.close());

  const shown = async (): Promise<{
    guardians: { id: string }[];
    found: { id: string }[];
    custodyNote: string;
  }> => (await registrar.get(`/people/${student.id}/guardians?search=U`)).json();
  const guardians = async () => (await shown()).guardians.map(({ id }) => id);

  it('is added by search, and lets somebody of another role in from the next request on', async () => {
    const uri = await app.as('uri@family.example');
    expect((await uri.get(`/students/${student.id}`)).status).toBe(403);
    expect((await shown()).found.map(({ id }) => id)).toContain(uncle.id);
    const added = await registrar.post(`/people/${student.id}/guardians`, { personId: uncle.id });
    expect(added.status).toBe(201);
    expect(await guardians()).toEqual(expect.arrayContaining([mother.id, uncle.id]));
    expect((await uri.get(`/students/${student.id}`)).status).toBe(200);
  });

  it('offers an administrator to administrators alone, and says so', async () => {
    await school.person({ name: 'Ulla Chief', roles: ['admin'], email: 'ulla@family.example' });
    const parent = await school.person({ name: 'Ulla Parent', roles: ['admin', 'guardian'] });
    const path = `/people/${student.id}/guardians?search=Ulla`;
    const asked = async (client: Client) => {
      const { found, administratorsLeftOut } = (await client.get(path)).json<{
        found: { displayName: string }[];
        administratorsLeftOut: boolean;
      }>();
      return [found.map(({ displayName }) => displayName), administratorsLeftOut];
    };
    // Whoever is family already takes another child without becoming anything else.
    expect(await asked(registrar)).toEqual([[parent.displayName], true]);
    const chief = await app.as('ulla@family.example');
    expect(await asked(chief)).toEqual([['Ulla Chief', parent.displayName], false]);
    const said = 'An administrator can add them';
    const texts = [registrar, chief].map(async (client) => (await client.get(path, { as: 'page' })).text);
    expect((await Promise.all(texts)).map((text) => text.includes(said))).toEqual([true, false]);
    const alone = (await registrar.get(`${path}%20Chief`, { as: 'page' })).text;
    expect([alone.includes(said), alone.includes('Nobody who can be a guardian')]).toEqual([true, false]);
    const added = await registrar.post(`/people/${student.id}/guardians`, { personId: parent.id });
    expect(added.status).toBe(201);
    const ended = await registrar.send('DELETE', `/people/${student.id}/guardians/${parent.id}`);
    expect(ended.status).toBe(200);
  });

  it('is ended at once: page, works, calendar and panel are closed to whoever was a guardian', async () => {
    const presentation = await aPresentation(app, school, student, mother, 'scoring');
    const seat = await registrar.post(`/slots/${presentation.ids.slot}/seats`, {
      personId: uncle.id,
      role: 'family',
    });
    expect(seat.status).toBe(201);
    const uri = await app.as('uri@family.example');
    const pages = [
      `/students/${student.id}`,
      `/students/${student.id}/plan`,
      `/slots/${presentation.ids.slot}`,
    ];
    for (const page of pages) expect([page, (await uri.get(page)).status]).toEqual([page, 200]);
    const ended = await registrar.send('DELETE', `/people/${student.id}/guardians/${uncle.id}`);
    expect(ended.status).toBe(200);
    for (const page of pages) expect([page, (await uri.get(page)).status]).toEqual([page, 403]);
    expect((await uri.get('/seats')).json<{ items: unknown[] }>().items).toEqual([]);
    expect(await guardians()).toEqual([mother.id]);
    const again = await registrar.send('DELETE', `/people/${student.id}/guardians/${uncle.id}`);
    expect(again.status).toBe(404);
  });

  it('ends by PUT as well, and a list that is left out changes nothing', async () => {
    const words = { givenName: 'Sam', familyName: 'Student', roles: ['student'] };
    expect((await registrar.put(`/people/${student.id}`, words)).status).toBe(200);
    expect(await guardians()).toEqual([mother.id]);
    const mona = await app.as('mona@family.example');
    expect((await mona.get(`/students/${student.id}`)).status).toBe(200);
    expect((await registrar.put(`/people/${student.id}`, { ...words, guardianIds: [] })).status).toBe(200);
    expect(await guardians()).toEqual([]);
    expect((await mona.get(`/students/${student.id}`)).status).toBe(403);
  });

  it('has a note about custody that staff read and the family does not', async () => {
    const heron = (await registrar.post('/advisories', { name: 'Heron' })).json<{ id: string }>().id;
    const advisor = await school.person({ name: 'Abe', roles: ['advisor'], email: 'abe@family.example' });
    await registrar.put(`/advisories/${heron}`, { name: 'Heron', advisorIds: [advisor.id] });
    const words = { givenName: 'Sam', roles: ['student'], advisoryId: heron, guardianIds: [mother.id] };
    await registrar.put(`/people/${student.id}`, words);
    const note = 'Only the grandmother picks up';
    expect((await registrar.post(`/people/${student.id}/custody-note`, { note })).status).toBe(200);
    expect((await shown()).custodyNote).toBe(note);
    const reads = async (email: string) => (await (await app.as(email)).get(`/students/${student.id}`)).text;
    expect(await reads('abe@family.example')).toContain(note);
    expect(await reads('mona@family.example')).not.toContain(note);
    const audit = await app.context.db.connection
      .collection('auditentries')
      .find({ schoolId: school.school.id })
      .toArray();
    expect(JSON.stringify(audit)).not.toContain('grandmother');
  });

  it.each([
    ['somebody unknown', () => 'nobody', 'One of the guardians is not known here.'],
    ['the student', () => student.id, 'A student can’t be a guardian. Please choose an adult.'],
  ])('refuses %s as a guardian', async (_case, id, message) => {
    const answer = await registrar.post(`/people/${student.id}/guardians`, { personId: id() });
    expect(answer.status).toBe(422);
    expect(answer.json<{ error: { fields: unknown[] } }>().error.fields).toEqual([
      { field: 'personId', message },
    ]);
  });
});
