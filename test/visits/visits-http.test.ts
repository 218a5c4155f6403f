/** Short visits to the stands of a gallery: a few words or a score, and a student who reads them as they come. */
import { saveAdvisoryChange } from '../../server/people/people-records.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import type { Clock } from '../../server/clock.js';
import { saveSchoolChange } from '../../server/school/school-records.js';
import type { SchoolScope } from '../../server/db/database.js';
import { leaveVisit } from '../../server/visits/leave-visit.js';
import { getVisit } from '../../server/visits/visit-records.js';
import { on } from '../harness/builders/exhibition.js';
import { aGallery, type TestGallery } from '../harness/builders/visits.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let time = '09:20';
const clock: Clock = { now: () => new Date(on(time)) };
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ clock });
});
afterAll(() => app.close());

const jun = { name: 'Jun Sato', role: 'mentor', once: 'form-of-jun' };
const words = (text: string, once: string) => ({
  once,
  'feedback.0': text,
  'feedback.1': '',
  'feedback.2': '',
});
const idOf = (href: string) => href.split('/').at(-1)!;

interface Stand {
  total: number;
  open: boolean;
  items: {
    id: string;
    name: string | null;
    role: string;
    scored: boolean;
    feedback: { prompt: string; words: string }[];
    hidden: { reason: string } | null;
    earlierHidings: { reason: string; byName: string }[];
  }[];
}
const read = async (client: Client, gallery: TestGallery, stand = 0) =>
  (await client.get(`/slots/${gallery.slots[stand]}/visits`)).json<Stand>();

