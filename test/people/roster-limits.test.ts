/**
 * Rosters that no school exports: refused by name where they make no sense, and never at the cost of other requests.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client, Reply } from '../harness/client.js';
import { sendRoster } from '../harness/roster-desk.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
let registrar: Client;
beforeAll(async () => {
  app = await startApp();
  const school = await app.aSchool();
  await school.person({ name: 'Rita', roles: ['registrar'], email: 'rita@limits.example' });
  registrar = await app.as('rita@limits.example');
});
afterAll(() => app.close());

const bringIn = (content: string, fields: Record<string, string> = {}): Promise<Reply> =>
  sendRoster(registrar, content, fields);

const problemsOf = (reply: Reply) =>
  reply.json<{ error: { fields: { field: string; message: string }[] } }>().error.fields;

describe('a roster beyond all measure', () => {
  const many = 'name,'.repeat(2_500_000);
  it.each([
    ['millions of headings', `${many}\nAna\n`, /more than 250 columns/],
    ['a row of millions of cells', `name,grade\nAna,9\n${','.repeat(10_000_000)}\n`, /more than 250 columns/],
    [
      'a cell like a book',
      `name,organisation\nAna,${'x'.repeat(10_000_000)}\n`,
      /more than 20,?000 characters/,
    ],
    ['more rows than people', `name\n${'Ana\n'.repeat(60_000)}`, /more than 50,?000 rows/],
  ])('is refused: %s', async (_name, content, message) => {
    const reply = await bringIn(content, { dryRun: 'true' });
    expect(reply.status).toBe(422);
    expect(problemsOf(reply)).toEqual([{ field: 'roster', message: expect.stringMatching(message) }]);
  });

  it('takes the first of columns with one heading', async () => {
    const reply = await bringIn('name,name,grade,grade\nAna Sol,Bea Luz,9,10\n', { dryRun: 'true' });
    expect(reply.json<{ differences: { name: string }[] }>().differences).toEqual([
      expect.objectContaining({ name: 'Ana Sol' }),
    ]);
  });

  it('lets other requests through while it reads a large one', async () => {
    const rows = Array.from({ length: 6_000 }, (_, at) => `Ana ${at},${'x'.repeat(180)}`);
    let pending = true;
    const imported = bringIn(`name,organisation\n${rows.join('\n')}`, { dryRun: 'true' }).finally(() => {
      pending = false;
    });
    let answered = 0;
    while (pending) {
      expect((await app.visitor().get('/healthz')).status).toBe(200);
      answered += 1;
    }
    expect((await imported).json<{ created: number }>().created).toBe(6_000);
    // One at the beginning and one at the end is what a blocked loop answers.
    expect(answered).toBeGreaterThan(10);
  }, 120_000);
});
