/** Lets the actions on one panel happen one after the other, so that nothing slips past the moment of publishing. */
import { type SchoolScope } from '../db/database.js';
import { getSlot } from '../exhibitions/slots/slot-records.js';
import { panelLock, withLocks } from '../db/record-locks.js';
import { appendTurn } from './reveal-records.js';

/**
 * @param presentationId of a group the first member's slot
 * @throws NotFound for a slot of another school
 * @param work runs in the transaction that holds the panel's lock; it may run again, so it touches nothing
 *   but the database
 */
export const withPanelLock = <R>(
  scope: SchoolScope,
  presentationId: string,
  work: (inside: SchoolScope, turn: number) => Promise<R>,
): Promise<R> =>
  withLocks(scope, [panelLock(presentationId)], async (inside) => {
    // The turn is written down under the slot's id, whoever asks: so there must be such a slot in their school.
    const { exhibitionId } = await getSlot(inside, presentationId);
    return work(inside, await appendTurn(inside, presentationId, exhibitionId));
  });
