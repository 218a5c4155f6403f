/**
 * Verification by anyone: what was issued under a code, whether it still stands, and whether a file is that very file.
 */
import { z } from 'zod';
import { isEntryGenuine } from '../audit/audit-entry.js';
import { listHistoryOf } from '../audit/audit-records.js';
import { listEntriesErasing } from '../audit/chain-records.js';
import { AppError, InvalidInput, NotFound } from '../errors.js';
import { done, page, routes, type Call } from '../http/route.js';
import { findSchool } from '../school/school-records.js';
import { hashedUpload, readComparedFile } from './compare-upload.js';
import { checkHistory, checkSnapshot } from './check-snapshot.js';
import { printedOf, transcriptStateOf, type TranscriptHistory } from './transcript-history.js';
import { readVerificationCode, wasIssued, type IssuedTranscript, type Transcript } from './transcript.js';
import { findOutOfDate } from './out-of-date.js';
import { outOfDateAnswer, outOfDateView } from './transcript-answer.js';
import { findTranscriptByCode } from './transcript-records.js';

export const verifyRoutes = routes('verify');

const codeParams = z.object({ code: z.string().min(1).max(60) });
/** Only codes that nobody issued count: an admissions office verifies hundreds in a row. There are 10¹⁷ codes. */
const limit = { name: 'verify', failures: 60, seconds: 300 };

const verificationAnswer = z.object({
  code: z.string(),
  number: z.string(),
  state: z.enum(['issued', 'superseded', 'revoked']),
  school: z.string(),
  student: z.string(),
  term: z.string(),
  issuedAt: z.string(),
  revokedAt: z.string().nullable(),
  outOfDate: outOfDateAnswer,
  /** SHA-256 of the PDF as it was issued. */
  sha256: z.string(),
  bytes: z.number(),
});

/**
 * A transcript with what the audit chain says of it: its columns could be changed by whoever can write to the database.
 */
interface Vouched {
  transcript: IssuedTranscript;
  history: TranscriptHistory;
}

async function issuedUnder(call: Pick<Call, 'context'>, typed: string): Promise<Vouched> {
  const code = readVerificationCode(typed);
  const transcript = code ? await findTranscriptByCode(call.context.db, code) : null;
  if (transcript?.state === 'withdrawn') await sayWithdrawn(call, transcript);
  if (!transcript || !wasIssued(transcript)) throw new NotFound('transcript.verify.unknown');
  const { db, log, audit } = call.context;
  checkSnapshot(log, transcript);
  const scope = { db, schoolId: transcript.schoolId };
  const entries = await listHistoryOf(scope, 'transcript', transcript.id);
  return { transcript, history: checkHistory(log, audit.keys, transcript, entries) };
}

/** Erased with its student: the audit chain says so, too, or the code is nobody's. */
async function sayWithdrawn(
  { context: { db, audit } }: Pick<Call, 'context'>,
  { id, schoolId }: Transcript,
): Promise<void> {
  const entries = await listEntriesErasing({ db, schoolId }, [id]);
  if (entries.some((entry) => isEntryGenuine(audit.keys, entry)))
    throw new AppError(410, 'withdrawn', 'transcript.verify.withdrawn');
}

async function verification(call: Pick<Call, 'context'>, { transcript, history }: Vouched) {
  const printed = printedOf(transcript);
  const school = await findSchool(call.context.db, transcript.schoolId);
  const state = transcriptStateOf(transcript, history);
  const scope = { db: call.context.db, schoolId: transcript.schoolId };
  const outOfDate = await findOutOfDate(scope, [{ ...transcript, state }]);
  return {
    code: transcript.code,
    number: history.number,
    state,
    school: school?.name ?? '',
    student: printed.student ?? transcript.studentName,
    term: printed.term ?? transcript.termName,
    issuedAt: transcript.issuedAt.toISOString(),
    revokedAt: history.revokedAt?.toISOString() ?? null,
    outOfDate: outOfDateView(outOfDate.get(transcript.id)),
    sha256: history.sha256,
    bytes: transcript.pdf.bytes,
  };
}

