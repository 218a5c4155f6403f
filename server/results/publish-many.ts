/**
 * Publishes several results one after the other, each by itself: what cannot be published is left out and
 * named, whatever the reason, and never keeps the others back.
 */
import { InvalidInput, type AppError, type MessageParams } from '../errors.js';
import { findSlot } from '../exhibitions/slots/slot-records.js';
import { asAppError, fault } from '../http/answer-errors.js';
import type { Call } from '../http/route.js';
import { findPerson } from '../people/people-records.js';
import { readsResult } from './day-results.js';
import { publishResult } from './publish-result.js';
import { sayingWhy } from './say-refusal.js';

type ManyCall = Pick<
  Call<unknown, unknown, unknown>,
  'actor' | 'scope' | 'context' | 't' | 'timeZone' | 'locale' | 'wantsJson'
>;

export interface SlotLeftOut {
  slotId: string;
  /** Of the student; '' where the presentation is gone or is none that the sender reads in this list. */
  name: string;
  code: string;
  words: string;
}

export interface ManyPublished {
  published: string[];
  /** By the same sender and from the same state: a list that was sent again. */
  publishedBefore: string[];
  leftOut: SlotLeftOut[];
}

/**
 * @param asked.items each the slot's id, a space, and what its sender has seen
 * @param asked.confirmed those of the items whose warnings were read
 */
export async function publishMany(
  call: ManyCall,
  exhibitionId: string,
  asked: { items: readonly string[]; confirmed: readonly string[] },
): Promise<ManyPublished> {
  const published: string[] = [];
  const publishedBefore: string[] = [];
  const leftOut: SlotLeftOut[] = [];
  for (const item of firstOfEach(asked.items)) {
    const [slotId = '', state = ''] = item.split(' ');
    try {
      const slot = await findSlot(call.scope, slotId);
      if (!slot) throw new InvalidInput([], 'results.problem.slot-gone');
      if (slot.exhibitionId !== exhibitionId) throw new InvalidInput([], 'results.problem.other-day');
      const confirmed = asked.confirmed.includes(item);
      // In the words for programs: a list has no field beside each result.
      const { fresh } = await sayingWhy({ ...wordsOf(call), wantsJson: true }, slotId, () =>
        publishResult(call.context, call.scope, call.actor, slotId, { state, confirmed }),
      );
      (fresh ? published : publishedBefore).push(slotId);
    } catch (error) {
      const problem = asAppError(error);
      if (!problem) call.context.log.error({ err: error, slotId }, 'a result could not be published');
      leftOut.push(await leftOutOf(call, exhibitionId, slotId, problem ?? fault()));
    }
  }
  return { published, publishedBefore, leftOut };
}

/** One item for each slot: what is named twice is asked for once. */
const firstOfEach = (items: readonly string[]): string[] => {
  const slotOf = (item: string) => item.split(' ')[0];
  return items.filter((item, at) => items.findIndex((each) => slotOf(each) === slotOf(item)) === at);
};

async function leftOutOf(
  call: ManyCall,
  exhibitionId: string,
  slotId: string,
  problem: AppError,
): Promise<SlotLeftOut> {
  const name = await nameAt(call, exhibitionId, slotId).catch(() => '');
  return { slotId, name, code: problem.code, words: problemWords(call, problem) };
}

/** Any id may be sent: a name is told only to those who find it in the list of this day. */
async function nameAt({ scope, actor }: ManyCall, exhibitionId: string, slotId: string): Promise<string> {
  const slot = await findSlot(scope, slotId);
  const student = slot?.exhibitionId === exhibitionId ? await findPerson(scope, slot.studentId) : null;
  return student && readsResult(actor, student) ? student.displayName : '';
}

/** A call's parts are read from its prototype, so they are named one by one. */
const wordsOf = ({ actor, scope, context, t, timeZone, locale }: ManyCall) => ({
  ...{ actor, scope, context, timeZone, locale },
  t: (key: string, params?: MessageParams) => t(key, params),
});

function problemWords({ t }: ManyCall, error: AppError): string {
  const [field] = error instanceof InvalidInput ? error.fields : [];
  if (field) return t(field.message, field.params);
  if (error.code === 'unconfirmed') return t('results.day.asks-first', error.params);
  return t(error.messageKey, error.params);
}
