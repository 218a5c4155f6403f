/** The score sheet without JavaScript: an ordinary form over HTTP, and the rule that turns it into operations. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answersAt } from '../../server/scores/score-form.js';
import { aPanel, anOperation, storedSheet } from '../harness/builders/scores.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { testClock } from '../harness/test-clock.js';

const vision = 'commitment-to-personal-vision';
const learning = 'authentic-new-learning';
const influence = 'application-and-influence';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

/** What a browser would send back for the page as it stands. */
function fieldsOf(html: string): Record<string, string> {
  const fields: Record<string, string> = {};
  const unescape = (text: string) =>
    text
      .replace(/&quot;/g, '"')
      .replace(/&#x27;/g, "'")
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&amp;/g, '&');
  for (const [tag] of html.matchAll(/<input [^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(tag)?.[1];
    const radio = tag.includes('type="radio"');
    if (name && (!radio || tag.includes(' checked')))
      fields[name] = unescape(/value="([^"]*)"/.exec(tag)?.[1] ?? '');
  }
  for (const [, attributes, text] of html.matchAll(/<textarea ([^>]*)>([^<]*)<\/textarea>/g)) {
    const name = /name="([^"]*)"/.exec(attributes ?? '')?.[1];
    if (name) fields[name] = unescape(text ?? '');
  }
  return fields;
}

async function aForm() {
  const panel = await aPanel(app);
  const client = await panel.as('panelist-0');
  const address = `/seats/${panel.seats[0]!.id}/sheet`;
  const open = async (from: Client = client) => fieldsOf((await from.get(address, { as: 'page' })).text);
  const post = (fields: Record<string, string>, then = 'stay') =>
    client.post(`${address}/operations`, { ...fields, then }, { as: 'page' });
  return { panel, client, address, open, post, stored: () => storedSheet(panel, panel.seats[0]!.id) };
}

