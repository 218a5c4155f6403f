/** The chair's first page says which panels still have rows to talk about, and nobody else's does. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId } from '../../server/ids.js';
import { saveSeat } from '../../server/exhibitions/seats/seat-records.js';
import { savePersonChange } from '../../server/people/people-records.js';
import { aTalkingPanel } from '../harness/builders/reveal.js';
import { fillSheet, type TestPanel } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface Waiting {
  kind: string;
  title: string;
  line: string;
  href: string;
}
async function talks(panel: TestPanel, who: string, title = 'Talk about'): Promise<Waiting[]> {
  const client = await panel.as(who);
  const { next, tasks } = (await client.get('/')).json<{ next: Waiting | null; tasks: Waiting[] }>();
  return [...(next ? [next] : []), ...tasks].filter((each) => each.title.startsWith(title));
}

it('from the reveal until a decision stands on every row that differs', async () => {
  const panel = await aTalkingPanel(app);
  const [task] = await talks(panel, 'panelist-0');
  expect(task).toMatchObject({ title: 'Talk about Itzel Núñez', href: `/slots/${panel.slotId}/reveal` });
  const { rows } = (await panel.reveal('panelist-0')).json<{ rows: { id: string; needsTalk: boolean }[] }>();
  const open = rows.filter((row) => row.needsTalk);
  expect(task!.line).toBe(
    `Fall exhibitions, ${open.length} ${open.length === 1 ? 'criterion' : 'criteria'} to talk about`,
  );
  for (const who of ['panelist-1', 'panelist-2', 'student', 'guardian', 'registrar'])
    expect([who, await talks(panel, who)]).toEqual([who, []]);
  // Whoever does not lead it learns that it comes next.
  expect(await talks(panel, 'panelist-1', 'Next: the panel’s talk')).toMatchObject([{ kind: 'talk' }]);
  for (const { id } of open)
    await panel.decide('panelist-0', {
      criterionId: id,
      kind: 'consensus',
      levelId: 'meeting',
      reason: 'We agreed',
    });
  expect(await talks(panel, 'panelist-0')).toEqual([]);
});

it('not before the voices are open, nor after publishing', async () => {
  const panel = await aTalkingPanel(app, [['extending'], ['beginning']]);
  expect(await talks(panel, 'panelist-0')).toEqual([]);
  await panel.open('panelist-0');
  expect(await talks(panel, 'panelist-0')).toHaveLength(1);
  await panel.moveTo('closed', 'scoring');
  expect((await panel.publish()).status).toBe(200);
  expect(await talks(panel, 'panelist-0')).toEqual([]);
});

it('not about a student whose record is sealed from the school, and the page is there', async () => {
  const panel = await aTalkingPanel(app);
  expect(await talks(panel, 'panelist-0')).toHaveLength(1);
  await savePersonChange(panel.home.scope, panel.people.student.id, {
    active: false,
    sealedAt: app.context.clock.now(),
  });
  expect((await (await panel.as('panelist-0')).get('/')).status).toBe(200);
  expect(await talks(panel, 'panelist-0')).toEqual([]);
});

const NEXT = 'Next: the panel’s talk';

it('says after an early reveal that the sheets are open', async () => {
  const panel = await aTalkingPanel(app, [['extending'], ['beginning']]);
  const line = async () => (await talks(panel, 'panelist-1', NEXT))[0]?.line;
  expect(await line()).toBe('Your sheet is in. The panel talks once all sheets are in.');
  expect(await talks(panel, 'panelist-0', NEXT)).toHaveLength(1);
  await panel.open('panelist-0');
  expect(await line()).toContain('opened before all were in');
  // The chair leads it already.
  expect(await talks(panel, 'panelist-0', NEXT)).toEqual([]);
  expect(await talks(panel, 'panelist-0')).toHaveLength(1);
});

const allMeet = [['meeting'], ['meeting'], ['meeting']];

it('tells the chair that the result may be published where nothing is left to talk about', async () => {
  const panel = await aTalkingPanel(app, allMeet);
  const [task] = await talks(panel, 'panelist-0', 'Result of');
  expect(task).toMatchObject({
    ...{ kind: 'result', title: 'Result of Itzel Núñez', href: `/slots/${panel.slotId}/result` },
    line: 'Fall exhibitions, 3 of 3 sheets in',
  });
  for (const who of ['panelist-2', 'student', 'guardian'])
    expect([who, await talks(panel, who, 'Result of')]).toEqual([who, []]);
  expect((await panel.publish()).status).toBe(200);
  expect(await talks(panel, 'panelist-0', 'Result of')).toEqual([]);
});

it('waits for guests whom nobody has admitted, and tells them nothing of the talk', async () => {
  const panel = await aTalkingPanel(app, allMeet);
  const email = `guest.${newId()}@test.example`;
  const guest = await panel.home.person({ name: 'Teo Marsh', roles: ['panelist'], email });
  const askedAt = app.context.clock.now();
  const seat = await saveSeat(panel.home.scope, {
    ...panel.seats[2]!,
    ...{ id: newId(), personId: guest.id, name: guest.displayName },
    admission: { askedAt, admittedAt: null, by: null, byName: null },
  });
  const client = await app.as(email);
  await fillSheet(client, seat.id, ['meeting']);
  expect((await talks(panel, 'panelist-2', NEXT))[0]?.line).toContain('One guest’s sheet counts once');
  expect(await talks(panel, 'panelist-0', 'Result of')).toEqual([]);
  expect((await client.get('/')).text).not.toContain(NEXT);
});
