import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PDFDocument } from '@cantoo/pdf-lib';
import { hashOf } from '../../server/canonical.js';
import { scriptActor, type Actor } from '../../server/access/actor.js';
import { versionsShown } from '../../server/portfolio/portfolio.js';
import { versionsShownTo, type SnapshotPorts } from '../../server/portfolio/snapshot-access.js';
import { workOf } from '../../server/scores/find-work.js';
import { findSnapshotByNumber, listSnapshotKeys } from '../../server/portfolio/portfolio-records.js';
import { createExtentReader } from '../../server/rendering/file-extent.js';
import { anArtifact, dotPng } from '../harness/builders/artifacts.js';
import { aPortfolio, aSnapshot } from '../harness/builders/portfolio.js';
import { startApp, type TestApp } from '../harness/start-app.js';

const vision = 'commitment-to-personal-vision';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface PinsBody {
  pins: { id: string; note: string; criterion: string; place: { kind: string; quote?: string } }[];
  earlier: { id: string; note: string; state: string }[];
}

/** A recording of so many seconds, 1000 samples of nothing each. */
function makeSilence(seconds: number): Buffer {
  const head = Buffer.from('RIFF....WAVEfmt ....................data....', 'latin1');
  const size = seconds * 1000;
  head.writeUInt32LE(36 + size, 4);
  [16, 0x0001_0001, 1000, 1000, 0x0008_0001].forEach((value, at) => head.writeUInt32LE(value, 16 + at * 4));
  head.writeUInt32LE(size, 40);
  return Buffer.concat([head, Buffer.alloc(size, 128)]);
}

/** A student with a portfolio of one text and one picture. */
async function aStudent() {
  const home = await app.aSchool();
  const email = `${randomUUID()}@test.example`;
  const person = await home.person({ name: 'Itzel Núñez', roles: ['student'], email });
  const text = await anArtifact(app, home, {
    studentId: person.id,
    title: 'Report',
    text: 'It bent. It held.',
  });
  const picture = await anArtifact(app, home, { studentId: person.id, title: 'Chair' });
  const portfolio = await aPortfolio(app, home, {
    ...{ studentId: person.id, rubric: 'exhibition' },
    artifactIds: [text.artifact.id, picture.artifact.id],
  });
  const client = await app.as(email);
  const path = `/portfolios/${portfolio.id}`;
  const [first, second] = portfolio.entries.map(({ id }) => `${path}/entries/${id}/pins`);
  const revision = async () => (await client.get(path)).json<{ revision: number }>().revision;
  return {
    ...{ home, client, path, text, picture, portfolio, revision },
    entries: { text: first!, picture: second! },
    submit: async () => client.post(`${path}/submit`, { revision: await revision() }),
    snapshot: async () => {
      const [newest] = await listSnapshotKeys(home.scope, portfolio.id);
      return (await findSnapshotByNumber(home.scope, portfolio.id, newest!.number))!;
    },
    pins: async (of: string) => (await client.get(of)).json<PinsBody>(),
  };
}

