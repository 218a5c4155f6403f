/**
 * What the routes that take files ask before and after they are read: is there room, and what does the form
 * say about it.
 */
import path from 'node:path';
import { AppError } from '../errors.js';
import { asAppError } from '../http/answer-errors.js';
import type { Call } from '../http/route.js';
import { MAX_FILES } from './read-work.js';
import { receiveFiles } from './receive-file.js';
import { checkRoom, findQuotas, isNearlyFull, sizeText, type QuotaNeeds } from './storage-quota.js';

export const quotaNeeds = ({ context, locale }: Pick<Call, 'context' | 'locale'>): QuotaNeeds => ({
  config: context.config,
  freeBytes: () => context.freeBytes(),
  locale,
});

/**
 * Before the body is read: is there room for what the request says?
 * @param several whether it may hold several works: then what counts is whether any of them could still fit,
 *   as each is taken by itself
 * @throws TooLarge; AppError 507
 */
export async function beforeUpload(
  call: Pick<Call, 'context' | 'locale' | 'scope' | 'request'>,
  studentId: string,
  { several }: { several: boolean },
): Promise<void> {
  if (!call.request.is('multipart/form-data')) return;
  const length = Number(call.request.headers['content-length'] ?? 0);
  const bytes = Number.isFinite(length) ? length : 0;
  await checkRoom(quotaNeeds(call), call.scope, studentId, bytes, several ? 0 : bytes);
}

export const receiver = (call: Pick<Call, 'context'>) =>
  receiveFiles({
    folder: path.join(call.context.config.dataDir, 'incoming'),
    maxBytes: call.context.config.uploadMaxBytes,
    maxFiles: MAX_FILES,
    fieldNames: ['files', 'file'],
  });

/** The largest file that is taken, for people. */
export const largestFile = ({ context, locale }: Pick<Call, 'context' | 'locale'>): string =>
  sizeText(context.config.uploadMaxBytes, locale);

/** What bringing in several works needs; a fault of ours is written to the log and told like any other reason. */
export const addNeeds = (call: Pick<Call, 'context' | 'locale'>) => ({
  ...{ storage: call.context.storage, clock: call.context.clock, quota: quotaNeeds(call) },
  asProblem: (error: unknown): AppError => {
    const problem = asAppError(error);
    if (problem) return problem;
    call.context.log.error({ err: error }, 'a work could not be taken');
    return new AppError(500, 'fault', 'common.problem.fault', {}, { cause: error });
  },
});

/** How much is used, for the form: of the student, or of the school where that is what is nearly full. */
export async function storageView(
  call: Pick<Call, 'context' | 'locale' | 'scope' | 't'>,
  studentId: string,
): Promise<{ usedBytes: number; quotaBytes: number; low: boolean; text: string }> {
  const { student, school } = await findQuotas(quotaNeeds(call), call.scope, studentId);
  const nearest = isNearlyFull(school) && !isNearlyFull(student) ? school : student;
  const low = isNearlyFull(nearest);
  return {
    ...student,
    low,
    text: call.t(`artifacts.new.storage${low ? '-low' : ''}`, {
      used: sizeText(nearest.usedBytes, call.locale),
      quota: sizeText(nearest.quotaBytes, call.locale),
    }),
  };
}