type Compared = { identical: boolean; sha256: string; bytes: number };
const kinds = { issued: 'ok', superseded: 'warn', revoked: 'stop' } as const;

async function verificationPage(
  call: Pick<Call, 'context' | 't' | 'wantsJson'>,
  vouched: Vouched,
  compared: Compared | null,
) {
  const view = await verification(call, vouched);
  const title = call.t('transcript.verify.page-title', { number: view.number });
  if (call.wantsJson) {
    return page('transcript/verification', compared ? { ...view, compared } : view, { title });
  }
  return page(
    'transcript/verification',
    {
      ...view,
      compared,
      stands: call.t(`transcript.verify.stands.${view.state}`),
      kind: kinds[view.state],
      explained: call.t(`transcript.verify.explained.${view.state}`),
      answer: compared
        ? call.t(compared.identical ? 'transcript.verify.identical' : 'transcript.verify.changed')
        : null,
      answerKind: compared?.identical ? 'ok' : 'stop',
    },
    { title },
  );
}

verifyRoutes.get(
  '/verify',
  {
    summary: 'The page to type a verification code',
    who: 'anyone',
    query: z.object({ code: z.string().max(60).optional() }),
  },
  async (call) => {
    const typed = call.query.code;
    if (typed === undefined)
      return page('transcript/verify', {}, { title: call.t('transcript.verify.form-title') });
    const code = readVerificationCode(typed);
    if (code) return done(`/verify/${code}`, { code });
    throw new InvalidInput([{ field: 'code', message: 'transcript.verify.not-a-code' }]);
  },
);

verifyRoutes.post(
  '/verify',
  {
    summary: 'Go to the verification page of a typed code',
    who: 'anyone',
    token: 'none',
    body: z.object({ code: z.string().max(60).default('') }),
    answer: z.object({ code: z.string() }),
    limit,
    again: async (call) => page('transcript/verify', {}, { title: call.t('transcript.verify.form-title') }),
  },
  async (call) => {
    const code = readVerificationCode(call.body.code);
    const transcript = code ? await findTranscriptByCode(call.context.db, code) : null;
    if (!transcript) {
      const message = code ? 'transcript.verify.unknown' : 'transcript.verify.not-a-code';
      throw new InvalidInput([{ field: 'code', message }]);
    }
    return done(`/verify/${transcript.code}`, { code: transcript.code });
  },
);

verifyRoutes.get(
  '/verify/:code',
  {
    summary: 'What was issued under this code, and whether it still stands',
    who: 'anyone',
    params: codeParams,
    limit,
    answer: verificationAnswer,
  },
  async (call) => verificationPage(call, await issuedUnder(call, call.params.code), null),
);

verifyRoutes.post(
  '/verify/:code',
  {
    summary: 'Compare a PDF (multipart field `file`) byte by byte with what was issued',
    who: 'anyone',
    token: 'none',
    params: codeParams,
    limit,
    // Nothing is read, and nothing hashed, for a code that nobody issued.
    before: async (call) => void (await issuedUnder(call, call.params.code)),
    files: () => readComparedFile,
    fileFields: { file: { takes: 'The PDF to compare' } },
    answer: verificationAnswer.extend({
      compared: z.object({ identical: z.boolean(), sha256: z.string(), bytes: z.number() }),
    }),
    again: async (call) => verificationPage(call, await issuedUnder(call, call.params.code), null),
  },
  async (call) => {
    const vouched = await issuedUnder(call, call.params.code);
    const upload = hashedUpload(call.request);
    if (!upload || upload.bytes === 0) {
      throw new InvalidInput([{ field: 'file', message: 'transcript.verify.no-file' }]);
    }
    return verificationPage(call, vouched, {
      identical: upload.sha256 === vouched.history.sha256,
      ...upload,
    });
  },
);
