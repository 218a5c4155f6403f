/** A family with a child in each of two schools: one sign-in, both children on one page, and nobody else's. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp, type TestSchool } from '../harness/start-app.js';

describe('a guardian with children in two schools', () => {
  let app: TestApp;
  let [north, south]: TestSchool[] = [];
  beforeAll(async () => {
    app = await startApp({ purpose: 'families' });
    [north, south] = [
      await app.aSchool({ name: 'North School' }),
      await app.aSchool({ name: 'South School' }),
    ];
  });
  afterAll(() => app.close());

  it('sees both, opens each in its school, and no other child of either', async () => {
    const email = 'ma@home.example';
    const here = await north!.person({ name: 'Ma Kid', roles: ['guardian'], email });
    const kim = await north!.person({
      name: 'Kim Kid',
      roles: ['student'],
      guardianIds: [here.id],
      grade: '9',
    });
    await south!.person({ name: 'Sam Office', roles: ['registrar'], email: 'sam@south.example' });
    const sam = await app.as('sam@south.example');
    const added = await sam.post('/people', {
      givenName: 'Ma',
      familyName: 'Kid',
      email,
      roles: ['guardian'],
    });
    const { person, setPasswordPath } = added.json<{ person: { id: string }; setPasswordPath: string }>();
    const lee = await south!.person({
      name: 'Lee Kid',
      roles: ['student'],
      guardianIds: [person.id],
      grade: '7',
    });
    const other = await south!.person({ name: 'Not Hers', roles: ['student'] });
    const ma = await app.as(email);
    type Home = { people: { name: string; line: string; switchTo?: string }[] };
    const home = async () => (await ma.get('/')).json<Home>().people;
    expect((await home()).map(({ name }) => name)).toEqual(['Kim Kid']);
    expect((await ma.post(setPasswordPath)).status).toBe(200);
    expect((await home()).map(({ name, switchTo }) => [name, switchTo])).toEqual([
      ['Lee Kid', undefined],
      ['Kim Kid', here.id],
    ]);
    const page = (await ma.get('/', { as: 'page' })).text;
    expect(page).toContain('North School · grade 9');
    expect(page).toContain(`name="next" value="/students/${kim.id}"`);
    expect((await ma.get(`/students/${lee.id}`)).status).toBe(200);
    expect((await ma.get(`/students/${kim.id}`)).status).toBe(404);
    const moved = await ma.post(
      `/memberships/${here.id}/use`,
      { next: `/students/${kim.id}` },
      { as: 'page' },
    );
    expect(moved.headers.get('location')).toBe(`/students/${kim.id}`);
    expect((await ma.get(`/students/${kim.id}`)).status).toBe(200);
    expect((await ma.get(`/students/${lee.id}`)).status).toBe(404);
    expect((await ma.get(`/students/${other.id}`)).status).toBe(404);
    const made = await ma.post('/account/tokens', { name: 'script' });
    const headers = {
      Authorization: `Bearer ${made.json<{ token: string }>().token}`,
      Accept: 'application/json',
    };
    const byToken = (await (await fetch(`${app.url}/`, { headers })).json()) as Home;
    expect(byToken.people.map(({ name }) => name)).toEqual(['Kim Kid']);
  });
});
