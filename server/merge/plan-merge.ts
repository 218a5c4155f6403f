/**
 * A dry run of a merge: what both records say, what speaks against it, and everything that would move. Changes nothing.
 */
import { findAccountsOfTwo, type AccountsOfTwo } from '../access/merge-accounts.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, NotFound } from '../errors.js';
import { listExhibitionsByIds } from '../exhibitions/exhibition-records.js';
import { findPerson } from '../people/people-records.js';
import { checkNotSealed, type Person } from '../people/person.js';
import { listOpenHandoversOf } from '../handover/handover-records.js';
import { plansFit } from './join.js';
import { findNarrativePairs, findPlanPairs } from './join-records.js';
import { conflictingFields, type MergeField } from './merge-fields.js';
import { obstaclesOf, type SideFacts, type Obstacle } from './obstacles.js';
import { countReferences } from './reference-records.js';
import type { MovedKind } from './references.js';
import { findSide, isJobOpenFor } from './side-records.js';

export interface MergePlan {
  into: Person;
  from: Person;
  sides: readonly [SideFacts, SideFacts];
  conflicts: MergeField[];
  obstacles: Obstacle[];
  accounts: AccountsOfTwo;
}

/** @throws NotFound when one of them is no person of this school, or both are the same */
export async function planMerge(scope: SchoolScope, intoId: string, fromId: string): Promise<MergePlan> {
  const [into, from] = [await findPerson(scope, intoId), await findPerson(scope, fromId)];
  if (!into || !from || into.id === from.id) throw new NotFound('merge.problem.unknown');
  // A record that was sealed with a handover is nobody's to read here.
  for (const person of [into, from]) checkNotSealed(person);
  if (into.erasedAt || from.erasedAt) throw new Conflict('people.problem.erased');
  const sides = [await findSide(scope, into), await findSide(scope, from)] as const;
  const exhibitionIds = sides.flatMap(({ slots, seats, visits, choiceExhibitionIds }) => [
    ...[...slots, ...seats, ...visits].map(({ exhibitionId }) => exhibitionId),
    ...choiceExhibitionIds,
  ]);
  const exhibitions = await listExhibitionsByIds(scope, [...new Set(exhibitionIds)]);
  const titles = new Map(exhibitions.map(({ id, title }) => [id, title]));
  const obstacles = obstaclesOf(...sides, titles);
  for (const [mine, other] of await findPlanPairs(scope, [into.id, from.id]))
    if (!plansFit(mine, other))
      obstacles.push({ kind: 'plans', params: {}, href: `/students/${from.id}/plan` });
  for (const { id } of [into, from])
    if ((await listOpenHandoversOf(scope, id)).length > 0)
      obstacles.push({ kind: 'handover', params: {}, href: `/people/${id}` });
  if (await isJobOpenFor(scope, [into.id, from.id]))
    obstacles.push({ kind: 'job', params: {}, href: '/jobs' });
  return {
    ...{ into, from, sides, obstacles },
    conflicts: conflictingFields(into, from),
    accounts: await findAccountsOfTwo(scope, into.id, from.id),
  };
}

export interface Movement {
  kind: MovedKind;
  /** Records of the one that goes; they are the other one's afterwards. */
  from: number;
  /** What the person who stays has already. */
  into: number;
}

/** How much each of the two has, kind by kind, where the one that goes has any. */
export async function listMovements(scope: SchoolScope, intoId: string, fromId: string): Promise<Movement[]> {
  const [own, other] = [await countReferences(scope, intoId), await countReferences(scope, fromId)];
  return (Object.keys(other) as MovedKind[]).map((kind) => ({
    kind,
    from: other[kind] ?? 0,
    into: own[kind] ?? 0,
  }));
}

/**
 * In how many terms both have a narrative in the same voice: each pair becomes one, with everything that was signed.
 */
export const countJoinedNarratives = async (scope: SchoolScope, intoId: string, fromId: string) =>
  (await findNarrativePairs(scope, [intoId, fromId])).length;
