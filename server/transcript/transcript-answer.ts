/** What pages and programs may see of issued transcripts. */
import { z } from 'zod';
import type { Person } from '../people/person.js';
import { outOfDateReasons, type OutOfDate } from './out-of-date.js';
import { gaps, type Preflight } from './preflight.js';
import { transcriptStates } from './transcript.js';
import type { ListedTranscript } from './transcript-records.js';

export const outOfDateAnswer = z
  .object({ why: z.enum(outOfDateReasons), at: z.string() })
  .nullable()
  .describe(
    'What happened after it was issued and is not in it: a result was corrected or published, another attempt was chosen to count, a narrative was signed, or a portfolio was submitted.',
  );

export const outOfDateView = (found: OutOfDate | undefined): z.output<typeof outOfDateAnswer> =>
  found ? { why: found.why, at: found.at.toISOString() } : null;

export const transcriptAnswer = z.object({
  id: z.string(),
  number: z.string(),
  code: z.string(),
  studentId: z.string(),
  studentName: z.string(),
  termId: z.string(),
  termName: z.string(),
  state: z.enum(transcriptStates),
  issuedAt: z.string().nullable(),
  issuedBy: z.string(),
  snapshotHash: z.string().nullable(),
  sha256: z.string().nullable(),
  bytes: z.number().nullable(),
  pdfHref: z.string(),
  supersededBy: z.string().nullable(),
  revokedAt: z.string().nullable(),
  reason: z.string().nullable(),
  outOfDate: outOfDateAnswer,
});

/**
 * @param forStaff a reason of revocation is for those who run the school
 */
export function transcriptSummary(
  transcript: ListedTranscript,
  forStaff: boolean,
  outOfDate: OutOfDate | undefined,
): z.output<typeof transcriptAnswer> {
  return {
    id: transcript.id,
    number: transcript.number,
    code: transcript.code,
    studentId: transcript.studentId,
    studentName: transcript.studentName,
    termId: transcript.termId,
    termName: transcript.termName,
    state: transcript.state,
    issuedAt: transcript.issuedAt?.toISOString() ?? null,
    issuedBy: transcript.issuedName,
    snapshotHash: transcript.snapshotHash,
    sha256: transcript.pdf?.sha256 ?? null,
    bytes: transcript.pdf?.bytes ?? null,
    pdfHref: `/transcripts/${transcript.id}.pdf`,
    supersededBy: transcript.supersededBy,
    revokedAt: transcript.revokedAt?.toISOString() ?? null,
    reason: forStaff ? transcript.reason : null,
    outOfDate: outOfDateView(outOfDate),
  };
}

export const preflightAnswer = z.object({
  student: z.object({ id: z.string(), displayName: z.string(), grade: z.string().nullable() }),
  missing: z.array(z.enum(gaps)),
  drafts: z.number(),
  problem: z.string().nullable().describe('Why none can be issued, such as letters that no font has.'),
  transcript: transcriptAnswer.nullable(),
});

/** @param problem in words; null where one can be issued */
export const preflightView = (line: Preflight, problem: string | null): z.output<typeof preflightAnswer> => ({
  student: studentOf(line.student),
  missing: line.missing,
  drafts: line.drafts,
  problem,
  transcript: line.transcript ? transcriptSummary(line.transcript, true, line.outOfDate) : null,
});

const studentOf = ({ id, displayName, grade }: Person) => ({ id, displayName, grade });
