/** What names a term: everything that somebody made or recorded in it. */
import type { SchoolScope } from '../db/database.js';
import { countExhibitionsOfTerm } from '../exhibitions/exhibition-records.js';
import { countNarrativesOfTerm } from '../narratives/narrative-records.js';
import { countRecordedOfTerm } from '../people/enrollment-records.js';
import { countInternshipsOfTerm } from '../plan/internship-records.js';
import { countPlansOfTerm } from '../plan/plan-records.js';
import { countPortfoliosOfTerm } from '../portfolio/portfolio-records.js';
import { listAllStudentsWithResult } from '../results/result-records.js';
import type { TermUse } from '../school/remove-term.js';
import { countTranscriptsOfTerm } from './transcript-records.js';

const counts: Record<TermUse, (scope: SchoolScope, termId: string) => Promise<number>> = {
  exhibitions: countExhibitionsOfTerm,
  portfolios: countPortfoliosOfTerm,
  narratives: countNarrativesOfTerm,
  plans: countPlansOfTerm,
  internships: countInternshipsOfTerm,
  results: async (scope, termId) => (await listAllStudentsWithResult(scope, termId)).size,
  transcripts: countTranscriptsOfTerm,
  enrollments: countRecordedOfTerm,
};

export async function countTermUses(scope: SchoolScope, termId: string): Promise<Record<TermUse, number>> {
  const found: [string, number][] = [];
  // One after the other: these are asked inside a transaction.
  for (const [use, count] of Object.entries(counts)) found.push([use, await count(scope, termId)]);
  return Object.fromEntries(found) as Record<TermUse, number>;
}
