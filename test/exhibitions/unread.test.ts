/** Nobody scores after reading the others: a seat is refused to whoever may read the sheets that are in. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { seeing } from '../harness/builders/seeing.js';
import { aPanel, fillSheet } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { publishSlot } from '../harness/builders/publishing.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

it('an advisor of the panel empties their own seat, reads, and does not sit down again', async () => {
  const panel = await aPanel(app);
  const teacher = await panel.as('panelist-0');
  const advisor = seeing(await panel.as('advisor'), `/exhibitions/${panel.exhibitionId}`);
  await fillSheet(teacher, panel.seats[0]!.id, [null]);
  const result = `/slots/${panel.slotId}/result`;
  expect((await advisor.get(result)).json<{ sight: string }>().sight).toBe('own-sheet-first');
  expect((await advisor.post(`/seats/${panel.seats[1]!.id}/remove`)).status).toBe(200);
  expect((await advisor.get(result)).json<{ sight: string }>().sight).toBe('open');
  const sitDown = (person: 'advisor' | 'registrar' | 'admin') => ({ personId: panel.people[person].id });
  for (const person of ['advisor', 'registrar', 'admin'] as const) {
    const reply = await advisor.post(`/slots/${panel.slotId}/seats`, sitDown(person));
    expect([person, reply.status, reply.text.includes('Nobody scores after reading')]).toEqual([
      person,
      422,
      true,
    ]);
  }
  const other = await advisor.post(`/slots/${panel.slotId}/seats`, {
    personId: panel.people.otherAdvisor.id,
  });
  expect(other.status).toBe(201);
});

it('as long as no sheet is in, an advisor may sit down again', async () => {
  const panel = await aPanel(app);
  const advisor = seeing(await panel.as('advisor'), `/exhibitions/${panel.exhibitionId}`);
  await fillSheet(await panel.as('panelist-0'), panel.seats[0]!.id, [null], { submit: false });
  await advisor.post(`/seats/${panel.seats[1]!.id}/remove`);
  const reply = await advisor.post(`/slots/${panel.slotId}/seats`, { personId: panel.people.advisor.id });
  expect(reply.status).toBe(201);
});

it('once the result is published nobody new is seated', async () => {
  const panel = await aPanel(app, { roles: ['teacher'] });
  await fillSheet(await panel.as('panelist-0'), panel.seats[0]!.id, [null]);
  const registrar = await panel.as('registrar');
  expect((await publishSlot(registrar, panel.slotId)).status).toBe(200);
  const reply = await registrar.post(`/slots/${panel.slotId}/seats`, { name: 'Jun Sato', role: 'guest' });
  expect([reply.status, reply.text.includes('is published')]).toEqual([409, true]);
});
