/**
 * My seats: where I sit on a panel and how far my sheets are, what is still to be done first. Also the JSON
 * of its address.
 */
import { listExhibitions, listExhibitionsByIds } from '../exhibition-records.js';
import { findEndedPanels } from '../portfolios/panel-access.js';
import { presenterLine } from '../groups/group.js';
import { findPresenters, namePresenters } from '../slots/name-presenters.js';
import { endOf, type Slot } from '../slots/slot.js';
import { listSlotsByIds, listSlotsOfExhibition } from '../slots/slot-records.js';
import { pagerOf } from '../../http/pager.js';
import { page, type PageAnswer, type AnyCall } from '../../http/route.js';
import { byId } from '../../people/person.js';
import { passState } from '../passes/pass.js';
import { slotAfter, slotsBehind } from '../passes/room-pass.js';
import { findRoomPass } from '../passes/room-pass-records.js';
import type { Seat } from './seat.js';
import { listSeatsByIds, listSeatsOfPerson } from './seat-records.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';

/** Where a guest who came by the sign of a room goes on to with one tap; null when there is nothing yet. */
async function nextInRoom(call: AnyCall, seats: readonly Seat[], slots: readonly Slot[]) {
  const { scope, context } = call;
  const sat = slots
    .filter((slot) => seats.some((seat) => seat.slotId === slot.id && seat.roomPassId))
    .sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime())
    .at(-1);
  const seat = seats.find((each) => each.slotId === sat?.id);
  if (!sat || !seat?.roomPassId) return null;
  const pass = await findRoomPass(scope, seat.roomPassId);
  if (!pass || passState(pass.pass, context.clock.now()) !== 'valid') return null;
  const behind = slotsBehind(pass, await listSlotsOfExhibition(scope, pass.exhibitionId), call.timeZone);
  const next = slotAfter(behind, sat, context.clock.now());
  if (!next) return null;
  return {
    seatId: seat.id,
    room: next.room,
    studentName: await namePresenters(scope, next),
    startsAt: next.startsAt.toISOString(),
  };
}

/** Where I sit: what is still to be scored first, then by time. */
export async function mySeatsPage(
  call: AnyCall,
  needs: ExhibitionPorts,
  asked: { page: number; perPage: number },
): Promise<PageAnswer> {
  const { scope, actor, context, t } = call;
  const drafts = await listExhibitions(scope, { phases: ['draft'] }, 1, 200);
  const found = actor.seatIds
    ? await listSeatsByIds(scope, actor.seatIds).then((items) => ({
        items,
        page: 1,
        pages: 1,
        perPage: asked.perPage,
        total: items.length,
      }))
    : await listSeatsOfPerson(
        scope,
        actor.personId,
        asked.page,
        asked.perPage,
        drafts.items.map((each) => each.id),
      );
  const ids = <K extends 'slotId' | 'exhibitionId'>(key: K) => [
    ...new Set(found.items.map((seat) => seat[key])),
  ];
  const [slots, exhibitions, sheets, late] = await Promise.all([
    listSlotsByIds(scope, ids('slotId')).then(byId),
    listExhibitionsByIds(scope, ids('exhibitionId')).then(byId),
    needs.listSheetStates(
      scope,
      found.items.map((seat) => seat.id),
    ),
    needs.listWaitingLate(
      scope,
      found.items.map((seat) => seat.id),
    ),
  ]);
  const [students, ended] = await Promise.all([
    findPresenters(scope, [...slots.values()]),
    findEndedPanels(scope, [...slots.values()], [...exhibitions.values()], context.clock.now()),
  ]);
  const moment = context.clock.now();
  const items = found.items.flatMap((seat) => {
    const [slot, exhibition] = [slots.get(seat.slotId), exhibitions.get(seat.exhibitionId)];
    if (!slot || !exhibition) return [];
    const sheet = sheets.get(seat.id) ?? 'not-started';
    const endedAt = ended.get(slot.id) ?? null;
    return [
      {
        id: seat.id,
        slotId: seat.slotId,
        exhibitionId: seat.exhibitionId,
        exhibitionTitle: exhibition.title,
        phase: exhibition.phase,
        studentName: presenterLine(slot, students),
        role: seat.role,
        chair: seat.chair,
        startsAt: slot.startsAt.toISOString(),
        endsAt: endOf(slot).toISOString(),
        room: slot.room,
        place: exhibition.place,
        sheet,
        handedInLateAt: late.get(seat.id)?.toISOString() ?? null,
        absent: slot.absent ?? false,
        endedAt: endedAt?.toISOString() ?? null,
        sheetHref: `/seats/${seat.id}/sheet`,
        mayScore: exhibition.phase === 'scoring' && sheet !== 'submitted' && !slot.absent && !seat.setAsideAt,
        isNow: slot.startsAt <= moment && endOf(slot) > moment && !slot.absent,
      },
    ];
  });
  const now = moment.toISOString();
  // Nothing is left to do there: the sheet is in, or the exhibition is over.
  const isDone = (seat: { sheet: string; phase: string; absent: boolean }) =>
    seat.sheet === 'submitted' || seat.phase === 'closed' || seat.absent;
  items.sort(
    (a, b) =>
      Number(isDone(a)) - Number(isDone(b)) ||
      Number(b.isNow) - Number(a.isNow) ||
      Number(b.mayScore) - Number(a.mayScore) ||
      a.startsAt.localeCompare(b.startsAt) * (isDone(a) ? -1 : 1),
  );
  // Whoever presents now comes before sheets that are still owed.
  const next =
    items.find((seat) => seat.isNow && !isDone(seat)) ??
    items.find((seat) => seat.mayScore) ??
    items.find((seat) => !isDone(seat) && seat.endsAt > now) ??
    null;
  const left = items.filter((seat) => seat.phase !== 'closed' && seat.endsAt > now && !seat.absent).length;
  const onward = actor.seatIds ? await nextInRoom(call, found.items, [...slots.values()]) : null;
  if (call.wantsJson)
    return page('panel/seats', { ...found, items, left, onward }, { title: t('panel.seats.title') });
  return page(
    'panel/seats',
    {
      ...found,
      items,
      left,
      onward,
      next,
      rest: items.filter((seat) => seat !== next && !isDone(seat)),
      done: items.filter((seat) => seat !== next && isDone(seat)),
      pager: pagerOf(found, '/seats'),
      live: next?.exhibitionId ?? null,
    },
    { title: t('panel.seats.title'), scripts: ['live'] },
  );
}
