/** Why a transcript is not issued: people can mend what it says, or its student is gone. It is told in words. */
import type { MessageParams } from '../errors.js';
import { findUnprintable, lettersText } from '../rendering/printable-letters.js';
import { PrintedWrong } from '../rendering/printer.js';
import type { Texts } from '../rendering/texts.js';
import type { TranscriptFacts } from './gather-facts.js';
import { printedTexts } from './printed-texts.js';
import type { TranscriptSnapshot } from './snapshot.js';

export class CannotPrint extends Error {
  override name = 'CannotPrint';

  /** @param key of the message that says what is wrong and what to do */
  constructor(
    readonly key: string,
    readonly params: MessageParams,
  ) {
    super(key);
  }
}

/**
 * The letters that no font has, before anything is numbered or printed: in what will stand on the pages,
 * Markdown's signs decoded, the number and its issuer among it.
 * @param issuer null: a draft, which has neither
 */
export async function lettersProblem(
  { texts }: { texts: Texts },
  facts: TranscriptFacts,
  issuer: { prefix: string; name: string } | null,
): Promise<CannotPrint | null> {
  const snapshot: TranscriptSnapshot = {
    ...facts,
    ...{ number: issuer?.prefix ?? '', code: '', verifyUrl: '' },
    issued: { at: '', by: issuer?.name ?? '' },
  };
  if (!(await mayLackLetters(snapshot))) return null;
  const t = (key: string, params = {}) => texts.t(facts.language, key, params);
  const found = await findUnprintable(printedTexts(snapshot, t, issuer === null).join('\n'));
  if (found.length === 0) return null;
  const letters = lettersText(found);
  return new CannotPrint('transcript.problem.letters', { letters });
}

/** A letter that is typed by its number, such as `&#x13000;`. */
const letterByNumber = /&#?\w+;/;

/**
 * Cheap and never wrong with no: all that is stored is looked at, printed or not. Setting every narrative to
 * look at its letters takes a hundred times as long, and nearly nobody needs it.
 */
async function mayLackLetters(snapshot: TranscriptSnapshot): Promise<boolean> {
  const written = textsIn(snapshot);
  return (
    written.some((text) => letterByNumber.test(text)) ||
    (await findUnprintable(written.join('\n'))).length > 0
  );
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** What was printed wrong is told with the words that show it; every other error stays what it is. */
export function asCannotPrint(error: unknown): never {
  if (!(error instanceof PrintedWrong)) throw error;
  const words = [...error.missing, ...error.outside].map((word) => `“${word}”`);
  throw new CannotPrint('transcript.problem.printed-wrong', { words });
}
