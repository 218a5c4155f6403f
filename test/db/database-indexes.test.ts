/**
 * Every question that pages, acts, background jobs and the check of the records ask is answered through an
 * index, and hardly more is read than is answered: in a school where everything lies many times over, in a
 * database with many schools. So a list is sorted in memory only where all of it is the answer.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { checkSchool } from '../../server/cli/check-school.js';
import { permissionRows } from '../access/permission-rows/all.js';
import { makeBusy } from '../harness/busy-database.js';
import { buildWorld, type World } from '../harness/builders/world.js';
import { knock, letIn, methodOf } from '../harness/knock.js';
import { sendRoster } from '../harness/roster-desk.js';
import { startApp, withPublicAddress, type TestApp } from '../harness/start-app.js';
import { watchQuestions, type Asked } from '../harness/watch-questions.js';

/** Questions that read more than they answer, each with the reason why that is right. */
const allowed: Record<string, string> = {
  'portfolios find $or{unseenSubmission.number{$exists} suggestions.0{$exists}},schoolId,studentId sort createdAt':
    'The portfolios of one student: one or two for each term.',
  'seats find schoolId,slotId{$in}':
    'One key is looked at for each presentation, also where nobody sits yet.',
  ...Object.fromEntries(
    [
      'find $or{displayName{$options,$regex} sortName{$options,$regex} studentNumber},active,schoolId sort sortName,_id',
      'find $or{displayName{$options,$regex} sortName{$options,$regex} studentNumber},active,schoolId',
      'find $or{displayName{$options,$regex} sortName{$options,$regex} studentNumber},active,roles,schoolId sort sortName,_id',
      'find $or{displayName{$options,$regex} sortName{$options,$regex} studentNumber},active,roles,schoolId',
    ].map((question) => [
      `people ${question}`,
      'A part of a name, anywhere in it: no index leads there. It reads the people of one school, and nobody of another.',
    ]),
  ),
  ...Object.fromEntries(
    [
      'passwordlinks aggregate $and{createdById{$in}}',
      'sessions aggregate $and{$or{session.personId session.guest.personId}}',
      'apitokens aggregate $and{personId}',
      'passwordlinks aggregate $and{personId}',
      'passwordlinks aggregate $and{createdById{$in},createdByName{$ne}}',
      'rosteruploads aggregate $and{schoolId}',
      'reveals aggregate $and{opened.byName{$ne},opened.by{$in},schoolId}',
      'sessions write session.personId',
      'sessions write session.guest.personId',
      'sessions write $or{session.personId session.guest.personId}',
      'exhibitions aggregate $and{plannerIds,schoolId}',
      'exhibitions aggregate $and{createdBy,schoolId}',
      'enrollments aggregate $and{advisors{$elemMatch{id{$in},name{$ne}}},schoolId,studentId{$ne}}',
      'internships aggregate $and{$and{studentId{$ne} mentorName{$regex}},schoolId}',
      'exhibitions find $and{moveReasons.0{$exists} _id{$gt}},schoolId sort _id',
      'transcripts aggregate $and{issuedBy{$in},issuedName{$ne},schoolId}',
      'narratives aggregate $and{authorId{$in},authorName{$ne},latestVersion{$gt},schoolId,studentId{$ne}}',
      'exhibitions write plannerIds,schoolId',
      'exhibitions write createdBy,schoolId',
      'jobs write createdBy,schoolId',
      'schedules write panelistIds,schoolId',
      'schedules write acceptedIds,schoolId',
      'schedules write presenting.studentIds,schoolId',
      'schedules write schoolId,together.studentId',
      'formdrafts aggregate $and{$or{personId{$in} action{$regex} page{$regex}}}',
      'reveals find $and{opened.byName{$ne},opened.by{$in} _id{$gt}},schoolId sort _id',
      'portfolios find $and{suggestions.by{$in} _id{$gt}},schoolId sort _id',
      'people write attendance.conflictIds,schoolId',
      'people find $and{attendance.conflictIds{$in} _id{$gt}},schoolId sort _id',
      'passwordlinks find $and{personId _id{$gt}} sort _id',
      'passwordlinks find $and{createdById{$in},createdByName{$ne} _id{$gt}} sort _id',
      'enrollments find $and{advisors{$elemMatch{id{$in},name{$ne}}},studentId{$ne} _id{$gt}},schoolId sort _id',
      'transcripts find $and{issuedBy{$in},issuedName{$ne} _id{$gt}},schoolId sort _id',
      'narratives find $and{authorId{$in},authorName{$ne},latestVersion{$gt},studentId{$ne} _id{$gt}},schoolId sort _id',
      'visits find $and{$or{hidden{$ne} earlierHidings.0{$exists}} _id{$gt}},schoolId sort _id',
      'scheduleproposals find $and{$or{reasons.0{$exists} broken.0{$exists}} _id{$gt}},schoolId sort _id',
      'seats find $and{pass.renewedBy.name{$ne},pass.renewedBy.personId{$in} _id{$gt}},schoolId sort _id',
      'artifacts find $and{removalRequest.by{$in},removalRequest.note{$ne} _id{$gt}},schoolId sort _id',
      'jobs find $and{$or{payload.actor.personId{$in} problems.subject{$regex}} _id{$gt}},schoolId sort _id',
      'transcripts aggregate $and{$or{snapshot{$regex}},schoolId,state{$nin},studentId{$ne}}',
      'signups aggregate $and{$or{personId{$in} email,name{$regex},personId},schoolId}',
      'signups find $and{conflictWords{$nin} _id{$gt}},schoolId sort _id',
      'people find $and{attendance.conflictWords{$nin} _id{$gt}},schoolId sort _id',
      'people find $and{custodyNote{$nin} _id{$gt}},schoolId sort _id',
    ].map((question) => [
      question,
      'Erasing a person looks for every trace, once, in the background: an index for it would cost every other write.',
    ]),
  ),
  'schedules find presenting.advisoryIds,presenting.kind,schoolId':
    'Whether a timetable names an advisory that is to be deleted: once, of the exhibitions of one school.',
  'transcripts find $or{snapshot{$regex}},schoolId,state sort serial':
    'Which sealed documents have an old name in them, before it is corrected: the office reads those of its own school.',
};
/** Written when a school comes into being, and never asked for by anybody who works in it. */
const neverAsked = [
  'openings',
  'setupcodes',
  'administratorlocks',
  'networks',
  'migrations',
  'databasestate',
  'auditforks',
  'sampleloads',
];