describe("a student's own pins", () => {
  it('are set by the fields of the page, and frozen with the version that they are on', async () => {
    const { client, entries, pins, submit, snapshot, path, text } = await aStudent();
    const page = (await client.get(entries.text, { as: 'page' })).text;
    for (const words of ['It bent. It held.', 'It is proof of', 'Exactly as they appear'])
      expect(page).toContain(words);
    const wrong = await client.post(entries.text, { criterionId: vision, quote: 'It flew' }, { as: 'page' });
    expect([wrong.status, wrong.text.includes('These words are not in the text')]).toEqual([422, true]);
    const sent = { id: 'my-own-nonce', criterionId: vision, quote: 'It  held', note: 'here' };
    for (let twice = 0; twice < 2; twice += 1)
      expect((await client.post(entries.text, sent, { as: 'page' })).headers.get('location')).toBe(
        entries.text,
      );
    const region = { kind: 'region', x: 0, y: 0.5, width: 0.5, height: 0.5 };
    expect((await client.post(entries.picture, { criterionId: vision, place: region })).status).toBe(201);
    expect((await pins(entries.text)).pins).toMatchObject([
      { note: 'here', criterion: 'Commitment to Personal Vision', place: { quote: 'It held' } },
    ]);
    expect((await client.get(path, { as: 'page' })).text).toContain('1 place pinned');

    expect((await submit()).status).toBe(201);
    const { content, hash } = await snapshot();
    expect(hashOf(content)).toBe(hash);
    expect(content.entries.map((entry) => entry.pins?.length)).toEqual([1, 1]);
    expect(content.entries[0]!.pins![0]).toMatchObject({ artifactVersionId: text.version.id, note: 'here' });
    expect((await client.get(`${path}/snapshots/1`, { as: 'page' })).text).toContain('“It held”');
  });

  it('are refused beyond the end of the work, beside the field, with the end that it has', async () => {
    const { home, client, portfolio } = await aStudent();
    const pdf = await PDFDocument.create();
    for (let page = 0; page < 5; page += 1) pdf.addPage([300, 400]);
    const works = [
      { name: 'plans.pdf', bytes: Buffer.from(await pdf.save()) },
      { name: 'talk.wav', bytes: makeSilence(40) },
      { name: 'broken.pdf', bytes: Buffer.from('%PDF-1.7 and nothing else but %%EOF') },
      { name: 'broken.wav', bytes: makeSilence(40).subarray(0, 20) },
    ];
    const { studentId } = portfolio;
    const made = [];
    for (const work of works) made.push((await anArtifact(app, home, { studentId, ...work })).artifact.id);
    const { id, entries } = await aPortfolio(app, home, {
      ...{ studentId, rubric: 'exhibition', artifactIds: made },
    });
    const [plans, talk, broken, cut] = entries.map((entry) => `/portfolios/${id}/entries/${entry.id}/pins`);
    const page = (await client.get(plans!, { as: 'page' })).text;
    expect([page.includes('max="5"'), page.includes('The file has 5 pages')]).toEqual([true, true]);
    expect((await client.get(talk!, { as: 'page' })).text).toContain('The recording is 0:40 long.');

    const cases: [string, object, string | null, string][] = [
      [plans!, { page: '5' }, null, ''],
      [plans!, { page: '999' }, 'page', 'from 1 to 5'],
      [plans!, { place: { kind: 'page', page: 6 } }, 'place', 'from 1 to 5'],
      [talk!, { from: '0:40' }, null, ''],
      [talk!, { from: '9:00' }, 'from', '0:40 long'],
      [talk!, { from: '0:10', to: '0:41' }, 'to', '0:40 long'],
      [talk!, { from: '9:99' }, 'from', 'seconds below 60'],
      [talk!, { from: '0:20', to: '0:10' }, 'to', 'before the beginning'],
      [talk!, { place: { kind: 'time', from: 540 } }, 'place', '0:40 long'],
      // Of a file that cannot be read nobody knows the end: a pin stands for all of it.
      [broken!, { page: '999' }, 'page', "can't be counted"],
      [broken!, { place: { kind: 'page', page: 1 } }, 'place', "can't be counted"],
      [broken!, {}, null, ''],
      [cut!, { from: '0:01' }, 'from', "can't be read"],
      [cut!, { place: { kind: 'time', from: 1 } }, 'place', "can't be read"],
      [cut!, { place: { kind: 'whole' } }, null, ''],
      [plans!, { place: { kind: 'whole' } }, 'place', 'another kind of place'],
    ];
    for (const [path, place, field, words] of cases) {
      const reply = await client.post(path, { criterionId: vision, ...place });
      const told = reply.json<{ error?: { fields: { field: string; message: string }[] } }>().error
        ?.fields[0];
      expect([place, reply.status, told?.field ?? null]).toEqual([place, field ? 422 : 201, field]);
      expect(told?.message ?? '').toContain(words);
    }
    for (const path of [broken!, cut!]) {
      const html = (await client.get(path, { as: 'page' })).text;
      expect([html.includes('name="page"'), html.includes('name="from"')]).toEqual([false, false]);
      const [pin] = (await client.get(path)).json<{ pins: { href: string; place: object }[] }>().pins;
      expect(pin!.place).toEqual({ kind: 'whole' });
      expect((await client.get(pin!.href, { as: 'page' })).status).toBe(200);
    }
    const shown = await client.post(talk!, { criterionId: vision, from: '9:00' }, { as: 'page' });
    expect(shown.text).toMatch(/This recording is 0:40 long[\s\S]*?value="9:00"/);
  });

  it('know the end of a work that took too long to read once', async () => {
    const bytes = makeSilence(40);
    let hangs = true;
    const read = (_key: string, range?: { start: number; end: number }) =>
      hangs
        ? new Promise<Readable>(() => undefined)
        : Promise.resolve(Readable.from([bytes.subarray(range?.start, (range?.end ?? bytes.length) + 1)]));
    const reader = createExtentReader({ read }, 2000);
    const file = { key: 'talk', type: 'audio/wav', bytes: bytes.length };
    expect(await reader.read(file)).toBeNull();
    hangs = false;
    expect(await reader.read(file)).toEqual({ seconds: 40 });
    await reader.close();
  });

  it('stay when the portfolio is changed as a whole, and go with their entry or their rubric', async () => {
    const { client, entries, pins, path, portfolio, revision } = await aStudent();
    await client.post(entries.text, { criterionId: vision, quote: 'It held' });
    const words = { title: 'Other words', statement: '', rubric: 'exhibition' };
    const shown = portfolio.entries.map(({ id, artifactId }) => ({ id, artifactId, reflection: 'New' }));
    await client.put(path, { ...words, entries: shown, revision: await revision() });
    expect((await pins(entries.text)).pins).toHaveLength(1);
    await client.put(path, { ...words, rubric: 'agency', revision: await revision() });
    expect((await pins(entries.text)).pins).toEqual([]);
    const refused = await client.post(entries.text, { criterionId: vision, quote: 'It held' });
    expect(refused.status).toBe(422);
  });

  it('on an earlier version are shown, and each is kept, moved or removed before anything is submitted', async () => {
    const { home, client, entries, pins, path, text, picture, portfolio, revision, submit, snapshot } =
      await aStudent();
    const region = { kind: 'region', x: 0, y: 0.5, width: 0.5, height: 0.5 };
    await client.post(entries.text, { criterionId: vision, quote: 'It held' });
    for (const note of ['kept', 'moved', 'elsewhere', 'removed'])
      await client.post(entries.picture, { criterionId: vision, place: region, note });
    const newVersion = () => {
      const data = new FormData();
      data.append('file', new Blob([new Uint8Array(dotPng)]), 'again.png');
      return client.send('POST', `/artifacts/${picture.artifact.id}/versions`, data);
    };
    await client.post(`/artifacts/${text.artifact.id}/versions`, { text: 'In the end: It bent. It held.' });
    expect((await newVersion()).status).toBe(201);

    for (const page of [path, `${path}/submit`, entries.picture]) {
      const shown = (await client.get(page, { as: 'page' })).text;
      expect([page, shown.split('Not decided yet').length]).toEqual([page, 5]);
    }
    const review = (await client.get(`${path}/submit`, { as: 'page' })).text;
    expect(review).toContain('4 pins are on earlier versions of their works');
    expect(review).toContain('Its words are also in version 2; it will move there');
    const refused = await client.post(`${path}/submit`, { revision: await revision() }, { as: 'page' });
    expect([refused.status, refused.text.includes('4 pins are on earlier versions (Chair)')]).toEqual([
      ...[422, true],
    ]);

    const idOf = async (note: string) =>
      (await pins(entries.picture)).earlier.find((pin) => pin.note === note)!.id;
    const act = async (note: string, verb: string) =>
      client.post(`${entries.picture}/${await idOf(note)}/${verb}`, { then: 'review' }, { as: 'page' });
    for (const [note, verb] of [
      ['kept', 'keep'],
      ['moved', 'move'],
      ['removed', 'remove'],
    ] as const)
      expect((await act(note, verb)).headers.get('location')).toBe(`${path}/submit`);
    expect((await submit()).status).toBe(422);
    const moving = await idOf('elsewhere');
    const editor = (await client.get(`${entries.picture}?move=${moving}`, { as: 'page' })).text;
    expect(editor).toMatch(new RegExp(`name="replaces" value="${moving}"`));
    const fields = { x: '10', y: '10', width: '20', height: '20' };
    await client.post(entries.picture, {
      criterionId: vision,
      ...fields,
      note: 'elsewhere',
      replaces: moving,
    });

    expect((await submit()).status).toBe(201);
    const { content, hash } = await snapshot();
    const [report, chair] = content.entries;
    expect(hashOf(content)).toBe(hash);
    expect(report).toMatchObject({ versionNumber: 2, pins: [{ place: { quote: 'It held', start: 21 } }] });
    expect(report).not.toHaveProperty('earlier');
    expect(chair).toMatchObject({
      ...{ versionNumber: 2, pins: [{ note: 'moved', place: region }, { note: 'elsewhere' }] },
      earlier: [{ versionNumber: 1, artifactVersionId: picture.version.id, pins: [{ note: 'kept' }] }],
    });
    for (const version of versionsShown(chair!))
      for (const pin of version.pins!) expect(pin.artifactVersionId).toBe(version.artifactVersionId);
    expect(JSON.stringify(content)).not.toContain('keptFor');

    // The panel has the earlier version before it, too, and whoever sees the snapshot opens it.
    const pieces = workOf(await snapshot()).pieces.filter(({ title }) => title === 'Chair');
    expect(pieces.map((each) => [each.versionNumber, each.isEarlier, each.pins.length])).toEqual([
      [2, false, 2],
      [1, true, 1],
    ]);
    const onPanel: SnapshotPorts = {
      listShowings: async (_scope, _actor, shown) =>
        shown.map(({ id }) => ({ snapshotId: id, endedAt: null })),
    };
    const guest: Actor = { ...scriptActor(home.scope, 'x'), personId: 'a-panelist', roles: ['guest'] };
    const now = app.context.clock.now();
    const { numbers } = await versionsShownTo(onPanel, home.scope, guest, picture.artifact, now);
    expect(numbers).toEqual([2, 1]);
    expect((await client.get(`${path}/snapshots/1`, { as: 'page' })).text).toContain('on version 1');

    // With the next version it is asked about again.
    await newVersion();
    expect((await pins(entries.picture)).earlier.map(({ state }) => state)).toEqual(
      Array(3).fill('undecided'),
    );
    expect(portfolio.id).toBe(path.split('/').at(-1));
  });

  it('are reviewed as they are submitted: a version that came meanwhile is looked at first', async () => {
    const { client, path, text, revision } = await aStudent();
    const page = (await client.get(`${path}/submit`, { as: 'page' })).text;
    const reviewed = /name="reviewed" value="([0-9a-f]{64})"/.exec(page)?.[1];
    await client.post(`/artifacts/${text.artifact.id}/versions`, { text: 'Not reviewed.' });
    const body = { revision: await revision(), reviewed };
    const refused = await client.post(`${path}/submit`, body, { as: 'page' });
    expect([refused.status, refused.text.includes('Not reviewed.')]).toEqual([409, true]);
    const again = /name="reviewed" value="([0-9a-f]{64})"/.exec(refused.text)?.[1];
    expect((await client.post(`${path}/submit`, { ...body, reviewed: again })).status).toBe(201);
  });

  it('leave a snapshot without any with the hash that it always had', async () => {
    const home = await app.aSchool();
    const { snapshot } = await aSnapshot(app, home);
    expect(Object.keys(snapshot.content.entries[0]!).sort()).toEqual(
      [
        ...[
          'altText',
          'artifactId',
          'artifactVersionId',
          'caption',
          'criterionIds',
          'file',
          'kind',
          'medium',
        ],
        ...['reflection', 'sha256', 'text', 'title', 'url', 'versionNumber'],
      ].sort(),
    );
  });
});
