/** The seal, tested on what leaves the server: whole bodies, as programs and as browsers get them. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { features } from '../../server/app.js';
import { saveSchoolChange } from '../../server/school/school-records.js';
import { aPanel, fillSheet, type TestPanel } from '../harness/builders/scores.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { publishSlot } from '../harness/builders/publishing.js';

const secretWords = 'canary-7f3a said in confidence';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

/** Every address of the router that can be read and has to do with the panel, its student or nothing in particular. */
function addressesAround(panel: TestPanel): string[] {
  const ids: Record<string, string[]> = {
    slots: [panel.slotId],
    seats: panel.seats.map((seat) => seat.id),
    exhibitions: [panel.exhibitionId],
    students: [panel.people.student.id],
    people: [panel.people.student.id],
    terms: [panel.home.termId],
  };
  const paths = features.flatMap((router) =>
    router.entries.filter((entry) => entry.method === 'get').map((entry) => entry.path),
  );
  return paths.flatMap((path) => {
    if (!path.includes(':')) return [path];
    if (path.replace(':id', '').includes(':')) return [];
    return (ids[path.split('/')[1] ?? ''] ?? []).map((id) => path.replace(':id', id));
  });
}

/** As a program gets them, and as a browser does where there is something to see. */
async function bodiesFor(client: Client, panel: TestPanel): Promise<Map<string, string>> {
  const bodies = new Map<string, string>();
  for (const address of addressesAround(panel)) {
    const reply = await client.get(address);
    bodies.set(`json ${address}`, reply.text);
    if (reply.status === 200) bodies.set(`page ${address}`, (await client.get(address, { as: 'page' })).text);
  }
  return bodies;
}

async function leaks(client: Client, panel: TestPanel): Promise<string[]> {
  return [...(await bodiesFor(client, panel))]
    .filter(([, body]) => body.includes('canary-7f3a'))
    .map(([address]) => address);
}

const ofScores = (panel: TestPanel) => [
  ...panel.seats.flatMap((seat) => [`/seats/${seat.id}/sheet`, `/seats/${seat.id}/sheet/review`]),
  `/slots/${panel.slotId}/result`,
];

/** Everything that scores and results answer, without what differs by nature on each showing. */
async function scoreBodies(client: Client, panel: TestPanel): Promise<string[]> {
  const bodies: string[] = [];
  for (const address of ofScores(panel)) {
    for (const as of ['json', 'page'] as const) {
      const reply = await client.get(address, { as });
      bodies.push(
        `${as} ${address} ${reply.status}\n${reply.text.replace(/name="nonce" value="[^"]*"/, '')}`,
      );
    }
  }
  return bodies;
}

const mustWait = ['panelist-2', 'panelist-1', 'student', 'guardian', 'otherStudent', 'otherAdvisor'];

describe('before a panelist has submitted and before the result is published', () => {
  it.each(mustWait)('not a byte of what %s gets depends on what the others wrote', async (who) => {
    const panel = await aPanel(app);
    const client = await panel.as(who);
    const before = await scoreBodies(client, panel);
    await fillSheet(await panel.as('panelist-0'), panel.seats[0]!.id, ['extending', 'beginning', null], {
      comment: secretWords,
    });
    expect(await scoreBodies(client, panel)).toEqual(before);
  });

  it('no address of the whole house tells them', async () => {
    const panel = await aPanel(app);
    await fillSheet(await panel.as('panelist-0'), panel.seats[0]!.id, ['extending'], {
      comment: secretWords,
    });
    for (const who of mustWait) expect([who, await leaks(await panel.as(who), panel)]).toEqual([who, []]);
  }, 180_000);

  it('a draft is told to nobody but its owner', async () => {
    const panel = await aPanel(app);
    await fillSheet(await panel.as('panelist-0'), panel.seats[0]!.id, ['extending'], {
      comment: secretWords,
      submit: false,
    });
    await fillSheet(await panel.as('panelist-2'), panel.seats[2]!.id, ['meeting'], { comment: 'in' });
    for (const who of ['registrar', 'admin', 'advisor', 'panelist-2', 'student']) {
      expect([who, await leaks(await panel.as(who), panel)]).toEqual([who, []]);
    }
    expect(await leaks(await panel.as('panelist-0'), panel)).not.toEqual([]);
  }, 180_000);

  it("the answers to a panelist's own writing tell nothing of the others", async () => {
    const panel = await aPanel(app);
    await fillSheet(await panel.as('panelist-0'), panel.seats[0]!.id, ['extending'], {
      comment: secretWords,
    });
    const client = await panel.as('panelist-2');
    const address = `/seats/${panel.seats[2]!.id}/sheet`;
    const operations = [{ id: 'operation-1', kind: 'set-overall', comment: 'mine' }];
    const replies = [
      await client.post(`${address}/operations`, { operations }),
      await client.post(`${address}/submit`),
      await publishSlot(client, panel.slotId),
    ];
    expect(replies.map((reply) => reply.status)).toEqual([200, 422, 403]);
    for (const reply of replies) expect(reply.text).not.toContain('canary-7f3a');
  });

  it("the student's own advisor, the registrar and the admin wait, too, when they owe a sheet themselves", async () => {
    const panel = await aPanel(app);
    await fillSheet(await panel.as('panelist-0'), panel.seats[0]!.id, ['extending'], {
      comment: secretWords,
    });
    const view = (await (await panel.as('advisor')).get(`/slots/${panel.slotId}/result`)).json<{
      sight: string;
    }>();
    expect(view.sight).toBe('own-sheet-first');
  });
});

