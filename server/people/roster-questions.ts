/**
 * What an import asks instead of guessing: what a word means, which school of an archive is meant, whether two with one address are one,
 * who becomes an administrator, and whether somebody who is not in the file has left. Pure.
 */
import type { MessageParams } from '../errors.js';

export const questionKinds = ['school', 'role', 'status', 'address', 'administrator', 'absent'] as const;
export type QuestionKind = (typeof questionKinds)[number];

export interface RosterQuestion {
  kind: QuestionKind;
  /** The same for the same file. */
  key: string;
  /** What is asked about, for the text of the question. */
  params: MessageParams;
  /** What can be answered; of schools and roles there are names, everything else is a word of the interface. */
  options: readonly { value: string; label?: string }[];
}

/** Answers by the key of their question. */
export type RosterAnswers = ReadonlyMap<string, string>;

/** As a form sends them: `option:key`; what is empty was left open. */
export function answersFrom(given: readonly string[]): RosterAnswers {
  return new Map(
    given.flatMap((each) => {
      const at = each.indexOf(':');
      return at > 0 ? [[each.slice(at + 1), each.slice(0, at)] as const] : [];
    }),
  );
}

export const wordKey = (column: 'role' | 'status', word: string): string => `${column} ${word.toLowerCase()}`;
