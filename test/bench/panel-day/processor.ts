/**
 * What programs have used of the processor, where the system tells (Linux): unlike rates it does not depend
 * on who else works here.
 */
import { readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** Milliseconds so far; null where it cannot be known. */
export function processorMsOf(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
  } catch {
    return null;
  }
}

/** The sum of several programs; null when one of them cannot be known. */
export function processorMsOfAll(pids: readonly number[]): number | null {
  const each = pids.map(processorMsOf);
  return each.includes(null) ? null : each.reduce<number>((sum, ms) => sum + ms!, 0);
}
