/** Asks for a roster import or its preview: the file is kept and a background job reads it. */
import type { Actor } from '../access/actor.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { newId } from '../ids.js';
import { isOver, newJob, type Job } from '../jobs/job.js';
import { findJobByKey, saveJob } from '../jobs/job-records.js';
import { KEPT_PREVIEW, type DuplicateAnswers } from './roster-import.js';
import { findRosterUpload, saveRosterUpload } from './roster-upload-records.js';
import { unpackedBytes } from './read-roster-zip.js';
import { unreadable } from './read-table.js';

export const rosterJob = 'roster';
export const rosterPreviewJob = 'roster-preview';

export interface RosterOrder {
  uploadId: string;
  dryRun: boolean;
  /** Left out by orders from before somebody was asked. */
  endTies?: readonly string[];
  /** Left out by orders from before duplicates were looked for. */
  answers?: DuplicateAnswers;
  /** Left out by orders from before there were handovers. */
  ask?: readonly string[];
  /** Answers to questions, `option:key`; left out by orders from before there were any. */
  said?: readonly string[];
  /** Left out by orders from before it was confirmed. */
  leaving?: number | null;
  actor: Pick<Actor, 'personId' | 'name' | 'via' | 'roles'>;
}

/** A file of so many bytes, unpacked, is read and brought in within moments. */
const MAX_SMALL_BYTES = 100_000;

/**
 * @param input.kept a file that an earlier preview kept, where no new one is sent
 * @throws InvalidInput for `roster` when there is no file, or the kept one is gone
 */
export async function requestImport(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  input: {
    file: { name: string; content: Buffer } | null;
    kept: string | null;
    dryRun: boolean;
    endTies: readonly string[];
    ask?: readonly string[];
    answers?: DuplicateAnswers;
    said?: readonly string[];
    leaving?: number | null;
  },
): Promise<Job> {
  const {
    file,
    kept,
    dryRun,
    endTies,
    ask = [],
    answers = { same: [], two: [] },
    said = [],
    leaving = null,
  } = input;
  if (!file && !kept) throw unreadable('people.import.problem.no-file');
  if (file?.content.length === 0) throw unreadable('people.import.problem.empty', { file: file.name });
  const upload = file
    ? await saveRosterUpload(scope, {
        ...{ id: newId(), schoolId: scope.schoolId, personId: actor.personId, ...file },
        expiresAt: new Date(clock.now().getTime() + KEPT_PREVIEW),
      })
    : await findRosterUpload(scope, kept!, actor.personId);
  if (!upload) throw unreadable('people.import.problem.kept-gone');
  const kind = dryRun ? rosterPreviewJob : rosterJob;
  const key = await freeKey(scope, kind, upload.id);
  const { personId, name, via, roles } = actor;
  const order: RosterOrder = {
    uploadId: upload.id,
    dryRun,
    endTies,
    ask,
    answers,
    said,
    leaving,
    actor: { personId, name, via, roles },
  };
  const small = (await unpackedBytes(upload.content)) <= MAX_SMALL_BYTES;
  return saveJob(scope, newJob(scope, clock, actor, { kind, key, payload: { ...order }, total: 0, small }));
}

/** The id of the last preview of a file that was kept for this person; null where it is gone. */
export async function findLastPreview(
  scope: SchoolScope,
  uploadId: string,
  personId: string,
): Promise<string | null> {
  if (!(await findRosterUpload(scope, uploadId, personId))) return null;
  let last: string | null = null;
  for (let before = 0; ; before += 1) {
    const job = await findJobByKey(scope, rosterPreviewJob, `${uploadId} ${before}`);
    if (!job) return last;
    if (job.state === 'done') last = job.id;
  }
}

/** The same file again gives the same job while it is under way, and a new one where it was stopped. */
async function freeKey(scope: SchoolScope, kind: string, uploadId: string): Promise<string> {
  for (let before = 0; ; before += 1) {
    const key = `${uploadId} ${before}`;
    const earlier = await findJobByKey(scope, kind, key);
    if (!earlier || !isOver(earlier)) return key;
  }
}
