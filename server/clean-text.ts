/**
 * Text as it may enter and leave the app. Control characters, halves of characters and endless accents break
 * databases, XML, calendar files and normalization; marks that turn the direction of writing make one name
 * look like another. Linear in the length of the text.
 */

/**
 * More accents on one letter than any language writes; normalizing longer runs takes quadratic time (UAX #15,
 * Stream-Safe Text).
 */
const MAX_MARKS = 30;

/**
 * C0 and C1 controls except tab and line feed, DEL, code points that are no characters (XML refuses them),
 * the byte order mark, and the two marks that force a direction of writing, which no language needs.
 */
const neverText =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202d\u202e\ufeff\ufdd0-\ufdef\ufffe\uffff]/gu;
/** What shows that a text must be looked at; most texts are spared the rest. */
// eslint-disable-next-line no-control-regex
const suspect = /[\u0000-\u0008\u000b-\u001f\u007f-\u{10ffff}]/u;

/**
 * Half a surrogate pair can neither be stored nor hashed; it becomes the replacement character, as in every
 * other encoding.
 */
const halfPair = /\p{Cs}/gu;
const lineEnds = /\r\n?|[\u0085\u2028\u2029]/g;
const blanks = /[\t\n]+/g;
/** Embeddings and isolates may stand in a paragraph of mixed scripts; in a name or a title they only disguise. */
const turning = /[\u202a-\u202e\u2066-\u2069]/g;

/** Text of one or more lines: line ends become `\n`, tabs stay, controls go. */
export function cleanText(text: string): string {
  if (!suspect.test(text)) return text;
  return withFewMarks(text.replace(lineEnds, '\n').replace(neverText, '').replace(halfPair, '\ufffd'));
}

/** Text of one line, such as a name, a title or a cell: line ends and tabs become a blank, marks of direction go. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(blanks, ' ').replace(turning, '');
}

/**
 * Marks that nobody sees and that no name needs; those that join letters or keep them apart are part of how
 * some languages are written.
 */
const unseen = /[\u200b\u200e\u200f\u2060\u180e\u00ad]/g;
/** Blanks of every kind as one plain blank each, without marks that nobody sees. */
export const plainBlanks = (text: string): string => text.replace(unseen, '').replace(/\s+/g, ' ');

/** The first characters of a text, at most `maximum` UTF-16 units: the last one is never cut in half. */
export const firstOf = (text: string, maximum: number): string =>
  text.slice(0, maximum).replace(/[\ud800-\udbff]$/, '');

/** Keeps the first marks of each run. */
function withFewMarks(text: string): string {
  if (!/\p{M}{31}/u.test(text)) return text;
  let [kept, run] = ['', 0];
  for (const sign of text) {
    run = /\p{M}/u.test(sign) ? run + 1 : 0;
    if (run <= MAX_MARKS) kept += sign;
  }
  return kept;
}

/** Deeper than any form or program nests its input. */
const MAX_DEPTH = 32;

/** Input nested deeper than any form is: the walk would not end well. */
export class TooDeep extends Error {
  constructor() {
    super('the input is nested too deeply');
    this.name = 'TooDeep';
  }
}

const isSecret = (key: string): boolean => /^(password|current)$/.test(key);

/**
 * Input of any shape with every text and every name of a field cleaned. Passwords stay as they were typed:
 * they are hashed, never shown.
 * @throws TooDeep
 */
export function cleanInput(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) throw new TooDeep();
  if (Array.isArray(value)) return value.map((each) => cleanInput(each, depth + 1));
  const cleaned: [string, unknown][] = Object.entries(value).map(([key, each]) => [
    cleanText(key),
    isSecret(key) ? each : cleanInput(each, depth + 1),
  ]);
  return Object.fromEntries(cleaned);
}
