/** Published results and their earlier versions, as the check of the records walks over them. */
import type { SchoolScope } from '../db/database.js';
import {
  asResult,
  listEarlierOfSlots,
  listEarlierResultsAfter,
  listUnnamedEarlierAfter,
  type EarlierResult,
} from '../results/earlier-result-records.js';
import { frozenAt, nameOfResult, resultHolds, type Result } from '../results/result.js';
import { listResultNames, listResultsAfter, listUnnamedResultsAfter } from '../results/result-records.js';
import { resealedOf, type FrozenWalk } from './frozen-walk.js';

/** A result, or what it said before a correction, which lies under another id. */
type ResultVersion = Result & { key?: string };

/** Which versions of results are there, by name. @param unnamed only those from which a name was taken out */
const versionsThere =
  (isUnnamed: boolean): FrozenWalk['there'] =>
  async (scope, names) => {
    const wholes = [...new Set(names.map((name) => name.split(' ')[0]!))];
    const earlier = (await listEarlierOfSlots(scope, wholes)).map((one) => ({ ...one, id: one.slotId }));
    const all = [...(await listResultNames(scope, wholes)), ...earlier];
    return all.filter(({ unnamedHash }) => !isUnnamed || unnamedHash !== undefined).map(nameOfResult);
  };

const resultVersions = (
  list: (scope: SchoolScope, after: string, limit: number) => Promise<ResultVersion[]>,
): FrozenWalk => ({
  kind: 'result',
  subject: 'result',
  there: versionsThere(false),
  list: async (scope, after, limit) =>
    (await list(scope, after, limit)).map((result) => ({
      ...{ id: result.key ?? result.id, name: nameOfResult(result), hash: result.hash },
      ...{ holds: resultHolds(result), at: frozenAt(result) },
      ...resealedOf(result),
    })),
});

const unnamedResults = (
  list: (scope: SchoolScope, after: string, limit: number) => Promise<ResultVersion[]>,
): FrozenWalk => ({
  kind: 'unnamed result',
  there: versionsThere(true),
  list: async (scope, after, limit) =>
    (await list(scope, after, limit)).map((result) => ({
      ...{ id: result.key ?? result.id, name: nameOfResult(result), hash: result.unnamedHash ?? '' },
      ...{ holds: resultHolds(result), at: null },
    })),
});

const earlierUnderOwnKey =
  (list: (scope: SchoolScope, after: string, limit: number) => Promise<EarlierResult[]>) =>
  async (scope: SchoolScope, after: string, limit: number): Promise<ResultVersion[]> =>
    (await list(scope, after, limit)).map((version) => ({ ...asResult(version), key: version.id }));

export const resultWalks: readonly FrozenWalk[] = [
  resultVersions(listResultsAfter),
  resultVersions(earlierUnderOwnKey(listEarlierResultsAfter)),
];
export const unnamedResultWalks: readonly FrozenWalk[] = [
  unnamedResults(listUnnamedResultsAfter),
  unnamedResults(earlierUnderOwnKey(listUnnamedEarlierAfter)),
];
