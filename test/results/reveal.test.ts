/** The reveal, read in whole answers: who sees what before their own sheet, before the reveal and after it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { aTalkingPanel, type Talking } from '../harness/builders/reveal.js';
import { fillSheet } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface RevealBody {
  revealed: boolean;
  awaited: string[];
  voices: object[];
  rows: { id: string; levels: { id: string; marks: { initials: string; label: string }[] }[] }[];
  agreeing: { id: string; name: string }[];
}

const twoOfThree = [
  ['extending', 'meeting'],
  ['beginning', 'meeting'],
];
const everybody = ['student', 'guardian', 'otherStudent', 'otherAdvisor', 'advisor', 'registrar', 'admin'];

/** Every answer of the panel's pages to this person, whole, as program and as browser. */
async function answersTo(panel: Talking, who: string): Promise<string[]> {
  const client = await panel.as(who);
  const bodies: string[] = [];
  for (const address of ['result', 'reveal', 'reveal?revise=x', 'reveal?decide=x']) {
    for (const as of ['json', 'page'] as const) {
      const { status, text } = await client.get(`/slots/${panel.slotId}/${address}`, { as });
      bodies.push(`${address} ${as} ${status}\n${text}`);
    }
  }
  return bodies;
}

/** Addresses whose answer carries words or levels of anybody. */
const leaking = (bodies: string[]) =>
  bodies.filter((body) => /canary-|extending|Extending/.test(body)).map((body) => body.split('\n')[0]);

describe('before the own sheet is in', () => {
  it.each([
    ['while others are in', async () => undefined],
    ['after the chair has opened the voices', async (panel: Talking) => panel.open('panelist-0')],
    ['after the exhibition is closed', async (panel: Talking) => panel.moveTo('closed', 'scoring')],
  ])('a panelist gets 403 and no content, %s', async (_when, happens) => {
    const panel = await aTalkingPanel(app, twoOfThree);
    await happens(panel);
    for (const as of ['json', 'page'] as const) {
      const reply = await panel.reveal('panelist-2', as);
      expect([reply.status, /canary-|xtending|eginning/.test(reply.text)]).toEqual([403, false]);
    }
    expect(leaking(await answersTo(panel, 'panelist-2'))).toEqual([]);
  });

  it('also after publishing', async () => {
    const panel = await aTalkingPanel(app, twoOfThree);
    await panel.moveTo('closed', 'scoring');
    expect((await panel.publish()).status).toBe(200);
    expect((await panel.reveal('panelist-2')).status).toBe(403);
  });
});

describe('before the reveal', () => {
  it('a panelist whose sheet is in learns who is awaited, and no voice', async () => {
    const panel = await aTalkingPanel(app, twoOfThree);
    for (const who of ['panelist-0', 'panelist-1']) {
      const view = (await panel.reveal(who)).json<RevealBody>();
      expect(view).toMatchObject({
        revealed: false,
        awaited: ['Jun Sato'],
        voices: [],
        rows: [],
        agreeing: [],
      });
      expect(leaking(await answersTo(panel, who))).toEqual([]);
    }
  });

  it.each(['student', 'guardian', 'otherStudent', 'otherAdvisor'])('%s gets 403', async (who) => {
    const panel = await aTalkingPanel(app, twoOfThree);
    expect((await panel.reveal(who)).status).toBe(403);
    expect(leaking(await answersTo(panel, who))).toEqual([]);
  });
});

