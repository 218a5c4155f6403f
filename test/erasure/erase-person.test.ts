/**
 * Erasing people: nothing of them is left in any record or file, what is others' still holds, and tampering
 * is still found.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { appendAudit } from '../../server/audit/append-audit.js';
import { listAnchors } from '../../server/audit/audit-anchors.js';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { frozen, type FrozenKind } from '../../server/audit/frozen-record.js';
import { checkSchool } from '../../server/cli/check-school.js';
import { collections } from '../../server/collections.js';
import { nothingToErase, partsAtOnce, partsInBackground } from '../../server/erasure/erase-person-parts.js';
import { saveExhibitionChange } from '../../server/exhibitions/exhibition-records.js';
import { savePart } from '../../server/handover/earlier-part-records.js';
import { frozenOfPart, hashOfPart } from '../../server/handover/earlier-record.js';
import { saveHandover } from '../../server/handover/handover-records.js';
import { newJob } from '../../server/jobs/job.js';
import { saveJob } from '../../server/jobs/job-records.js';
import { getNarrative } from '../../server/narratives/narrative-records.js';
import { beginNarrative, saveDraft, signNarrative } from '../../server/narratives/write-narrative.js';
import { saveEnrollments } from '../../server/people/enrollment-records.js';
import { frozenOfMerge } from '../../server/people/merged-person.js';
import { saveMergedPerson } from '../../server/people/merged-people-records.js';
import { saveNameCorrection } from '../../server/people/name-correction-records.js';
import { getPerson } from '../../server/people/people-records.js';
import type { Person } from '../../server/people/person.js';
import { saveRosterChanges, saveRosterImport } from '../../server/people/roster-import-records.js';
import { saveRosterUpload } from '../../server/people/roster-upload-records.js';
import { savePlan } from '../../server/plan/plan-records.js';
import { frozenOfChoice } from '../../server/results/attempts.js';
import { appendAttemptChoice } from '../../server/results/attempt-choice-records.js';
import { frozenOfVisit } from '../../server/visits/visit.js';
import { getVisit } from '../../server/visits/visit-records.js';
import { textWithoutNames } from '../../server/person-traces.js';
import { openDiskStorage } from '../../storage/disk-storage.js';
import { StorageFailure, type Storage } from '../../storage/storage.js';
import { anArtifact } from '../harness/builders/artifacts.js';
import { countOf, erase, type Erased } from '../harness/builders/erasure.js';
import { aGroup } from '../harness/builders/group.js';
import { aPresentation } from '../harness/builders/presentation.js';
import { aProposal } from '../harness/builders/proposal.js';
import { aRehearsal } from '../harness/builders/rehearsals.js';
import { aPanel, fillSheet, type TestPanel } from '../harness/builders/scores.js';
import { actorOf, jobDone } from '../harness/builders/transcript.js';
import { aVisit } from '../harness/builders/visits.js';
import { issuedTranscript } from '../harness/builders/world-papers.js';
import { studentWork } from '../harness/builders/world-work.js';
import type { Client } from '../harness/client.js';
import { temporaryFolder } from '../harness/services.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { decideOn, publishSlot } from '../harness/builders/publishing.js';

const folder = temporaryFolder();
let app: TestApp;
let storage: Storage;
let removing = true;
beforeAll(async () => {
  const disk = await openDiskStorage(path.join(folder, 'files'));
  const remove = disk.remove.bind(disk);
  storage = Object.assign(disk, {
    remove: async (key: string) => {
      if (!removing) throw new StorageFailure(`removing ${key} failed`);
      await remove(key);
    },
  });
  app = await startApp({ storage, dataDir: path.join(folder, 'data') });
});
afterAll(async () => {
  await app?.close();
  rmSync(folder, { recursive: true, force: true });
});

const collection = (name: string) => app.context.db.connection.collection(name);

/** Every document and file in which one of these texts is found: `collection id: text`. */
async function traces(words: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const look = (where: string, content: string) => {
    for (const word of words) if (content.includes(word)) found.push(`${where}: ${word}`);
  };
  for (const { name } of await app.context.db.connection
    .db!.listCollections({}, { nameOnly: true })
    .toArray())
    for await (const document of collection(name).find({})) {
      const { content } = document as { content?: { buffer?: Uint8Array } };
      const binary = content?.buffer ? Buffer.from(content.buffer).toString('utf8') : '';
      look(`${name} ${String(document._id)}`, JSON.stringify(document) + binary);
    }
  for await (const { key } of storage.list()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await storage.read(key)) chunks.push(chunk as Buffer);
    look(`file ${key}`, key + Buffer.concat(chunks).toString('latin1'));
  }
  return found;
}

