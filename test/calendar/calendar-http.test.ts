/** Calendars over HTTP: whose entries are in them, how they follow a move, and that an address is a secret. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { MAX_MISSES, MAX_REQUESTS } from '../../server/calendar/renew-feed.js';
import { savePersonChange } from '../../server/people/people-records.js';
import type { Client, Reply } from '../harness/client.js';
import { visitorOf } from '../harness/client.js';
import { anExhibition, exhibitionDay, on } from '../harness/builders/exhibition.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { schoolZone } from '../harness/test-clock.js';

let time = '08:00';
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ clock: { now: () => new Date(on(time)) } });
});
afterAll(() => app.close());

interface Event {
  uid: string;
  summary: string;
  location: string;
  start: string;
  zone: string;
  sequence: number;
  modified: string;
}

function eventsIn(reply: Reply): Event[] {
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8']);
  const calendar = new ICAL.Component(ICAL.parse(reply.text));
  return calendar.getAllSubcomponents('vevent').map((event) => ({
    uid: String(event.getFirstPropertyValue('uid')),
    summary: String(event.getFirstPropertyValue('summary')),
    location: String(event.getFirstPropertyValue('location')),
    start: String(event.getFirstPropertyValue('dtstart')),
    zone: String(event.getFirstProperty('dtstart')!.getParameter('tzid')),
    sequence: Number(event.getFirstPropertyValue('sequence')),
    modified: String(event.getFirstPropertyValue('last-modified')),
  }));
}

const summaries = async (client: Client) =>
  eventsIn(await client.get('/calendar/mine.ics')).map(({ summary }) => summary);

/** Itzel presents before a panel with her mother's neighbour on it; the exhibition is open. */
async function anOpenDay() {
  time = '08:00';
  const day = await anExhibition(app);
  const mother = await day.join('Rosa Núñez', ['guardian']);
  const panelist = await day.join('Jun Sato', ['panelist']);
  const [itzel] = day.students;
  await savePersonChange(day.home.scope, itzel!.id, { guardianIds: [mother.person.id] });
  const slotId = await day.slotId();
  await day.slotId({ student: 1, at: '11:00' });
  await day.seat(slotId, { personId: panelist.person.id });
  await day.move('open');
  return { ...day, mother, panelist, itzel: itzel!, slotId };
}

async function addressOf(client: Client): Promise<string> {
  const reply = await client.post('/calendar/feed');
  expect(reply.status).toBe(201);
  return new URL(reply.json<{ feedUrl: string }>().feedUrl).pathname;
}

describe('a calendar', () => {
  it('holds what is one’s own, each presentation once, and nobody else’s', async () => {
    const day = await anOpenDay();
    expect(await summaries(day.mother.client)).toEqual(['Itzel Núñez presents: Fall exhibitions']);
    expect(await summaries(day.panelist.client)).toEqual(['Panel: Itzel Núñez, Fall exhibitions']);
    // The advisor leads the advisory of the first student alone.
    expect(await summaries(day.planner)).toEqual(['Itzel Núñez presents: Fall exhibitions']);
    await day.seat(day.slotId, { personId: day.advisor.id });
    expect(await summaries(day.planner)).toEqual(['Panel: Itzel Núñez, Fall exhibitions']);
    const { client: stranger } = await day.join('Nobody', ['guardian']);
    expect(await summaries(stranger)).toEqual([]);
    const whole = eventsIn(await day.planner.get(`${day.path}/calendar.ics`));
    expect(whole.map(({ summary }) => summary)).toEqual(['Itzel Núñez presents', 'Yonas Tesfaye presents']);
  });

  it('tells a student of their own presentation, in the school’s time', async () => {
    const day = await anOpenDay();
    const { client, person } = await day.join('Ada Umeh', ['student']);
    const slot = await day.planner.post(`${day.path}/slots`, {
      studentId: person.id,
      startsAt: on('15:00'),
      room: 'Atrium; east',
    });
    const [event] = eventsIn(await client.get('/calendar/mine.ics'));
    expect(event).toMatchObject({
      uid: `slot-${slot.json<{ id: string }>().id}@vitrine`,
      summary: 'My presentation: Fall exhibitions',
      location: 'Atrium; east, Main hall',
      start: `${exhibitionDay}T15:00:00`,
      zone: schoolZone,
      sequence: 0,
    });
    const page = (await client.get('/calendar')).json<{ items: { as: string; startsAt: string }[] }>();
    expect(page.items).toMatchObject([{ as: 'presenter', startsAt: on('15:00') }]);
  });

  it('says nothing of a draft', async () => {
    const day = await anOpenDay();
    await day.move('withdraw', 'The hall is closed.');
    expect(await summaries(day.mother.client)).toEqual([]);
    expect(await summaries(day.panelist.client)).toEqual([]);
  });

  it('a guest takes a file for the seat of their pass, and no address', async () => {
    const day = await anOpenDay();
    const made = await day.seat(day.slotId, { name: 'Marta Voss', role: 'guest' });
    const guest = visitorOf(app.url);
    await guest.post(new URL(made.json<{ passUrl: string }>().passUrl).pathname);
    expect(await summaries(guest)).toEqual(['Panel: Itzel Núñez, Fall exhibitions']);
    expect((await guest.post('/calendar/feed')).status).toBe(403);
    expect((await guest.get('/calendar', { as: 'page' })).text).not.toContain('/calendar/feed');
  });
});

