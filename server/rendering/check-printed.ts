/**
 * Reads a finished PDF as a stranger's program would, and says what of the words that it must have is missing or off the page. Runs in the
 * thread that finishes pages: it takes about as long as printing one.
 */
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

export interface PrintedProblems {
  /** Words at which a line of the texts ends too early, because the rest is not on the pages; at most `most`. */
  missing: string[];
  /** Pieces of text that reach over the edge of their page, at most `most`. */
  outside: string[];
}

const most = 10;
/** Points; a letter's own box may stand out that far. */
const tolerance = 1;

/**
 * Scripts whose letters a PDF gives back one by one and in their order. Of the others (joined, stacked or right to left) only shapes are
 * stored; that each letter has one is checked before printing.
 */
const readable =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Ethiopic}\p{N}]+$/u;

/** Ligatures and Chinese radicals become the letters that were typed; case, accents' composition and all signs between letters go. */
const lettersOf = (text: string): string =>
  text
    // One glyph stands for several Chinese characters and radicals, and the PDF gives back any of them: they are counted.
    .replace(/[\p{Script=Han}\u2e80-\u2fdf]/gu, '一')
    .normalize('NFKC')
    .toLowerCase()
    // An apostrophe comes back as a modifier letter.
    .replace(/[^\p{L}\p{N}]|[\u02b0-\u02ff]/gu, '');

/** @param texts what must be found: each line of each text in one piece, in the order of its words */
export async function checkPrinted(pdf: Uint8Array, texts: readonly string[]): Promise<PrintedProblems> {
  const task = getDocument({
    // pdf.js keeps the bytes that it is given.
    data: Uint8Array.from(pdf),
    ...{ verbosity: 0, isEvalSupported: false, useSystemFonts: false, disableFontFace: true },
  });
  try {
    const document = await task.promise;
    const outside: string[] = [];
    let found = '';
    for (let number = 1; number <= document.numPages; number += 1) {
      const page = await document.getPage(number);
      const [left, bottom, right, top] = page.view as [number, number, number, number];
      const { items } = await page.getTextContent({ includeMarkedContent: true });
      // Page numbers and running names stand between two pages, perhaps in the middle of a word.
      const marks: boolean[] = [];
      for (const item of items) {
        if (!('str' in item)) {
          if (item.type === 'endMarkedContent') marks.pop();
          else marks.push((item as { tag?: string }).tag === 'Artifact');
          continue;
        }
        if (item.str.trim() === '') continue;
        const [x, y] = [item.transform[4] as number, item.transform[5] as number];
        const fits =
          x >= left - tolerance &&
          x + item.width <= right + tolerance &&
          y >= bottom - tolerance &&
          y + item.height <= top + tolerance;
        if (!fits) outside.push(item.str);
        if (!marks.includes(true)) found += lettersOf(item.str);
      }
      page.cleanup();
    }
    return { missing: missingOf(texts, found).slice(0, most), outside: outside.slice(0, most) };
  } finally {
    await task.destroy();
  }
}

/** Of each line its longest runs of readable words: they stand one after the other on the pages, or what follows was cut off. */
function missingOf(texts: readonly string[], found: string): string[] {
  const runs = texts.flatMap((text) => text.split(/[\r\n]+/)).flatMap(readableRuns);
  const missing = runs
    .filter((run) => !found.includes(lettersOf(run.join(''))))
    .map((run) => firstMissing(run, found));
  return [...new Set(missing)];
}

/** Signs made of letters and digits come back as the letter, as the sign or not at all: what stands around them is looked for. */
const composedSigns = /[#*\d]\ufe0f?\u20e3|[\u2460-\u24ff\u2776-\u2793\u3200-\u33ff\u{1f100}-\u{1f2ff}]/gu;
const unreadableWord = ' \u0627 ';

function readableRuns(line: string): string[][] {
  const runs: string[][] = [[]];
  for (const word of line.replace(composedSigns, unreadableWord).split(/[^\p{L}\p{M}\p{N}]+/u)) {
    const letters = lettersOf(word);
    if (letters === '') continue;
    if (readable.test(letters)) runs.at(-1)!.push(word);
    else runs.push([]);
  }
  return runs.filter((run) => run.length > 0);
}

function firstMissing(run: readonly string[], found: string): string {
  const at = run.findIndex((_word, index) => !found.includes(lettersOf(run.slice(0, index + 1).join(''))));
  return run[at]!;
}
