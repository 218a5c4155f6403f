/** Erasing beyond a person's own records: duplicates, names alone, reasons, and what other schools hold. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { newJob } from '../../server/jobs/job.js';
import { saveJob } from '../../server/jobs/job-records.js';
import { nothingSaid } from '../../server/people/attendance.js';
import { findPerson, savePersonChange } from '../../server/people/people-records.js';
import { saveInternship } from '../../server/plan/internship-records.js';
import { saveStop } from '../../server/visits/stand-stop-records.js';
import { openDiskStorage } from '../../storage/disk-storage.js';
import { StorageFailure } from '../../storage/storage.js';
import { anArtifact } from '../harness/builders/artifacts.js';
import { pressOnPage } from '../harness/browser-form.js';
import { countOf, erase, erasureDone, textsLeft, type Erased } from '../harness/builders/erasure.js';
import { anExhibition } from '../harness/builders/exhibition.js';
import { aPortfolio, aSnapshot } from '../harness/builders/portfolio.js';
import { actorOf } from '../harness/builders/transcript.js';
import { aGallery } from '../harness/builders/visits.js';
import type { Client } from '../harness/client.js';
import { rosterDesk } from '../harness/roster-desk.js';
import { temporaryFolder } from '../harness/services.js';
import { dayFromNow } from '../harness/test-clock.js';
import { startApp, testPassword, type TestApp, type TestSchool } from '../harness/start-app.js';

const folder = temporaryFolder();
let app: TestApp;
let home: TestSchool;
let admin: Client;
let removing = true;
beforeAll(async () => {
  const disk = await openDiskStorage(path.join(folder, 'files'));
  const remove = disk.remove.bind(disk);
  const storage = Object.assign(disk, {
    remove: async (key: string) => {
      if (!removing) throw new StorageFailure(`removing ${key} failed`);
      await remove(key);
    },
  });
  app = await startApp({ storage, dataDir: path.join(folder, 'data') });
  home = await app.aSchool();
  admin = await administratorOf(home);
});
afterAll(async () => {
  await app?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function administratorOf(school: TestSchool): Promise<Client> {
  const email = `${randomUUID()}@admin.example`;
  await school.person({ name: 'Pat Doyle', roles: ['admin'], email });
  return app.as(email);
}
const collection = (name: string) => app.context.db.connection.collection(name);

it('takes what others typed and did not save on pages of records about the person', async () => {
  const student = await home.person({ name: 'Vera Unsaved', roles: ['student'] });
  const stays = await home.person({ name: 'Otto Stays', roles: ['student'] });
  const { artifact } = await anArtifact(app, home, { studentId: student.id });
  const kept = await anArtifact(app, home, { studentId: stays.id });
  const { id } = await aPortfolio(app, home, { studentId: student.id, artifactIds: [artifact.id] });
  const drafts = [
    `/portfolios/${id}/suggestions`,
    `/artifacts/${artifact.id}`,
    `/artifacts/${kept.artifact.id}`,
  ];
  for (const action of drafts)
    expect((await admin.put('/drafts', { action, page: '/', fields: { text: 'About Vera' } })).status).toBe(
      200,
    );
  await erase(admin, student);
  const left = await collection('formdrafts')
    .find({ action: { $in: drafts } })
    .toArray();
  expect(left.map(({ action }) => action)).toEqual([drafts[2]]);
});

it('takes them out of what others declared, whom they must not hear', async () => {
  const student = await home.person({ name: 'Vera Declared', roles: ['student'] });
  const stays = await home.person({ name: 'Otto Declared', roles: ['student'] });
  const judge = await home.person({ name: 'Ola Berg', roles: ['panelist'] });
  const said = { ...nothingSaid, hours: ['Mon 16:00-18:00'] };
  const attendance = { ...said, conflictIds: [stays.id, student.id] };
  await savePersonChange(home.scope, judge.id, { attendance });
  const parent = await home.person({ name: 'Una Berg', roles: ['guardian'] });
  const words = { ...said, conflictWords: 'My niece Vera Declared\nand Otto Declared' };
  await savePersonChange(home.scope, parent.id, { attendance: words });
  await erase(admin, student);
  const left = (await findPerson(home.scope, parent.id))?.attendance;
  expect(left).toMatchObject({ hours: said.hours });
  expect(left?.conflictWords).toMatch(/^My niece (?!Vera).+\nand Otto Declared$/);
  expect((await findPerson(home.scope, judge.id))?.attendance).toMatchObject({
    ...{ hours: said.hours, conflictIds: [stays.id] },
  });
});

it('takes a guardian out of what is written about custody of the child', async () => {
  const guardian = await home.person({ name: 'Vito Custodian', roles: ['guardian'] });
  const child = await home.person({
    ...{ name: 'Ida Custodian', roles: ['student'], guardianIds: [guardian.id] },
  });
  const custodyNote = 'Vito Custodian must not pick her up.\nHer aunt may.';
  await savePersonChange(home.scope, child.id, { custodyNote });
  await erase(admin, guardian);
  const left = await findPerson(home.scope, child.id);
  expect(left?.custodyNote).toMatch(/^(?!Vito).+ must not pick her up\.\nHer aunt may\.$/);
});

describe('a person into whom a duplicate was merged', () => {
  it('its names, address, number and files go as well', async () => {
    const maria = await home.person({ name: 'Maria Garcia', roles: ['student'], sourcedId: 'S-1' });
    const other = await home.person({
      ...{ name: 'Márika Gárciova', roles: ['student'], sourcedId: 'S-2', email: 'marika@twice.example' },
    });
    await anArtifact(app, home, { studentId: other.id, bytes: Buffer.from('bytes of the duplicate') });
    await collection('accounts').deleteOne({ 'memberships.personId': other.id });
    const merged = await admin.post(`/people/${maria.id}/merge/${other.id}`, {
      ...{ name: 'into', sourcedId: 'into', confirmNumbers: true, reason: 'Entered twice' },
    });
    expect(merged.status).toBe(200);
    await collection('people').updateOne({ _id: maria.id as never }, { $set: { email: null } });
    const asked = { kind: 'transcripts', key: randomUUID(), payload: {}, total: 1 };
    const subjects = ['Márika Gárciova'.normalize('NFD'), 'gárciova,  márika', 'S-2'];
    await saveJob(home.scope, {
      ...newJob(home.scope, app.context.clock, actorOf(maria), asked),
      state: 'done',
      problems: subjects.map((subject) => ({ subject, message: 'transcript.problem.not-printed' })),
    });
    removing = false;
    const done = await erase(admin, maria);
    expect(done).toMatchObject({ state: 'done', filesWaiting: 1 });
    expect((await admin.get('/erasures')).json<{ items: Erased[] }>().items[0]!.filesWaiting).toBe(1);
    removing = true;
    const { removeWaitingFiles } = await import('../../server/artifacts/remove-files.js');
    const { findNamedKeys } = await import('../../server/erasure/named-files.js');
    expect(await removeWaitingFiles({ ...app.context, findNamedKeys })).toBe(0);
    expect((await admin.get(`/erasures/${done.id}`)).json<Erased>().filesWaiting).toBe(0);
    const words = ['Gárciova', 'gárciova', '"S-2"', 'marika@twice.example', 'Garcia'];
    expect(await textsLeft(app, [...words, ...words.map((word) => word.normalize('NFD'))])).toEqual([]);
  });
});

describe('where nothing but a name says who it was', () => {
  it('the record stays and is counted, and goes when it is chosen, however the name is written', async () => {
    const written = ['Noé Ángel', 'Noé Ángel'.normalize('NFD'), 'noé  ángel'];
    const student = await home.person({ name: 'Somebody Else', roles: ['student'] });
    for (const mentorName of [...written, 'Noé Ángela'])
      await saveInternship(home.scope, {
        ...{ id: randomUUID(), schoolId: home.school.id, studentId: student.id, termId: home.termId },
        ...{ organisation: 'Clinic', mentorName, interest: '', startsOn: dayFromNow(-30), endsOn: null },
        ...{ summary: '', hours: 1, revision: 1 },
      });
    const people = [];
    for (const at of [0, 1, 2])
      people.push(await home.person({ name: 'Noé Ángel', roles: ['guest'], organisation: String(at) }));
    const stop = { schoolId: home.school.id, exhibitionId: randomUUID(), slotId: null, stopped: true };
    const stops = [people[0]!.id, people[1]!.id, undefined].map((by) => ({
      ...{ ...stop, id: randomUUID(), at: app.context.clock.now(), byName: 'Noé Ángel' },
      ...(by ? { by } : {}),
    }));
    for (const each of stops) await saveStop(home.scope, each);
    const mentors = async () =>
      (await collection('internships').find({ studentId: student.id }).toArray())
        .map((each) => String(each['mentorName']).normalize('NFC'))
        .sort();
    const stoppers = async () =>
      Promise.all(
        stops.map(async ({ id }) =>
          String((await collection('standstops').findOne({ _id: id as never }))?.['byName']),
        ),
      );

    const preview = (await admin.get(`/people/${people[0]!.id}/erase`)).json<Erased>();
    expect(countOf(preview, 'kept', 'by-name')).toBe(4);
    const page = await admin.get(`/people/${people[0]!.id}/erase`, { as: 'page' });
    const typed = { byName: true, reason: 'Typed already' } as const;
    const shown = await pressOnPage(admin, page.text, 'Show what this erases', typed);
    expect([shown.status, shown.text]).toEqual([200, expect.stringMatching(/name="byName"[^>]* checked/)]);
    expect(shown.text).toContain('>Typed already</textarea>');
    await expect(pressOnPage(admin, page.text, 'Erase for good', typed)).rejects.toThrow('without ground');
    const kept = await erase(admin, people[0]!);
    expect(countOf(kept, 'kept', 'by-name')).toBe(4);
    expect(await stoppers()).toEqual(['Erased person', 'Noé Ángel', 'Noé Ángel']);
    expect(await mentors()).toEqual(['Noé Ángel', 'Noé Ángel', 'Noé Ángela', 'noé  ángel'].sort());

    // As a browser sends it: ticked and confirmed at once, without a look at what that would erase.
    const confirmed = { ground: 'person-asks', reason: 'They wrote to us.', confirm: 'Noé Ángel' };
    const form = (await admin.get(`/people/${people[2]!.id}/erase`, { as: 'page' })).text;
    const asked = await pressOnPage(admin, form, 'Erase for good', { ...confirmed, byName: true });
    expect([asked.status, asked.text]).toEqual([303, expect.any(String)]);
    const done = await erasureDone(admin, asked.headers.get('location')!);
    expect([countOf(done, 'unnamed', 'by-name'), countOf(done, 'kept', 'by-name')]).toEqual([4, 0]);
    expect(await stoppers()).toEqual(['Erased person', 'Noé Ángel', 'Erased person']);
    expect(await mentors()).toEqual(['Erased person', 'Erased person', 'Erased person', 'Noé Ángela']);
  });
});

describe('an account that another school counts on', () => {
  it('is theirs, and the link that they gave out before still works', async () => {
    const there = await app.aSchool({ name: 'Second School' });
    const office = await administratorOf(there);
    const email = `${randomUUID()}@offered.example`;
    const guardian = await home.person({ name: 'Ola Offered', roles: ['guardian'], email });
    const added = await office.post('/people', {
      ...{ givenName: 'Ola', familyName: 'Offered', email, roles: ['guardian'] },
    });
    const { person, setPasswordPath } = added.json<{ person: { id: string }; setPasswordPath: string }>();
    expect(setPasswordPath).toMatch(/^\/join\//);
    await erase(admin, guardian);
    expect(await collection('accounts').findOne({ email } as never)).toMatchObject({
      ...{ memberships: [{ personId: person.id }], offers: [], passwordHash: null },
    });
    const visitor = app.visitor();
    const led = await visitor.get(setPasswordPath, { as: 'page' });
    expect(led.status).toBe(303);
    const chosen = await visitor.post(led.headers.get('location')!, { password: `${testPassword} again` });
    expect([chosen.status, chosen.json()]).toEqual([200, { personId: person.id }]);
    expect((await visitor.get('/account')).status).toBe(200);
  });

  it('with several of them, a link of one opens that one alone', async () => {
    const email = `${randomUUID()}@offered.example`;
    const guardian = await home.person({ name: 'Ulla Offered', roles: ['guardian'], email });
    const offices: Client[] = [];
    const people: string[] = [];
    for (const name of ['North School', 'South School']) {
      const office = await administratorOf(await app.aSchool({ name }));
      const body = { givenName: 'Ulla', familyName: 'Offered', email, roles: ['guardian'] };
      people.push((await office.post('/people', body)).json<{ person: { id: string } }>().person.id);
      offices.push(office);
    }
    await erase(admin, guardian);
    const { setPasswordPath } = (await offices[0]!.post(`/people/${people[0]!}/invite`)).json<{
      setPasswordPath: string;
    }>();
    const visitor = app.visitor();
    expect((await visitor.post(setPasswordPath, { password: `${testPassword} again` })).status).toBe(200);
    const memberships = (await visitor.get('/memberships')).json<{
      items: { personId: string; state: string }[];
    }>();
    expect(memberships.items.map(({ personId, state }) => [personId, state])).toEqual([
      [people[0], 'current'],
      [people[1], 'offered'],
    ]);
  });
});

describe('a reason that somebody typed', () => {
  it('stands in the record, not in the audit record, and is erased there', async () => {
    const day = await anExhibition(app);
    await day.slotId();
    await day.move('open');
    await day.move('withdraw', 'Waits for Ravi Reasonable.');
    const entries = await listEntriesFrom(day.home.scope, 1, 100);
    expect(entries.at(-1)).toMatchObject({ act: 'exhibition.withdraw', detail: { withReason: true } });
    expect(JSON.stringify(entries)).not.toContain('Ravi');
    const stored = await collection('exhibitions').findOne({ _id: day.exhibitionId as never });
    expect(stored!['moveReasons']).toMatchObject([
      { verb: 'withdraw', reason: 'Waits for Ravi Reasonable.' },
    ]);
    const ravi = await day.home.person({ name: 'Ravi Reasonable', roles: ['guest'] });
    await erase(await administratorOf(day.home), ravi);
    expect(await textsLeft(app, ['Reasonable'])).toEqual([]);
  });

  it('is erased in a comment that was set aside, and the name of whoever typed it, also after it was shown again', async () => {
    const gallery = await aGallery(app);
    const { day } = gallery;
    const comment = { 'feedback.0': 'Fine.', 'feedback.1': '', 'feedback.2': '', once: 'sent-once' };
    const visits = [];
    for (const name of ['Una', 'Ursa']) {
      const guest = app.visitor();
      const visit = await gallery.comeIn(guest, 0, { name, role: 'mentor', once: `form-of-${name}` });
      expect((await guest.post(visit, comment)).status).toBe(200);
      visits.push(visit);
    }
    const hider = await day.join('Hilda Hidewell', ['registrar']);
    const reason = 'Mocks Ravi Mockable.';
    for (const visit of visits)
      for (const [act, body] of [['hide', { reason }], ['show'], ['hide', { reason }]] as const)
        expect((await hider.client.post(`${visit}/${act}`, body)).status).toBe(200);
    expect((await hider.client.post(`${visits[1]!}/show`)).status).toBe(200);
    expect(JSON.stringify(await listEntriesFrom(day.home.scope, 1, 200))).not.toContain('Mockable');
    const ravi = await day.home.person({ name: 'Ravi Mockable', roles: ['guest'] });
    const office = await administratorOf(day.home);
    await erase(office, ravi);
    expect(await textsLeft(app, ['Mockable'])).toEqual([]);
    await erase(office, hider.person);
    expect(await textsLeft(app, ['Hidewell'])).toEqual([]);
    const stand = await office.get(`/slots/${gallery.slots[0]}/visits`);
    const { items } = stand.json<{ items: { hidden: object | null; earlierHidings: object[] }[] }>();
    const told = { reason: 'Mocks Erased person.', byName: 'Erased person' };
    expect(items.map(({ hidden }) => hidden).filter(Boolean)).toMatchObject([told]);
    expect(items.flatMap(({ earlierHidings }) => earlierHidings)).toMatchObject([told, told, told]);
  });
});

describe('a name that a roster gives somebody', () => {
  it('goes with the person from the import and its preview, also while it waits for a decision', async () => {
    const desk = await rosterDesk(app);
    const guardian = await desk.school.person({ name: 'Pa Fore', roles: ['guardian'] });
    const kim = await desk.school.person({
      ...{ name: 'Kim Fore', roles: ['student'], sourcedId: 'W-1', guardianIds: [guardian.id] },
    });
    await aSnapshot(app, desk.school, { studentId: kim.id, title: 'Wood' });
    const rows = [
      'id,given name,family name,grade,guardian name,guardian email',
      'W-1,Kima,Waitington,9,Ma Other,ma@home.example',
      'W-2,Jo,Other,9,,',
    ].join('\n');
    for (const dryRun of ['true', '']) {
      const told = await desk.bringIn(rows, { dryRun, answers: 'same:all id' });
      expect(told).toMatchObject({ names: [{ name: 'Kim Fore', to: 'Kima Waitington' }] });
    }
    expect((await textsLeft(app, ['Waitington'])).length).toBeGreaterThan(3);
    await erase(await administratorOf(desk.school), kim);
    expect(await textsLeft(app, ['Waitington', 'id:W-1'])).toEqual([]);
    const lines = await collection('rosterchanges').find({ name: 'Jo Other' }).toArray();
    expect(lines).toHaveLength(2);
  });
});
