/** Names as rosters write them: in one column or two, `Ruiz, José`, and people who have one name only. Pure. */
import { splitName } from './add-person.js';
import { chosenNames, type RosterPerson } from './roster.js';
import type { Column } from './csv-columns.js';

/** Of every script: `王，小明` and `محمد، علي`. */
const comma = /[,\u060c\u3001\uff0c\ufe50\ufe51\uff64]/;

type TwoNames = Pick<RosterPerson, 'givenName' | 'familyName'>;

const suffix = /^(jr|sr|ii|iii|iv|v|esq|md|phd|edd|dds|jd|rn|pharmd|mba|ma|ms|bsc|msc)\.?$/i;
const isSuffix = (words: string): boolean => suffix.test(words.replaceAll('.', ''));

/** Of these some are given names: nobody is called Jr. */
const mayBeName = (part: string): boolean => /^(v|ma|ms|md|jd|rn|mba)$/i.test(part.replaceAll('.', ''));

/**
 * `Ruiz, José` → given `José`, family `Ruiz`; `King, Martin, Jr.` keeps the suffix; without a comma the last
 * word is the family name.
 */
export function readWholeName(name: string): TwoNames {
  const [family = '', ...rest] = name
    .split(comma)
    .map((part) => part.trim())
    .filter(Boolean);
  // `Khin, Ma`: what may be a degree is a name where there would be no other.
  const isTitle = (part: string): boolean => isSuffix(part) && !(mayBeName(part) && !family.includes(' '));
  const suffixes = rest.length > 1 ? rest.filter(isSuffix) : rest.filter(isTitle);
  const given = rest.filter((part) => !suffixes.includes(part)).join(' ');
  if (given === '') {
    const whole = splitName(family);
    return suffixes.length === 0
      ? whole
      : { ...whole, familyName: [whole.familyName, ...suffixes].filter(Boolean).join(', ') };
  }
  return { givenName: given, familyName: [family, ...suffixes].join(' ') };
}

/** `Ruiz José`, in a column that says so: the first word is the family name. */
function readLastNameFirst(name: string): TwoNames {
  if (comma.test(name)) return readWholeName(name);
  const [familyName = '', ...given] = name.split(/\s+/);
  return wholeNames({ givenName: given.join(' '), familyName });
}

/** One name in either column is a whole name. */
export const wholeNames = ({ givenName, familyName }: TwoNames): TwoNames =>
  givenName === '' ? { givenName: familyName, familyName: '' } : { givenName, familyName };

/** The name that is shown, and beside it the legal one where the file has columns for both. */
export function readNames(
  cell: (column: Column) => string,
): Pick<RosterPerson, 'givenName' | 'familyName' | 'legalName' | 'chosen'> {
  const whole =
    cell('name') === '' ? readLastNameFirst(cell('last name first')) : readWholeName(cell('name'));
  const [legalGiven, legalFamily] = [cell('legal given name'), cell('legal family name')];
  const isSplit = cell('given name') !== '' || cell('family name') !== '';
  const { givenName, familyName } = wholeNames(
    isSplit
      ? { givenName: cell('given name') || whole.givenName, familyName: cell('family name') }
      : whole.givenName !== ''
        ? whole
        : { givenName: legalGiven, familyName: legalFamily },
  );
  const legal = { givenName: legalGiven || givenName, familyName: legalFamily || familyName };
  const told = legalGiven !== '' || legalFamily !== '' ? fullName(legal) : null;
  // Some schools write the whole preferred name, others the first name alone.
  const typed = cell('preferred name');
  const isWhole =
    familyName !== '' && (typed.includes(' ') || comma.test(typed)) && cell('preferred family name') === '';
  const preferred = isWhole
    ? readWholeName(typed)
    : { givenName: typed, familyName: cell('preferred family name') };
  const names = chosenNames({ givenName, familyName }, preferred);
  const legalName =
    (cell('legal name') && fullName(readWholeName(cell('legal name')))) || told || names.legalName;
  const differs = legalName !== null && legalName !== fullName(names);
  return { ...names, legalName, chosen: names.chosen || differs };
}

export const fullName = ({ givenName, familyName }: TwoNames): string => `${givenName} ${familyName}`.trim();
