/**
 * Files that say which process uses something, and that lose their meaning when that process dies, also by kill -9.
 * A process is known by its number and its start time, because numbers are used again.
 */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface ProcessIdentity {
  pid: number;
  /** When it started, in the system's own words; empty where the system does not tell. */
  started: string;
}

/** @returns null when there is no such process (a zombie counts as none) */
export function identifyProcess(pid: number): ProcessIdentity | null {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null;
  }
  if (process.platform === 'linux') {
    const fields = readOrNull(`/proc/${pid}/stat`)
      ?.replace(/^.*\) /s, '')
      .split(' ');
    if (!fields || fields[0] === 'X') return null;
    // The first thread can be gone while others still hold the process's port and files.
    if (fields[0] === 'Z' && Number(fields[17]) <= 1) return null;
    return { pid, started: fields[19] ?? '' };
  }
  if (process.platform === 'darwin') return { pid, started: startOnMac(pid) };
  return { pid, started: '' };
}

export function isAlive(process: ProcessIdentity): boolean {
  return identifyProcess(process.pid)?.started === process.started;
}

export function thisProcess(): ProcessIdentity {
  return identifyProcess(process.pid) ?? { pid: process.pid, started: '' };
}

/**
 * Runs `work` while no other process runs work under the same lock file.
 * @param seconds how long to wait for the other; after that an error names it
 */
export async function whileLocked<T>(file: string, seconds: number, work: () => Promise<T>): Promise<T> {
  mkdirSync(path.dirname(file), { recursive: true });
  const mine = `${file}.${randomUUID()}`;
  writeFileSync(mine, JSON.stringify({ ...thisProcess(), lock: path.basename(mine) }));
  try {
    const deadline = performance.now() + seconds * 1000;
    while (!tryLink(mine, file)) {
      const text = readOrNull(file);
      const holder = text === null ? null : parseIdentity(text);
      if (text !== null && (holder === null || !isAlive(holder))) removeStale(file, text);
      else if (performance.now() > deadline)
        throw new Error(`${file} is held by process ${holder?.pid ?? '?'} for more than ${seconds} s`);
      else await new Promise((resolve) => setTimeout(resolve, 25));
    }
    try {
      return await work();
    } finally {
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Linking is the one step that exactly one of several processes can do. */
function tryLink(mine: string, file: string): boolean {
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Takes the lock of a dead process away; puts it back when somebody living was quicker. */
function removeStale(file: string, expected: string): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (readOrNull(aside) !== expected) tryLink(aside, file);
  rmSync(aside, { force: true });
}

function parseIdentity(text: string): ProcessIdentity | null {
  try {
    const { pid, started } = JSON.parse(text) as Partial<ProcessIdentity>;
    return typeof pid === 'number' && typeof started === 'string' ? { pid, started } : null;
  } catch {
    return null;
  }
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function startOnMac(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
