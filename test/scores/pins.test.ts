import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mergeOperation } from '../../server/scores/merge-operation.js';
import { sealHolds, type Operation, type ScoreSheet } from '../../server/scores/score-sheet.js';
import { pinsOn } from '../../server/scores/sheet-pins.js';
import { aPin, aPinningPanel, type PinningOptions } from '../harness/builders/pins.js';
import { anOperation, aPanel, fillSheet, storedSheet } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';

const vision = 'commitment-to-personal-vision';
const learning = 'authentic-new-learning';
const corner = { kind: 'region', x: 0.1, y: 0.2, width: 0.3, height: 0.4 };

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface PinBody {
  id: string;
  title: string;
  href: string;
  note: string;
  taken?: boolean;
  place: { kind: string };
}
interface SheetBody {
  criteria: { id: string; asksForPin: boolean; pins: PinBody[]; suggested: PinBody[] }[];
}
interface ErrorBody {
  error: { code: string; message: string; fields?: { field: string; message: string }[] };
}

async function aScorer(options: PinningOptions = {}) {
  const panel = await aPinningPanel(app, options);
  const { seatId, client } = panel;
  return {
    ...panel,
    home: `/seats/${seatId}/sheet`,
    stored: async () => (await storedSheet(panel, seatId))!,
    rows: async () => (await client.get(`/seats/${seatId}/sheet`)).json<SheetBody>().criteria,
  };
}

