/**
 * The sign-ins of two records: one stays, the other is closed, and nobody gets anything by a merge without being seen.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findAccountByEmail, findAccountOfPerson } from '../../server/access/account-records.js';
import type { Person } from '../../server/people/person.js';
import { aPanel, type TestPanel } from '../harness/builders/scores.js';
import { startApp, testPassword, type TestApp } from '../harness/start-app.js';

let app: TestApp;
let panel: TestPanel;
let number = 0;
beforeAll(async () => {
  app = await startApp();
  panel = await aPanel(app);
}, 120_000);
afterAll(() => app.close());

const mail = (): string => `mother${(number += 1)}@merge.example`;
const mother = (email?: string): Promise<Person> =>
  panel.home.person({ name: 'Dana Roe', roles: ['guardian'], ...(email ? { email } : {}) });
const merge = async (into: Person, from: Person, body: object = {}) =>
  (await panel.as('registrar')).post(`/people/${into.id}/merge/${from.id}`, { reason: 'Twice', ...body });
const child = (guardian: Person): Promise<Person> =>
  panel.home.person({ name: 'Kim Roe', roles: ['student'], guardianIds: [guardian.id] });
const signIn = async (email: string) =>
  (await app.visitor().post('/sign-in', { email, password: testPassword })).status;

describe('one of two has a sign-in', () => {
  it.each(['into', 'from'] as const)('it stays, and opens the children of both: %s', async (side) => {
    const email = mail();
    const pair =
      side === 'into' ? [await mother(email), await mother()] : [await mother(), await mother(email)];
    const [into, from] = pair as [Person, Person];
    const children = [await child(into), await child(from)];
    const session = await app.as(email);
    expect((await merge(into, from)).status).toBe(200);
    // Whoever was signed in stays so.
    for (const { id } of children) expect((await session.get(`/students/${id}`)).status).toBe(200);
    expect((await findAccountOfPerson(app.context.db, into.id))?.email).toBe(email);
  });

  it('its owner and the administrators are told, and what it signs within a day says so', async () => {
    const email = mail();
    const [into, from] = [await mother(email), await mother()];
    expect((await merge(into, from)).status).toBe(200);
    const own = await (await app.as(email)).get('/', { as: 'page' });
    expect(own.text).toContain('merged two records of you');
    const office = await (await panel.as('admin')).get('/', { as: 'page' });
    expect(office.text).toContain('merged two records of Dana Roe');
    const account = await findAccountOfPerson(app.context.db, into.id);
    expect(account?.lastLink).toMatchObject({ createdById: panel.people.registrar.id });
  });
});

describe('both have a sign-in', () => {
  it('asks which one stays, and closes the other', async () => {
    const [mine, yours] = [mail(), mail()];
    const [into, from] = [await mother(mine), await mother(yours)];
    const asked = await merge(into, from, { email: 'into' });
    expect(asked.status).toBe(422);
    expect(asked.json()).toMatchObject({ error: { fields: [{ field: 'account' }] } });
    const closed = await app.as(mine);
    expect((await merge(into, from, { email: 'into', account: 'from' })).status).toBe(200);
    expect([await signIn(mine), await signIn(yours)]).toEqual([422, 200]);
    expect((await closed.get('/')).status).not.toBe(200);
    expect(await findAccountByEmail(app.context.db, mine)).toBeNull();
    expect(await findAccountOfPerson(app.context.db, into.id)).toMatchObject({ email: yours });
  });
});

describe('a registrar', () => {
  it('gains no role and no sign-in by merging, whatever is sent', async () => {
    const registrar = await panel.as('registrar');
    const { people } = panel;
    const guest = await mother();
    const tries = [
      [people.registrar.id, people.admin.id],
      [people.admin.id, people.registrar.id],
      [guest.id, people.admin.id],
      [people.registrar.id, people.student.id],
      [people.student.id, people.registrar.id],
      [guest.id, people.registrar.id],
    ] as const;
    for (const [into, from] of tries) {
      const reply = await registrar.post(`/people/${into}/merge/${from}`, {
        ...{ reason: 'Mine', name: 'into', email: 'into', account: 'into', confirmNumbers: true },
      });
      expect([into, from, reply.status]).toEqual([into, from, 403]);
    }
    const other = await mother();
    const body = { reason: 'Twice', roles: ['admin'] };
    const reply = await registrar.post(`/people/${guest.id}/merge/${other.id}`, body);
    expect(reply.status).toBe(422);
  });
});
