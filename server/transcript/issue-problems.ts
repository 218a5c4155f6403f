/**
 * Why some transcripts could not be issued today, told before anybody asks for them: for the few students of
 * a page or of a batch.
 */
import type { SchoolScope } from '../db/database.js';
import type { Person } from '../people/person.js';
import type { Texts } from '../rendering/texts.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import type { School, Term } from '../school/school.js';
import { lettersProblem, type CannotPrint } from './cannot-print.js';
import { saysTheSame } from './facts-hash.js';
import { gatherFacts, type TranscriptFacts } from './gather-facts.js';
import type { ListedTranscript } from './transcript-records.js';

export interface IssueProblemNeeds {
  rubrics: RubricLibrary;
  texts: Texts;
}

const batchSize = 40;

/**
 * By student; whoever's transcript could be issued is left out, and so is whoever has a valid one that says
 * the same already.
 * @param lines the student, and the transcript that is valid today
 * @param issuerName who would issue them
 */
export async function findIssueProblems(
  needs: IssueProblemNeeds,
  scope: SchoolScope,
  { school, term }: { school: School; term: Term },
  lines: readonly { student: Person; transcript: ListedTranscript | null }[],
  issuerName: string,
): Promise<Map<string, CannotPrint>> {
  const problems = new Map<string, CannotPrint>();
  for (let at = 0; at < lines.length; at += batchSize) {
    const batch = lines.slice(at, at + batchSize);
    const students = batch.map(({ student }) => student);
    const facts = await gatherFacts(needs, scope, school, term, students);
    for (const { student, transcript } of batch) {
      const own = facts.get(student.id)!;
      const problem = await issueProblem(needs, scope, { school, facts: own, transcript, issuerName });
      if (problem) problems.set(student.id, problem);
    }
  }
  return problems;
}

/** Null where it can be issued, or is valid as it is. */
export async function issueProblem(
  { texts }: Pick<IssueProblemNeeds, 'texts'>,
  scope: SchoolScope,
  document: {
    school: School;
    facts: TranscriptFacts;
    transcript: Pick<ListedTranscript, 'id' | 'factsHash'> | null;
    issuerName: string;
  },
): Promise<CannotPrint | null> {
  const { school, facts, transcript, issuerName } = document;
  const issuer = { prefix: school.policies.numberPrefix, name: issuerName };
  const problem = await lettersProblem({ texts }, facts, issuer);
  if (!problem || !transcript) return problem;
  return (await saysTheSame(scope, transcript, facts)) ? null : problem;
}
