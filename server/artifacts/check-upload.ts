/** What the routes that take files ask before and after they are read: is there room, and what does the form say about it. */
import path from 'node:path';
import type { Call } from '../http/route.js';
import { receiveFiles, type ReceivedFile } from './receive-file.js';
import { checkRoom, findQuotas, isNearlyFull, sizeText, type QuotaNeeds } from './storage-quota.js';

const mostFiles = 20;

export const quotaNeeds = ({ context, locale }: Pick<Call, 'context' | 'locale'>): QuotaNeeds => ({
  config: context.config,
  freeBytes: () => context.freeBytes(),
  locale,
});

/** Before the body is read: is there room for as much as the request says? @throws TooLarge; AppError 507 */
export async function beforeUpload(
  call: Pick<Call, 'context' | 'locale' | 'scope' | 'request'>,
  studentId: string,
): Promise<void> {
  const bytes = Number(call.request.headers['content-length'] ?? 0);
  if (call.request.is('multipart/form-data'))
    await checkRoom(quotaNeeds(call), call.scope, studentId, Number.isFinite(bytes) ? bytes : 0);
}

export const receiver = (call: Pick<Call, 'context'>) =>
  receiveFiles({
    folder: path.join(call.context.config.dataDir, 'incoming'),
    maxBytes: call.context.config.uploadMaxBytes,
    maxFiles: mostFiles,
    fieldNames: ['files', 'file'],
  });

export const bytesOf = (files: readonly ReceivedFile[]): number =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);

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
