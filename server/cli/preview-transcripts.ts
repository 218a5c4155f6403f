/** What `npm run transcripts -- --dry-run` says: for whom a transcript would be written, and what is still missing. Writes nothing. */
import type { SchoolScope } from '../database.js';
import type { Person } from '../people/person.js';
import { preflight, type Gap } from '../transcript/preflight.js';

export interface PreviewedTranscript {
  studentId: string;
  name: string;
  /** Empty where the transcript would be complete. */
  missing: Gap[];
  /** The number of the transcript that is valid today. */
  number: string | null;
}

const batchSize = 200;

export async function previewTranscripts(
  scope: SchoolScope,
  termId: string,
  students: readonly Person[],
): Promise<PreviewedTranscript[]> {
  const found: PreviewedTranscript[] = [];
  for (let at = 0; at < students.length; at += batchSize)
    for (const { student, missing, transcript } of await preflight(
      scope,
      termId,
      students.slice(at, at + batchSize),
    ))
      found.push({
        studentId: student.id,
        name: student.displayName,
        missing,
        number: transcript?.number ?? null,
      });
  return found;
}

/** One line for each student, then the count. */
export function previewText(found: readonly PreviewedTranscript[], words: (gap: Gap) => string): string {
  const complete = found.filter(({ missing }) => missing.length === 0).length;
  const lines = found.map(
    ({ name, missing, number }) =>
      `${name}: ${missing.length === 0 ? 'complete' : `missing ${missing.map(words).join(', ')}`}${number ? ` (valid today: ${number})` : ''}`,
  );
  return [
    ...lines,
    `${found.length} transcripts would be written, ${complete} of them complete. Nothing was changed.`,
  ].join('\n');
}
