/** The guardians that a student's row of a CSV names itself. Pure. */
import type { Column, CsvRow } from './csv-columns.js';
import { mentionKey } from './named-guardians.js';
import { isNoName } from './odd-values.js';
import { readWholeName } from './read-names.js';
import type { RosterPerson } from './roster.js';

const nobody = {
  sourcedId: null,
  studentNumber: null,
  displayName: null,
  legalName: null,
  chosen: false,
  grade: null,
  advisory: null,
  guardians: null,
  organisation: null,
  locale: null,
  presence: null,
};

/**
 * With a name, an address, or both.
 * @param email of a column, null where there is none that can be used
 */
export function guardiansOf(
  row: CsvRow,
  place: RosterPerson['place'],
  email: (field: Column) => string | null,
): RosterPerson[] {
  const pairs = [
    ['guardian name', 'guardian email'],
    ['guardian 2 name', 'guardian 2 email'],
  ] as const;
  return pairs.flatMap(([nameColumn, emailColumn]) => {
    const address = email(emailColumn);
    const given = row.cell(nameColumn);
    const name = (isNoName(given) ? '' : given) || address;
    if (name === null) return [];
    const guardian = {
      ...nobody,
      place,
      ...readWholeName(name),
      email: address,
      roles: ['guardian' as const],
      mention: true as const,
    };
    return [{ ...guardian, key: mentionKey(guardian) }];
  });
}
