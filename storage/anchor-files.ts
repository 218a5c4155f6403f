/**
 * Small texts that are kept outside of the database: where the audit chain of a school ended on a day. Beside
 * the data folder's files, or in the bucket under `audit-anchors/`. Whoever sweeps files must leave these
 * alone: no record names them.
 */
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { randomUUID } from 'node:crypto';

export interface AnchorFiles {
  /** Replaces the text as a whole, or leaves it as it was. @param owner id of a school @param name e.g. `2026-11` */
  write(owner: string, name: string, text: string): Promise<void>;
  /** Null when there is none. */
  read(owner: string, name: string): Promise<string | null>;
  /** Every name of this owner, in order. */
  list(owner: string): Promise<string[]>;
}

const plain = /^[A-Za-z0-9-]{1,64}$/;

/** @throws TypeError for anything that could climb out of the folder: that is a fault of the program */
export function anchorPath(owner: string, name: string): string {
  if (!plain.test(owner) || !plain.test(name)) throw new TypeError('anchors are named by ids');
  return `${owner}/${name}`;
}

/** @param folder made when it is first needed */
export function openDiskAnchors(folder: string): AnchorFiles {
  const missing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';
  return {
    async write(owner, name, text) {
      const target = `${path.join(folder, anchorPath(owner, name))}.jsonl`;
      await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
      const temporary = `${target}.${randomUUID()}`;
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, target);
    },
    async read(owner, name) {
      try {
        return await readFile(`${path.join(folder, anchorPath(owner, name))}.jsonl`, 'utf8');
      } catch (error) {
        if (missing(error)) return null;
        throw error;
      }
    },
    async list(owner) {
      try {
        const names = await readdir(path.join(folder, anchorPath(owner, 'any').split('/')[0]!));
        return names
          .filter((name) => name.endsWith('.jsonl'))
          .map((name) => name.slice(0, -6))
          .sort();
      } catch (error) {
        if (missing(error)) return [];
        throw error;
      }
    },
  };
}
