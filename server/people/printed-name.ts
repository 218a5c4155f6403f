/** Which name of a person a new document prints, after corrections and the registrar's decisions. Pure. */
import { replaceWords } from '../whole-words.js';
import type { NameCorrection, NameDecision, PersonNames } from './name-correction.js';

export interface NamePrinter {
  /** @param text the name as a record has it; somebody without an id keeps it */
  name(personId: string | null, text: string): string;
  /** Free text: old names give way to the new one only where the registrar decided so for this document. */
  prose(text: string): string;
  /** Ids of everybody whose name was asked for so far. */
  asked: ReadonlySet<string>;
}

/**
 * A document that was left as it is keeps saying what it said, also when it is issued again for another
 * reason. One that nobody decided about did not exist at the time, and names people by the corrected name.
 * @param corrections oldest first
 * @param document the transcript of a student for a term
 * @param current whom the ids of merged records mean
 */
export function namePrinter(
  corrections: readonly NameCorrection[],
  document: { studentId: string; termId: string },
  current: ReadonlyMap<string, string> = new Map(),
): NamePrinter {
  const decisionOf = (correction: NameCorrection): NameDecision | null =>
    correction.decisions.find(
      (each) => each.studentId === document.studentId && each.termId === document.termId,
    )?.decision ?? null;
  const asked = new Set<string>();
  const decided = corrections.map((correction) => ({ correction, decision: decisionOf(correction) }));
  const name = (writtenId: string | null, text: string): string => {
    const personId = writtenId === null ? null : (current.get(writtenId) ?? writtenId);
    if (personId !== null) asked.add(personId);
    const own = decided.filter(({ correction }) => correction.personId === personId);
    const knows = own.some(
      ({ correction: { from, to } }) => from.displayName === text || to.displayName === text,
    );
    if (personId === null || !knows) return text;
    const last = own.findLast(({ decision }) => decision !== 'leave');
    return (last?.correction.to ?? own[0]!.correction.from).displayName;
  };
  const prose = (text: string): string => {
    let printed = text;
    for (const [at, { correction }] of decided.entries()) {
      // A later decision to issue again covers what was left before.
      const again = decided
        .slice(at)
        .findLast(
          ({ correction: later, decision }) =>
            later.personId === correction.personId && decision === 'reissue',
        );
      if (again) printed = replaceNames(printed, correction.from, again.correction.to);
    }
    return printed;
  };
  return { name, prose, asked };
}

/** Whole words only: `Ana` is not in `Banana`. A part of a name that is a single letter is left alone. */
export function replaceNames(text: string, from: PersonNames, to: PersonNames): string {
  const parts = (['displayName', 'givenName', 'familyName'] as const).filter(
    (part) => [...from[part]].length > 1 && from[part] !== to[part] && to[part] !== '',
  );
  return replaceWords(text, new Map(parts.map((part) => [from[part], to[part]])));
}