describe('pins on a score sheet', () => {
  it('point into the frozen work, one kind of place for each kind of work', async () => {
    const { send, version, rows } = await aScorer();
    const pins = [
      aPin(vision, version.picture, corner, 'the joint'),
      aPin(vision, version.pdf, { kind: 'page', page: 2 }),
      aPin(vision, version.sound, { kind: 'time', from: 3.14, to: 5 }),
      aPin(vision, version.text, { kind: 'passage', quote: 'It held', prefix: '', suffix: '', start: 0 }),
      aPin(vision, version.link, { kind: 'whole' }),
    ];
    expect((await send(pins)).status).toBe(200);
    const shown = (await rows()).find(({ id }) => id === vision)!.pins;
    expect(shown.map(({ place }) => place.kind).sort()).toEqual([
      ...['page', 'passage', 'region', 'time', 'whole'],
    ]);
    const byKind = (kind: string) => shown.find(({ place }) => place.kind === kind)!;
    expect(byKind('region')).toMatchObject({ title: 'The picture', note: 'the joint' });
    expect(byKind('time').place).toEqual({ kind: 'time', from: 3.1, to: 5 });
    expect(byKind('passage').place).toMatchObject({ quote: 'It held', start: 59 });
    expect(byKind('page').href).toContain('at=page%3A2');
  });

  it.each<[string, string, object]>([
    ['a page of a picture', 'picture', { kind: 'page', page: 1 }],
    ['beyond the edge', 'picture', { ...corner, x: 0.9 }],
    ['words that are not there', 'text', { kind: 'passage', quote: 'I quit', start: 0 }],
    ['the whole of a recording', 'sound', { kind: 'whole' }],
    ['a page after the last', 'pdf', { kind: 'page', page: 4 }],
    ['a moment after the end', 'sound', { kind: 'time', from: 7 }],
  ])('refuse %s and nothing of the batch is applied', async (_name, kind, place) => {
    const { send, version, stored } = await aScorer();
    const level = anOperation({ kind: 'set-level', criterionId: vision, levelId: 'meeting' });
    await send([level]);
    const comment = anOperation({ kind: 'set-comment', criterionId: vision, comment: 'seen' });
    const reply = await send([comment, aPin(vision, version[kind as 'text'], place)]);
    expect(reply.status).toBe(422);
    expect(reply.json<ErrorBody>().error.fields?.[0]?.field).toMatch(/^operations\.1\.pin/);
    expect((await stored()).journal).toHaveLength(1);
  });

  it('stand for the whole of a file whose pages cannot be counted, unless the student pinned one', async () => {
    const old = { kind: 'page', page: 7 };
    const panel = await aPinningPanel(app, {
      ...{ damaged: true, suggest: [{ kind: 'damaged', criterionId: vision, place: old }] },
    });
    const { damaged } = panel.version;
    const places = [{ kind: 'page', page: 999 }, { kind: 'whole' }, old];
    expect((await panel.send(places.map((place) => aPin(vision, damaged, place)))).status).toBe(200);
    const sheet = (await panel.client.get(`/seats/${panel.seatId}/sheet`)).json<SheetBody>();
    const kept = sheet.criteria.find(({ id }) => id === vision)!.pins.map(({ place }) => place);
    expect(kept.filter(({ kind }) => kind === 'whole')).toHaveLength(2);
    expect(kept.filter(({ kind }) => kind === 'page')).toEqual([old]);
    const path = `/seats/${panel.seatId}/sheet/pins/${vision}?work=${damaged}`;
    const page = (await panel.client.get(path, { as: 'page' })).text;
    expect([page.includes('name="page"'), page.includes('A pin marks the whole file')]).toEqual([
      false,
      true,
    ]);
  });

  it('refuse work that is not before this panel', async () => {
    const [one, other] = [await aScorer(), await aScorer()];
    const reply = await one.send([aPin(vision, other.version.picture, corner)]);
    expect(reply.status).toBe(422);
    expect(reply.json<ErrorBody>().error.fields?.[0]?.message).toBe('This panel does not see this work.');
  });

  it('are sent twice and count once; removed they stay away, whatever comes late', async () => {
    const { send, version, stored } = await aScorer();
    const pin = aPin(vision, version.picture, corner);
    await Promise.all(Array.from({ length: 8 }, () => send([pin])));
    expect(pinsOn(await stored(), vision)).toHaveLength(1);
    await send([anOperation({ kind: 'remove-pin', criterionId: vision, pinId: pin.pin.id })]);
    expect(pinsOn(await stored(), vision)).toEqual([]);
    await send([anOperation({ ...pin })]);
    await send([{ ...pin, id: `${pin.id}-again` }]);
    expect(pinsOn(await stored(), vision)).toEqual([]);
  });

  it('come in any order and any number and end in the same state, without a conflict', () => {
    const place = { kind: 'page', page: 1 } as const;
    const change = (n: number): Operation => {
      const pinId = `pin-${Math.floor(n / 2)}`;
      const origin = { id: `op-${n}-long`, device: `device-${n % 3}`, seen: 0, sequence: n };
      return n % 2 === 0
        ? {
            ...origin,
            kind: 'add-pin',
            criterionId: vision,
            pin: { id: pinId, artifactVersionId: 'v', place, note: '' },
          }
        : { ...origin, kind: 'remove-pin', criterionId: vision, pinId };
    };
    const sent = [0, 1, 2, 4, 5, 6].map(change);
    fc.assert(
      fc.property(fc.shuffledSubarray([...sent, ...sent], { minLength: 12 }), (arriving) => {
        const sheet = { responses: {}, overallComment: '', journal: [], revision: 0 } as never as ScoreSheet;
        for (const operation of arriving) {
          if (sheet.journal.some(({ operationId }) => operationId === operation.id)) continue;
          const settled = mergeOperation(sheet, operation, new Date(0))!;
          const { outcome, fields } = settled;
          for (const [path, value] of Object.entries(fields)) {
            const [, row = '', , pin = ''] = path.split('.');
            const others = Object.entries({ ...sheet.responses[row]?.pins }).filter(([id]) => id !== pin);
            const there = value === undefined ? [] : [[pin, value] as const];
            sheet.responses[row] = { pins: Object.fromEntries([...others, ...there]) as never };
          }
          sheet.journal.push({
            ...{ operationId: operation.id, at: new Date(0), by: 'p', change: settled.change },
            ...(outcome ? { outcome } : {}),
          });
          sheet.revision += 1;
          expect(settled.conflicts).toEqual([]);
        }
        expect(
          pinsOn(sheet, vision)
            .map(({ id }) => id)
            .sort(),
        ).toEqual(['pin-1', 'pin-3']);
      }),
    );
  });

  it('are covered by the seal', async () => {
    const { send, version, stored, client, seatId, home } = await aScorer();
    await send([aPin(vision, version.picture, corner)]);
    await fillSheet(client, seatId, ['meeting']);
    const sheet = await stored();
    expect([sheet.state, sealHolds(sheet)]).toEqual(['submitted', true]);
    const pin = pinsOn(sheet, vision)[0]!;
    const moved = { ...pin, place: { ...corner, kind: 'region' as const, x: 0.11 } };
    const responses = {
      ...sheet.responses,
      [vision]: { ...sheet.responses[vision], pins: { [pin.id]: moved } },
    };
    expect(sealHolds({ ...sheet, responses })).toBe(false);
    const late = await send([aPin(vision, version.picture, corner)]);
    expect([late.status, late.json<ErrorBody>().error.code]).toEqual([409, 'sealed']);
    expect((await client.get(home, { as: 'page' })).text).toContain('Part of the picture');
  });

  it('of one panelist are nowhere in what another gets before the seal opens', async () => {
    const panel = await aScorer();
    await panel.send([aPin(vision, panel.version.picture, corner, 'canary said in confidence')]);
    const other = await panel.as('panelist-2');
    const seat = `/seats/${panel.seats[2]!.id}/sheet`;
    for (const path of [seat, `${seat}/pins/${vision}`, `/slots/${panel.slotId}/result`]) {
      expect((await other.get(path)).text).not.toContain('canary');
    }
    const evidence = `/slots/${panel.slotId}/result/evidence/${vision}`;
    for (const who of ['panelist-2', 'student', 'guardian', 'otherStudent'])
      expect((await (await panel.as(who)).get(evidence)).status).toBe(403);
    expect((await other.get(`/seats/${panel.seatId}/sheet/pins/${vision}`)).status).toBe(403);
  });
});

