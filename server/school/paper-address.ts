/** Whether codes and addresses on paper lead others here. A code that works on this machine alone is said to be so before it is printed. */
import { originOf } from '../http/origin.js';
import type { Call } from '../http/route.js';
import { isThisMachineOnly } from '../reachable.js';
import { isSampleSchool } from './sample-load-records.js';
import { findSchool } from './school-records.js';

/** @returns what to set before printing; null where others reach this address, and in the sample school */
export async function paperWarning(
  call: Pick<Call, 'context' | 'request' | 'scope' | 't'>,
): Promise<string | null> {
  const address = originOf(call);
  if (!isThisMachineOnly(new URL(address).hostname)) return null;
  const school = await findSchool(call.scope.db, call.scope.schoolId);
  if (school && (await isSampleSchool(call.scope.db, school))) return null;
  return call.t('school.paper-address', { address });
}