describe("a pass to somebody else's seat", () => {
  it.each(['advisor', 'registrar', 'admin'])('is not made for the %s: its panelist signs in', async (who) => {
    const panel = await aPanel(app);
    const planner = await panel.as(who);
    const [first] = panel.seats;
    expect((await planner.post(`/seats/${first!.id}/pass`)).status).toBe(409);
    await fillSheet(await panel.as('panelist-0'), first!.id, ['extending'], {
      comment: secretWords,
      submit: false,
    });
    expect((await planner.post(`/seats/${first!.id}/pass`)).status).toBe(409);
    expect((await planner.get(`/seats/${first!.id}/sheet`)).status).toBe(403);
  });
});

describe('afterwards', () => {
  it('a panelist whose sheet is in sees the sheets that are in once the chair has opened them', async () => {
    const panel = await aPanel(app);
    await fillSheet(await panel.as('panelist-0'), panel.seats[0]!.id, ['extending'], {
      comment: secretWords,
    });
    const client = await panel.as('panelist-2');
    await fillSheet(client, panel.seats[2]!.id, ['meeting'], {});
    expect(await leaks(client, panel)).toEqual([]);
    await (await panel.as('panelist-0')).post(`/slots/${panel.slotId}/reveal`);
    const view = (await client.get(`/slots/${panel.slotId}/result`)).json<{
      sight: string;
      voices: object[];
    }>();
    expect([view.sight, view.voices.length]).toEqual(['open', 2]);
    expect(await leaks(client, panel)).toContain(`json /slots/${panel.slotId}/result`);
  });

  it.each(['student', 'guardian'])('%s sees every voice once it is published, and no draft', async (who) => {
    const panel = await aPanel(app);
    await fillSheet(await panel.as('panelist-0'), panel.seats[0]!.id, ['extending'], {
      comment: 'Submitted words',
    });
    await fillSheet(await panel.as('panelist-2'), panel.seats[2]!.id, ['meeting'], {
      comment: secretWords,
      submit: false,
    });
    await panel.moveTo('closed', 'scoring');
    expect((await publishSlot(await panel.as('registrar'), panel.slotId)).status).toBe(200);
    const client = await panel.as(who);
    const reply = await client.get(`/slots/${panel.slotId}/result`);
    expect(reply.json<{ sight: string }>().sight).toBe('open');
    expect(reply.text).toContain('Submitted words');
    expect(await leaks(client, panel)).toEqual([]);
  });

  it('the family sees roles instead of names where the school decided so, the staff sees names', async () => {
    const panel = await aPanel(app);
    const { school, scope } = panel.home;
    await saveSchoolChange(scope, { policies: { ...school.policies, voices: 'by-role' } });
    await fillSheet(await panel.as('panelist-0'), panel.seats[0]!.id, ['extending'], {
      comment: 'Well done',
    });
    await panel.moveTo('closed', 'scoring');
    await publishSlot(await panel.as('registrar'), panel.slotId);
    const address = `/slots/${panel.slotId}/result`;
    for (const who of ['student', 'guardian']) {
      const client = await panel.as(who);
      for (const as of ['json', 'page'] as const) {
        const body = (await client.get(address, { as })).text;
        expect(body).toContain('Staff');
        expect(body).not.toContain('Noor Haddad');
        // The slot's page has the seats with names: their ids must not be here.
        for (const seat of panel.seats) expect(body).not.toContain(seat.id);
      }
      expect((await client.get(address)).json<{ voices: object[] }>().voices).toEqual([
        expect.objectContaining({ seatId: 'voice-1', role: 'teacher', name: null, chair: false }),
      ]);
    }
    expect((await (await panel.as('admin')).get(address)).text).toContain('Noor Haddad');
  });
});