async function problems({ scope }: { scope: TestPanel['home']['scope'] }) {
  await app.context.audit.settle(scope.schoolId);
  await app.context.anchors.flush();
  const anchors = await listAnchors(app.context.anchorFiles, scope.schoolId);
  return (await checkSchool({ storage, files: true, anchors }, scope)).problems;
}

const words = {
  name: 'Zephyrine Quillstone',
  number: 'SN-778899',
  earlier: 'Zephyr Oldname',
  legal: 'Zephyrina Paperstone',
  work: 'qx-work-words',
  file: 'qx-file-name.txt',
  bytes: 'qx-bytes-of-a-file',
  plan: 'qx-plan-words',
  narrative: 'qx-own-narrative',
  draft: 'qx-draft-narrative',
  about: 'qx-advisor-about-her',
  comment: 'qx-panel-about-her',
  heard: 'qx-rehearsal-comment',
  visit: 'qx-visit-comment',
  custody: 'qx-custody-note',
  ask: 'qx-removal-note',
  choice: 'qx-choice-reason',
  merged: 'SN-merged-55',
  chosen: 'Zeph Chosenstone',
  brought: 'qx-earlier-narrative',
};

describe('a name in a text', () => {
  const person = { names: ['José Ångström', 'Jose'], email: null, sourcedId: null, mark: '[erased]' };
  it.each([
    ['composed', 'For José Ångström.'.normalize('NFC'), 'For [erased].'],
    ['decomposed', 'For José Ångström.'.normalize('NFD'), 'For [erased].'],
    ['another name, decomposed', 'For José.'.normalize('NFD'), 'For José.'.normalize('NFD')],
    ['a part of a word', 'Josephine', 'Josephine'],
  ])('is found however its accents are written: %s', (_, text, expected) => {
    expect(textWithoutNames(text, person)).toBe(expected);
  });
});

describe('the list of what is erased', () => {
  it('names every collection once: with what is erased of it, or why nothing is', () => {
    const covered = new Set([...partsAtOnce, ...partsInBackground].map((part) => part.collection));
    const named = collections.map(({ name }) => name);
    const inNeither = named.filter((name) => !covered.has(name) && !(name in nothingToErase));
    const inBoth = named.filter((name) => covered.has(name) && name in nothingToErase);
    expect({ inNeither, inBoth }).toEqual({ inNeither: [], inBoth: [] });
    expect([...covered, ...Object.keys(nothingToErase)].filter((name) => !named.includes(name))).toEqual([]);
  });
});

