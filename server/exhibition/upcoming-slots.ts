/** Presentations that are still ahead, for whoever asks what a change of the school moves. Reads only. */
import type { SchoolScope } from '../database.js';
import type { Upcoming } from '../school/change-zone.js';
import { listExhibitionsByIds } from './exhibition-records.js';
import { pageUpcomingSlots } from './slot-records.js';

/** The first of them, by time, and how many there are. */
export async function listUpcoming(scope: SchoolScope, now: Date, limit: number): Promise<Upcoming> {
  const { items, total } = await pageUpcomingSlots(scope, now, limit);
  const ids = [...new Set(items.map(({ exhibitionId }) => exhibitionId))];
  const titles = new Map((await listExhibitionsByIds(scope, ids)).map(({ id, title }) => [id, title]));
  return {
    total,
    items: items.map(({ startsAt, room, exhibitionId }) => ({
      ...{ startsAt, room, title: titles.get(exhibitionId) ?? '' },
    })),
  };
}
