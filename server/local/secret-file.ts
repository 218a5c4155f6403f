/** Secrets that an installation makes for itself: random, kept in a file that its owner alone can read. */
import { randomBytes, randomUUID } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/**
 * @returns 64 hexadecimal characters, or what an earlier version has kept in the file
 * Of processes that make it at the same moment one wins, and all read the same: a linked file is complete.
 */
export function readOrMakeSecret(file: string): string {
  if (!existsSync(file)) makeSecret(file);
  // mongod refuses a key file that others can read. A mounted secret belongs to whoever mounts it.
  else if (statSync(file).mode & 0o077 && process.getuid?.() === statSync(file).uid) chmodSync(file, 0o600);
  return readFileSync(file, 'utf8').trim();
}

function makeSecret(file: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const mine = `${file}.${randomUUID()}`;
  try {
    writeFileSync(mine, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
    linkSync(mine, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}