describe('after erasing', () => {
  let panel: TestPanel;
  let admin: Client;
  let student: Person;
  let advisor: Person;
  let chair: Person;
  let guest: Person;

  /** Something of every kind about the student, and around her whoever takes part. */
  beforeAll(async () => {
    panel = await aPanel(app, { studentName: words.name, roles: ['teacher', 'advisor'] });
    const { home, people } = panel;
    const { scope, termId } = home;
    const { context } = app;
    const { clock } = context;
    const now = clock.now();
    ({ student, advisor } = people);
    admin = await panel.as('admin');
    const registrar = await panel.as('registrar');
    const freeze = (kind: FrozenKind, id: string, content: unknown) =>
      appendAudit(
        scope,
        clock,
        actorOf(people.registrar),
        'test.freeze',
        { kind, id },
        frozen(kind, id, content),
      );
    await collection('people').updateOne(
      { _id: student.id as never },
      {
        $set: {
          ...{ sourcedId: words.number, custodyNote: words.custody },
          ...{ legalName: words.legal, chosenName: words.chosen },
        },
      },
    );

    // Her panel: two sheets, a decision, a published result, a chosen attempt.
    for (const [at, { id }] of panel.seats.entries())
      await fillSheet(await panel.as(`panelist-${at}`), id, ['meeting'], { comment: words.comment });
    const chairClient = await panel.as('panelist-0');
    const sheet = (await chairClient.get(`/seats/${panel.seats[0]!.id}/sheet`)).json<{
      criteria: { id: string }[];
    }>();
    const decided = await decideOn(chairClient, panel.slotId, {
      ...{ criterionId: sheet.criteria[0]!.id, kind: 'consensus', levelId: 'extending', reason: 'We talked' },
    });
    expect(decided.status).toBe(201);
    await panel.moveTo('closed', 'scoring');
    expect((await publishSlot(registrar, panel.slotId)).status).toBe(200);
    chair = await getPerson(scope, panel.seats[0]!.personId);
    const choice = {
      ...{
        id: randomUUID(),
        schoolId: scope.schoolId,
        studentId: student.id,
        exhibitionId: panel.exhibitionId,
      },
      ...{ slotId: panel.slotId, reason: words.choice, turn: 1, at: now },
      ...{ chosenBy: people.registrar.id, chosenByName: people.registrar.displayName },
    };
    await appendAttemptChoice(scope, choice);
    await freeze('attempt choice', choice.id, frozenOfChoice(choice));

    // She sits on another student's panel, and both have stands at a gallery that is over.
    const other = await aPresentation(app, home, people.otherStudent, student, 'scoring');
    const own = await panel.as('student');
    await fillSheet(own, other.ids.seat, ['meeting']);
    const theirs = await aPresentation(app, home, people.otherStudent, advisor, 'closed', 'gallery');
    const hers = await aPresentation(app, home, student, advisor, 'closed', 'gallery');
    guest = await home.person({ name: 'Gustavia Visitorsson', roles: ['guest'] });
    const visits = [
      await aVisit(app, home, theirs.ids, people.otherStudent, student),
      await aVisit(app, home, theirs.ids, people.otherStudent, guest),
      await aVisit(app, home, hers.ids, student, guest),
    ];
    for (const [at, id] of visits.entries()) {
      const feedback = [{ prompt: 'What stayed with me', words: at === 1 ? 'qx-guest-words' : words.visit }];
      await collection('visits').updateOne({ _id: id as never }, { $set: { feedback } });
      const visit = await getVisit(scope, id);
      await freeze('visit', id, frozenOfVisit(visit));
    }

    // Works, portfolio, plan, internship, calendar; narratives in both voices; rehearsals; a transcript.
    await studentWork(own, student.id, termId);
    const { artifact } = await anArtifact(app, home, {
      ...{ studentId: student.id, title: words.work, name: words.file, bytes: Buffer.from(words.bytes) },
    });
    await collection('artifacts').updateOne(
      { _id: artifact.id as never },
      { $set: { removalRequest: { at: now, by: people.guardian.id, reason: 'privacy', note: words.ask } } },
    );
    await savePlan(scope, {
      ...{ id: randomUUID(), schoolId: scope.schoolId, studentId: student.id, termId: 'earlier-term' },
      ...{ aim: words.plan, goals: [words.plan], revision: 1, changedAt: now, changedBy: student.id },
    });
    const writers = [
      { actor: actorOf(student), voice: 'student' as const, markdown: words.narrative },
      {
        actor: actorOf(advisor, { advisoryIds: [student.advisoryId!] }),
        voice: 'advisor' as const,
        markdown: words.about,
      },
    ];
    for (const { actor, voice, markdown } of writers) {
      const begun = await beginNarrative(context, scope, actor, { student, termId, voice, markdown });
      await signNarrative(context, scope, actor, { student, narrativeId: begun.id });
      const signed = await getNarrative(scope, begun.id);
      const draft = { student, narrative: signed, markdown: words.draft, revision: signed.revision };
      await saveDraft(context, scope, actor, draft);
    }
    await aRehearsal(app, home, student, advisor);
    const heard = await aRehearsal(app, home, people.otherStudent, student);
    await collection('rehearsals').updateOne(
      { _id: heard as never },
      { $set: { 'seats.0.overallComment': words.heard } },
    );
    await issuedTranscript(app, home, { student, registrar: people.registrar });

    // What the office has of her.
    await saveEnrollments(scope, [
      {
        ...{ id: randomUUID(), schoolId: scope.schoolId, studentId: student.id, termId: 'earlier-term' },
        ...{ studentName: words.name, sortName: 'quillstone zephyrine', sourcedId: words.number, grade: '9' },
        ...{ advisory: null, advisors: [{ id: advisor.id, name: advisor.displayName }], status: 'enrolled' },
        ...{ startsOn: null, endsOn: null, assumed: false, savedAt: now },
      },
      {
        ...{
          id: randomUUID(),
          schoolId: scope.schoolId,
          studentId: people.otherStudent.id,
          termId: 'earlier-term',
        },
        ...{ studentName: 'Yonas Tesfaye', sortName: 'tesfaye yonas', sourcedId: null, grade: '9' },
        ...{ advisory: null, advisors: [{ id: advisor.id, name: advisor.displayName }], status: 'enrolled' },
        ...{ startsOn: null, endsOn: null, assumed: false, savedAt: now },
      },
    ]);
    const names = (displayName: string) => ({ givenName: displayName, familyName: '', displayName });
    await saveNameCorrection(scope, {
      ...{ id: randomUUID(), schoolId: scope.schoolId, personId: student.id },
      ...{ from: names(words.earlier), to: names(words.name), at: now, by: people.registrar.id },
      ...{ reason: 'chosen', decisions: [] },
    });
    const later = new Date(now.getTime() + 3_600_000);
    const kept = { schoolId: scope.schoolId, personId: people.registrar.id, expiresAt: later };
    const uploadId = randomUUID();
    await saveRosterUpload(scope, {
      ...{ ...kept, id: uploadId, name: 'roster.csv', content: Buffer.from(`name\n${words.name}`) },
    });
    await saveRosterImport(scope, {
      ...{ ...kept, id: 'import', fileName: 'roster.csv', uploadId, dryRun: true, utf8: true, unchanged: 0 },
      ...{ advisories: { created: 0, updated: 0 }, terms: { created: 0, updated: 0 } },
      elsewhere: [{ name: words.earlier, student: true }],
      unnamed: [{ key: 'tie', student: words.legal, guardian: words.name }],
      moved: [{ rowKey: 'row', name: words.legal, by: 'number' }],
    });
    const line = {
      ...{ schoolId: scope.schoolId, importId: 'import', roles: ['student' as const], file: '', row: 1 },
      ...{ field: '', message: '', params: {}, personId: null, done: false, expiresAt: later },
    };
    await saveRosterChanges(scope, [
      {
        ...{ ...line, id: randomUUID(), number: 1, rowKey: words.number, kind: 'updated', name: words.name },
        changes: [{ field: 'displayName', from: words.earlier, to: words.name }],
      },
      {
        ...{ ...line, id: randomUUID(), number: 2, rowKey: '', kind: 'problem', name: '', changes: [] },
        params: { name: words.legal, number: words.number },
      },
    ]);
    const asked = { kind: 'transcripts', key: randomUUID(), payload: {}, total: 1 };
    await saveJob(scope, {
      ...newJob(scope, clock, actorOf(people.registrar), asked),
      ...{ state: 'done', problems: [{ subject: words.name, message: 'transcript.problem.not-printed' }] },
    });
    const proposal = await aProposal(
      scope,
      { exhibition: hers.ids.exhibition, slot: hers.ids.slot },
      student.id,
    );
    await collection('scheduleproposals').updateOne(
      { _id: proposal as never },
      {
        $set: {
          broken: [
            { kind: 'steps', personId: student.id, slotIds: [], message: 'x', params: { name: words.name } },
          ],
        },
      },
    );
    const merge = {
      ...{ id: randomUUID(), schoolId: scope.schoolId, into: student.id, at: now, by: chair.id },
      ...{ byName: chair.displayName, reason: 'Twice', fields: [], moved: {}, joined: [] },
      sourcedId: words.merged,
    };
    await saveMergedPerson(scope, merge);
    await freeze('merge', merge.id, frozenOfMerge(merge));
    const handoverId = randomUUID();
    await saveHandover(scope, {
      ...{ id: handoverId, networkId: 'net', fromSchoolId: 'before', toSchoolId: scope.schoolId },
      // The name that the other school knows stays there.
      ...{ fromSchoolName: 'Before', toSchoolName: 'Now', studentId: 'there', studentName: 'Name There' },
      ...{ studentNumber: null, newStudentId: student.id, newStudentName: words.name },
      ...{ state: 'copied', reason: `${words.name} moves`, sealed: true },
      ...{ openKey: null, createdAt: now, createdBy: 'x', offeredAt: now, answeredAt: now, answeredBy: 'x' },
      copiedAt: now,
    });
    const part = {
      ...{ id: randomUUID(), schoolId: scope.schoolId, handoverId, studentId: student.id, file: null },
      ...{
        kind: 'narrative' as const,
        sourceId: 'n',
        fromSchoolId: 'before',
        title: words.name,
        term: 'Fall',
      },
      ...{ at: now, copiedAt: now },
      content: {
        ...{ voice: 'advisor' as const, number: 1, signedName: 'Old Advisor', narrativeHash: 'x' },
        markdown: words.brought,
      },
    };
    await savePart(scope, { ...part, hash: hashOfPart(part) });
    await freeze('earlier record', part.id, frozenOfPart(part));
    const link = await admin.post(`/people/${student.id}/invite`, {});
    expect(link.status).toBeLessThan(300);
    await saveExhibitionChange(scope, other.ids.exhibition, 'scoring', { phase: 'closed' });
    expect(await problems(home)).toEqual([]);
  }, 120_000);

  it('refuses oneself, a wrong name, a reason that names the person, and whoever else asks', async () => {
    const self = panel.people.admin;
    const body = { ground: 'other', reason: 'No reason', confirm: self.displayName };
    const post = (client: Client, id: string, more: object) =>
      client.post(`/people/${id}/erase`, { ...body, ...more });
    expect((await post(admin, self.id, {})).status).toBe(409);
    const wrong = await post(admin, student.id, { confirm: 'Somebody Else' });
    expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('confirm')]);
    for (const reason of [`Asked by ${words.name.toUpperCase()}`, words.number]) {
      const named = await post(admin, student.id, { confirm: words.name, reason });
      expect([named.status, named.text]).toEqual([422, expect.stringContaining('"reason"')]);
    }
    expect((await post(await panel.as('registrar'), student.id, { confirm: words.name })).status).toBe(403);
    expect((await admin.get('/erasures')).json<{ items: unknown[] }>().items).toEqual([]);
  });

  it('a guest: the comment is gone, and so is the name', async () => {
    expect(await traces(['qx-guest-words'])).not.toEqual([]);
    const done = await erase(admin, guest);
    expect(countOf(done, 'erased', 'visit')).toBe(2);
    expect(await traces(['Gustavia', 'Visitorsson', 'qx-guest-words'])).toEqual([]);
    expect(await problems(panel.home)).toEqual([]);
  });

  it('a guardian: the tie is gone, also on the side of the child', async () => {
    const { guardian } = panel.people;
    const done = await erase(admin, guardian);
    expect(countOf(done, 'erased', 'guardian-tie')).toBe(1);
    const child = await collection('people').findOne({ _id: student.id as never });
    expect((child as unknown as Person).guardianIds).toEqual([]);
    expect(await traces(['Rosa', 'Núñez', guardian.email!, words.ask])).toEqual([]);
    expect(await problems(panel.home)).toEqual([]);
  });

  it('staff: what they said about others stays without the name, and issued transcripts of others as they are', async () => {
    const preview = (await admin.get(`/people/${advisor.id}/erase`)).json<Erased>();
    expect(countOf(preview, 'kept', 'transcript-naming')).toBe(1);
    expect(countOf(preview, 'unnamed', 'sheet')).toBe(1);
    const done = await erase(admin, advisor);
    expect(countOf(done, 'unnamed', 'narrative-signed')).toBe(1);
    expect(countOf(done, 'unnamed', 'result-of-others')).toBe(1);
    await erase(admin, chair);
    const left = await traces(['Amara', 'Okafor', 'Noor', 'Haddad', `"${advisor.email!}"`]);
    expect(left.filter((where) => !where.startsWith('transcripts '))).toEqual([]);
    expect(await problems(panel.home)).toEqual([]);
    const result = await (await panel.as('registrar')).get(`/slots/${panel.slotId}/result`);
    expect(result.text).toContain('Erased person');
    // The draft about her was never signed; the words that were signed are there again.
    expect(await collection('narratives').findOne({ authorId: advisor.id })).toMatchObject({
      ...{ markdown: words.about, authorName: 'Erased person', state: 'signed' },
    });
  });

  it('a student: nothing is left, not in one record and not in one file', async () => {
    const everything = [...Object.values(words), `"${student.email!}"`, 'Zephyrine', 'Quillstone'];
    const work = ['Of one sheet', 'What wood can do', 'It bent.', 'Chair Works', 'chair.png'];
    const before = await traces([...everything, ...work]);
    // What an earlier erasure has taken is not looked for again.
    const gone = [words.ask, words.earlier];
    for (const word of [...everything, ...work].filter((each) => !gone.includes(each)))
      expect(before.filter((where) => where.endsWith(`: ${word}`))).not.toEqual([]);
    const own = await panel.as('student');
    const code = String((await collection('transcripts').findOne({ studentId: student.id }))?.['code']);
    const preview = (await admin.get(`/people/${student.id}/erase?extent=everything`)).json<Erased>();
    const done = await erase(admin, student, { extent: 'everything' });
    expect((await own.get('/account')).status).toBe(401);
    expect(done).toMatchObject({ state: 'done', filesWaiting: 0 });
    // What was done is what was announced; sessions come and go.
    const plain = ({ counts }: Erased) =>
      counts
        .filter(({ kind }) => kind !== 'session')
        .map(({ outcome, kind, count }) => [outcome, kind, count]);
    expect(plain(done)).toEqual(plain(preview));
    expect(await traces([...everything, ...work])).toEqual([]);
    expect(await traces([`${student.id}/`])).toEqual([]);
    expect(await problems(panel.home)).toEqual([]);
    const verified = await app.visitor().get(`/verify/${code}`);
    expect([verified.status, verified.text]).toEqual([410, expect.stringContaining('withdrawn')]);
  });

  it('pages of what they took part in still open', async () => {
    const office = await panel.as('registrar');
    const slots = await collection('slots').find({ schoolId: panel.home.scope.schoolId }).toArray();
    const exhibitions = new Set(slots.map((slot) => String(slot['exhibitionId'])));
    const { otherStudent } = panel.people;
    const paths = [
      ...[
        '/',
        '/people',
        '/students',
        '/transcripts',
        '/exhibitions',
        `/terms/${panel.home.termId}/transcripts`,
      ],
      ...[...exhibitions].flatMap((id) => [`/exhibitions/${id}`, `/exhibitions/${id}/timetable`]),
      ...slots.flatMap(({ _id }) => [`/slots/${String(_id)}`, `/slots/${String(_id)}/result`]),
      ...[`/students/${student.id}`, `/students/${otherStudent.id}`, `/slots/${panel.slotId}/evidence`],
      ...panel.seats.map(({ id }) => `/seats/${id}/sheet`),
    ];
    for (const client of [office, admin, await panel.as('otherStudent')])
      for (const address of paths) {
        const reply = await client.get(address, { as: 'page' });
        expect([address, reply.status < 500]).toEqual([address, true]);
        expect(reply.text).not.toContain('Zephyrine');
      }
    const day = await office.get(`/exhibitions/${panel.exhibitionId}`, { as: 'page' });
    expect([day.status, day.text]).toEqual([200, expect.stringContaining('Erased person')]);
  });

  it('the audit record says who asked and on what ground, with ids and numbers only', async () => {
    const entries = (await listEntriesFrom(panel.home.scope, 1, 2000)).filter(
      ({ act, subject }) => act.startsWith('people.erase') && subject.id === student.id,
    );
    expect(entries.map(({ act }) => act)).toEqual(
      expect.arrayContaining(['people.erase', 'people.erase-records', 'people.erased']),
    );
    const [first] = entries;
    expect([first!.actorId, first!.detail]).toMatchObject([panel.people.admin.id, { ground: 'person-asks' }]);
    expect(JSON.stringify(entries)).not.toContain('They wrote to us');
    expect((await collection('erasures').findOne({ personId: student.id }))?.['traces']).toBeNull();
  });

  it('nobody changes, invites or brings back who was erased', async () => {
    const body = { givenName: 'Zephyrine', familyName: 'Quillstone', roles: ['student'] };
    expect((await admin.put(`/people/${student.id}`, body)).status).toBe(409);
    expect((await admin.post(`/people/${student.id}/reactivate`)).status).toBe(409);
    expect((await admin.post(`/people/${student.id}/invite`)).status).toBeGreaterThanOrEqual(400);
    const again = { ground: 'other', reason: 'No reason', confirm: 'Erased person' };
    expect((await admin.post(`/people/${student.id}/erase`, again)).status).toBe(409);
    expect(await traces(['Zephyrine', 'Quillstone'])).toEqual([]);
  });

  it('a removal that nobody recorded, and a name put back, are still found', async () => {
    const { scope } = panel.home;
    const sheet = await collection('scoresheets').findOne({ state: 'submitted', schoolId: scope.schoolId });
    expect(sheet).not.toBeNull();
    await collection('scoresheets').updateOne(
      { _id: sheet!._id },
      { $set: { panelistName: 'Somebody Else' } },
    );
    const changed = await problems(panel.home);
    expect(changed.map(({ id }) => id)).toContain(String(sheet!._id));
    await collection('scoresheets').deleteOne({ _id: sheet!._id });
    const removed = await problems(panel.home);
    expect(removed).toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: 'score sheet', id: String(sheet!._id) })]),
    );
  });
});

