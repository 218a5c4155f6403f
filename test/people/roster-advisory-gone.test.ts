/** A roster that comes in while an advisory is being deleted leaves nobody in an advisory that does not exist. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { removeAdvisory } from '../../server/people/change-advisories.js';
import { findAdvisory, listAdvisories, listAllPeople } from '../../server/people/people-records.js';
import { rosterDesk } from '../harness/roster-desk.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const heading = 'role,id,given name,family name,advisory';
const aStudent = (id: string, name: string, advisory: string) => `student,${id},${name},Okafor,${advisory}`;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it('waits for the deletion, then says that the advisory is gone and brings in everybody else', async () => {
  const desk = await rosterDesk(app);
  const { scope } = desk.school;
  await desk.bringIn([heading, aStudent('S1', 'Zoe', 'Heron'), aStudent('S2', 'Mia', 'Cedar')].join('\n'));
  await desk.bringIn([heading, aStudent('S1', 'Zoe', 'Cedar'), aStudent('S2', 'Mia', 'Cedar')].join('\n'));
  const heron = (await listAdvisories(scope)).find(({ name }) => name === 'Heron')!;
  const rows = [
    heading,
    'advisor,T1,Dana,Okafor,',
    aStudent('S3', 'Ada', 'Heron'),
    aStudent('S4', 'Ben', 'Cedar'),
  ].join('\n');
  let coming: ReturnType<typeof desk.bringIn> | undefined;
  // It has been seen that nobody is in it, and it is still there.
  const listAdvisoryTimetables = async (): Promise<never[]> => {
    coming ??= desk.bringIn(rows);
    // Advisors come in before students: the file was compared while the advisory was there.
    while (!(await desk.everybody()).has('Dana Okafor')) await wait(20);
    await wait(500);
    return [];
  };
  const by = { personId: 'test', via: 'script' as const };
  await removeAdvisory({ clock: app.context.clock, listAdvisoryTimetables }, scope, by, heron.id);
  const brought = await coming!;
  expect(await findAdvisory(scope, heron.id)).toBeNull();
  const people = await listAllPeople(scope);
  expect(people.filter(({ advisoryId }) => advisoryId === heron.id)).toEqual([]);
  expect(people.map(({ givenName }) => givenName)).toEqual(expect.arrayContaining(['Ben']));
  expect(JSON.stringify(brought)).toContain('somebody deleted the advisory');
});
