/**
 * What an import asks instead of guessing: what a word means, which school of an archive is meant, whether
 * two with one name, number or address are one, whether the last line of a report is a person, who becomes an
 * administrator or a guardian again, and whether somebody who is not in the file has left. Pure.
 */
import type { MessageParams } from '../errors.js';

export const questionKinds = [
  ...(['school', 'role', 'status', 'line', 'name', 'id', 'address'] as const),
  ...(['administrator', 'tie', 'absent'] as const),
];
export type QuestionKind = (typeof questionKinds)[number];
/**
 * Kinds of which all that is left open can be answered at once. Who governs and who reads about a child is
 * said one by one.
 */
export const bulkKinds: readonly QuestionKind[] = [
  ...(['role', 'status', 'line', 'name', 'id', 'address', 'absent'] as const),
];

/**
 * Questions of one kind that are listed; the others are asked once these are answered, or answered with all of them.
 */
const MAX_ASKED = 200;

export interface AnswerOption {
  value: string;
  label?: string;
  /** Somebody of the school who may be meant. */
  person?: { id: string; name: string; grade: string | null; left: 'left' | 'graduated' | null };
}

export interface RosterQuestion {
  kind: QuestionKind;
  /** The same for the same file. */
  key: string;
  /** What is asked about, for the text of the question. */
  params: MessageParams;
  /** What can be answered; of schools and roles there are names, everything else is a word of the interface. */
  options: readonly AnswerOption[];
}

/** Answers by the key of their question. */
export type RosterAnswers = ReadonlyMap<string, string>;

/** The key of the one answer for all of a kind. */
export const allKey = (kind: QuestionKind): string => `all ${kind}`;

/** What was answered to this question, or else to all of its kind. */
export const answerTo = (answers: RosterAnswers, kind: QuestionKind, key: string): string | undefined =>
  answers.get(key) ?? (bulkKinds.includes(kind) ? answers.get(allKey(kind)) : undefined);

/** The first of each kind, and how many there are. */
export function firstOfEach(questions: readonly RosterQuestion[]): {
  asked: RosterQuestion[];
  totals: Partial<Record<QuestionKind, number>>;
} {
  const totals: Partial<Record<QuestionKind, number>> = {};
  const asked = questions.filter(({ kind }) => {
    const count = (totals[kind] ?? 0) + 1;
    totals[kind] = count;
    return count <= MAX_ASKED;
  });
  return { asked, totals };
}

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
