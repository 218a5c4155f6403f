/**
 * Loads the sample school Riverbend, the same on every run, through the rooms' own acts with a clock that is
 * set back, so that its history is dated. Loaded once; a load that was broken off is taken away and begun
 * again.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Context } from '../context.js';
import { isDuplicate } from '../db/database.js';
import { AppError } from '../errors.js';
import { listPeopleByIds } from '../people/people-records.js';
import { findSampleLoad, saveSampleLoad, saveSampleLoadDone } from '../school/sample-load-records.js';
import { findSchool, findSchoolBySlug, getTerm } from '../school/school-records.js';
import { issueTranscripts } from '../transcript/issue-transcripts.js';
import { issueNeeds, standardTemplate } from '../transcript/transcripts-job.js';
import { calendarOf } from './calendar.js';
import { loadFinishedExhibition, loadToday, presentingToday } from './load-exhibitions.js';
import { inGallery, loadGallery } from './load-gallery.js';
import { loadGateway } from './load-gateway.js';
import { loadProjects } from './load-projects.js';
import { loadStands } from './load-stands.js';
import { loadNarratives } from './load-narratives.js';
import { loadPeople, networkSlug, sampleAccounts, schoolSlug, type SampleAccount } from './load-people.js';
import { loadInternships, loadPortfolios, loadWorks, type ArtifactIdsByWork } from './load-works.js';
import { readContent } from './read-content.js';
import { samplePasswordFor } from './sample-passwords.js';
import { removeSample } from './sample-records.js';
import { clockAt, named, registrarOf, studentOf, type SampleWorld } from './sample-world.js';
import {
  sampleAccountRoles,
  staff,
  networkMember,
  studentAccount,
  guardianAccount,
  domain,
} from './staff.js';

const noteId = schoolSlug;

/** Message keys below `sample.step`, in their order. */
const steps = ['people', 'works', 'earlier', 'latest', 'today', 'transcripts'] as const;
type Step = (typeof steps)[number];

export interface LoadOptions {
  onProgress?: (step: Step, done: number, total: number) => void;
  /** False leaves out the printed transcripts, where no browser is at hand. */
  transcripts?: boolean;
}

export interface LoadedSample {
  accounts: SampleAccount[];
  /** False when the school was there already. */
  fresh: boolean;
  /** Address of the guest's door pass for the presentation that is going on, when the school was loaded just now. */
  guestPass: string | null;
  /** What everybody signs in with, when the school was loaded just now. */
  password: string | null;
}

/** @throws AppError `sample-elsewhere` while another process loads it, or where a real school has its address */
export async function loadSampleSchool(context: Context, options: LoadOptions = {}): Promise<LoadedSample> {
  const { db } = context;
  const before = await findSampleLoad(db, noteId);
  if (before?.state === 'done')
    return { accounts: knownAccounts(), fresh: false, guestPass: null, password: null };
  if (before && before.pid !== process.pid && isRunning(before.pid)) {
    throw new AppError(409, 'sample-elsewhere', 'sample.problem.elsewhere');
  }
  if (before) await removeSample(db, schoolSlug, networkSlug, noteId);
  else if (await findSchoolBySlug(db, schoolSlug)) {
    throw new AppError(409, 'sample-taken', 'sample.problem.taken', { slug: schoolSlug });
  }
  try {
    await saveSampleLoad(db, {
      id: noteId,
      state: 'loading',
      pid: process.pid,
      startedAt: context.clock.now(),
    });
  } catch (error) {
    if (isDuplicate(error)) throw new AppError(409, 'sample-elsewhere', 'sample.problem.elsewhere');
    throw error;
  }
  const loaded = await load(context, options);
  await saveSampleLoadDone(db, noteId);
  return loaded;
}

async function load(
  context: Context,
  { onProgress, transcripts = true }: LoadOptions,
): Promise<LoadedSample> {
  const tell = (step: Step) => onProgress?.(step, steps.indexOf(step) + 1, steps.length);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'vitrine-sample-'));
  try {
    tell('people');
    const password = samplePasswordFor(context.config);
    const world = await loadPeople(context, calendarOf(context.clock.now()), await readContent(), password);
    tell('works');
    const hung: ArtifactIdsByWork = new Map();
    // Drawing needs the processor, history needs the database: the next term's works are drawn meanwhile.
    const earlier = loadWorks(world, 'earlier', folder, hung);
    const latest = earlier.then(() => loadWorks(world, 'latest', folder, hung));
    const now = latest.then(() => loadWorks(world, 'now', folder, hung));
    await Promise.all([history(world, hung, { earlier, latest, now }, tell), now]);
    const { guestPass } = await loadToday(world);
    await loadGallery(world);
    await loadStands(world);
    await loadProjects(world);
    if (transcripts) {
      tell('transcripts');
      await issueSome(world);
    }
    return {
      accounts: sampleAccounts(world),
      fresh: true,
      password,
      guestPass: guestPass ? `/pass/${guestPass.secret}` : null,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function history(
  world: SampleWorld,
  hung: ArtifactIdsByWork,
  drawn: Record<'earlier' | 'latest' | 'now', Promise<void>>,
  tell: (step: Step) => void,
): Promise<void> {
  for (const moment of ['earlier', 'latest'] as const) {
    await drawn[moment];
    tell(moment);
    await loadPortfolios(world, moment, hung, () => true);
    await loadFinishedExhibition(world, moment);
    await loadNarratives(world, moment);
  }
  await loadInternships(world);
  await loadGateway(world);
  await drawn.now;
  tell('today');
  await loadPortfolios(world, 'now', hung, (student) => presentingToday(student) || inGallery(student));
  await loadNarratives(world, 'now');
}

/** A dozen transcripts of the last finished term; the registrar has the others still before her. */
async function issueSome(world: SampleWorld): Promise<void> {
  const { context, scope, calendar, termIds } = world;
  const chosen = world.students.filter(
    ({ key, advisory }, index) =>
      key === studentAccount ||
      (advisory === 'heron' && index < 5) ||
      (advisory === 'otter' && index % 2 === 0),
  );
  const [school, term, students] = await Promise.all([
    findSchool(context.db, scope.schoolId),
    getTerm(scope, termIds.latest),
    listPeopleByIds(
      scope,
      chosen.map((student) => studentOf(world, student).id),
    ),
  ]);
  const needs = { ...issueNeeds(context), clock: clockAt(calendar.at(calendar.lastDay.latest + 6, 10)) };
  const order = { school: school!, term, students, template: standardTemplate, jobId: null, again: false };
  await named('transcripts', () =>
    issueTranscripts(needs, scope, registrarOf(world), order, {
      issued: () => undefined,
      failed: (student, error) => {
        context.log.warn({ err: error, student: student.id }, 'a sample transcript could not be printed');
      },
    }),
  );
}

function knownAccounts(): SampleAccount[] {
  const nameOf = (account: string) => {
    const found = staff.find((member) => member.account === account);
    return found ? `${found.given} ${found.family}` : '';
  };
  const names: Record<string, string> = {
    student: 'Mekdes Tadesse',
    guardian: guardianAccount,
    network: networkMember.name,
  };
  return sampleAccountRoles.map((role) => ({
    email: `${role}@${domain}`,
    role,
    name: names[role] ?? nameOf(role),
  }));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
