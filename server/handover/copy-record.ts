/**
 * The background job of an accepted handover: copies the record part by part into the receiving school, each
 * with its audit entry, and seals it from the old school at the end where the network says so. Can be broken
 * off at any point and run again.
 */
import { FileMissing, type Storage } from '../../storage/storage.js';
import { storageKey } from '../../storage/storage-key.js';
import type { Actor } from '../access/actor.js';
import { noteFilesToRemove } from '../artifacts/remove-files.js';
import { appendAudit } from '../audit/append-audit.js';
import { frozen } from '../audit/frozen-record.js';
import type { Clock } from '../clock.js';
import { inTransaction, isDuplicate, type Database, type SchoolScope } from '../db/database.js';
import { newId } from '../ids.js';
import { sealStudent } from '../people/hand-over-student.js';
import { findPerson } from '../people/people-records.js';
import type { JobHandler } from '../jobs/run-jobs.js';
import { takeLocks, withLocks, worksLock } from '../db/record-locks.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import { listCopied, savePart } from './earlier-part-records.js';
import { frozenOfPart, hashOfPart, type EarlierPart } from './earlier-record.js';
import { gatherRecord, type RecordSource } from './gather-record.js';
import type { Handover } from './handover.js';
import { findHandover, saveHandoverState } from './handover-records.js';

export const handoverJob = 'handover';

export interface HandoverOrder {
  handoverId: string;
  actor: Pick<Actor, 'personId' | 'via'>;
}

export interface CopyNeeds {
  db: Database;
  clock: Clock;
  storage: Storage;
  rubrics: RubricLibrary;
}

interface Copying extends CopyNeeds {
  handover: Handover;
  by: HandoverOrder['actor'];
  old: SchoolScope;
  /** Of the receiving school. */
  scope: SchoolScope;
  studentId: string;
}

export function handoverJobHandler(needs: CopyNeeds): JobHandler {
  return async (job, { scope, signal, progress, problem }) => {
    const { handoverId, actor } = job.payload as unknown as HandoverOrder;
    const handover = await findHandover(scope, handoverId);
    const studentId = handover?.newStudentId;
    if (!handover || !studentId) return null;
    const result = { href: `/handovers/${handoverId}` };
    if (handover.state !== 'accepted') return result;
    const old = { db: needs.db, schoolId: handover.fromSchoolId };
    const copying: Copying = { ...needs, handover, by: actor, old, scope, studentId };
    const sources = await gatherRecord(needs.rubrics, old, handover);
    const copied = await listCopied(scope, studentId);
    for (const [at, source] of sources.entries()) {
      if (signal.aborted) return result;
      if (copied.has(`${source.kind} ${source.sourceId}`)) continue;
      const { missing, isOver } = await copyPart(copying, source);
      // Another worker was done first, and whatever has become of the copy since then stays so.
      if (isOver) return result;
      if (missing !== null) await problem(missing, 'handover.problem.file-missing');
      await progress(at + 1, sources.length);
    }
    if (!signal.aborted) await finish(copying, sources.length);
    return result;
  };
}

/** Times to look again when the bytes were removed between writing and recording them. */
const TRIES = 3;

interface CopiedPart {
  /** The title of a work whose file is not in storage any more. */
  missing: string | null;
  /** The copying is over: nothing was written. */
  isOver: boolean;
}

async function copyPart(copying: Copying, source: RecordSource, tries = TRIES): Promise<CopiedPart> {
  const { old, scope, storage, studentId, handover } = copying;
  const bytes = await copyBytes(copying, source);
  try {
    const isOver = await withLocks(old, [worksLock(handover.studentId)], async (inside) => {
      const there = { ...inside, schoolId: scope.schoolId };
      await takeLocks(there, [worksLock(studentId)]);
      const over = !(await isWanted(there, copying));
      // Whatever was taken down meanwhile is copied as it is now.
      const part = over ? null : await source.read(inside);
      const now = copying.clock.now();
      if (!part?.file && bytes.key) await noteFilesToRemove(there, [bytes.key], now);
      if (!part) return over;
      if (part.file && bytes.key) await storage.stat(bytes.key);
      const file = part.file && bytes.key ? { ...part.file, key: bytes.key } : null;
      const unsealed = {
        ...{ fromSchoolId: old.schoolId, ...part, file, id: newId(), schoolId: scope.schoolId },
        ...{ handoverId: handover.id, studentId, copiedAt: now },
      } as Omit<EarlierPart, 'hash'>;
      const made = { ...unsealed, hash: hashOfPart(unsealed) } as EarlierPart;
      await savePart(there, made);
      const subject = { kind: 'handover', id: handover.id };
      const detail = { kind: made.kind, ...frozen('earlier record', made.id, frozenOfPart(made)) };
      await appendAudit(there, copying.clock, copying.by, 'handover.copy', subject, detail);
      return false;
    });
    return { missing: bytes.missing, isOver };
  } catch (error) {
    // Another worker has copied it.
    if (isDuplicate(error)) return { missing: null, isOver: false };
    if (!(error instanceof FileMissing) || tries <= 1) throw error;
    return copyPart(copying, source, tries - 1);
  }
}

/**
 * Whether the handover is still being copied, to somebody who is there. Asked in the transaction that writes,
 * with the student's lock: once everything is copied they may be erased or merged, and a worker that was slow
 * must not bring anything back.
 */
async function isWanted(there: SchoolScope, { handover, studentId }: Copying): Promise<boolean> {
  const [now, student] = [await findHandover(there, handover.id), await findPerson(there, studentId)];
  return now?.state === 'accepted' && now.newStudentId === studentId && student !== null && !student.erasedAt;
}

/** The bytes are in storage before any record speaks of them. */
async function copyBytes(
  { old, storage, studentId }: Copying,
  source: RecordSource,
): Promise<{ key: string | null; missing: string | null }> {
  const part = source.kind === 'work' ? await source.read(old) : null;
  if (!part?.file) return { key: null, missing: null };
  const { key, sha256, type, bytes } = part.file;
  const own = storageKey(studentId, sha256);
  try {
    if (!(await isStored(storage, own))) await storage.write(own, await storage.read(key), { type, bytes });
    return { key: own, missing: null };
  } catch (error) {
    if (error instanceof FileMissing) return { key: null, missing: part.title };
    throw error;
  }
}

const isStored = (storage: Storage, key: string): Promise<boolean> =>
  storage.stat(key).then(
    () => true,
    (error: unknown) => {
      if (error instanceof FileMissing) return false;
      throw error;
    },
  );

async function finish({ clock, handover, by, old, scope }: Copying, parts: number): Promise<void> {
  await inTransaction(scope, async (inside) => {
    const now = clock.now();
    const change = { state: 'copied', copiedAt: now, openKey: null } as const;
    // Another worker was here.
    if (!(await saveHandoverState(inside, handover.id, ['accepted'], change))) return;
    const there = { ...inside, schoolId: old.schoolId };
    if (handover.sealed) await sealStudent(there, now, handover.studentId);
    const subject = { kind: 'handover', id: handover.id };
    for (const each of [inside, there])
      await appendAudit(each, clock, by, 'handover.complete', subject, { parts, sealed: handover.sealed });
  });
}
