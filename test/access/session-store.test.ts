/** A session that is used lives on; one that is not ends; and reading many at once answers each caller their own. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../harness/start-app.js';
import type { Client } from '../harness/client.js';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface Stored {
  expires: Date;
  lastModified: Date;
}
const sessions = () => app.context.db.connection.collection<Stored & { _id: string }>('sessions');
const idOf = (client: Client) => /^s:([^.]+)\./.exec(decodeURIComponent(client.cookies.get('vitrine')!))![1]!;

async function someone(name: string): Promise<Client> {
  const { person } = await app.aSchool();
  await person({ name, roles: ['advisor'], email: `${name.toLowerCase()}@store.example` });
  return app.as(`${name.toLowerCase()}@store.example`);
}
const minutes = (count: number) => count * 60_000;

describe('the store of sessions', () => {
  it('keeps a session alive that is used, by its end alone and not at every request', async () => {
    const client = await someone('Amara');
    const _id = idOf(client);
    const before = (await sessions().findOne({ _id }))!;
    await client.get('/account');
    expect((await sessions().findOne({ _id }))!.expires).toEqual(before.expires);

    const long = new Date(Date.now() - minutes(11));
    const soon = new Date(Date.now() + minutes(5));
    await sessions().updateOne({ _id }, { $set: { lastModified: long, expires: soon } });
    expect((await client.get('/account')).status).toBe(200);
    const after = (await sessions().findOne({ _id }))!;
    expect(after.expires.getTime()).toBeGreaterThan(Date.now() + minutes(600));
    expect(after.lastModified.getTime()).toBeGreaterThan(long.getTime());
    expect({ ...after, expires: 0, lastModified: 0 }).toEqual({ ...before, expires: 0, lastModified: 0 });
  });

  it('one that has ended opens nothing', async () => {
    const client = await someone('Liam');
    await sessions().updateOne({ _id: idOf(client) }, { $set: { expires: new Date(Date.now() - 1000) } });
    expect((await client.get('/account')).status).toBe(401);
  });

  it('answers each of many callers at once as themselves, and strangers not at all', async () => {
    const names = ['Rosa', 'Jun', 'Noor', 'Femi'];
    const clients = await Promise.all(names.map(someone));
    const stranger = app.visitor();
    stranger.cookies.set('vitrine', 's%3Aunknown.signature');
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) => [...clients, stranger][at % 5]!.get('/account', { as: 'page' })),
    );
    for (const [at, answer] of answers.entries()) {
      if (at % 5 === 4) expect(answer.status).toBe(303);
      else for (const [of, name] of names.entries()) expect(answer.text.includes(name)).toBe(of === at % 5);
    }
  });
});
