/**
 * What `npm run transcripts -- --dry-run` says: for whom a transcript would be written, and what is still
 * missing. Writes nothing.
 */
import type { SchoolScope } from '../db/database.js';
import type { Person } from '../people/person.js';
import { saysTheSame } from '../transcript/facts-hash.js';
import { gatherFacts } from '../transcript/gather-facts.js';
import type { IssueNeeds, IssueOrder } from '../transcript/issue-transcripts.js';
import { issueProblem } from '../transcript/issue-problems.js';
import { preflight, type Gap } from '../transcript/preflight.js';

export interface PreviewedTranscript {
  studentId: string;
  name: string;
  /** Empty where the transcript would be complete. */
  missing: Gap[];
  /** The number of the transcript that is valid today. */
  number: string | null;
  /** That one says the same already: it is written out again and stays valid. */
  unchanged: boolean;
  /** Why none can be issued; null where one can. */
  problem: string | null;
}

const batchSize = 40;

/** @param issuer name of whoever would issue them */
export async function previewTranscripts(
  needs: Pick<IssueNeeds, 'rubrics' | 'texts'>,
  scope: SchoolScope,
  { school, term, students, again }: Pick<IssueOrder, 'school' | 'term' | 'students' | 'again'>,
  issuer: string,
): Promise<PreviewedTranscript[]> {
  const found: PreviewedTranscript[] = [];
  for (let at = 0; at < students.length; at += batchSize) {
    const batch: readonly Person[] = students.slice(at, at + batchSize);
    const facts = await gatherFacts(needs, scope, school, term, batch);
    for (const { student, missing, transcript } of await preflight(scope, term.id, batch)) {
      const own = facts.get(student.id)!;
      const valid = again ? null : transcript;
      const document = { school, facts: own, transcript: valid, issuerName: issuer };
      const problem = await issueProblem(needs, scope, document);
      found.push({
        ...{ studentId: student.id, name: student.displayName, missing },
        number: transcript?.number ?? null,
        unchanged: valid !== null && (await saysTheSame(scope, valid, own)),
        problem: problem && needs.texts.t(school.locale, problem.key, problem.params),
      });
    }
  }
  return found;
}

export const isComplete = ({ missing, problem }: PreviewedTranscript): boolean =>
  missing.length === 0 && problem === null;

/** As the page of the term counts them. */
export interface PreviewCounts {
  /** To whom nothing is missing, whether or not it can be printed. */
  complete: number;
  /** Who have a valid transcript today. */
  issued: number;
  /** To whom something is missing and who have no valid one: an incomplete one would be their first. */
  incomplete: number;
}

export const countPreviewed = (seen: readonly PreviewedTranscript[]): PreviewCounts => ({
  complete: seen.filter(({ missing }) => missing.length === 0).length,
  issued: seen.filter(({ number }) => number !== null).length,
  incomplete: seen.filter(({ missing, number }) => missing.length > 0 && number === null).length,
});

/**
 * One line for each student, then the counts.
 * @param found of whom one would be written
 * @param seen everybody who was asked about
 */
export function previewText(
  found: readonly PreviewedTranscript[],
  seen: readonly PreviewedTranscript[],
  words: (gap: Gap) => string,
): string {
  const lines = found.map((each) => {
    const { name, missing, number, unchanged, problem } = each;
    const state = missing.length === 0 ? 'complete' : `missing ${missing.map(words).join(', ')}`;
    const valid = number ? ` (valid today: ${number})` : '';
    return `${name}: ${problem ?? `${state}${unchanged ? ', unchanged' : ''}${valid}`}`;
  });
  const written = found.filter(({ unchanged, problem }) => unchanged || problem === null);
  const unchanged = written.filter((each) => each.unchanged).length;
  const cannot = found.length - written.length;
  const { complete, issued, incomplete } = countPreviewed(seen);
  return [
    ...lines,
    `Students: ${seen.length}. Complete: ${complete}. Issued: ${issued}. Incomplete and not issued: ${incomplete}.`,
    `${written.length} transcripts would be written (${written.length - unchanged} newly issued, ${unchanged} unchanged), ` +
      `${written.filter(isComplete).length} of them complete.${cannot > 0 ? ` ${cannot} cannot be issued.` : ''} Nothing was changed.`,
  ].join('\n');
}
