/**
 * What the words of a roster's role and status columns mean. A word that nobody has explained is asked about;
 * its rows wait.
 */
import { roleNames, type Role } from '../access/actor.js';
import { roleOf, type RosterPresence } from './roster.js';
import { answerTo, wordKey, type RosterAnswers, type RosterQuestion } from './roster-questions.js';

const presenceWords: Record<RosterPresence, readonly string[]> = {
  here: [
    ...['active', 'yes', 'y', 'true', '1', 'enrolled', 'current', 'currentlyenrolled', 'here', 'present'],
    ...['registered', 'attending', 'reenrolled'],
  ],
  left: [
    ...['inactive', 'no', 'n', 'false', '0', 'withdrawn', 'withdrew', 'tobedeleted', 'left', 'transferred'],
    ...['transferredout', 'exited', 'dropped', 'droppedout', 'deceased', 'expelled', 'unenrolled', 'former'],
  ],
  graduated: ['graduated', 'graduate', 'alumni', 'alumnus', 'alumna'],
};
const presences = new Map(
  Object.entries(presenceWords).flatMap(([presence, words]) =>
    words.map((word) => [word, presence as RosterPresence] as const),
  ),
);
const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
export const isPresenceWord = (text: string): boolean => presences.has(plain(text));
const isPresence = (word: string): word is RosterPresence => Object.hasOwn(presenceWords, word);

/** Roles that may be said of a word: who becomes an administrator is asked about by name. */
const rolesToSay = roleNames.filter((role) => role !== 'network' && role !== 'admin');
const isRole = (word: string): word is Role => rolesToSay.some((role) => role === word);

export interface WordMeanings {
  questions: RosterQuestion[];
  /** Null where the cell is empty; `asked` where the word is a question; `out` where the row is to be left out. */
  presence(text: string): RosterPresence | 'asked' | null;
  role(word: string): Role | 'asked' | 'out';
  /** Of what is a question whatever it seems to mean. */
  askPresence(text: string): RosterPresence | 'asked';
}

export function wordMeanings(answers: RosterAnswers): WordMeanings {
  const asked = new Map<string, RosterQuestion>();
  const ask = (column: 'role' | 'status', word: string): 'asked' => {
    const key = wordKey(column, word.slice(0, 60));
    const rows = Number(asked.get(key)?.params['count'] ?? 0) + 1;
    const values = column === 'role' ? [...rolesToSay, 'out'] : Object.keys(presenceWords);
    asked.set(key, {
      ...{ kind: column, key, params: { word: word.slice(0, 60), count: rows } },
      options: values.map((value) => ({ value })),
    });
    return 'asked';
  };
  const said = (column: 'role' | 'status', word: string): string | undefined =>
    answerTo(answers, column, wordKey(column, word.slice(0, 60)));
  const askPresence = (text: string): RosterPresence | 'asked' => {
    const answer = said('status', text);
    const unknown = ask('status', text);
    return answer && isPresence(answer) ? answer : unknown;
  };
  return {
    get questions() {
      return [...asked.values()];
    },
    presence(text) {
      if (text === '') return null;
      return presences.get(plain(text)) ?? askPresence(text);
    },
    askPresence,
    role(word) {
      const known = roleOf(word);
      if (known) return known;
      const answer = said('role', word);
      const unknown = ask('role', word);
      return answer && (isRole(answer) || answer === 'out') ? answer : unknown;
    },
  };
}
