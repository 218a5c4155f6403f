/** Rules that depend on records which the action does not write itself hold at the same moment on two instances. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTransaction, type SchoolScope } from '../../server/db/database.js';
import { withLocks, sharedBy, timetableLock, panelLock, type Lock } from '../../server/db/record-locks.js';
import { findResult } from '../../server/results/result-records.js';
import { listSubmittedSheets } from '../../server/scores/score-sheet-records.js';
import { aPanel, fillSheet } from '../harness/builders/scores.js';
import { testDatabaseUri } from '../harness/services.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { publishSlot } from '../harness/builders/publishing.js';

let app: TestApp;
let second: TestApp;
beforeAll(async () => {
  app = await startApp();
  second = await startApp({ databaseUri: testDatabaseUri() });
});
afterAll(async () => {
  await second.close();
  await app.close();
});

const on = (instance: TestApp, { schoolId }: SchoolScope): SchoolScope => ({
  db: instance.context.db,
  schoolId,
});

/** Looks whether somebody is there, gives the other time to look as well, and goes in. */
async function enterIfEmpty(inside: SchoolScope, room: string): Promise<boolean> {
  const people = inside.db.connection.collection('test-rooms');
  const { session } = inside;
  const taken = await people.countDocuments({ room }, { session: session! });
  await new Promise((resolve) => setTimeout(resolve, 30));
  if (taken > 0) return false;
  await people.insertOne({ room }, { session: session! });
  return true;
}

describe('a lock', () => {
  let scope: SchoolScope;
  let rooms = 0;
  beforeAll(async () => {
    ({ scope } = await app.aSchool());
    await app.context.db.connection.createCollection('test-rooms');
  });
  const entered = async (locks: (at: number) => Lock[] | null): Promise<number> => {
    const room = `room-${(rooms += 1)}`;
    const done = await Promise.all(
      Array.from({ length: 6 }, (_none, at) => {
        const own = on(at % 2 === 0 ? app : second, scope);
        const wanted = locks(at);
        const work = (inside: SchoolScope) => enterIfEmpty(inside, room);
        return wanted ? withLocks(own, wanted, work) : inTransaction(own, work);
      }),
    );
    return done.filter(Boolean).length;
  };

  it('lets one in, on whichever instance', async () => {
    expect(await entered(() => [panelLock('a-slot')])).toBe(1);
    expect(await entered(() => [timetableLock, panelLock('a-slot')])).toBe(1);
  });

  it('is missed where there is none', async () => {
    expect(await entered(() => null)).toBeGreaterThan(1);
  });

  it('that is shared keeps apart whoever names the same word, and whoever holds it alone', async () => {
    expect(await entered(() => [sharedBy(timetableLock, 'the same')])).toBe(1);
    expect(await entered((at) => [at === 0 ? timetableLock : sharedBy(timetableLock, 'the same')])).toBe(1);
  });

  it('of another school or another name is another lock', async () => {
    const other = await app.aSchool();
    const results = await Promise.all(
      [scope, other.scope].map((each) => withLocks(each, [timetableLock], async () => each.schoolId)),
    );
    expect(results).toEqual([scope.schoolId, other.scope.schoolId]);
  });
});

describe('at the same moment on two instances', () => {
  it.each([1, 2, 3, 4])(
    'a sheet that goes in while the result is published is in it, or refused (%i)',
    async () => {
      const panel = await aPanel(app, { roles: ['teacher', 'teacher'] });
      const [first, late] = [await panel.as('panelist-0'), await panel.as('panelist-1')];
      await fillSheet(first, panel.seats[0]!.id, ['meeting']);
      await fillSheet(late, panel.seats[1]!.id, ['meeting'], { submit: false });
      const registrar = await second.as(panel.people.registrar.email!);
      const [sealed, published] = await Promise.all([
        late.post(`/seats/${panel.seats[1]!.id}/sheet/submit`),
        panel.moveTo('closed', 'scoring').then(() => publishSlot(registrar, panel.slotId)),
      ]);
      expect(published.status).toBe(200);
      expect([200, 409]).toContain(sealed.status);
      const result = (await findResult(panel.home.scope, panel.slotId))!;
      const sheets = await listSubmittedSheets(panel.home.scope, panel.slotId);
      expect(result.sheets.map(({ seatId }) => seatId).sort()).toEqual(sheets.map(({ id }) => id).sort());
    },
  );

  it('two planners do not put two presentations into one room', async () => {
    const panel = await aPanel(app, { phase: 'open' });
    const student = panel.people.otherStudent.id;
    const third = await panel.home.person({ name: 'Third', roles: ['student'] });
    const [one, two] = await Promise.all([
      app.as(panel.people.registrar.email!),
      second.as(panel.people.admin.email!),
    ]);
    const startsAt = new Date(app.context.clock.now().getTime() + 7 * 86_400_000).toISOString();
    const path = `/exhibitions/${panel.exhibitionId}/slots`;
    const replies = await Promise.all(
      [one, two].map((client, at) =>
        client.post(path, {
          slots: [{ studentId: at === 0 ? student : third.id, startsAt, room: 'Room 40' }],
        }),
      ),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 422]);
  });

  it('nobody is seated on a panel whose result is published at that moment', async () => {
    const panel = await aPanel(app, { roles: ['teacher'] });
    await fillSheet(await panel.as('panelist-0'), panel.seats[0]!.id, ['meeting']);
    const guest = await panel.home.person({ name: 'Late Panelist', roles: ['panelist'] });
    const [one, two] = await Promise.all([
      app.as(panel.people.registrar.email!),
      second.as(panel.people.admin.email!),
    ]);
    const [published, seated] = await Promise.all([
      publishSlot(one, panel.slotId),
      two.post(`/slots/${panel.slotId}/seats`, { personId: guest.id, role: 'teacher', chair: false }),
    ]);
    // Whichever came first: not both, since a published panel awaits nobody.
    expect(published.status === 200 && seated.status === 201).toBe(false);
  });
});
