/**
 * Why an action on a result was refused, in the reader's language: what has changed since, or what there is
 * to be asked about first.
 */
import { z } from 'zod';
import { Conflict, InvalidInput } from '../errors.js';
import type { Call } from '../http/route.js';
import { findPerson } from '../people/people-records.js';
import { findCriterion } from '../rubrics/rubric.js';
import { gatherPanel, type SlotPanel } from './gather-result.js';
import { UnconfirmedResult, warningView } from './publish-warnings.js';
import { placeOfWarnings } from './show-warnings.js';
import { MAX_CHANGES, MAX_STATE_LENGTH, StaleResult, type StateChange } from './result-state.js';
import { whenText } from './when-text.js';

type AnyCall = Pick<
  Call<unknown, unknown, unknown>,
  'actor' | 'scope' | 'context' | 't' | 'timeZone' | 'locale' | 'wantsJson'
>;

/** The field of every action on a result. */
export const stateField = z
  .string()
  .max(MAX_STATE_LENGTH)
  .optional()
  .describe(
    'Required: `state` of GET /slots/{id}/result or /slots/{id}/reveal, as its sender has seen it. 428 without it; 409 `stale` with `changes` when the result has changed since.',
  );

export const stateAnswer = z
  .string()
  .nullable()
  .describe(
    'What the result is made of now. Send it back with every action on it. Null for whoever only reads.',
  );

/**
 * What `work` answers.
 * @throws Conflict with the words of a StaleResult or an UnconfirmedResult; whatever else `work` throws
 */
export async function sayingWhy<R>(call: AnyCall, slotId: string, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StaleResult) && !(error instanceof UnconfirmedResult)) throw error;
    const { scope, context } = call;
    const panel = await gatherPanel(scope, context.rubrics, slotId, context.clock.now());
    throw error instanceof StaleResult
      ? await sayStale(call, panel, error)
      : sayUnconfirmed(call, panel, error);
  }
}

async function sayStale(call: AnyCall, panel: SlotPanel, { changes }: StaleResult): Promise<Conflict> {
  const publisher = panel.result ? await findPerson(call.scope, panel.result.publishedBy) : null;
  const said = changes.map((change) => {
    const who = change.what === 'published' ? (publisher?.displayName ?? null) : change.who;
    return {
      ...change,
      who,
      at: change.at?.toISOString() ?? null,
      words: wordsOf(call, panel, { ...change, who }),
    };
  });
  const latest = said.slice(-MAX_CHANGES);
  const more = said.length - latest.length;
  const words = latest.map((each) => each.words);
  if (more > 0) words.push(call.t('results.change.more', { count: more }));
  const params = { count: said.length, changes: words.join(' ') };
  return new Conflict('results.problem.stale', params, 'stale', { changes: latest });
}

function wordsOf(call: AnyCall, { rubric }: SlotPanel, { what, who, at, criterionId }: StateChange): string {
  return call.t(`results.change.${what}`, {
    name: who ?? call.t('results.change.somebody'),
    row: (criterionId !== null && findCriterion(rubric, criterionId)?.name) || '',
    when: at ? whenText(call, at) : '',
  });
}

function sayUnconfirmed(
  call: AnyCall,
  panel: SlotPanel,
  { warnings }: UnconfirmedResult,
): Conflict | InvalidInput {
  const place = placeOfWarnings(call, panel);
  const views = warnings.map((warning) => warningView(warning, place, call.t));
  const params = { count: views.length };
  if (!call.wantsJson)
    return new InvalidInput([{ field: 'confirmed', message: 'results.problem.confirm', params }]);
  return new Conflict('results.problem.unconfirmed', params, 'unconfirmed', { warnings: views });
}