describe('a subscribed address', () => {
  it('follows moves and delays by a rising sequence, and a presentation that is taken out disappears', async () => {
    const day = await anOpenDay();
    const address = await addressOf(day.mother.client);
    const anybody = visitorOf(app.url);
    const ask = async () => eventsIn(await anybody.get(address));
    const [before] = await ask();
    time = '08:10';
    await day.planner.put(`/slots/${day.slotId}`, { startsAt: on('09:30'), minutes: 50, room: 'Library' });
    const [moved] = await ask();
    time = '08:20';
    await day.planner.post(`${day.path}/rooms/Library/late`, { minutes: 15 });
    const [late] = await ask();
    expect([before, moved, late].map((each) => [each?.uid, each?.sequence, each?.start.slice(11)])).toEqual([
      [before?.uid, 0, '09:00:00'],
      [before?.uid, 1, '09:30:00'],
      [before?.uid, 2, '09:45:00'],
    ]);
    expect(before!.modified < moved!.modified && moved!.modified < late!.modified).toBe(true);
    await day.planner.post(`/slots/${day.slotId}/remove`);
    expect(await ask()).toEqual([]);
  });

  it('is the same bytes while nothing changes, and is never kept by anybody between', async () => {
    const day = await anOpenDay();
    const address = await addressOf(day.mother.client);
    const anybody = visitorOf(app.url);
    const first = await anybody.get(address);
    time = '08:30';
    const again = await anybody.get(address, {
      headers: { 'If-None-Match': first.headers.get('etag')!, 'Cache-Control': 'max-age=0' },
    });
    expect(again.status).toBe(304);
    for (const name of ['cache-control', 'referrer-policy', 'x-robots-tag'])
      expect([name, first.headers.get(name)]).toEqual([
        name,
        { 'cache-control': 'private, no-cache', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex' }[
          name
        ],
      ]);
    expect(first.headers.getSetCookie()).toEqual([]);
  });

  it('is shown once, stored as a hash, and dies when it is renewed or taken away', async () => {
    const day = await anOpenDay();
    const { client } = day.mother;
    const anybody = visitorOf(app.url);
    const first = await addressOf(client);
    const secret = first.replace('/calendar/feeds/', '').replace('.ics', '');
    const stored = JSON.stringify(
      await app.context.db.connection.collection('calendarfeeds').find({}).toArray(),
    );
    expect(secret.length).toBeGreaterThanOrEqual(32);
    expect(stored).not.toContain(secret);
    expect((await client.get('/calendar', { as: 'page' })).text).not.toContain(secret);

    const second = await addressOf(client);
    expect((await anybody.get(first)).status).toBe(404);
    expect((await anybody.get(second)).status).toBe(200);
    expect((await client.post('/calendar/feed/stop')).status).toBe(200);
    expect((await anybody.get(second)).status).toBe(404);
    expect((await client.post('/calendar/feed/stop')).status).toBe(409);
    const acts = (await listEntriesFrom(day.home.scope, 1, 100)).map(({ act }) => act);
    expect(acts.filter((act) => act.startsWith('calendar-feed.'))).toEqual([
      'calendar-feed.make',
      'calendar-feed.renew',
      'calendar-feed.stop',
    ]);
  });

  it('shows what the person may see today, and nothing once they have left', async () => {
    const day = await anOpenDay();
    const address = await addressOf(day.mother.client);
    const anybody = visitorOf(app.url);
    await savePersonChange(day.home.scope, day.itzel.id, { guardianIds: [] });
    expect(eventsIn(await anybody.get(address))).toEqual([]);
    await savePersonChange(day.home.scope, day.mother.person.id, { active: false });
    expect((await anybody.get(address)).status).toBe(404);
  });

  it('is not asked without end, and wrong addresses are counted', async () => {
    const day = await anOpenDay();
    time = '12:00';
    const address = await addressOf(day.mother.client);
    const anybody = visitorOf(app.url);
    const statuses = async (path: string, times: number) => {
      const all: number[] = [];
      for (let at = 0; at < times; at += 1) all.push((await anybody.get(path)).status);
      return all;
    };
    expect(new Set(await statuses(address, MAX_REQUESTS))).toEqual(new Set([200]));
    expect(await statuses(address, 1)).toEqual([429]);
    expect(new Set(await statuses('/calendar/feeds/nobody-has-this-secret', MAX_MISSES))).toEqual(
      new Set([404]),
    );
    expect(await statuses('/calendar/feeds/nobody-has-this-secret', 1)).toEqual([429]);
  });
});
