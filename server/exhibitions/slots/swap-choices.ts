/** With which presentations one can change places, room by room, as a form offers them. Only reads. */
import type { AnyCall } from '../../http/route.js';
import { byRoomAndDay } from '../board/by-room.js';
import { listPublished } from './change-slot.js';
import { dateText, dayOf, timeText } from '../day-and-time.js';
import { presenterLine } from '../groups/group.js';
import { findPresenters } from './name-presenters.js';
import { maySwap, revisionOf, type Slot } from './slot.js';
import { listSlotsOfExhibition } from './slot-records.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';

export interface SwapChoices {
  /** The room, and the day where there are several. */
  label: string;
  /** `value` is the slot's id and the revision that the reader sees, `id@revision`. */
  options: { value: string; label: string }[];
}

export async function swapChoices(
  call: AnyCall,
  ports: Pick<ExhibitionPorts, 'isPublished'>,
  slot: Slot,
): Promise<SwapChoices[]> {
  const { scope, timeZone, locale } = call;
  const now = call.context.clock.now();
  if (!maySwap(slot, now)) return [];
  const all = (await listSlotsOfExhibition(scope, slot.exhibitionId)).filter((each) => maySwap(each, now));
  const published = await listPublished(ports, scope, all);
  if (published.has(slot.id)) return [];
  const others = all.filter(({ id }) => id !== slot.id && !published.has(id));
  const people = await findPresenters(scope, others);
  const days = new Set(others.map(({ startsAt }) => dayOf(startsAt, timeZone)));
  return byRoomAndDay(others, timeZone).map(({ room, slots }) => ({
    label: days.size > 1 ? `${room} · ${dateText(slots[0]!.startsAt, timeZone, locale)}` : room,
    options: slots.map((each) => ({
      value: `${each.id}@${revisionOf(each)}`,
      label: `${timeText(each.startsAt, timeZone, locale)} · ${presenterLine(each, people)}`,
    })),
  }));
}
