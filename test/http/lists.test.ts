/** Lists that grow come page by page, for programs and people; those that are whole have the same shape. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp, type TestSchool } from '../harness/start-app.js';
import { dayFromNow } from '../harness/test-clock.js';

interface List {
  items: { name: string; organisation: string }[];
  page: number;
  pages: number;
  perPage: number;
  total: number;
}

let app: TestApp;
let school: TestSchool;
let registrar: Client;
beforeAll(async () => {
  app = await startApp({ jobs: false });
  school = await app.aSchool();
  await school.person({ name: 'Mei Lin', roles: ['registrar'], email: 'mei@lists.example' });
  registrar = await app.as('mei@lists.example');
});
afterAll(() => app.close());

/** The second page of two, and how the page for people leads back to the first. */
async function secondOf(client: Client, path: string): Promise<{ list: string; html: string }> {
  const list = (await client.get(`${path}?page=2&perPage=2`)).text;
  const html = (await client.get(`${path}?page=2&perPage=2`, { as: 'page' })).text;
  return { list, html: html.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&') };
}

describe('lists that grow', () => {
  it('advisories', async () => {
    for (const name of ['Wren', 'Alder', 'Heron']) await registrar.post('/advisories', { name });
    const { list, html } = await secondOf(registrar, '/advisories');
    expect(JSON.parse(list)).toMatchObject({
      items: [{ name: 'Wren' }],
      ...{ page: 2, pages: 2, perPage: 2, total: 3 },
    });
    expect(html).toContain('href="/advisories?perPage=2&page=1"');
  });

  it('API tokens, newest first', async () => {
    for (const name of ['first', 'second', 'third']) await registrar.post('/account/tokens', { name });
    const { list, html } = await secondOf(registrar, '/account/tokens');
    expect(JSON.parse(list)).toMatchObject({
      items: [{ name: 'first' }],
      ...{ page: 2, pages: 2, perPage: 2, total: 3 },
    });
    expect(html).toContain('href="/account/tokens?perPage=2&page=1"');
  });

  it('internships on the learning plan, newest first', async () => {
    const student = await school.person({
      name: 'Lina Reyes',
      roles: ['student'],
      email: 'lina@lists.example',
    });
    const lina = await app.as('lina@lists.example');
    for (const [organisation, startsOn] of [
      ['Boatyard', dayFromNow(-120)],
      ['Bakery', dayFromNow(-64)],
      ['Archive', dayFromNow(-1)],
    ])
      await lina.post(`/students/${student.id}/internships`, { organisation, startsOn });
    const { list, html } = await secondOf(lina, `/students/${student.id}/plan`);
    expect((JSON.parse(list) as { internships: List }).internships).toMatchObject({
      items: [{ organisation: 'Boatyard' }],
      ...{ page: 2, pages: 2, perPage: 2, total: 3 },
    });
    expect(html).toContain(`href="/students/${student.id}/plan?perPage=2&page=1"`);
  });
});

describe('lists that are whole', () => {
  it.each(['/terms', '/rubrics'])('%s is one page of everything', async (path) => {
    const { items, ...rest } = (await registrar.get(path)).json<List>();
    expect(items.length).toBeGreaterThan(0);
    expect(rest).toEqual({ page: 1, pages: 1, perPage: items.length, total: items.length });
  });
});
