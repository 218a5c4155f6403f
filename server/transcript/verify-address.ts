/**
 * Where strangers verify a transcript. An address that leads to this machine alone would make the code on the paper worthless, so nothing is
 * issued with one, outside the sample school. What a request says about its host plays no part: behind a proxy it may be anything.
 */
import { isIPv6 } from 'node:net';
import type { Config } from '../config.js';
import type { SchoolScope } from '../database.js';
import { Conflict } from '../errors.js';
import { isThisMachineOnly } from '../reachable.js';
import { isSampleSchool } from '../school/sample-load-records.js';
import { findSchool } from '../school/school-records.js';

/** @returns e.g. `https://vitrine.school.example`, without a slash at the end */
export function verifyAddressOf(config: Pick<Config, 'publicUrl' | 'host' | 'port'>): string {
  const host = isIPv6(config.host) ? `[${config.host}]` : config.host;
  return config.publicUrl ?? `http://${host}:${config.port}`;
}

/** Whether transcripts of this school can be issued: an address that others can open, or the sample school. */
export async function hasVerifyAddress(scope: SchoolScope, address: string): Promise<boolean> {
  if (!isThisMachineOnly(new URL(address).hostname)) return true;
  const school = await findSchool(scope.db, scope.schoolId);
  return school !== null && (await isSampleSchool(scope.db, school));
}

/** @throws Conflict `public-url-needed`, which says what to set */
export async function checkVerifyAddress(scope: SchoolScope, address: string): Promise<void> {
  if (await hasVerifyAddress(scope, address)) return;
  throw new Conflict('transcript.problem.public-url', { address }, 'public-url-needed');
}
