/** Which issued transcripts are older than the record: a result that they are made from was corrected after they were issued. */
import type { SchoolScope } from '../database.js';
import { listCorrected } from '../results/result-records.js';
import { listTerms } from '../school/school-records.js';
import type { Transcript } from './transcript.js';

type Issued = Pick<Transcript, 'id' | 'studentId' | 'termId' | 'state' | 'issuedAt' | 'results'>;

type Corrected = Awaited<ReturnType<typeof listCorrected>>;

/**
 * When the record was corrected last, by the id of the transcript. One that was superseded or revoked is not asked about.
 * It names the versions that it is made from; earlier ones did not, and are made from the results of their term and of those before, as
 * these were when it was issued.
 * @param known corrected results of these students, where they are read already
 */
export async function findCorrectedSince(
  scope: SchoolScope,
  transcripts: readonly Issued[],
  known?: Corrected,
): Promise<ReadonlyMap<string, Date>> {
  const issued = transcripts.filter(({ state }) => state === 'issued');
  if (issued.length === 0) return new Map();
  const corrected =
    known ?? (await listCorrected(scope, [...new Set(issued.map(({ studentId }) => studentId))]));
  if (corrected.length === 0) return new Map();
  const began = new Map((await listTerms(scope)).map(({ id, startsOn }) => [id, startsOn]));
  const isUpTo = (transcript: Issued, result: Corrected[number]) =>
    result.studentId === transcript.studentId &&
    (began.get(result.termId) ?? '') <= (began.get(transcript.termId) ?? '');
  const isOlder = (transcript: Issued, { id, correction }: Corrected[number]): boolean => {
    // Versions, not times: a correction that was begun before the issue may be recorded after it.
    const made = transcript.results?.find((each) => each.id === id);
    if (transcript.results) return made !== undefined && correction.version > made.version;
    return transcript.issuedAt !== null && correction.at > transcript.issuedAt;
  };
  return new Map(
    issued.flatMap((transcript) => {
      const later = corrected
        .filter((result) => isUpTo(transcript, result) && isOlder(transcript, result))
        .map(({ correction }) => correction.at)
        .sort((a, b) => a.getTime() - b.getTime());
      const latest = later.at(-1);
      return latest ? [[transcript.id, latest] as const] : [];
    }),
  );
}
