/**
 * The exhibitions that are planned or under way: what people are asked about when they say when they can
 * come. Only reads.
 */
import type { SchoolScope } from '../db/database.js';
import type { Exhibition } from './exhibition.js';
import { listExhibitions } from './exhibition-records.js';

/** More exhibitions than a school plans at once. */
const MAX_LOOKED_AT = 50;

export const listPlanned = async (scope: SchoolScope): Promise<Exhibition[]> =>
  (await listExhibitions(scope, { phases: ['draft', 'open', 'scoring'] }, 1, MAX_LOOKED_AT)).items;

export const listPlannedIds = async (scope: SchoolScope): Promise<string[]> =>
  (await listPlanned(scope)).map(({ id }) => id);
