/**
 * What a school takes down of a student's work for a lawful reason is taken down in every copy that another
 * school has received.
 */
import type { Actor } from '../access/actor.js';
import type { RemovalReason, TakenDown } from '../artifacts/artifact.js';
import { noteFilesToRemove } from '../artifacts/remove-files.js';
import { appendAudit } from '../audit/append-audit.js';
import { frozen } from '../audit/frozen-record.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { Conflict, NotFound } from '../errors.js';
import { versionsShown, type FrozenEntry, type FrozenVersion } from '../portfolio/portfolio.js';
import { takeLocks, worksLock } from '../db/record-locks.js';
import { findPart, listPartsShowing, savePartTakenDown } from './earlier-part-records.js';
import { frozenOfPart, hashOfPart, type EarlierPart } from './earlier-record.js';

interface TakeDownNeeds {
  clock: Clock;
}
type By = Pick<Actor, 'personId' | 'via'>;

export interface TakenWork {
  artifactId: string;
  /** Of the versions. */
  numbers: readonly number[];
  takenDown: TakenDown;
  /** Shown instead of the work. */
  title: string;
}

/**
 * @param inside of the school that takes its own work down, in its transaction
 * @returns keys of the copied files; they are removed after the commit
 */
export const takeDownCopies = async (
  needs: TakeDownNeeds,
  inside: SchoolScope,
  actor: By,
  work: TakenWork,
): Promise<string[]> =>
  shortenAll(needs, inside, actor, work, await listPartsShowing(inside, inside.schoolId, work.artifactId));

/**
 * The school that received a copy takes the work down from it; the old school keeps its own.
 * @throws NotFound for a part that is no work of this school
 */
export const takeDownPart = (
  needs: TakeDownNeeds,
  scope: SchoolScope,
  actor: By,
  id: string,
  { reason, title }: { reason: RemovalReason; title: string },
): Promise<string[]> =>
  inTransaction(scope, async (inside) => {
    const part = await findPart(inside, id);
    if (part?.kind !== 'work') throw new NotFound();
    if (part.takenDown) throw new Conflict('artifacts.problem.taken-down');
    const { artifactId, number } = part.content;
    const takenDown = { at: needs.clock.now(), by: actor.personId, reason };
    const shown = await listPartsShowing(inside, part.fromSchoolId, artifactId);
    const here = shown.filter(
      (each) => each.schoolId === scope.schoolId && each.studentId === part.studentId,
    );
    return shortenAll(needs, inside, actor, { artifactId, numbers: [number], takenDown, title }, here);
  });

async function shortenAll(
  { clock }: TakeDownNeeds,
  inside: SchoolScope,
  actor: By,
  { artifactId, numbers, takenDown, title }: TakenWork,
  parts: readonly EarlierPart[],
): Promise<string[]> {
  const keys: string[] = [];
  for (const part of parts) {
    const unsealed = shortened(part, artifactId, numbers, takenDown, title);
    if (!unsealed) continue;
    const there = { ...inside, schoolId: part.schoolId };
    await takeLocks(there, [worksLock(part.studentId)]);
    const after = { ...unsealed, hash: hashOfPart(unsealed) } as EarlierPart;
    await savePartTakenDown(there, after);
    if (part.file) {
      await noteFilesToRemove(there, [part.file.key], takenDown.at);
      keys.push(part.file.key);
    }
    const subject = { kind: 'handover', id: part.handoverId };
    const detail = { reason: takenDown.reason, ...frozen('earlier record', part.id, frozenOfPart(after)) };
    await appendAudit(there, clock, actor, 'handover.take-down', subject, detail);
  }
  return keys;
}

/** Null where none of these versions is shown. */
function shortened(
  part: EarlierPart,
  artifactId: string,
  numbers: readonly number[],
  takenDown: TakenDown,
  title: string,
): Omit<EarlierPart, 'hash'> | null {
  const at = takenDown.at.toISOString();
  if (part.kind === 'work') {
    if (part.takenDown || !numbers.includes(part.content.number)) return null;
    const words = { title, caption: '', altText: '', url: null, text: null, takenDown: at };
    return { ...part, title, file: null, takenDown, content: { ...part.content, ...words } };
  }
  if (part.kind !== 'portfolio') return null;
  const goes = ({ versionNumber }: { versionNumber: number }) => numbers.includes(versionNumber);
  const isShortened = (entry: FrozenEntry) =>
    entry.artifactId === artifactId && versionsShown(entry).some((each) => goes(each) && !each.takenDown);
  if (!part.content.entries.some(isShortened)) return null;
  const emptied = <V extends FrozenVersion>(version: V): V => {
    const kept = { ...version };
    delete kept.pins;
    return { ...kept, file: null, url: null, text: null, takenDown: at };
  };
  const entries = part.content.entries.map((entry) => {
    if (!isShortened(entry)) return entry;
    const earlier = entry.earlier?.map((version) => (goes(version) ? emptied(version) : version));
    const shown = earlier ? { ...entry, earlier } : entry;
    return goes(entry) ? { ...emptied(shown), title, caption: '', altText: '' } : shown;
  });
  return { ...part, takenDown, content: { ...part.content, entries } };
}
