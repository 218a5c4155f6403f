/**
 * Gives background work the processor after everything else: a browser through `nice`, a thread by its own priority.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import os from 'node:os';

const niceCommand = ['/usr/bin/nice', '/bin/nice'].find((file) => existsSync(file));

/**
 * The command that runs `executable` with lower priority; its children inherit it. Unchanged where the system
 * has no `nice`.
 * @param nice 0 (as everything else) to 19 (only what nobody else wants)
 */
export const nicely = (executable: string, nice: number): { command: string; before: string[] } =>
  niceCommand && nice > 0
    ? { command: niceCommand, before: ['-n', String(nice), executable] }
    : { command: executable, before: [] };

/** Linux may share the processor between sessions first: then the session of the process needs the priority as well. */
export async function lowerSession(pid: number | undefined, nice: number): Promise<void> {
  if (process.platform !== 'linux' || pid === undefined || nice === 0) return;
  await writeFile(`/proc/${pid}/autogroup`, String(nice)).catch(() => undefined);
}

/** For the calling thread. Only Linux has priorities for threads; elsewhere this would lower the whole server. */
export function lowerThread(nice: number): void {
  if (process.platform !== 'linux' || nice === 0) return;
  try {
    os.setPriority(nice);
  } catch {
    // A system that forbids it prints as before.
  }
}
