/**
 * Reads a finished PDF as a stranger's program would, and says what of the words that it must have is missing
 * or off the page. Runs in the thread that finishes pages: it takes about as long as printing one.
 */
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { findMissing } from './find-missing.js';
import { betweenWords, isRightToLeft, lettersOf, withCountedCharacters } from './printed-letters.js';
import type { PrintedLetters } from './printed-places.js';

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
 * @param texts what must be found: each line of each text in one piece, in the order of its words, at a place
 *   of its own
 */
export async function checkPrinted(pdf: Uint8Array, texts: readonly string[]): Promise<PrintedProblems> {
  const task = getDocument({
    // pdf.js keeps the bytes that it is given.
    data: Uint8Array.from(pdf),
    ...{ verbosity: 0, isEvalSupported: false, useSystemFonts: false, disableFontFace: true },
  });
  try {
    const document = await task.promise;
    const outside: string[] = [];
    const found: Piece[] = [];
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
        if (item.str.trim() === '') {
          if (!marks.includes(true)) found.push({ text: item.str, endsLine: item.hasEOL });
          continue;
        }
        const [x, y] = [item.transform[4] as number, item.transform[5] as number];
        const fits =
          x >= left - tolerance &&
          x + item.width <= right + tolerance &&
          y >= bottom - tolerance &&
          y + item.height <= top + tolerance;
        if (!fits) outside.push(item.str);
        if (!marks.includes(true)) found.push({ text: item.str, endsLine: item.hasEOL });
      }
      found.push({ text: '', endsLine: true, endsPage: true });
      page.cleanup();
    }
    return {
      missing: findMissing(texts, lettersOfPages(found)).slice(0, most),
      outside: outside.slice(0, most),
    };
  } finally {
    await task.destroy();
  }
}

interface Piece {
  text: string;
  endsLine: boolean;
  endsPage?: boolean;
}

/** Pieces of a line in the order of the paper become letters in the order in which they are read. */
function lettersOfPages(pieces: readonly Piece[]): PrintedLetters {
  const ordered: Piece[] = [];
  let turned: Piece[] = [];
  const turn = () => {
    ordered.push(...turned.reverse());
    turned = [];
  };
  for (const piece of pieces) {
    const { text } = piece;
    if (piece.endsPage) turn();
    // Between two words from right to left, spaces and signs belong to them.
    if (isRightToLeft(text) || (turned.length > 0 && text !== '' && !/[\p{L}\p{N}]/u.test(text)))
      turned.push(piece);
    else {
      turn();
      ordered.push(piece);
    }
  }
  turn();
  const edges = new Set<number>();
  const lineEdges = new Set([0]);
  const pageEdges = [0];
  let letters = '';
  for (const { text, endsLine, endsPage } of ordered) {
    // A radical is no letter: it would be taken for what stands between words.
    for (const word of withCountedCharacters(text).split(betweenWords)) {
      edges.add(letters.length);
      letters += lettersOf(word);
      edges.add(letters.length);
    }
    if (endsLine) lineEdges.add(letters.length);
    if (endsPage) {
      lineEdges.add(letters.length);
      pageEdges.push(letters.length);
    }
  }
  lineEdges.add(letters.length);
  return {
    letters,
    edges,
    lineEdges,
    pageEdges,
    raw: pieces.map(({ text, endsLine }) => text + (endsLine ? '\n' : '')).join(''),
  };
}