describe('a row that asks for a pin', () => {
  it('stops the submission beside the row, until it has one', async () => {
    const { client, seatId, send, version, home, rows } = await aScorer({ pinned: [vision, learning] });
    await fillSheet(client, seatId, ['meeting', null], { submit: false });
    expect((await rows()).map(({ asksForPin }) => asksForPin)).toEqual([true, true, false]);
    const refused = await client.post(`${home}/submit`);
    // The second row was not observed: there is nothing to prove.
    expect([refused.status, refused.json<ErrorBody>().error.fields]).toEqual([
      422,
      [
        {
          field: `criteria.${vision}`,
          message: 'Commitment to Personal Vision: please pin the place in the work where you saw it.',
        },
      ],
    ]);
    const page = await client.post(`${home}/submit`, {}, { as: 'page' });
    expect(page.text).toContain('please pin the place in the work');
    await send([aPin(vision, version.picture, corner)]);
    expect((await client.post(`${home}/submit`)).status).toBe(200);
  });

  it('asks for none where no work lies before the panel', async () => {
    const panel = await aPanel(app, { pinned: [vision] });
    await fillSheet(await panel.as('panelist-0'), panel.seats[0]!.id, ['meeting']);
    expect((await storedSheet(panel, panel.seats[0]!.id))?.state).toBe('submitted');
  });
});

describe('the page without a script', () => {
  it('takes over what the student suggests, pins by its fields, and removes', async () => {
    const suggest = [{ kind: 'picture' as const, criterionId: vision, place: corner, note: 'my best joint' }];
    const { client, home, rows, version, stored } = await aScorer({ suggest });
    const page = (await client.get(`${home}/pins/${vision}`, { as: 'page' })).text;
    for (const words of ['The student points to', 'my best joint', 'From the left'])
      expect(page).toContain(words);
    const suggested = (await rows()).find(({ id }) => id === vision)!.suggested[0]!;
    expect(suggested.taken).toBe(false);
    const took = await client.post(
      `${home}/operations`,
      {
        base: '0',
        nonce: 'nonce-1234',
        pin: `take:${vision}:${suggested.id}`,
        [`level.${vision}`]: 'meeting',
      },
      { as: 'page' },
    );
    expect([took.status, took.headers.get('location')]).toEqual([303, `${home}#c-${vision}`]);
    const row = (await rows()).find(({ id }) => id === vision)!;
    expect([row.pins.length, row.suggested[0]!.taken]).toEqual([1, true]);
    expect((await stored()).answer(vision).levelId).toBe('meeting');

    const fields = { id: 'form-nonce-1', criterionId: vision, artifactVersionId: version.sound };
    const wrong = await client.post(`${home}/pins`, { ...fields, from: 'soon' }, { as: 'page' });
    expect([wrong.status, wrong.text.includes('Please enter a time like 1:23')]).toEqual([422, true]);
    for (let twice = 0; twice < 2; twice += 1) {
      const pinned = await client.post(`${home}/pins`, { ...fields, from: '0:03', to: '' }, { as: 'page' });
      expect([pinned.status, pinned.headers.get('location')]).toEqual([303, `${home}#c-${vision}`]);
    }
    expect(pinsOn(await stored(), vision)).toHaveLength(2);
    const percent = { x: '10', y: '20', width: '30,5', height: '40' };
    const picture = { id: 'form-nonce-2', criterionId: learning, artifactVersionId: version.picture };
    await client.post(`${home}/pins`, { ...picture, ...percent }, { as: 'page' });
    expect(pinsOn(await stored(), learning)[0]?.place).toEqual({ ...corner, width: 0.305 });

    await client.post(`${home}/pins/form-nonce-2/remove`, { criterionId: learning }, { as: 'page' });
    expect(pinsOn(await stored(), learning)).toEqual([]);
    const dropped = await client.post(
      `${home}/operations`,
      { base: '9', nonce: 'nonce-1234', pin: `drop:${vision}:${row.pins[0]!.id}` },
      { as: 'page' },
    );
    expect(dropped.headers.get('location')).toBe(`${home}#c-${vision}`);
    expect(pinsOn(await stored(), vision)).toHaveLength(1);
    const open = {
      base: '9',
      nonce: 'nonce-1234',
      pin: `open:${vision}`,
      overall: 'Typed and not yet saved.',
    };
    const opened = await client.post(`${home}/operations`, open, { as: 'page' });
    expect(opened.headers.get('location')).toBe(`${home}/pins/${vision}`);
    expect((await stored()).overallComment).toBe('Typed and not yet saved.');
  });
});
