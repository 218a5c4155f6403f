/** Presentations that are still ahead, for whoever asks what a change of the school moves. Reads only. */
import type { SchoolScope } from '../database.js';
import type { Upcoming } from '../school/change-zone.js';
import { listExhibitionsByIds } from './exhibition-records.js';
import { listUpcomingSlots } from './slot-records.js';

/** All of them, by time. */
export async function listUpcoming(scope: SchoolScope, now: Date): Promise<Upcoming[]> {
  const items = await listUpcomingSlots(scope, now);
  const ids = [...new Set(items.map(({ exhibitionId }) => exhibitionId))];
  const titles = new Map((await listExhibitionsByIds(scope, ids)).map(({ id, title }) => [id, title]));
  return items.map(({ startsAt, room, exhibitionId }) => ({
    ...{ startsAt, room, title: titles.get(exhibitionId) ?? '' },
  }));
}