let app: TestApp;
let asked: Asked[];

beforeAll(async () => {
  app = await startApp({ ...withPublicAddress, purpose: 'plans' });
  const { db, storage } = app.context;
  const world = await buildWorld(app);
  await makeBusy(db, world.home.school.id, { within: 20, schools: 60 });
  const endWatch = await watchQuestions(db);
  await walk(world);
  await checkSchool({ storage, files: false }, world.home.scope);
  await jobsAreDone(app);
  asked = await endWatch();
}, 300_000);
afterAll(() => app.close());

/** Every page as everybody who may see it, every act once. */
async function walk(world: World): Promise<void> {
  const failed: string[] = [];
  for (const row of permissionRows) {
    for (const persona of methodOf(row) === 'GET' ? letIn(row) : letIn(row).slice(0, 1)) {
      const reply = await knock(world, row, persona, await row.anew?.(world, persona));
      if (reply.status >= 400) failed.push(`${row.route} as ${persona}: ${reply.status}`);
    }
  }
  const { ids } = world;
  const registrar = await world.client('registrar');
  for (const path of [
    `/students?search=stud&advisory=${ids['advisory']}&grade=9`,
    '/students?page=2&perPage=10',
    '/people?role=student&search=stud',
    '/people?search=yonas',
    `/exhibitions?term=${ids['term']}&phase=scoring`,
    '/transcripts?page=2&perPage=10',
  ]) {
    const { status } = await registrar.get(path);
    if (status !== 200) failed.push(`${path}: ${status}`);
  }
  // An erasure that is still under way takes kept files with it.
  await jobsAreDone(world.app);
  // The form shows the differences first and keeps the file meanwhile.
  const roster = 'role,name\nstudent,Yonas Tesfaye\n';
  const preview = await sendRoster(registrar, roster, { dryRun: 'yes' }, { as: 'page' });
  const kept = /name="kept" value="([^"]+)"/.exec(preview.text)?.[1];
  const imported = await registrar.post('/people/import', { kept });
  if (imported.status !== 200 && imported.status !== 202)
    failed.push(`a kept roster: ${preview.status} ${imported.status}`);
  expect(failed).toEqual([]);
}

async function jobsAreDone({ context }: TestApp): Promise<void> {
  const jobs = context.db.connection.collection('jobs');
  while ((await jobs.countDocuments({ state: { $in: ['waiting', 'running'] } })) > 0)
    await new Promise((resolve) => setTimeout(resolve, 100));
}

const told = ({ question, plan, read, answered }: Asked): string =>
  `${question}: ${read} read to answer ${answered} (${plan})`;

it('reads no collection from end to end', () => {
  const scans = asked.filter(({ plan, question }) => plan.includes('COLLSCAN') && !(question in allowed));
  expect(scans.map(told)).toEqual([]);
});

it('reads hardly more than it answers', () => {
  const spent = asked.filter(
    ({ read, answered, question }) => read > 2 * answered + 10 && !(question in allowed),
  );
  expect(spent.map(told)).toEqual([]);
});

it('has asked of every collection', async () => {
  const names = (await app.context.db.connection.db!.listCollections().toArray()).map(({ name }) => name);
  const seen = new Set(asked.map(({ collection }) => collection));
  expect(
    names.filter((name) => !name.startsWith('system.') && !neverAsked.includes(name) && !seen.has(name)),
  ).toEqual([]);
});

it('needs every exception', () => {
  const questions = asked.map(({ question }) => question);
  expect(Object.keys(allowed).filter((question) => !questions.includes(question))).toEqual([]);
});
