/**
 * Ids of the records about one person that have a page of their own: what others have typed there and not
 * saved goes with the person.
 */
import { listWorkLines } from '../artifacts/artifact-records.js';
import type { SchoolScope } from '../db/database.js';
import { listNarrativeLines } from '../narratives/narrative-records.js';
import { listSeatsOfSlots } from '../exhibitions/seats/seat-records.js';
import { listInternshipsOfStudent } from '../plan/internship-records.js';
import { listPortfolioLines } from '../portfolio/portfolio-records.js';

const MAX_PORTFOLIOS = 1000;

export async function recordIdsAbout(
  scope: SchoolScope,
  personId: string,
  slotIds: readonly string[],
): Promise<string[]> {
  const found = await Promise.all([
    listPortfolioLines(scope, personId, MAX_PORTFOLIOS),
    listNarrativeLines(scope, personId),
    listWorkLines(scope, personId),
    listInternshipsOfStudent(scope, personId),
    listSeatsOfSlots(scope, slotIds),
  ]);
  return [...slotIds, ...found.flatMap((records) => records.map(({ id }) => id))];
}