describe('the sheet as a form', () => {
  it('saves what was chosen and written, shows it again, and goes on to the review', async () => {
    const { open, post, stored, address, client } = await aForm();
    const first = await post({
      ...(await open()),
      [`level.${vision}`]: 'meeting',
      [`level.${learning}`]: ':not-observed',
      [`comment.${vision}`]: 'Two lines,\r\nand "quotes" <b>too</b>.',
      overall: 'Keep going.',
    });
    expect([first.status, first.headers.get('location')]).toEqual([303, address]);
    const sheet = await stored();
    expect(sheet?.answer(vision)).toMatchObject({
      levelId: 'meeting',
      comment: 'Two lines,\nand "quotes" <b>too</b>.',
    });
    expect(sheet?.answer(learning)).toMatchObject({ levelId: null, notObserved: true });
    expect(sheet?.overallComment).toBe('Keep going.');

    const shown = await open();
    expect(shown[`level.${vision}`]).toBe('meeting');
    expect(shown[`level.${learning}`]).toBe(':not-observed');
    expect(shown[`comment.${vision}`]).toBe('Two lines,\nand "quotes" <b>too</b>.');
    const second = await post({ ...shown, [`level.${influence}`]: 'extending' }, 'review');
    expect(second.headers.get('location')).toBe(`${address}/review`);
    expect((await stored())?.journal.length).toBe(5);

    const submitted = await client.post(`${address}/submit`, {}, { as: 'page' });
    expect([submitted.status, (await stored())?.state]).toEqual([303, 'submitted']);
    const sealed = (await client.get(address, { as: 'page' })).text;
    expect(sealed).toContain('sealed');
    expect(sealed).not.toContain('<textarea');
  });

  it('sent twice counts once', async () => {
    const { open, post, stored } = await aForm();
    const fields = { ...(await open()), [`level.${vision}`]: 'meeting', overall: 'Once.' };
    await Promise.all([post(fields), post(fields), post(fields)]);
    expect((await stored())?.journal.length).toBe(2);
  });

  it('of an older window changes only what was changed in it', async () => {
    const { open, post, stored, client, address } = await aForm();
    const older = await open();
    const operations = [
      anOperation({ kind: 'set-level', criterionId: vision, levelId: 'extending' }),
      anOperation({ kind: 'set-overall', comment: 'Written on the phone.' }),
    ];
    await client.post(`${address}/operations`, { operations });
    expect((await post({ ...older, [`level.${learning}`]: 'building' })).status).toBe(303);
    const sheet = await stored();
    expect(sheet?.answer(vision).levelId).toBe('extending');
    expect(sheet?.answer(learning).levelId).toBe('building');
    expect(sheet?.overallComment).toBe('Written on the phone.');
  });

  it('that meets another change of the same field says so, keeps what was typed, and saves it the second time', async () => {
    const { open, post, stored, client, address } = await aForm();
    const older = await open();
    await client.post(`${address}/operations`, {
      operations: [anOperation({ kind: 'set-comment', criterionId: vision, comment: 'From the phone.' })],
    });
    const met = await post({ ...older, [`comment.${vision}`]: 'From the laptop.' });
    expect(met.status).toBe(422);
    expect(met.text).toContain('changed in another window');
    expect((await stored())?.answer(vision).comment).toBe('From the phone.');
    const again = fieldsOf(met.text);
    expect(again[`comment.${vision}`]).toBe('From the laptop.');
    expect((await post(again)).status).toBe(303);
    expect((await stored())?.answer(vision).comment).toBe('From the laptop.');
  });

  it('sent again after such a change undoes nothing of which it did not tell', async () => {
    const { open, post, stored, client, address } = await aForm();
    const older = await open();
    const onPhone = (criterionId: string, comment: string) =>
      client.post(`${address}/operations`, {
        operations: [anOperation({ kind: 'set-comment', criterionId, comment })],
      });
    await onPhone(vision, 'From the phone.');
    await onPhone(influence, 'Nothing to do with it.');
    const met = await post({ ...older, [`comment.${vision}`]: 'From the laptop.' });
    await onPhone(vision, 'From the phone once more.');
    const more = await post(fieldsOf(met.text));
    expect([met.status, more.status]).toEqual([422, 422]);
    expect((await post(fieldsOf(more.text))).status).toBe(303);
    const sheet = await stored();
    expect([sheet?.answer(vision).comment, sheet?.answer(influence).comment]).toEqual([
      'From the laptop.',
      'Nothing to do with it.',
    ]);
  });

  it('with a comment that is too long says so beside it and loses no letter', async () => {
    const { open, post, stored } = await aForm();
    const long = 'a'.repeat(5001);
    const reply = await post({
      ...(await open()),
      [`level.${vision}`]: 'meeting',
      [`comment.${vision}`]: long,
    });
    expect(reply.status).toBe(422);
    expect(reply.text).toContain(`id="f-comment.${vision}-problem"`);
    expect(fieldsOf(reply.text)[`comment.${vision}`]).toBe(long);
    expect((await stored())?.answer(vision).levelId).toBe('meeting');
  });

  it('with a level that does not exist is refused', async () => {
    const { open, post, stored } = await aForm();
    expect((await post({ ...(await open()), [`level.${vision}`]: 'splendid' })).status).toBe(422);
    expect(await stored()).toBeNull();
  });

  it('submitted with rows left open names each beside it', async () => {
    const { client, address } = await aForm();
    const reply = await client.post(`${address}/submit`, {}, { as: 'page' });
    expect(reply.status).toBe(422);
    for (const id of [vision, learning, influence]) {
      expect(reply.text).toContain(`id="f-criteria.${id}"`);
      expect(reply.text).toContain(`href="#f-criteria.${id}"`);
    }
  });
});

describe('the journal', () => {
  it('gives back the answers at every revision', () => {
    const at = testClock.now();
    const journal = [
      { kind: 'set-level', criterionId: 'a', levelId: 'low' },
      { kind: 'not-observed', criterionId: 'a', notObserved: true },
      { kind: 'set-comment', criterionId: 'a', comment: 'words' },
      { kind: 'set-overall', comment: 'all' },
      { kind: 'not-observed', criterionId: 'a', notObserved: false },
    ].map((change, n) => ({ operationId: `${n}`, at, by: 'p', change: change as never }));
    const levels = [0, 1, 2, 3, 4, 5].map((revision) => {
      const { responses, overallComment } = answersAt({ journal }, revision);
      return [responses['a']?.levelId, responses['a']?.notObserved, responses['a']?.comment, overallComment];
    });
    expect(levels).toEqual([
      [undefined, undefined, undefined, ''],
      ['low', false, '', ''],
      [null, true, '', ''],
      [null, true, 'words', ''],
      [null, true, 'words', 'all'],
      [null, false, 'words', 'all'],
    ]);
  });
});
