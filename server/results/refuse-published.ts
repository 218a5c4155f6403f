/** What was published is added to by a correction alone. */
import type { SchoolScope } from '../db/database.js';
import { Conflict } from '../errors.js';
import { gatherTalk, type SlotPanel } from './gather-result.js';
import { changesSince, StaleResult } from './result-state.js';

/**
 * @param seen what the sender has seen; a sender who has not seen that it is published is told so
 * @throws StaleResult, Conflict once the result is published
 */
export async function refusePublished(
  scope: SchoolScope,
  panel: SlotPanel,
  seen: string | undefined,
): Promise<void> {
  const { result } = panel;
  if (!result) return;
  const talk = await gatherTalk(scope, panel);
  const changes = seen ? changesSince(panel, { sheets: result.sheets, talk }, seen) : [];
  const published = changes.filter(({ what }) => what === 'published' || what === 'corrected');
  if (published.length > 0) throw new StaleResult(published);
  throw new Conflict('results.problem.published', {}, 'published');
}
