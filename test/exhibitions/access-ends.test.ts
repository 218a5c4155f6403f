/**
 * What a panel, visitors and listeners read ends some days after the exhibition; everybody else reads on.
 * Every road to the work is tried.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DateTime } from 'luxon';
import { newId } from '../../server/ids.js';
import {
  getSlot,
  removeSlot,
  saveSlotSnapshot,
  saveSlots,
} from '../../server/exhibitions/slots/slot-records.js';
import { saveExhibitionChange } from '../../server/exhibitions/exhibition-records.js';
import { anArtifact } from '../harness/builders/artifacts.js';
import { aSnapshot } from '../harness/builders/portfolio.js';
import { aRehearsal } from '../harness/builders/rehearsals.js';
import { aPanel, fillSheet, type TestPanel } from '../harness/builders/scores.js';
import { aVisit } from '../harness/builders/visits.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { at, clockFrom, schoolZone } from '../harness/test-clock.js';
import { publishSlot } from '../harness/builders/publishing.js';

let days = 0;
/** From ten in the morning, so that the presentation ends on the day on which it begins. */
const morning = clockFrom(at('10:00'));
const now = () => DateTime.fromJSDate(morning.now(), { zone: schoolZone }).plus({ days }).toJSDate();
let app: TestApp;
/** Closed and published; the tests move the days and what the school decides. */
let shown: Shown;
beforeAll(async () => {
  app = await startApp({ clock: { now } });
  shown = await aClosedPanel();
});
afterAll(() => app?.close());

interface Shown {
  panel: TestPanel;
  artifactId: string;
  snapshotPath: string;
  seatId: string;
}

/**
 * A presentation whose panel has scored it and looks at one work; the exhibition is closed and the result published.
 */
async function aClosedPanel(): Promise<Shown> {
  const panel = await aPanel(app);
  const { home, people, seats, slotId, exhibitionId } = panel;
  const studentId = people.student.id;
  const { artifact } = await anArtifact(app, home, { studentId, title: 'Chair' });
  const { portfolio, snapshot } = await aSnapshot(app, home, { studentId, artifactIds: [artifact.id] });
  await saveSlotSnapshot(home.scope, slotId, snapshot.id);
  for (const [at, seat] of seats.entries())
    await fillSheet(await panel.as(`panelist-${at}`), seat.id, ['meeting'], { comment: 'Well measured.' });
  const office = await panel.as('registrar');
  const published = await publishSlot(office, slotId, { outcome: 'none' });
  expect([published.status, published.text]).toEqual([200, expect.any(String)]);
  expect((await office.post(`/exhibitions/${exhibitionId}/close`, { reason: '' })).status).toBe(200);
  return {
    panel,
    artifactId: artifact.id,
    snapshotPath: `/portfolios/${portfolio.id}/snapshots/${snapshot.number}`,
    seatId: seats[0]!.id,
  };
}

/** Every address under which somebody of the panel reads the student's work, or what was said of it. */
const roadsOf = ({ panel, artifactId, snapshotPath }: Shown): string[] => [
  `/slots/${panel.slotId}`,
  `/slots/${panel.slotId}/clock`,
  `/slots/${panel.slotId}/result`,
  `/slots/${panel.slotId}/result/evidence/commitment-to-personal-vision`,
  `/slots/${panel.slotId}/reveal`,
  `/artifacts/${artifactId}`,
  `/artifacts/${artifactId}/file`,
  snapshotPath,
];

const statuses = async (client: Client, paths: readonly string[]): Promise<[string, number][]> =>
  Promise.all(paths.map(async (path): Promise<[string, number]> => [path, (await client.get(path)).status]));
const all = (paths: readonly string[], status: number) => paths.map((path) => [path, status]);

