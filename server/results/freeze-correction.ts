/**
 * Freezes a corrected result: the version before is kept under its seal, the new one takes its place, and the
 * audit chain names both.
 */
import type { Actor } from '../access/actor.js';
import { passwordLinkMark } from '../access/password-link.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import type { Attainment } from './attainment.js';
import { isSame, type Consequence } from './correction-consequences.js';
import { saveEarlierResult } from './earlier-result-records.js';
import { saveCorrectedResult } from './result-records.js';
import { resultHash, versionOf, type Result } from './result.js';

const given = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;

/** Null where it would say the same as before. */
export async function freezeCorrection(
  clock: Clock,
  inside: SchoolScope,
  actor: Actor,
  { before: found, sheets, tally, decisions }: Consequence,
  { reason, attainment }: { reason: string; attainment: Attainment | undefined },
): Promise<Result | null> {
  const { hash, unnamedHash, sealedAs, ...before } = found;
  const said = {
    ...{ ...before, sheets, tally },
    ...(decisions.length > 0 ? { decisions } : {}),
    ...(attainment ? { attainment } : {}),
  };
  if (!attainment) delete (said as Partial<Result>).attainment;
  if (isSame(said, before)) return null;
  const content: Omit<Result, 'hash'> = {
    ...said,
    correction: {
      ...{ version: versionOf(before) + 1, reason, at: clock.now() },
      ...{ by: actor.personId, byName: actor.name, previousHash: hash, ...passwordLinkMark(actor) },
    },
  };
  const result = { ...content, hash: resultHash(content) };
  await saveEarlierResult(inside, { ...before, hash, ...given({ unnamedHash, sealedAs }) });
  await saveCorrectedResult(inside, result);
  const subject = { kind: 'result', id: result.id };
  await appendAudit(inside, clock, actor, 'results.correct', subject, {
    ...{ studentId: result.studentId, number: versionOf(result), previousHash: hash },
    ...{ decisions: decisions.length - (before.decisions?.length ?? 0) },
    ...{ outcome: attainment?.outcome ?? null, hash: result.hash },
  });
  return result;
}
