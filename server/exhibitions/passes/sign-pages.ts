/**
 * The signs that hang at the doors: the room, what happens there on the day, and the code by which a guest comes in.
 */
import { z } from 'zod';
import { presenterLine } from '../groups/group.js';
import { findPresenters } from '../slots/name-presenters.js';
import { endOf } from '../slots/slot.js';
import { originOf } from '../../http/origin.js';
import { page, type PageAnswer, type AnyCall } from '../../http/route.js';
import type { MadeRoomPass } from './issue-room-pass.js';
import { facesView, printedPage, withQr } from './printed-pass.js';

export const signAnswer = z.object({
  roomPassId: z.string(),
  room: z.string(),
  day: z.string(),
  passUrl: z.string(),
  code: z.string(),
  expiresAt: z.string(),
});

export const signView = (call: AnyCall, { roomPass, faces }: MadeRoomPass): z.output<typeof signAnswer> => ({
  roomPassId: roomPass.id,
  room: roomPass.room,
  day: roomPass.day,
  ...facesView(originOf(call), faces),
  expiresAt: roomPass.pass.expiresAt.toISOString(),
});

/** More than these stand in two columns, so that a sign stays one sheet of paper. */
const inOneColumn = 8;

/**
 * @param made of one exhibition, at least one
 * @param view what programs get
 */
export async function signsPage(
  call: AnyCall,
  made: readonly MadeRoomPass[],
  view: object,
): Promise<PageAnswer> {
  const [first] = made;
  const title = call.t(made.length === 1 ? 'panel.sign.title' : 'panel.sign.title-all', {
    room: first!.roomPass.room,
  });
  if (call.wantsJson) return page('panel/signs', view, { title, status: 201 });
  const people = await findPresenters(
    call.scope,
    made.flatMap(({ slots }) => slots),
  );
  const signs = await Promise.all(
    made.map(async (each) => ({
      ...(await withQr(signView(call, each))),
      many: each.slots.length > inOneColumn,
      slots: each.slots.map((slot) => ({
        startsAt: slot.startsAt,
        endsAt: endOf(slot),
        studentName: presenterLine(slot, people),
      })),
    })),
  );
  const { exhibition } = first!;
  return printedPage(
    call,
    'panel/signs',
    {
      signs,
      madeAt: call.context.clock.now(),
      exhibitionId: exhibition.id,
      exhibitionTitle: exhibition.title,
      place: exhibition.place,
    },
    title,
  );
}
