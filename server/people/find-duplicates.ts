/**
 * Finds new people of a roster who look like somebody else of the file or of the school, so that somebody is
 * asked. Pure.
 */
import { likelyPairs } from './likely-duplicates.js';
import type { Person } from './person.js';
import type { RosterPlace } from './roster.js';
import type { Duplicate, DuplicateAnswers, DuplicateSide } from './roster-import.js';

export interface DraftedRow {
  rowKey: string;
  place: RosterPlace;
  before: Person | null;
  after: Person;
}

export interface FoundPair extends Duplicate {
  /** Of both: ids, and the keys of their rows where they are in the file. */
  ids: readonly [string, string];
  rowKeys: readonly [string | null, string | null];
  isNew: readonly [boolean, boolean];
}

/**
 * @param people everybody of the school
 * @param rows everybody of the file
 * @param isKnown whether somebody said before that these two are two
 */
export function findDuplicates(
  people: readonly Person[],
  rows: readonly DraftedRow[],
  isKnown: (a: string, b: string) => boolean,
): FoundPair[] {
  const byId = new Map(rows.map((each) => [each.after.id, each]));
  const fresh = rows.filter(({ before }) => !before).map(({ after }) => after);
  if (fresh.length === 0) return [];
  const known = people
    .filter(({ erasedAt }) => !erasedAt)
    .map((person) => byId.get(person.id)?.after ?? person);
  const sideOf = (person: Person): DuplicateSide => ({
    ...{ name: person.displayName, grade: person.grade, left: !person.active },
    row: byId.get(person.id)?.place.row ?? null,
  });
  return likelyPairs([...known, ...fresh], isKnown).flatMap(({ first, second, reasons }): FoundPair[] => {
    const [a, b] = [byId.get(first.id), byId.get(second.id)];
    const isNew = [a?.before === null, b?.before === null] as const;
    if (!isNew[0] && !isNew[1]) return [];
    const rowKeys = [a?.rowKey ?? null, b?.rowKey ?? null] as const;
    return [
      {
        // A row has the same key when the file is read again, somebody who is not in it has their id.
        key: `${rowKeys[0] ?? first.id} = ${rowKeys[1] ?? second.id}`,
        ...{ first: sideOf(first), second: sideOf(second), reasons, rowKeys, isNew },
        ids: [first.id, second.id],
      },
    ];
  });
}

/**
 * What is done with a row that is somebody else: it says what is known of them, or nothing, where another row
 * of the file says it. By the key of the row, for `matchRoster`.
 */
export function sameRows(
  pairs: readonly FoundPair[],
  { same }: DuplicateAnswers,
): Map<string, string | null> {
  const chosen = new Set(same);
  const rows = new Map<string, string | null>();
  for (const { key, ids, rowKeys, isNew } of pairs) {
    if (!chosen.has(key)) continue;
    // The second is the later one in the file; somebody who is known stays.
    const at = isNew[1] ? 1 : 0;
    const other = at === 1 ? 0 : 1;
    rows.set(rowKeys[at]!, rowKeys[other] === null ? ids[other] : null);
  }
  return rows;
}

/** Of those who were found to be two: their ids. */
export const distinctIds = (
  pairs: readonly FoundPair[],
  { two }: DuplicateAnswers,
): (readonly [string, string])[] => pairs.filter(({ key }) => two.includes(key)).map(({ ids }) => ids);
