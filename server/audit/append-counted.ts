/**
 * Acts that one person can repeat without end: a wrong password, a download. Within a quarter hour the first
 * has its entry, then the tenth, the hundredth and so on, each with how many there were; so nobody can flood
 * a chain, and nothing goes unnoticed.
 */
import type { Actor } from '../access/actor.js';
import { appendAttempt } from '../access/attempts-records.js';
import type { Clock } from '../clock.js';
import { inTransaction, isDuplicate, type SchoolScope } from '../db/database.js';
import { appendAudit, type Act } from './append-audit.js';

const quarterHour = 15 * 60;
const isPowerOfTen = (count: number): boolean => /^10*$/.test(String(count));

type By = Pick<Actor, 'personId' | 'via' | 'passwordLink'>;

/**
 * Counts by act, subject and actor.
 * @param act `<feature>.<verb>`
 * @param detail as of `appendAudit`; `times` is added to it
 */
export async function appendCounted(
  scope: SchoolScope,
  clock: Clock,
  actor: By,
  act: string,
  subject: Act['subject'],
  detail: Record<string, unknown> = {},
): Promise<void> {
  const { schoolId } = scope;
  const whom = [schoolId, actor.personId, subject.kind, subject.id, JSON.stringify(detail)].join('\n');
  const times = await appendAttempt(scope, `audit ${act}`, whom, quarterHour, clock.now());
  if (isPowerOfTen(times)) await appendAudit(scope, clock, actor, act, subject, { ...detail, times });
}

/** Personal data is about to leave: no entry, no data. Counted like every act that can be repeated. */
export const appendDownload = (
  scope: SchoolScope,
  clock: Clock,
  actor: By,
  act: string,
  subject: Act['subject'],
  detail: Record<string, unknown> = {},
): Promise<void> =>
  inTransaction(scope, async (inside) => {
    try {
      await appendCounted(inside, clock, actor, act, subject, detail);
    } catch (error) {
      // The first two at the same moment: the later one starts again and counts as the second.
      if (isDuplicate(error))
        (error as { addErrorLabel?(label: string): void }).addErrorLabel?.('TransientTransactionError');
      throw error;
    }
  });
