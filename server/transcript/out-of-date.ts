/**
 * Which issued transcripts say less, or something else, than one that was issued now: because of what was
 * corrected, published, decided, signed or submitted after them. What they would not contain is never a
 * reason: drafts, what belongs to a later term, or a submission with the same words.
 */
import type { SchoolScope } from '../db/database.js';
import { listSignedSince } from '../narratives/narrative-records.js';
import { listSubmittedWords } from '../portfolio/portfolio-records.js';
import { listAttemptChoices } from '../results/attempt-choice-records.js';
import { listCorrected, listPublishedLines } from '../results/result-records.js';
import { listTerms } from '../school/school-records.js';
import { decidedSince, signedSince, submittedSince, type FrozenParts } from './changed-since.js';
import type { Transcript } from './transcript.js';
import { listFrozen } from './transcript-records.js';

/** What weighs most first: of several reasons the first one is told. */
export const outOfDateReasons = ['corrected', 'published', 'attempt', 'narrative', 'portfolio'] as const;
type OutOfDateReason = (typeof outOfDateReasons)[number];

export interface OutOfDate {
  why: OutOfDateReason;
  /** When that happened last. */
  at: Date;
}

type Asked = Pick<Transcript, 'id' | 'studentId' | 'termId' | 'state' | 'issuedAt' | 'results'>;
type Issued = Asked & { issuedAt: Date };

const isIssued = (transcript: Asked): transcript is Issued =>
  transcript.state === 'issued' && transcript.issuedAt !== null;

/**
 * By the id of the transcript; one that is up to date is left out, and so is one that was superseded or
 * revoked. The same number of questions however many there are.
 */
export async function findOutOfDate(
  scope: SchoolScope,
  transcripts: readonly Asked[],
): Promise<ReadonlyMap<string, OutOfDate>> {
  const issued = transcripts.filter(isIssued);
  if (issued.length === 0) return new Map();
  const students = [...new Set(issued.map(({ studentId }) => studentId))];
  const termIds = [...new Set(issued.map(({ termId }) => termId))];
  const first = new Date(Math.min(...issued.map(({ issuedAt }) => issuedAt.getTime())));
  const [terms, corrected, published, choices, signed, submitted] = await Promise.all([
    listTerms(scope),
    listCorrected(scope, students),
    listPublishedLines(scope, students),
    listAttemptChoices(scope, students),
    listSignedSince(scope, students, termIds, first),
    listSubmittedWords(scope, students, first),
  ]);
  const began = new Map(terms.map(({ id, startsOn }) => [id, startsOn]));
  const isUpTo = (transcript: Issued, result: { studentId: string; termId: string }): boolean => {
    const startsOn = began.get(result.termId);
    const own = began.get(transcript.termId) ?? '';
    return result.studentId === transcript.studentId && startsOn !== undefined && startsOn <= own;
  };

  // Versions, not times: what was begun before the issue may be recorded after it. The first transcripts do
  // not name them.
  const correctedAt = (transcript: Issued): Date[] =>
    corrected
      .filter((result) => isUpTo(transcript, result))
      .filter(({ id, correction }) => {
        if (!transcript.results) return correction.at > transcript.issuedAt;
        const made = transcript.results.find((each) => each.id === id);
        return made !== undefined && correction.version > made.version;
      })
      .map(({ correction }) => correction.at);
  const publishedAt = (transcript: Issued): Date[] =>
    published
      .filter((result) => isUpTo(transcript, result))
      .filter(({ id, publishedAt: at }) =>
        transcript.results ? transcript.results.every((made) => made.id !== id) : at > transcript.issuedAt,
      )
      .map(({ publishedAt: at }) => at);

  // What its own words must be read for: asked of the few after which something happened at all.
  const ofTerm = <T extends { studentId: string; termId: string }>(list: readonly T[], one: Issued): T[] =>
    list.filter(({ studentId, termId }) => studentId === one.studentId && termId === one.termId);
  const later = issued.map((transcript) => ({
    transcript,
    choices: choices.filter(
      ({ studentId, at }) => studentId === transcript.studentId && at >= transcript.issuedAt,
    ),
    signed: ofTerm(signed, transcript).filter(({ signedAt }) => signedAt >= transcript.issuedAt),
    submitted: ofTerm(submitted, transcript).filter(({ submittedAt }) => submittedAt >= transcript.issuedAt),
  }));
  const looked = later.filter(
    (found) => found.choices.length + found.signed.length + found.submitted.length > 0,
  );
  const frozen = await listFrozen(
    scope,
    looked.map(({ transcript }) => transcript.id),
  );
  const reasons = new Map<string, Partial<Record<OutOfDateReason, Date[]>>>();
  for (const { transcript, ...found } of looked) {
    const said: FrozenParts = frozen.get(transcript.id) ?? {};
    const isCounted = (result: { studentId: string; termId: string }) => isUpTo(transcript, result);
    reasons.set(transcript.id, {
      attempt: await decidedSince(scope, transcript.studentId, said, found.choices, isCounted),
      narrative: signedSince(said, found.signed),
      portfolio: submittedSince(said, found.submitted),
    });
  }
  return new Map(
    issued.flatMap((transcript) => {
      const dates: Partial<Record<OutOfDateReason, Date[]>> = {
        ...reasons.get(transcript.id),
        corrected: correctedAt(transcript),
        published: publishedAt(transcript),
      };
      const why = outOfDateReasons.find((reason) => (dates[reason] ?? []).length > 0);
      return why ? [[transcript.id, { why, at: latestOf(dates[why]!) }] as const] : [];
    }),
  );
}

const latestOf = (dates: readonly Date[]): Date => new Date(Math.max(...dates.map((at) => at.getTime())));
