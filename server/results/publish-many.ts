/** Publishes several results one after the other, each by itself: what cannot be published is left out and named. */
import { AppError, InvalidInput } from '../errors.js';
import type { Call } from '../http/route.js';
import { getPerson } from '../people/people-records.js';
import { getSlot } from '../exhibition/slot-records.js';
import { publishResult } from './publish-result.js';
import { sayingWhy } from './say-refusal.js';

type ManyCall = Pick<
  Call<unknown, unknown, unknown>,
  'actor' | 'scope' | 'context' | 't' | 'timeZone' | 'locale' | 'wantsJson'
>;

export interface LeftOut {
  slotId: string;
  /** Of the student. */
  name: string;
  code: string;
  words: string;
}

/** @param asked.items each the slot's id, a space, and what its sender has seen */
export async function publishMany(
  call: ManyCall,
  exhibitionId: string,
  asked: { items: readonly string[]; confirmed: boolean },
): Promise<{ published: string[]; leftOut: LeftOut[] }> {
  const published: string[] = [];
  const leftOut: LeftOut[] = [];
  for (const item of asked.items) {
    const [slotId = '', state = ''] = item.split(' ');
    const slot = await getSlot(call.scope, slotId);
    try {
      if (slot.exhibitionId !== exhibitionId) throw new InvalidInput([], 'results.problem.other-day');
      // In the words for programs: a list has no field beside each result.
      await sayingWhy({ ...wordsOf(call), wantsJson: true }, slotId, () =>
        publishResult(call.context, call.scope, call.actor, slotId, { state, confirmed: asked.confirmed }),
      );
      published.push(slotId);
    } catch (error) {
      if (!(error instanceof AppError) || error.status >= 500) throw error;
      const student = await getPerson(call.scope, slot.studentId);
      const words = problemWords(call, error);
      leftOut.push({ slotId, name: student.displayName, code: error.code, words });
    }
  }
  return { published, leftOut };
}

/** A call's parts are read from its prototype, so they are named one by one. */
const wordsOf = ({ actor, scope, context, t, timeZone, locale }: ManyCall) => ({
  ...{ actor, scope, context, timeZone, locale },
  t: (key: string, params?: Record<string, string | number>) => t(key, params),
});

function problemWords({ t }: ManyCall, error: AppError): string {
  const [field] = error instanceof InvalidInput ? error.fields : [];
  if (field) return t(field.message, field.params);
  if (error.code === 'unconfirmed') return t('results.day.asks-first', error.params);
  return t(error.messageKey, error.params);
}