describe('a panel', () => {
  it('reads on every road until fourteen days after the closing, and on none the day after', async () => {
    const { panel, seatId } = shown;
    const roads = roadsOf(shown);
    days = 14;
    const before = await panel.as('panelist-0');
    expect(await statuses(before, roads)).toEqual(all(roads, 200));
    expect((await before.get('/calendar/mine.ics')).text).toContain('VEVENT');
    expect((await before.get(`/exhibitions/${panel.exhibitionId}`)).text).toContain('Itzel');
    expect((await before.get(`/seats/${seatId}/sheet`)).json()).toMatchObject({
      work: { title: 'What wood can do' },
      workEndedAt: null,
    });
    days = 15;
    const after = await panel.as('panelist-0');
    expect(await statuses(after, roads)).toEqual(all(roads, 403));
    expect((await after.get('/calendar/mine.ics')).text).not.toContain('VEVENT');
    expect((await after.get(`/exhibitions/${panel.exhibitionId}`)).text).not.toContain('Itzel');
    const page = await after.get(`/slots/${panel.slotId}/result`, { as: 'page' });
    const ended = DateTime.fromJSDate(now(), { zone: schoolZone }).minus({ days: 1 });
    expect(page.text).toContain(`ended on ${ended.setLocale('en').toLocaleString(DateTime.DATE_FULL)}`);
    expect(page.text).toContain('ask the school office');
  });

  it('keeps its own sealed sheet, without the work', async () => {
    days = 15;
    const client = await shown.panel.as('panelist-0');
    const sheet = await client.get(`/seats/${shown.seatId}/sheet`);
    expect(sheet.json()).toMatchObject({ state: 'submitted', work: null, workEndedAt: expect.any(String) });
    expect(sheet.text).toContain('Well measured.');
    expect(sheet.text).not.toContain('What wood can do');
    const page = await client.get(`/seats/${shown.seatId}/sheet`, { as: 'page' });
    expect([page.status, page.text.includes(`/slots/${shown.panel.slotId}/result`)]).toEqual([200, false]);
    const [seat] = (await client.get('/seats')).json<{ items: { endedAt: string | null }[] }>().items;
    expect(seat?.endedAt).toEqual(expect.any(String));
  });

  it.each(['advisor', 'registrar', 'guardian', 'student'])('ends nothing for the %s', async (who) => {
    days = 200;
    const client = await shown.panel.as(who);
    const roads = [`/slots/${shown.panel.slotId}`, `/slots/${shown.panel.slotId}/result`, shown.snapshotPath];
    expect(await statuses(client, roads)).toEqual(all(roads, 200));
  });

  it('reads for as many days as the school decides, and none at all where it says 0', async () => {
    const decide = async (panelAccessDays: unknown) =>
      (await (await shown.panel.as('admin')).put('/school', { panelAccessDays })).status;
    const reads = async (on: number) => {
      days = on;
      return (await (await shown.panel.as('panelist-0')).get(shown.snapshotPath)).status;
    };
    for (const wrong of [-1, 366, 1.5, 'soon']) expect([wrong, await decide(wrong)]).toEqual([wrong, 422]);
    expect(await decide(3)).toBe(200);
    expect([await reads(3), await reads(4)]).toEqual([200, 403]);
    expect(await decide(365)).toBe(200);
    expect([await reads(365), await reads(366)]).toEqual([200, 403]);
    expect(await decide(0)).toBe(200);
    // Closed early: the last presentation is still to end.
    expect([await reads(0), await reads(1)]).toEqual([200, 403]);
    expect(await decide(14)).toBe(200);
  });

  it('whose exhibition nobody closes reads for thirty days, and may still finish a sheet after that', async () => {
    const { exhibitionId, home } = shown.panel;
    days = 20;
    const office = await shown.panel.as('registrar');
    const reopened = await office.post(`/exhibitions/${exhibitionId}/reopen`, {
      reason: 'One more attempt.',
    });
    expect(reopened.status).toBe(200);
    const client = await shown.panel.as('panelist-0');
    expect((await client.get(shown.snapshotPath)).status).toBe(200);
    days = 31;
    const late = await shown.panel.as('panelist-0');
    expect((await late.get(shown.snapshotPath)).status).toBe(403);
    expect((await late.get(`/seats/${shown.seatId}/sheet`)).status).toBe(200);
    days = 0;
    const closedAt = now();
    await saveExhibitionChange(home.scope, exhibitionId, 'scoring', { phase: 'closed', closedAt });
  });
});

it('one more presentation in an exhibition of long ago gives earlier panels nothing, neither while it is open nor when it closes', async () => {
  const { exhibitionId, home, slotId, people } = shown.panel;
  const { scope } = home;
  days = 200;
  const office = await shown.panel.as('registrar');
  const reopened = await office.post(`/exhibitions/${exhibitionId}/reopen`, { reason: 'One more attempt.' });
  expect(reopened.status).toBe(200);
  const slot = await getSlot(scope, slotId);
  const more = { ...slot, id: newId(), studentId: people.otherStudent.id, startsAt: now(), snapshotId: null };
  await saveSlots(scope, [more]);
  const roads = roadsOf(shown);
  expect(await statuses(await shown.panel.as('panelist-0'), roads)).toEqual(all(roads, 403));
  await saveExhibitionChange(scope, exhibitionId, 'scoring', { phase: 'closed', closedAt: now() });
  days = 201;
  const client = await shown.panel.as('panelist-0');
  expect(await statuses(client, roads)).toEqual(all(roads, 403));
  expect((await client.get(`/exhibitions/${exhibitionId}`)).text).not.toContain('Itzel');
  await removeSlot(scope, more.id);
  days = 0;
  await saveExhibitionChange(scope, exhibitionId, 'closed', { closedAt: now() });
});

it('a visitor of a stand keeps what they left there, without the work', async () => {
  const { home, people, exhibitionId, slotId } = shown.panel;
  const visit = await aVisit(
    app,
    home,
    { exhibition: exhibitionId, slot: slotId },
    people.student,
    people.otherStudent,
  );
  days = 14;
  expect((await (await shown.panel.as('otherStudent')).get(`/artifacts/${shown.artifactId}`)).status).toBe(
    200,
  );
  days = 15;
  const visitor = await shown.panel.as('otherStudent');
  expect((await visitor.get(`/artifacts/${shown.artifactId}`)).status).toBe(403);
  const page = await visitor.get(`/visits/${visit}`, { as: 'page' });
  expect([page.status, page.text.includes('The colours.'), page.text.includes('What wood can do')]).toEqual([
    200,
    true,
    false,
  ]);
});

it('a listener of a rehearsal reads the work until the rehearsal is over and the days of the school have passed', async () => {
  days = 0;
  const panel = await aPanel(app);
  const { home, people } = panel;
  const { artifact } = await anArtifact(app, home, {
    studentId: people.student.id,
    title: 'Chair',
    text: 'x',
  });
  const { snapshot } = await aSnapshot(app, home, {
    studentId: people.student.id,
    artifactIds: [artifact.id],
  });
  const id = await aRehearsal(app, home, people.student, people.otherStudent, snapshot.id);
  const own = await aRehearsal(app, home, people.student, people.advisor, snapshot.id);
  const read = async (who: string, rehearsal: string) => {
    const client = await panel.as(who);
    const sheet = await client.get(`/rehearsals/${rehearsal}/sheet`);
    const ended = sheet.json<{ workEndedAt: string | null }>().workEndedAt !== null;
    return [(await client.get(`/artifacts/${artifact.id}`)).status, ended];
  };
  days = 28;
  expect(await read('otherStudent', id)).toEqual([200, false]);
  days = 29;
  expect(await read('otherStudent', id)).toEqual([403, true]);
  expect(await read('advisor', own)).toEqual([200, false]);
});