describe('what is left', () => {
  it('is read by the student at once, by role or by name as the school decides, and never with a score', async () => {
    const gallery = await aGallery(app);
    const { home } = gallery.day;
    const policies = { ...home.school.policies, voices: 'by-role' as const };
    await saveSchoolChange(home.scope, { policies });
    const guest = app.visitor();
    const visit = await gallery.comeIn(guest, 0, jun);
    expect((await read(gallery.student, gallery)).items).toEqual([]);
    const [row] = (await guest.get(visit)).json<{
      criteria: { id: string; levels: { id: string }[] }[];
    }>().criteria;
    const level = row!.levels.at(-1)!.id;
    const sent = {
      ...words('The canary sang.', 'sending-1'),
      [`level.${row!.id}`]: level,
      comment: 'comment-canary',
    };
    expect((await guest.post(visit, sent)).status).toBe(200);
    for (const reader of [gallery.student, gallery.guardian, gallery.day.planner]) {
      const stand = await reader.get(`/slots/${gallery.slots[0]}/visits`);
      expect(stand.text).not.toContain('comment-canary');
      expect(stand.text).not.toContain(`"${level}"`);
      const [item] = stand.json<Stand>().items;
      expect(item).toMatchObject({ role: 'mentor', scored: true });
      expect(item!.feedback).toEqual([{ prompt: 'What stayed with me', words: 'The canary sang.' }]);
      expect(item!.name).toBe(reader === gallery.day.planner ? 'Jun Sato' : null);
    }
    const page = await gallery.student.get(`/slots/${gallery.slots[0]}/visits`, { as: 'page' });
    expect(page.text).toContain('The canary sang.');
    expect(page.text).not.toContain('Jun Sato');
    await saveSchoolChange(home.scope, { policies: { ...policies, voices: 'named' } });
    expect((await read(gallery.student, gallery)).items[0]!.name).toBe('Jun Sato');
    const board = (await gallery.day.planner.get(gallery.day.path)).json<{
      slots: { id: string; visits: number }[];
    }>();
    expect(board.slots.map((slot) => [slot.id === gallery.slots[0], slot.visits]).sort()).toEqual([
      [false, 0],
      [true, 1],
    ]);
  });

  it('is asked by the school’s own prompts, and may be words alone', async () => {
    const gallery = await aGallery(app, {
      visitPrompts: 'I noticed\n\n I wonder ',
      visitorsLeave: 'feedback',
    });
    const guest = app.visitor();
    const visit = await gallery.comeIn(guest, 0, jun);
    const asked = (await guest.get(visit)).json<{ prompts: string[]; criteria: unknown[] }>();
    expect([asked.prompts, asked.criteria]).toEqual([['I noticed', 'I wonder'], []]);
    const scored = await guest.post(visit, { once: 'sending-1', 'level.anything': 'x' });
    expect([scored.status, scored.text]).toEqual([422, expect.stringContaining('no scores')]);
    await guest.post(visit, { once: 'sending-2', 'feedback.1': 'How long it took' });
    expect((await read(gallery.student, gallery)).items[0]!.feedback).toEqual([
      { prompt: 'I wonder', words: 'How long it took' },
    ]);
  });

  it('may be changed for a quarter of an hour, then stands; the missing half may still be added', async () => {
    time = '09:20';
    const gallery = await aGallery(app);
    const guest = app.visitor();
    const visit = await gallery.comeIn(guest, 0, jun);
    await guest.post(visit, words('First words', 'sending-1'));
    time = '09:34';
    await guest.post(visit, words('Second words', 'sending-2'));
    time = '09:36';
    const late = await guest.post(visit, words('Third words', 'sending-3'));
    expect([late.status, late.text]).toEqual([409, expect.stringContaining('is final now')]);
    const { criteria } = (await guest.get(visit)).json<{ criteria: { id: string }[] }>();
    const added = await guest.post(visit, {
      once: 'sending-4',
      [`level.${criteria[0]!.id}`]: ':not-observed',
    });
    expect(added.status).toBe(200);
    const record = await getVisit(gallery.day.home.scope, idOf(visit));
    expect(record.journal.map((entry) => entry.feedback?.[0]?.words)).toEqual([
      'First words',
      'Second words',
      undefined,
    ]);
    expect(record.feedback[0]!.words).toBe('Second words');
    expect(record.score.marks[criteria[0]!.id]).toEqual({ levelId: null, notObserved: true });
    time = '09:20';
  });

  it('counts once however often and in whatever order it is sent', async () => {
    const gallery = await aGallery(app);
    const guest = app.visitor();
    const visit = await gallery.comeIn(guest, 0, jun);
    const one = words('One', 'sending-1');
    await Promise.all([1, 2, 3, 4].map(() => guest.post(visit, one)));
    await guest.post(visit, words('Two', 'sending-2'));
    expect((await guest.post(visit, one)).status).toBe(200);
    const record = await getVisit(gallery.day.home.scope, idOf(visit));
    expect(record.journal.map((entry) => entry.operationId)).toEqual(['sending-1', 'sending-2']);
    expect(record.feedback[0]!.words).toBe('Two');
    expect((await read(gallery.student, gallery)).total).toBe(1);
  });

  it.each([
    ['nothing at all', words('  ', 'sending-1'), 'feedback.0'],
    ['a comment without a row', { once: 'sending-1', comment: 'Nice' }, 'comment'],
    ['too many words', words('x'.repeat(601), 'sending-1'), 'feedback.0'],
    ['a prompt that is not asked', { once: 'sending-1', 'feedback.9': 'Words' }, 'feedback.9'],
    ['a row that is not there', { once: 'sending-1', 'level.gone': 'x' }, 'level.gone'],
    ['no id of the sending', { 'feedback.0': 'Words' }, 'once'],
  ])('is refused: %s', async (_name, body, field) => {
    const gallery = await aGallery(app);
    const guest = app.visitor();
    const visit = await gallery.comeIn(guest, 0, jun);
    const refused = await guest.post(visit, body);
    expect(refused.status).toBe(422);
    expect(refused.json<{ error: { fields: { field: string }[] } }>().error.fields[0]!.field).toBe(field);
    const page = await guest.post(visit, body, { as: 'page' });
    expect(page.status).toBe(422);
    expect((await read(gallery.student, gallery)).total).toBe(0);
  });

  it('changes nothing any more once the gallery is closed, and keeps it from becoming a draft', async () => {
    const gallery = await aGallery(app);
    const guest = app.visitor();
    const visit = await gallery.comeIn(guest, 0, jun);
    await guest.post(visit, words('Here.', 'sending-1'));
    expect((await gallery.day.move('pause', 'Lunch')).status).toBe(409);
    const kept = await gallery.day.planner.post(`/slots/${gallery.slots[0]}/remove`);
    expect(kept.status).toBe(409);
    await gallery.day.move('close');
    const later = await guest.post(visit, words('Later.', 'sending-2'));
    expect([later.status, later.json()]).toMatchObject([
      200,
      { feedback: [{ words: 'Here.' }], late: { state: 'waiting' } },
    ]);
    // What was acknowledged is acknowledged again.
    expect((await guest.post(visit, words('Here.', 'sending-1'))).status).toBe(200);
    expect((await read(gallery.student, gallery)).open).toBe(false);
  });
});

