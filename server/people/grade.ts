/**
 * Grades as schools write them: `Grade 9`, `9th`, `09`, `9.0`, `Ninth`, `９` and `9` are one. What is no
 * number stays as it is written.
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

/** A grade as a file has it, and what it is taken for. */
export interface ReadGrade {
  written: string;
  grade: string;
}
/** A school has a dozen grades; whoever writes more of them in words sees the first. */
const MAX_READ_GRADES = 30;

/** Grades with words in them that are kept as a number: whoever looks at a preview sees what was understood. */
export function gradesReadAs(texts: readonly string[]): ReadGrade[] {
  const read = new Map<string, string>();
  for (const text of texts) {
    const grade = gradeOf(text);
    if (grade !== null && grade !== text && /\p{L}/u.test(text)) read.set(text, grade);
  }
  return [...read].slice(0, MAX_READ_GRADES).map(([written, grade]) => ({ written, grade }));
}

/** Names of the four years of a high school, by the grade. */
const highSchool = new Map(
  ['freshman', 'sophomore', 'junior', 'senior'].map((word, at) => [word, at + 9] as const),
);
/** A larger number is the year in which somebody graduates, which stays the same. */
const MAX_COUNTED = 20;

/** The number in a grade and the words before it: 9 and `form` of `Form 9A`. Null where there is no number to count. */
function countOf(grade: string): { words: string; number: number } | null {
  if (grade === 'K') return { words: '', number: 0 };
  const plain = withPlainDigits(grade.normalize('NFKC')).toLowerCase();
  const year = highSchool.get(/^(\p{L}+)(?:[\s-](?:year|grade|class))?$/u.exec(plain)?.[1] ?? '');
  if (year !== undefined) return { words: '', number: year };
  const [, words = '', digits] = /^(\D*)(\d+)/.exec(plain) ?? [];
  return digits === undefined
    ? null
    : { words: words.replace(/[^\p{L}\p{M}]/gu, ''), number: Number(digits) };
}

/**
 * Whether somebody who had a grade may have the other one now: the same, or the next one, because files come
 * once a year. Grades that cannot be counted, and those of two ways to count, contradict nothing.
 * @param grade and the one before it, as `gradeOf` gives them
 */
export function mayFollow(grade: string, before: string): boolean {
  const [now, then] = [countOf(grade), countOf(before)];
  if (grade === before || !now || !then || now.words !== then.words) return true;
  return now.number === then.number || (now.number <= MAX_COUNTED && now.number === then.number + 1);
}
