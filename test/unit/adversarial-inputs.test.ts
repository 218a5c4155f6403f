/**
 * Hostile text of any length costs work that grows no faster than the text: one upload or one field never
 * holds up everybody else.
 */
import { describe, expect, it } from '@jest/globals';
import { readCode as readPassCode } from '../../server/exhibitions/passes/pass.js';
import { readVerificationCode as readTranscriptCode } from '../../server/transcript/transcript.js';
import { anchor } from '../../server/artifacts/passage.js';
import { cleanFileName } from '../../server/artifacts/file-name.js';
import { secondsOf } from '../../server/artifacts/clock-time.js';
import { titleFromName } from '../../server/artifacts/artifact.js';
import { typeOfContent } from '../../server/artifacts/file-type.js';
import { roomKey } from '../../server/exhibitions/slots/slot.js';
import { cleanInput, cleanLine, cleanText } from '../../server/clean-text.js';
import { contentDisposition } from '../../server/http/content-disposition.js';
import { readRange } from '../../server/http/byte-range.js';
import { optionalLine, prose, readInput, text } from '../../server/http/read-input.js';
import { countWords, narrativeHtml } from '../../server/narratives/narrative-html.js';
import { nameKeyOf } from '../../server/people/name-key.js';
import { splitName } from '../../server/people/add-person.js';
import { linesOf, readHours } from '../../server/people/hours.js';
import { sortNameOf } from '../../server/people/person.js';
import { readRosterCsv } from '../../server/people/read-roster-csv.js';
import { judgeAccent } from '../../server/rendering/accent.js';
import { slugOf } from '../../server/school/school.js';
import { parseStorageKey } from '../../storage/storage-key.js';

/** Pieces of which one was once the end of a quadratic pattern, or could be. */
const pieces = [
  '<!doctype aaaa',
  '<!doctype a [',
  '<!--',
  '<?',
  '<',
  '[[[a](',
  '**a ',
  '`a``',
  '- ',
  '> ',
  '"a ',
  '&amp',
  '\\',
  ' ',
  ' .',
  '-',
  '.',
  'a.',
  'a@',
  'a a b ',
  ',',
  '"',
  '";"\n',
  '\n\t',
  '\r',
  '0',
  '1:',
  'mon-',
  '%',
  '%F0%9F',
  '\u0315\u0316',
  '\ud800',
  '\u202e',
  '\0',
  '{"a":[',
] as const;

type Parser = (input: string) => unknown;
const ignoring =
  (work: Parser): Parser =>
  async (input) => {
    try {
      return await work(input);
    } catch {
      return null;
    }
  };
/** What reaches the rules behind the entrance has been cleaned there. */
const cleaned =
  (work: Parser): Parser =>
  (input) =>
    work(cleanText(input));

/** Tables are read slice by slice, others between them: slower, and shown by less. */
const partOf = (input: string): string => input.slice(0, input.length / 16);
/** Still longer than any narrative or passage may be. */
const quarterOf = (input: string): string => input.slice(0, input.length / 4);

const parsers: Record<string, Parser> = {
  'cleaning a text': cleanText,
  'cleaning a line': cleanLine,
  'cleaning a body': (input) => cleanInput({ [input]: [input, { a: input }] }),
  'the type of a file': (input) => typeOfContent(Buffer.from(input)),
  'the name of a file': (input) => cleanFileName(input),
  'the header with the name of a file': (input) => contentDisposition('inline', input),
  'the title of a file': titleFromName,
  'a table of people': (input) => readRosterCsv('people.csv', Buffer.from(`name,email\n${partOf(input)}`)),
  'the heading of a table': (input) => readRosterCsv('people.csv', Buffer.from(partOf(input))),
  'a full name': cleaned(splitName),
  'a name to sort by': cleaned((input) => sortNameOf(input, input)),
  'a name that is compared': cleaned(nameKeyOf),
  'a room': cleaned(roomKey),
  'hours, line by line': cleaned((input) => linesOf(input).map(readHours)),
  'hours in one line': cleaned(readHours),
  'a time in a recording': cleaned(secondsOf),
  'a passage of itself': cleaned((input) => anchor(input, { quote: `${input.slice(0, 900)}!` })),
  'a passage that is there often': cleaned((input) =>
    anchor(quarterOf(input), { quote: input.slice(0, 5) || 'a' }),
  ),
  'a narrative in Markdown': cleaned((input) => narrativeHtml(quarterOf(input))),
  'the words of a narrative': cleaned(countWords),
  'the code of a pass': cleaned(readPassCode),
  'the code of a transcript': cleaned(readTranscriptCode),
  'an accent color': cleaned(judgeAccent),
  'a slug': slugOf,
  'a storage key': parseStorageKey,
  'a range header': (input) => readRange(`bytes=${input}`, 100),
  'a field of a form': (input) => readInput(text(100), input),
  'an optional field of a form': (input) => readInput(optionalLine(100), input),
  'a longer field of a form': (input) => readInput(prose(100), input),
};

