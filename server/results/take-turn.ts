/** Lets the acts of one panel after its reveal happen one after the other, so that nothing slips past the moment of publishing. */
import { inTransaction, isDuplicate, type SchoolScope } from '../database.js';
import { appendTurn } from './reveal-records.js';

/**
 * @param work runs in the transaction that holds the turn; it may run again, so it touches nothing but the database
 */
export async function takeTurn<R>(
  scope: SchoolScope,
  slotId: string,
  work: (inside: SchoolScope, turn: number) => Promise<R>,
): Promise<R> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await inTransaction(scope, async (inside) => work(inside, await appendTurn(inside, slotId)));
    } catch (error) {
      // Two first turns of a slot at the same moment: the unique id lets one of them through.
      if (scope.session || !isDuplicate(error) || attempt >= 5) throw error;
    }
  }
}
