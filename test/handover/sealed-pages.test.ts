/**
 * A student whose record is sealed from the old school: no page, JSON route, list or file there shows their
 * words and works any more. The table is the permission matrix, so a new route is looked at as well.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { saveSlotSnapshot } from '../../server/exhibitions/slots/slot-records.js';
import { savePersonChange } from '../../server/people/people-records.js';
import { listNewestSnapshots } from '../../server/portfolio/portfolio-records.js';
import { permissionRows } from '../access/permission-rows/all.js';
import type { Made, Persona, Row } from '../access/permission-rows/row.js';
import { anOperation } from '../harness/builders/scores.js';
import { buildWorld, type World } from '../harness/builders/world.js';
import { aVisit } from '../harness/builders/visits.js';
import { knock, letIn } from '../harness/knock.js';
import { startApp, type TestApp } from '../harness/start-app.js';

/** Everything of the student's, and about them, that somebody of the school could read. */
const words = [
  ...['Of one sheet', 'A chair', 'What wood can do', 'It bent.', 'Chair Works', 'Ole Bent', 'Bending'],
  ...['The opening', 'A boat', 'qx-comment', 'qx-ask', 'qx-custody'],
];
/** Who is still there. */
const readers: readonly Persona[] = ['advisor', 'guardian', 'otherStudent', 'panelist', 'guest', 'registrar'];
/** A stream that does not end; what it sends are ids and the names that the board has anyway. */
const streams = ['GET /exhibitions/:id/events'];

let app: TestApp;
let world: World;
const made = new Map<Row, Made | undefined>();
const rows = permissionRows.filter(({ route }) => route.startsWith('GET ') && !streams.includes(route));

beforeAll(async () => {
  app = await startApp({ purpose: 'sealed-pages', jobs: false });
  world = await buildWorld(app);
  const { home, ids, people } = world;
  const { student, panelist } = people;
  const collection = (name: string) => app.context.db.connection.collection(name);
  const at = { exhibition: ids['gallery']!, slot: ids['stand']! };
  const visit = await aVisit(app, home, at, student, panelist);
  const feedback = [{ prompt: 'What stayed with me', words: 'qx-comment' }];
  await collection('visits').updateOne({ _id: visit as never }, { $set: { feedback, review: 'held' } });
  const asked = { at: app.context.clock.now(), by: people.guardian.id, reason: 'privacy', note: 'qx-ask' };
  await collection('artifacts').updateOne(
    { _id: ids['artifact'] as never },
    { $set: { removalRequest: asked } },
  );
  await savePersonChange(home.scope, student.id, { custodyNote: 'qx-custody' });
  const [snapshot] = await listNewestSnapshots(home.scope, [student.id], home.termId);
  await saveSlotSnapshot(home.scope, ids['stand']!, snapshot!.id);
  const text = snapshot!.content.entries.find((entry) => entry.text)!;
  const sheet = `/seats/${ids['seat']!}/sheet`;
  const client = await world.client('panelist');
  const { criteria } = (await client.get(sheet)).json<{ criteria: { id: string }[] }>();
  const place = { kind: 'passage', quote: 'Of one sheet', prefix: '', suffix: '', start: 0 };
  const pin = { id: 'a-pin-of-mine', artifactVersionId: text.artifactVersionId, place, note: '' };
  const change = anOperation({ kind: 'add-pin', criterionId: criteria[0]!.id, pin });
  const pinned = await client.post(`${sheet}/operations`, { operations: [change] });
  expect([pinned.status, pinned.text]).toEqual([200, expect.any(String)]);
  // While the student can still sign in.
  for (const row of rows) made.set(row, await row.anew?.(world, 'registrar'));
}, 120_000);
afterAll(() => app.close());

/** `<word> · <persona> <route>` wherever a word is read. */
async function readWords(
  formats: readonly ('json' | 'page')[],
): Promise<{ found: string[]; failed: string[] }> {
  const found: string[] = [];
  const failed: string[] = [];
  const read = async (row: Row, persona: Persona, as: 'json' | 'page'): Promise<void> => {
    const { status, text } = await knock(world, row, persona, made.get(row), as === 'page' ? { as } : {});
    if (status >= 500) failed.push(`${status} ${persona} ${row.route}`);
    found.push(
      ...words.filter((word) => text.includes(word)).map((word) => `${word} · ${persona} ${row.route}`),
    );
  };
  for (const row of rows) {
    const personas = letIn(row).filter((each) => readers.includes(each));
    await Promise.all(personas.flatMap((persona) => formats.map((as) => read(row, persona, as))));
  }
  return { found, failed };
}

describe('every page of the old school', () => {
  it('shows nothing of a student who is sealed', async () => {
    const before = await readWords(['json']);
    expect(words.filter((word) => !before.found.some((each) => each.startsWith(word)))).toEqual([]);
    await savePersonChange(world.home.scope, world.people.student.id, {
      active: false,
      sealedAt: app.context.clock.now(),
    });
    expect(await readWords(['json', 'page'])).toEqual({ found: [], failed: [] });
    for (const persona of readers) {
      const home = await (await world.client(persona)).get('/');
      expect([persona, home.status]).toEqual([persona, 200]);
    }
  }, 120_000);
});
