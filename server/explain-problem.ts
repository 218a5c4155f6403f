/**
 * What the console says when the program or one of its commands cannot go on: one message for what somebody can mend.
 */
import { ConfigError } from './config.js';
import { DiskFull, isDiskFull } from './disk-space.js';
import { AppError } from './errors.js';
import { DatabaseProblem } from './local/mongod-process.js';
import type { Texts } from './rendering/texts.js';

/** @returns the message in English, or null for a fault of ours, which deserves its stack */
export function explainProblem(error: unknown, texts: Texts): string | null {
  if (error instanceof ConfigError || error instanceof DatabaseProblem || error instanceof DiskFull)
    return error.message;
  if (isDiskFull(error)) return texts.t('en', 'common.problem.disk-full-at-start');
  if (error instanceof AppError) return texts.t('en', error.messageKey, error.params);
  const { code, port } = (error ?? {}) as { code?: unknown; port?: number };
  if (code === 'EADDRINUSE') return texts.t('en', 'common.problem.port-taken', { port: String(port ?? '') });
  return null;
}
