/** What of a term is not done, counted for the whole school. Only reads. */
import type { SchoolScope } from '../db/database.js';
import { listExhibitions } from '../exhibitions/exhibition-records.js';
import { countSigned } from '../narratives/narrative-records.js';
import { countPeople } from '../people/people-records.js';
import type { OpenWork } from '../school/choose-term.js';
import { countIssuedOfTerm } from '../transcript/transcript-records.js';

/** Of the term that is running: everybody at the school is in it. */
export async function countOpenWork(scope: SchoolScope, termId: string): Promise<OpenWork> {
  const [students, signed, issued, { total }] = await Promise.all([
    countPeople(scope, 'student'),
    countSigned(scope, termId, 'advisor'),
    countIssuedOfTerm(scope, termId),
    listExhibitions(scope, { termId, phases: ['draft', 'open', 'scoring'] }, 1, 1),
  ]);
  return {
    exhibitions: total,
    narratives: Math.max(0, students - signed),
    transcripts: Math.max(0, students - issued),
  };
}
