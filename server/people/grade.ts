/** Grades as schools write them: `Grade 9`, `9th`, `09`, `9.0` and `9` are one. What is no number stays as it is written. */

/** Letters of a grade, e.g. of `Freshman Year`. */
export const MAX_GRADE = 40;

const kindergarten = /^(k|kg|kindergarten|grade k)$/i;
const numbered =
  /^(?:(?:grade|gr|g|year|yr|y|class|level)[\s.:#-]*)?0*(\d{1,2})(?:\.0+|[\s-]?(?:st|nd|rd|th))?(?:[\s-]*(?:grade|gr|year|class))?\.?$/i;

/** @returns null for an empty text */
export function gradeOf(text: string | null): string | null {
  const given = (text ?? '').trim();
  if (given === '') return null;
  if (kindergarten.test(given)) return 'K';
  return numbered.exec(given)?.[1] ?? given;
}