describe('the reveal', () => {
  it('comes when the last sheet is in, and shows the rows that differ with every voice, the others by name', async () => {
    const panel = await aTalkingPanel(app, twoOfThree);
    expect((await panel.reveal('panelist-0')).json<RevealBody>().revealed).toBe(false);
    await fillSheet(await panel.as('panelist-2'), panel.seats[2]!.id, ['building', 'meeting']);
    const reply = await panel.reveal('panelist-2');
    const view = reply.json<RevealBody>();
    expect(view.revealed).toBe(true);
    expect(view.rows.map((row) => row.id)).toEqual([panel.rows[0], panel.rows[2]]);
    expect(view.agreeing.map((row) => row.id)).toEqual([panel.rows[1]]);
    expect(view.rows[0]!.levels.map(({ marks }) => marks)).toEqual([
      [{ initials: 'AO', label: 'Amara Okafor, Advisor' }],
      [{ initials: 'JS', label: 'Jun Sato, Mentor' }],
      [],
      [{ initials: 'NH', label: 'Noor Haddad, Staff' }],
    ]);
    for (const word of ['canary-0', 'canary-1']) expect(reply.text).toContain(word);
    const { text } = await panel.reveal('panelist-2', 'page');
    expect(text).toContain('The scores differ on 2 criteria');
    expect(text).toContain('<abbr title="Noor Haddad, Staff">NH</abbr>');
  });

  it('says of a row that agrees no more than its name', async () => {
    const panel = await aTalkingPanel(app, [['meeting'], ['meeting'], ['building']]);
    const reply = await panel.reveal('panelist-1');
    expect(reply.json<RevealBody>()).toMatchObject({ revealed: true, rows: [] });
    expect(reply.text).not.toMatch(/canary-|eeting/);
    expect((await panel.reveal('panelist-1', 'page')).text).toContain('nothing to settle');
  });

  it.each(['student', 'guardian'])('is never for the %s, who waits for the result', async (who) => {
    const panel = await aTalkingPanel(app);
    expect((await panel.reveal(who)).status).toBe(403);
    expect(leaking(await answersTo(panel, who))).toEqual([]);
  });
});

describe('opening before the last sheet', () => {
  const cases: [string, number][] = [
    ['panelist-0', 200],
    ['registrar', 200],
    ['admin', 200],
    ['panelist-1', 403],
    ['panelist-2', 403],
    ['otherAdvisor', 403],
    ['student', 403],
    ['guardian', 403],
  ];
  it.each(cases)('%s gets %i', async (who, status) => {
    const panel = await aTalkingPanel(app, twoOfThree);
    expect((await panel.open(who)).status).toBe(status);
    expect((await panel.reveal('panelist-1')).json<RevealBody>().revealed).toBe(status === 200);
  });

  it('is written down once, with who did it', async () => {
    const panel = await aTalkingPanel(app, twoOfThree);
    await Promise.all([panel.open('registrar'), panel.open('panelist-0'), panel.open('registrar')]);
    const acts = (await listEntriesFrom(panel.home.scope, 1, 500)).filter(
      (entry) => entry.act === 'results.reveal',
    );
    expect(acts.map(({ subject, detail }) => [subject.id, detail])).toEqual([
      [panel.slotId, expect.objectContaining({ submitted: 2, awaited: 1 })],
    ]);
  });

  it('is not for a chair whose own sheet is awaited, and nothing can be opened where nothing is in', async () => {
    const panel = await aTalkingPanel(app, []);
    expect((await panel.open('panelist-0')).status).toBe(403);
    expect((await panel.open('registrar')).status).toBe(409);
  });

  it('is nothing to another school', async () => {
    const [panel, elsewhere] = [await aTalkingPanel(app), await aTalkingPanel(app)];
    const stranger = await elsewhere.as('admin');
    const slot = `/slots/${panel.slotId}`;
    expect((await stranger.get(`${slot}/reveal`)).status).toBe(404);
    // Before the panel's first turn and after it.
    for (const kind of ['before', 'after']) {
      const decision = { criterionId: panel.rows[0], kind: 'moderation', levelId: 'meeting', reason: kind };
      const knocks = [
        await stranger.post(`${slot}/reveal`),
        await stranger.post(`${slot}/decisions`, decision),
        await stranger.post(`${slot}/result/publish`),
      ];
      expect([kind, ...knocks.map(({ status }) => status)]).toEqual([kind, 404, 404, 404]);
      expect((await panel.decide('panelist-0', decision)).status).toBe(201);
    }
  });

  it('everybody else reads what they read before', async () => {
    const panel = await aTalkingPanel(app, twoOfThree);
    const before = await Promise.all(everybody.slice(0, 4).map((who) => answersTo(panel, who)));
    await panel.open('panelist-0');
    expect(await Promise.all(everybody.slice(0, 4).map((who) => answersTo(panel, who)))).toEqual(before);
  });
});