/** Processor time, so that a busy machine does not count. */
async function workOf(parser: Parser, input: string): Promise<number> {
  const began = process.cpuUsage();
  await ignoring(parser)(input);
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}

const short = 128 * 1024;
const times = 4;
/**
 * Below this the short text proves itself; above it four times the text may cost ten times the work, where a
 * quadratic one costs sixteen.
 */
const nothing = 40;
const slack = 10;

/**
 * Looked at up to three times before it is said: the first runs of anything also compile it, and any run may
 * collect garbage.
 */
async function grows(parser: Parser, input: (length: number) => string): Promise<boolean> {
  const least = { short: Infinity, long: Infinity };
  for (let look = 0; look < 3; look += 1) {
    least.short = Math.min(least.short, await workOf(parser, input(short)));
    if (least.short <= nothing) return false;
    least.long = Math.min(least.long, await workOf(parser, input(times * short)));
    if (least.long <= slack * least.short) return false;
  }
  return true;
}

describe('the work of reading hostile text', () => {
  it.each(Object.entries(parsers))('grows no faster than the text: %s', async (_name, parser) => {
    const grown: string[] = [];
    for (const piece of pieces) {
      const input = (length: number) => piece.repeat(Math.ceil(length / piece.length));
      if (await grows(parser, input)) grown.push(JSON.stringify(piece));
    }
    expect(grown).toEqual([]);
  });
});

describe('cleaned text', () => {
  it.each([
    ['NUL and controls go', 'a\u0000b\u0007c\u001b[31m\u007f\u0085d', 'abc[31m\nd', 'abc[31m d'],
    ['line ends become one kind', 'a\r\nb\rc\u2028d', 'a\nb\nc\nd', 'a b c d'],
    ['tabs stay in longer texts only', 'a\tb', 'a\tb', 'a b'],
    ['half a pair is replaced', 'a\ud800b\udc00', 'a\ufffdb\ufffd', 'a\ufffdb\ufffd'],
    ['whole pairs stay', '🎨 𝔘', '🎨 𝔘', '🎨 𝔘'],
    ['what forces a direction goes', 'a\u202egpj.exe', 'agpj.exe', 'agpj.exe'],
    ['isolates stay in longer texts only', 'a \u2067ب\u2069', 'a \u2067ب\u2069', 'a ب'],
    ['joiners stay', 'می\u200cخواهم 👩\u200d🎨', 'می\u200cخواهم 👩\u200d🎨', 'می\u200cخواهم 👩\u200d🎨'],
    ['no characters go', 'a\ufffe\uffff\ufdd0\ufeffb', 'ab', 'ab'],
    [
      'accents beyond any language go',
      `e${'\u0301'.repeat(500)}x`,
      `e${'\u0301'.repeat(30)}x`,
      `e${'\u0301'.repeat(30)}x`,
    ],
    ['plain text stays as it is', 'Zoë’s 椅子 – naïve', 'Zoë’s 椅子 – naïve', 'Zoë’s 椅子 – naïve'],
  ])('%s', (_name, given, longer, line) => {
    expect([cleanText(given), cleanLine(given)]).toEqual([longer, line]);
  });

  it('cleans names of fields and every depth, but no password', () => {
    const given = { 'a\0': ['b\0', { c: 'd\0', password: 'e\0' }], n: 1, nothing: null };
    expect(cleanInput(given)).toEqual({ a: ['b', { c: 'd', password: 'e\0' }], n: 1, nothing: null });
  });
});