describe('erasing', () => {
  it('keeps what was issued where the school wants that, with the works it shows', async () => {
    const panel = await aPanel(app, { roles: ['teacher'], studentName: 'Kestrel Keptwork' });
    const { student, registrar } = panel.people;
    await studentWork(await panel.as('student'), student.id, panel.home.termId);
    await fillSheet(await panel.as('panelist-0'), panel.seats[0]!.id, ['meeting']);
    await panel.moveTo('closed', 'scoring');
    const office = await panel.as('registrar');
    expect((await publishSlot(office, panel.slotId)).status).toBe(200);
    const { id } = await issuedTranscript(app, panel.home, { student, registrar });
    const done = await erase(await panel.as('admin'), student, { extent: 'keep-issued' });
    const kept = done.counts.filter(({ outcome }) => outcome === 'kept').map(({ kind }) => kind);
    expect(kept).toEqual(expect.arrayContaining(['snapshot', 'sheet-about', 'result', 'transcript']));
    expect(await problems(panel.home)).toEqual([]);
    expect((await office.get(`/transcripts/${id}.pdf`)).status).toBe(200);
    expect((await office.get(`/slots/${panel.slotId}/result`)).status).toBe(200);
    // Nothing new is recorded about somebody who is erased.
    const { guardian, otherAdvisor } = panel.people;
    const [tie, note, choice, seat] = [
      await office.post(`/people/${student.id}/guardians`, { personId: guardian.id }),
      await office.post(`/people/${student.id}/custody-note`, { note: 'Kestrel' }),
      await office.post(`/slots/${panel.slotId}/counts`, { slotId: panel.slotId, reason: 'Kestrel' }),
      await office.post(`/slots/${panel.slotId}/seats`, { personId: otherAdvisor.id, role: 'teacher' }),
    ];
    expect([tie, note, choice, seat].map(({ status }) => status)).toEqual([409, 409, 409, 409]);
  });

  it("takes the rows about one member out of a group's sheets, and the others' results stay", async () => {
    const group = await aGroup(app, { roles: ['teacher'] });
    await group.fill('panelist-0', { group: 'developing', each: ['developing', 'proficient', 'advanced'] });
    await group.moveTo('closed', 'scoring');
    for (const at of [0, 1, 2]) expect((await group.publish(at)).status).toBe(200);
    const before = (await group.result(group.registrar, 2)).json<Record<string, unknown>>();
    const going = group.members[1]!;
    const done = await erase(await group.as('admin'), going.student);
    expect(countOf(done, 'unnamed', 'sheet-group')).toBe(1);
    const sheet = await collection('scoresheets').findOne({ _id: group.seats[0]!.id as never });
    expect(JSON.stringify([sheet?.['responses'], sheet?.['journal']])).not.toContain(going.slotId);
    expect(JSON.stringify(sheet?.['responses'])).toContain(group.members[2]!.slotId);
    expect(await collection('results').findOne({ _id: going.slotId as never })).toBeNull();
    const after = (await group.result(group.registrar, 2)).text;
    expect(JSON.parse(after.replaceAll('Erased person', going.student.displayName))).toEqual(before);
    expect(await problems(group.home)).toEqual([]);
  });

  it('waits until somebody is off the panels and presentations of a running exhibition', async () => {
    const panel = await aPanel(app, { roles: ['teacher'] });
    const admin = await panel.as('admin');
    for (const id of [panel.people.student.id, panel.seats[0]!.personId]) {
      const { person, unfinished } = (await admin.get(`/people/${id}/erase`)).json<{
        person: { displayName: string };
        unfinished: { slotId: string }[];
      }>();
      expect(unfinished.map(({ slotId }) => slotId)).toEqual([panel.slotId]);
      const asked = { ground: 'other', reason: 'No reason', confirm: person.displayName };
      expect((await admin.post(`/people/${id}/erase`, asked)).status).toBe(409);
    }
  });

  it('never takes the last administrator away, and leaves sign-ins of other schools', async () => {
    const [here, there] = [await app.aSchool(), await app.aSchool()];
    const email = `${randomUUID()}@two.example`;
    const only = await here.person({
      name: 'Ada Only',
      roles: ['admin'],
      email: `${randomUUID()}@two.example`,
    });
    const second = await here.person({ name: 'Bo Second', roles: ['admin'], email });
    const elsewhere = await there.person({ name: 'Bo Second', roles: ['admin'] });
    await collection('accounts').updateOne(
      { 'memberships.personId': second.id },
      {
        $push: {
          memberships: {
            personId: elsewhere.id,
            schoolId: there.school.id,
            networkId: null,
            lastUsedAt: null,
          },
        } as never,
      },
    );
    const admin = await app.as(only.email!);
    expect((await erase(admin, second)).state).toBe('done');
    expect(await collection('accounts').findOne({ email } as never)).toMatchObject({
      memberships: [{ personId: elsewhere.id }],
    });
    const third = await here.person({
      name: 'Cy Third',
      roles: ['admin'],
      email: `${randomUUID()}@two.example`,
    });
    const ask = async (client: Client, { id, displayName }: Person) =>
      (
        await client.post(`/people/${id}/erase`, {
          ground: 'other',
          reason: 'No reason',
          confirm: displayName,
        })
      ).status;
    const both = await Promise.all([ask(admin, third), ask(await app.as(third.email!), only)]);
    expect(both.filter((status) => status === 201)).toHaveLength(1);
    const left = await collection('people').countDocuments({
      schoolId: here.school.id,
      roles: 'admin',
      active: true,
    });
    expect(left).toBe(1);
  });

  it('reports bytes that the storage does not give up, and removes them later', async () => {
    const school = await app.aSchool();
    const email = `${randomUUID()}@admin.example`;
    await school.person({ name: 'Pat Doyle', roles: ['admin'], email });
    const student = await school.person({ name: 'Stubborn Storage', roles: ['student'] });
    await anArtifact(app, school, { studentId: student.id, bytes: Buffer.from('bytes that stay') });
    const admin = await app.as(email);
    removing = false;
    const asked = await admin.post(`/people/${student.id}/erase`, {
      ...{ ground: 'order', reason: 'A court says so', confirm: 'stubborn  storage' },
    });
    const { id, jobId } = asked.json<{ id: string; jobId: string }>();
    const job = await jobDone(admin, jobId);
    expect(job.problems.map(({ words: said }) => said)).toEqual([
      expect.stringContaining('could not be removed'),
    ]);
    expect((await admin.get(`/erasures/${id}`)).json()).toMatchObject({ state: 'done', filesWaiting: 1 });
    expect((await admin.get(`/erasures/${id}`, { as: 'page' })).text).toContain(
      '1 file could not be removed yet',
    );
    removing = true;
    const again = await admin.post(`/erasures/${id}/continue`);
    expect(again.status).toBe(409);
    const { removeWaitingFiles } = await import('../../server/artifacts/remove-files.js');
    const { findNamedKeys } = await import('../../server/erasure/named-files.js');
    expect(await removeWaitingFiles({ ...app.context, storage, findNamedKeys })).toBe(0);
    expect((await admin.get(`/erasures/${id}`)).json()).toMatchObject({ filesWaiting: 0 });
  });
});
