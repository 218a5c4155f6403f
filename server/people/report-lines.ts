/**
 * Lines that reports print around a list and that are nobody: totals, page numbers, when it was printed. They
 * are asked about, because some names are words, too. Pure.
 */
import type { RosterQuestion } from './roster-questions.js';
import type { RosterPlace } from './roster.js';

const people =
  '(?:students?|pupils?|people|persons?|records?|rows?|entries|guardians?|teachers?|alumnos|schüler)';
const moment = '(?:\\d{1,4}[/.-]\\d{1,2}[/.-]\\d{1,4}|\\d{1,2}:\\d{2}|\\b(?:19|20)\\d{2}\\b)';
const document = '(?:report|list|file|roster|page|data|export|records?|document)';

/** What such a line is, or begins with. */
const printed = [
  '(?:grand |sub[ -]?)?totals?(?:\\s*[:=(]?\\s*\\d+)?$',
  `(?:grand |sub[ -]?)?totals? (?:de |number of )?${people}\\b`,
  `(?:number|count) of ${people}\\b`,
  `(?:count|sum|${people}|gesamt|summe|anzahl)\\s*[:=]?\\s*\\d+$`,
  `\\d+ (?:total )?${people}\\b`,
  `end of (?:the )?${document}\\b`,
  'end of$',
  `${document} (?:ends?|generated|printed|created|exported)\\b`,
  `(?:printed|generated|created|exported|run|${document}|as of|date|last updated)\\b.*${moment}`,
  '(?:page|seite|página|pagina)\\s*:?\\s*\\d+(?:\\s*(?:of|/|von|de)\\s*\\d+)?$',
].map((line) => new RegExp(`^${line}`, 'i'));

/**
 * Whether the row is such a line, or has no letter where the name stands: a rule, a number, a date.
 * @param cells all of the row that are filled, in their order
 */
export function isReportLine(cells: readonly string[], name: string): boolean {
  if (cells.length === 0 || name === '') return false;
  if (!/\p{L}/u.test(name)) return true;
  const texts = [cells[0]!, ...(cells.length <= 2 ? [cells.join(' ')] : [])].map(withoutFrame);
  return printed.some((line) => texts.some((text) => line.test(text)));
}

/** Without stars, dashes and dots around the words. */
function withoutFrame(text: string): string {
  const signs = [...text];
  const isWord = (sign: string): boolean => /[\p{L}\p{N}]/u.test(sign);
  return signs.slice(signs.findIndex(isWord), signs.findLastIndex(isWord) + 1).join('');
}

export const lineQuestion = ({ file, row }: RosterPlace, text: string): RosterQuestion => ({
  ...{ kind: 'line', key: `line ${file} ${row}`, params: { text: text.slice(0, 80), row } },
  options: [{ value: 'person' }],
});
