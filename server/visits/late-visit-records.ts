/** Visits that arrived after their stand was over. Personal data: as in `visit-records.ts`. */
import type { SchoolScope } from '../db/database.js';
import type { LateVisit } from './late-visit.js';
import { visits } from './visit-records.js';
import type { Visit } from './visit.js';

const waiting = { 'late.state': 'waiting' };

/** Null when the visit changed in the meantime, or something else arrived for it. */
export const saveLateVisit = (
  scope: SchoolScope,
  { id, revision, late: before }: Pick<Visit, 'id' | 'revision' | 'late'>,
  late: LateVisit,
) =>
  visits
    .in(scope)
    .findOneAndUpdate(
      { id, revision, ...(before ? { 'late.at': before.at, 'late.state': before.state } : { late: null }) },
      { $set: { late } },
    );

/** What waits for the office, the oldest first. */
export const listLateVisits = (scope: SchoolScope, page: number, perPage: number) =>
  visits.in(scope).page(waiting, { sort: { 'late.at': 1 }, page, perPage });
export const countLateVisits = (scope: SchoolScope, slotId?: string) =>
  visits.in(scope).count({ ...waiting, ...(slotId ? { slotId } : {}) });
/** What these devices have left at these stands, or what of it waits for the office. */
export const listVisitsOfDevices = (
  scope: SchoolScope,
  slotIds: readonly string[],
  devices: readonly string[],
): Promise<Pick<Visit, 'id' | 'slotId' | 'device'>[]> =>
  visits.in(scope).find(
    {
      slotId: { $in: slotIds },
      device: { $in: devices },
      $or: [{ leftAt: { $ne: null } }, { 'late.state': 'waiting' }],
    },
    { fields: ['slotId', 'device'] },
  );
/** The same for a whole exhibition: at which stands. */
export const listLateVisitsOfExhibition = (scope: SchoolScope, exhibitionId: string) =>
  visits.in(scope).find({ exhibitionId, ...waiting }, { fields: ['slotId'] }) as Promise<
    Pick<Visit, 'id' | 'slotId'>[]
  >;