it('a visit that arrives while the stand is closed is not taken', async () => {
  const gallery = await aGallery(app);
  const guest = app.visitor();
  const visit = await gallery.comeIn(guest, 0, jun);
  const { scope } = gallery.day.home;
  const left = { operationId: 'sending-1', feedback: [{ prompt: 'What stays', words: 'Here.' }] };
  // Open when it is asked first, over in the transaction in which the visit would be saved.
  const takes = (inside: SchoolScope) =>
    Promise.resolve(inside.session ? ('over' as const) : ('visits' as const));
  await expect(leaveVisit(app.context, scope, idOf(visit), takes, left)).rejects.toMatchObject({
    code: 'stand-closed',
  });
  expect((await getVisit(scope, idOf(visit))).leftAt).toBeNull();
});

describe('setting words aside', () => {
  it('is for whoever plans the gallery and the advisor of the student; any other advisor only reads', async () => {
    const gallery = await aGallery(app);
    const { day } = gallery;
    const visit = await gallery.comeIn(app.visitor(), 0, jun);
    const other = await day.join('Liam Byrne', ['advisor']);
    const stand = () => other.client.get(`/slots/${gallery.slots[0]}/visits`, { as: 'page' });
    expect([(await stand()).status, (await stand()).text.includes(`${visit}/hide`)]).toEqual([200, false]);
    expect((await other.client.post(`${visit}/hide`, { reason: 'Rude' })).status).toBe(403);
    expect((await other.client.get(`${day.path}/comments`)).status).toBe(403);
    expect((await other.client.post(`${day.path}/comments/hide`, { ids: [], reason: 'x' })).status).toBe(403);
    // Anybody of the staff stops what goes wrong; to open it again is not anybody's.
    expect((await other.client.post(`${day.path}/stands/stop`)).status).toBe(200);
    expect((await other.client.post(`${day.path}/stands/reopen`)).status).toBe(403);
    expect((await day.planner.post(`${day.path}/stands/reopen`)).status).toBe(200);
    const advisoryId = day.students[0]!.advisoryId!;
    await saveAdvisoryChange(day.home.scope, advisoryId, { advisorIds: [day.advisor.id, other.person.id] });
    expect((await other.client.post(`${visit}/hide`, { reason: 'Rude' })).status).toBe(200);
    expect((await other.client.post(`${visit}/show`)).status).toBe(200);
    expect((await other.client.get(`${day.path}/comments`)).status).toBe(403);
  });

  it('takes them from the student with a reason that stays in the record, and gives them back', async () => {
    const gallery = await aGallery(app);
    const { day, student } = gallery;
    const guest = app.visitor();
    const visit = await gallery.comeIn(guest, 0, jun);
    await guest.post(visit, words('Rude words', 'sending-1'));
    expect((await day.planner.post(`${visit}/hide`, {})).status).toBe(422);
    expect((await day.planner.post(`${visit}/hide`, { reason: 'Insulting' })).status).toBe(200);
    expect((await read(student, gallery)).total).toBe(0);
    expect((await student.get(`/slots/${gallery.slots[0]}/visits`)).text).not.toContain('Rude words');
    expect((await read(day.planner, gallery)).items[0]).toMatchObject({
      hidden: { reason: 'Insulting' },
      feedback: [{ words: 'Rude words' }],
    });
    expect((await day.planner.post(`${visit}/show`)).status).toBe(200);
    expect((await read(student, gallery)).total).toBe(1);
    // Every reason stays, for those who run the gallery.
    expect((await day.planner.post(`${visit}/hide`, { reason: 'Still insulting' })).status).toBe(200);
    expect((await day.planner.post(`${visit}/show`)).status).toBe(200);
    const by = { byName: day.advisor.displayName };
    const reasons = ['Insulting', 'Still insulting'].map((reason) =>
      expect.objectContaining({ reason, ...by }),
    );
    expect((await read(day.planner, gallery)).items[0]).toMatchObject({
      hidden: null,
      earlierHidings: reasons,
    });
    expect((await read(student, gallery)).items[0]).toMatchObject({ hidden: null, earlierHidings: [] });
    const comments = await day.planner.get(`${day.path}/comments?state=all`);
    expect(comments.json<Stand>().items[0]).toMatchObject({ hidden: null, earlierHidings: reasons });
    const stand = `/slots/${gallery.slots[0]}/visits`;
    for (const path of [stand, `${day.path}/comments?state=all`])
      expect((await day.planner.get(path, { as: 'page' })).text).toContain(
        'and shown again: Still insulting',
      );
    expect((await student.get(stand, { as: 'page' })).text).not.toContain('nsulting');
    const acts = (await listEntriesFrom(day.home.scope, 1, 200)).map((entry) => entry.act);
    for (const act of ['stand-pass.issue', 'visit.welcome', 'visit.hide', 'visit.show'])
      expect(acts).toContain(act);
  });
});
