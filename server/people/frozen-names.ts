/**
 * Which name a frozen document shows on screen after a correction: its bytes and its seal stay as they are. Pure.
 */
import type { NameCorrection } from './name-correction.js';
import { replaceNames } from './printed-name.js';

export interface FrozenNames {
  /** @param text the name as the document has it */
  name(personId: string | null, text: string): string;
  /**
   * Whose document it is. @param current the name as it is today, which a document that was left as sealed
   * does not show
   */
  byline(personId: string, current: string): string;
  /** Free text, with the new name in place of the earlier ones where the registrar decided so. */
  prose(text: string): string;
  /** Who is shown by a corrected name, and since when. */
  corrected: { name: string; at: Date }[];
}

/**
 * A document that nobody decided about shows what was sealed in it.
 * @param corrections oldest first, those that decide about the document
 * @param documentId of a snapshot, a result, a signed version of a narrative or a visit
 */
export function frozenNames(corrections: readonly NameCorrection[], documentId: string): FrozenNames {
  const decided = corrections.flatMap((correction) => {
    const decision = correction.shown?.find(({ id }) => id === documentId)?.decision;
    return decision ? [{ correction, decision }] : [];
  });
  const ofPerson = (personId: string | null) =>
    decided.filter(({ correction }) => correction.personId === personId);
  const lastShown = (personId: string | null) =>
    ofPerson(personId).findLast(({ decision }) => decision === 'show')?.correction ?? null;
  const shown = [...new Set(decided.map(({ correction }) => correction.personId))].flatMap(
    (personId) => lastShown(personId) ?? [],
  );
  return {
    name: (personId, text) => lastShown(personId)?.to.displayName ?? text,
    byline: (personId, current) =>
      lastShown(personId)?.to.displayName ?? ofPerson(personId)[0]?.correction.from.displayName ?? current,
    prose: (text) =>
      shown.reduce(
        (said, last) =>
          ofPerson(last.personId).reduce(
            (words, { correction }) => replaceNames(words, correction.from, last.to),
            said,
          ),
        text,
      ),
    corrected: shown.map(({ to, at }) => ({ name: to.displayName, at })),
  };
}

/** As pages and programs are told. */
export const correctedViews = ({ corrected }: Pick<FrozenNames, 'corrected'>) =>
  corrected.map(({ name, at }) => ({ name, at: at.toISOString() }));

/** The same value with the words in it changed; what is no text stays. */
export function mapTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (Array.isArray(value)) return value.map((each: unknown) => mapTexts(each, change)) as T;
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, each]) => [field, mapTexts(each, change)]),
  ) as T;
}
