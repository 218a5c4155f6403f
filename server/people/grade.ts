/**
 * Grades as schools write them: `Grade 9`, `9th`, `09`, `9.0`, `Ninth`, `９` and `9` are one. What is no number stays as it is written.
 */

/** Letters of a grade, e.g. of `Freshman Year`. */
export const MAX_GRADE = 40;

const kindergarten = /^(k|kg|kindergarten|grade k)$/i;
const numbered =
  /^(?:(?:grade|gr|g|year|yr|y|class|level)[\s.:#-]*)?0*(\d{1,2})(?:\.0+|[\s-]?(?:st|nd|rd|th))?(?:[\s-]*(?:grade|gr|year|class))?\.?$/i;

/** From first to twelfth; the place in the list is the grade. */
const ordinals = [
  ...['', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth'],
  ...['seventh', 'eighth', 'ninth', 'tenth', 'eleventh', 'twelfth'],
];
const cardinals = [
  ...['', 'one', 'two', 'three', 'four', 'five', 'six'],
  ...['seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'],
];
const spelled = new Map(
  [ordinals, cardinals].flatMap((words) => words.map((word, at) => [word, String(at)] as const).slice(1)),
);

/** Digits of every script as those of English: in Unicode the ten of a script follow one another. */
const withPlainDigits = (text: string): string =>
  text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0)!;
    let before = 0;
    while (/^\p{Nd}$/u.test(String.fromCodePoint(code - before - 1))) before += 1;
    return String(before % 10);
  });

/** @returns null for an empty text */
export function gradeOf(text: string | null): string | null {
  const given = (text ?? '').trim();
  if (given === '') return null;
  const plain = withPlainDigits(given.normalize('NFKC'))
    // `9th Grade (Freshman)` says it twice.
    .replace(/\([^()]*\)$/, '')
    .trim()
    .replace(/\p{L}+/gu, (word) => spelled.get(word.toLowerCase()) ?? word);
  if (kindergarten.test(plain)) return 'K';
  return numbered.exec(plain)?.[1] ?? given;
}

const numberOf = (grade: string): number => (grade === 'K' ? 0 : /^\d+$/.test(grade) ? Number(grade) : NaN);

/** Whether a grade, as `gradeOf` gives it, is the one after another. */
export const isGradeAfter = (grade: string, before: string): boolean =>
  numberOf(grade) === numberOf(before) + 1;
