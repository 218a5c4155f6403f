/**
 * Whether the addresses that leave this installation lead others here: in codes on paper, links, calendars,
 * messages and transcripts. One rule for all of them: one that works on this machine alone is said to be so
 * where it is made, except in the sample school.
 */
import type { Database } from '../db/database.js';
import { configuredOrigin, originOf } from '../http/origin.js';
import type { Call } from '../http/route.js';
import { isThisMachineOnly } from '../reachable.js';
import { isSampleSchool } from './sample-load-records.js';
import { findSchool } from './school-records.js';

/** What carries the address: each has words of its own for what to do. */
export type AddressCarrier = 'codes' | 'link' | 'feed';

/**
 * Whether an address is good for the people of this school.
 * @param schoolId null for a network, which is never made up
 */
export async function isSharedAddress(
  db: Database,
  schoolId: string | null,
  address: string,
): Promise<boolean> {
  if (!isThisMachineOnly(new URL(address).hostname)) return true;
  const school = schoolId === null ? null : await findSchool(db, schoolId);
  return school !== null && (await isSampleSchool(db, school));
}

/** @returns what to set first; null where others reach this address, and in the sample school */
export async function addressWarning(
  call: Pick<Call, 'context' | 'request' | 'actor' | 't'>,
  carrier: AddressCarrier,
): Promise<string | null> {
  const address = originOf(call);
  if (await isSharedAddress(call.context.db, call.actor.schoolId, address)) return null;
  return call.t(`school.shared-address.${carrier}`, { address });
}

/**
 * For the office: messages are asked for by whoever forgot a password, who cannot mend it. Null where none are sent.
 */
export async function mailAddressWarning({
  context,
  actor,
  t,
}: Pick<Call, 'context' | 'actor' | 't'>): Promise<string | null> {
  const address = configuredOrigin(context.config);
  if (!context.mailer || (await isSharedAddress(context.db, actor.schoolId, address))) return null;
  return t('school.shared-address.mail', { address });
}
