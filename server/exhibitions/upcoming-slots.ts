/** What is still ahead, for whoever asks what a change of the school moves. Reads only. */
import type { SchoolScope } from '../db/database.js';
import { countPeopleWithHours } from '../people/people-records.js';
import type { Upcoming } from '../school/change-zone.js';
import { listExhibitionsByIds } from './exhibition-records.js';
import { listPlanned } from './planned-exhibitions.js';
import { listUpcomingSlots } from './slots/slot-records.js';

/** All presentations by time, exhibitions that have none yet, and who has said hours. */
export async function listUpcoming(scope: SchoolScope, now: Date): Promise<Upcoming> {
  const [items, planned, peopleWithHours] = await Promise.all([
    listUpcomingSlots(scope, now),
    listPlanned(scope),
    countPeopleWithHours(scope),
  ]);
  const ids = [...new Set(items.map(({ exhibitionId }) => exhibitionId))];
  const titles = new Map((await listExhibitionsByIds(scope, ids)).map(({ id, title }) => [id, title]));
  return {
    presentations: items.map(({ startsAt, room, exhibitionId }) => ({
      ...{ startsAt, room, title: titles.get(exhibitionId) ?? '' },
    })),
    exhibitions: planned
      .filter(({ id, startsAt }) => startsAt > now && !titles.has(id))
      .sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime())
      .map(({ startsAt, title, place }) => ({ startsAt, title, room: place })),
    peopleWithHours,
  };
}
