/** What this feature asks of the sign-ups by link, which come later in the order of the data. app.ts hands the answers in. */
import type { SchoolScope } from '../database.js';

export interface SignUpPort {
  /** Guests whose sign-ups nobody has decided on. */
  countWaitingSignUps(scope: SchoolScope, exhibitionId: string): Promise<number>;
  /**
   * The exhibition is closed: what nobody accepted is not needed any more. Runs in the transaction of the closing.
   * @returns how many sign-ups were removed
   */
  removeUnacceptedSignUps(scope: SchoolScope, exhibitionId: string): Promise<number>;
}
