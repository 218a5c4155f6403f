/** Lets the acts of one panel after its reveal happen one after the other, so that nothing slips past the moment of publishing. */
import { inTransaction, isDuplicate, type SchoolScope } from '../database.js';
import { getSlot } from '../exhibition/slot-records.js';
import { appendTurn } from './reveal-records.js';

/**
 * @throws NotFound for a slot of another school
 * @param work runs in the transaction that holds the turn; it may run again, so it touches nothing but the database
 */
export async function takeTurn<R>(
  scope: SchoolScope,
  slotId: string,
  work: (inside: SchoolScope, turn: number) => Promise<R>,
): Promise<R> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await inTransaction(scope, async (inside) => {
        // The turn is written down under the slot's id, whoever asks: so there must be such a slot in their school.
        await getSlot(inside, slotId);
        return work(inside, await appendTurn(inside, slotId));
      });
    } catch (error) {
      // Two first turns of a slot at the same moment: the unique id lets one of them through.
      if (scope.session || !isDuplicate(error) || attempt >= 5) throw error;
    }
  }
}
