/** Reasons that somebody typed for moves of an exhibition or of a slot, as those who plan read them. */
import { z } from 'zod';
import type { SchoolScope } from '../db/database.js';
import { findCurrentIds } from '../people/merged-people-records.js';
import { listPeopleByIds } from '../people/people-records.js';
import { byId } from '../people/person.js';
import { seatedWithConflict } from './seats/seat-conflicts.js';
import type { MoveReason } from './exhibition.js';

export const reasonsAnswer = z
  .array(
    z.object({
      what: z.string().describe('The step, in words.'),
      reason: z.string(),
      byName: z.string(),
      at: z.string(),
    }),
  )
  .nullable()
  .describe('Why it moved, the newest last; null for those who do not plan.');
export type ReasonViews = NonNullable<z.output<typeof reasonsAnswer>>;

const isOfSeat = ({ rules }: { rules?: string[] }): boolean => rules?.includes(seatedWithConflict) ?? false;

function wordsOf({ slotId, ...reason }: Pick<MoveReason, 'slotId' | 'rules'>): string {
  if (isOfSeat(reason))
    return slotId
      ? 'exhibition.reasons.removed-seated-with-conflict'
      : 'exhibition.reasons.seated-with-conflict';
  return slotId ? 'exhibition.reasons.removed-against-rules' : 'exhibition.reasons.against-rules';
}

/** In the order in which they were typed. */
export async function viewReasons(
  { scope, t }: { scope: SchoolScope; t(key: string): string },
  reasons: readonly MoveReason[] = [],
): Promise<ReasonViews> {
  if (reasons.length === 0) return [];
  const ids = [...new Set(reasons.map(({ by }) => by))];
  const current = await findCurrentIds(scope, ids);
  const people = byId(
    await listPeopleByIds(
      scope,
      ids.map((id) => current.get(id) ?? id),
    ),
  );
  return [...reasons]
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map((each) => ({
      what: t(each.verb ? `exhibition.moves.${each.verb}` : wordsOf(each)),
      reason: each.reason,
      byName: people.get(current.get(each.by) ?? each.by)?.displayName ?? '',
      at: each.at.toISOString(),
    }));
}
