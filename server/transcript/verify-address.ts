/**
 * Where strangers verify a transcript. An address that leads to this machine alone would make the code on the
 * paper worthless, so nothing is issued with one, outside the sample school. What a request says about its
 * host plays no part: behind a proxy it may be anything.
 */
import type { SchoolScope } from '../db/database.js';
import { Conflict } from '../errors.js';
import { configuredOrigin } from '../http/origin.js';
import { isSharedAddress } from '../school/shared-address.js';

/** E.g. `https://vitrine.school.example`, without a slash at the end. */
export const verifyAddressOf = configuredOrigin;

/** Whether transcripts of this school can be issued: an address that others can open, or the sample school. */
export function hasVerifyAddress(scope: SchoolScope, address: string): Promise<boolean> {
  return isSharedAddress(scope.db, scope.schoolId, address);
}

/** @throws Conflict `public-url-needed`, which says what to set */
export async function checkVerifyAddress(scope: SchoolScope, address: string): Promise<void> {
  if (await hasVerifyAddress(scope, address)) return;
  throw new Conflict('transcript.problem.public-url', { address }, 'public-url-needed');
}
