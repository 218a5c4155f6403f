/** Why a transcript is not issued: people can mend what it says, or its student is gone. It is told in words. */
import type { MessageParams } from '../errors.js';
import { findUnprintableIn, lettersText } from '../rendering/printable-letters.js';
import { PrintedWrong } from '../rendering/printer.js';

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

/** The letters that no font has, before anything is numbered or printed. */
export async function lettersProblem(facts: object): Promise<CannotPrint | null> {
  const found = await findUnprintableIn(facts);
  if (found.length === 0) return null;
  const letters = lettersText(found);
  return new CannotPrint('transcript.problem.letters', { letters });
}

/** What was printed wrong is told with the words that show it; every other error stays what it is. */
export function asCannotPrint(error: unknown): never {
  if (!(error instanceof PrintedWrong)) throw error;
  const words = [...error.missing, ...error.outside].map((word) => `“${word}”`).join(', ');
  throw new CannotPrint('transcript.problem.printed-wrong', { words });
}
