/**
 * Whether a new transcript would say anything new. What is printed as a fact counts; how the page is dressed
 * (address, motto and accent of the school, page size, template, the language whose letters are drawn) does
 * not, and changes only what is issued next.
 */
import { hashOf } from '../canonical.js';
import type { SchoolScope } from '../db/database.js';
import type { TranscriptFacts } from './gather-facts.js';
import { studentNumberOf, type TranscriptSnapshot } from './snapshot.js';
import { isUnchangedTranscript, wasIssued } from './transcript.js';
import { findTranscript, type ListedTranscript } from './transcript-records.js';

/** SHA-256 of what is said. The school's name is a fact, and so is its time zone: days are printed in it. */
export function factsHash(facts: TranscriptFacts): string {
  const { name, timeZone } = facts.school;
  // The number as the first documents called it, so that it says the same under both names; JSON leaves out
  // what is undefined.
  const numbered = { studentNumber: undefined, sourcedId: studentNumberOf(facts) };
  // The language says how letters are drawn, not what they say; the first documents did not freeze it.
  const student = { ...facts.student, ...numbered, language: undefined };
  // What lies on both sides of a level follows from the rubric; the first documents did not print it.
  const rubrics = facts.rubrics.map((rubric) => ({
    ...rubric,
    goals: rubric.goals.map((goal) => ({ ...goal, neighbors: undefined })),
  }));
  // Nor the term of an earlier exhibition: its date says it.
  const exhibitions = facts.exhibitions.map((each) => ({ ...each, termName: undefined }));
  return hashOf({ ...facts, school: { name, timeZone }, student, rubrics, exhibitions });
}

const ofTheCopy = ['number', 'code', 'verifyUrl', 'issued'];
const factsOfSnapshot = (snapshot: TranscriptSnapshot): TranscriptFacts =>
  Object.fromEntries(Object.entries(snapshot).filter(([name]) => !ofTheCopy.includes(name))) as never;

/**
 * Transcripts from before styling was told apart have a hash over everything: their own snapshot tells what they say.
 */
export async function saysTheSame(
  scope: SchoolScope,
  issued: Pick<ListedTranscript, 'id' | 'factsHash'>,
  facts: TranscriptFacts,
): Promise<boolean> {
  const hash = factsHash(facts);
  if (issued.factsHash === hash) return true;
  const whole = await findTranscript(scope, issued.id);
  if (!whole || !wasIssued(whole) || !isUnchangedTranscript(whole)) return false;
  return factsHash(factsOfSnapshot(JSON.parse(whole.snapshot) as TranscriptSnapshot)) === hash;
}
