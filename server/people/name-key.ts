/**
 * When two ways to write a name count as equal. Accents are left out by some systems and written by others;
 * vowels of Hindi, Bengali or Thai are marks as well, and a name without them is another one. Pure.
 */

/** In these scripts a mark is an accent. */
const accents = /([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{M}+/gu;
/**
 * Points and signs that Hebrew and Arabic write in some books only, hamza above and below, and the stroke
 * that makes a word longer.
 */
const points =
  /[\u0591-\u05bd]|[\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]|[\u0610-\u061a]|\u0640|[\u064b-\u065f]|\u0670|[\u06d6-\u06ed]/gu;
const apostrophes = /['\u2018\u2019\u201b\u02b9\u02bb\u02bc\u02bd\u00b4\u0060\u2032\uff07]/gu;
/** Signs without a width, which join letters or keep them apart. */
const unseen = /\p{Cf}/gu;
/** Letters of their own that other systems write with those of the English alphabet. */
const otherLetters = new Map([
  ...[
    ['ł', 'l'],
    ['ø', 'o'],
    ['đ', 'd'],
    ['ð', 'd'],
    ['ħ', 'h'],
    ['ı', 'i'],
    ['ŋ', 'n'],
    ['ς', 'σ'],
  ],
  ...[
    ['ß', 'ss'],
    ['æ', 'ae'],
    ['œ', 'oe'],
    ['þ', 'th'],
  ],
] as [string, string][]);

/**
 * The words of a name in any order, lower case and without accents: `Ruiz, José` is `jose ruiz`, and
 * `Mary-Jane O’Brien` is `jane mary obrien`.
 */
export const nameKeyOf = (name: string): string =>
  name
    .replace(apostrophes, '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(unseen, '')
    .replace(accents, '$1')
    .replace(points, '')
    .normalize('NFC')
    .replace(/[łøđðħıŋςßæœþ]/gu, (letter) => otherLetters.get(letter)!)
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '')
    .sort()
    .join(' ');

/** Whether two ways to write a name are one name: the same words in any order. */
export const isSameName = (one: string, other: string): boolean =>
  nameKeyOf(one) !== '' && nameKeyOf(one) === nameKeyOf(other);

/** Whether two names have as much as one word in common. */
export function haveWordInCommon(one: string, other: string): boolean {
  const words = new Set(nameKeyOf(one).split(' ').filter(Boolean));
  return nameKeyOf(other)
    .split(' ')
    .some((word) => words.has(word));
}

/** Whether two ways to write a name may be one person's: one has all the words of the other, in any order. */
export function namesAgree(one: string, other: string): boolean {
  const [a, b] = [one, other].map((name) => nameKeyOf(name).split(' ').filter(Boolean)) as [
    string[],
    string[],
  ];
  const [few, many] = a.length <= b.length ? [a, b] : [b, a];
  return few.length > 0 && few.every((word) => many.includes(word));
}
