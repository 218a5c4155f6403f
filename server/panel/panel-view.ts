/** What templates and JSON may see of seats and passes. A pass's faces are in the one answer that made it, nowhere else. */
import { z } from 'zod';
import { listOf } from '../http/read-input.js';
import { reasonsAnswer } from '../exhibition/move-reasons.js';
import { slotAnswer } from '../exhibition/slot-face.js';
import { initialsOf } from '../people/person.js';
import { passState, passStates, spacedCode, type PassFaces } from './pass.js';
import { anewViews, seatRoles, sheetStates, type Seat, type SheetState } from './seat.js';

export const seatAnswer = z.object({
  id: z.string(),
  slotId: z.string(),
  personId: z.string(),
  name: z.string(),
  initials: z.string(),
  role: z.enum(seatRoles),
  chair: z.boolean(),
  sheet: z.enum(sheetStates).nullable(),
  pass: z
    .object({
      state: z.enum(passStates),
      createdAt: z.string().nullable(),
      expiresAt: z.string().nullable(),
      usedAt: z.string().nullable(),
      renewedBy: z.string().nullable().describe('Who made it, when it took the place of an earlier one.'),
    })
    .nullable(),
  anew: z
    .array(z.object({ at: z.string(), passAt: z.string(), passBy: z.string().nullable() }))
    .describe('When the sheet began anew on another phone; for the panel and those who plan.'),
  handlesPass: z.boolean().describe('Whether the reader may make and revoke a pass for this seat.'),
});

export const slotPageAnswer = slotAnswer.omit({ seats: true }).extend({
  exhibition: z.object({ id: z.string(), title: z.string(), phase: z.string(), place: z.string() }),
  seats: z.array(seatAnswer),
  resultHref: z.string(),
  moveReasons: reasonsAnswer,
});

export const madePassAnswer = z.object({
  seatId: z.string(),
  name: z.string(),
  passUrl: z.string().nullable(),
  code: z.string().nullable(),
  expiresAt: z.string().nullable(),
});

const mySeatAnswer = z.object({
  id: z.string(),
  slotId: z.string(),
  exhibitionId: z.string(),
  exhibitionTitle: z.string(),
  phase: z.string(),
  studentName: z.string(),
  role: z.enum(seatRoles),
  chair: z.boolean(),
  startsAt: z.string(),
  endsAt: z.string(),
  room: z.string(),
  place: z.string(),
  sheet: z.enum(sheetStates),
  endedAt: z.string().nullable().describe('When access to the work of the presentation ended.'),
  sheetHref: z.string(),
});

export const mySeatsAnswer = listOf(mySeatAnswer).extend({
  /** Presentations that I am still to hear. */
  left: z.number(),
  /** For a guest who came by the sign of a room: what they may go on to. */
  onward: z
    .object({ seatId: z.string(), room: z.string(), studentName: z.string(), startsAt: z.string() })
    .nullable(),
});

/**
 * @param reader whether they plan: they are told whose sheets are in and how passes stand; whether they sit on the panel; and
 *   whether they may make a pass for this seat
 */
export function seatView(
  seat: Seat,
  sheet: SheetState | null,
  reader: { planner: boolean; onPanel: boolean; handlesPass: boolean },
  now: Date,
): z.output<typeof seatAnswer> {
  return {
    id: seat.id,
    slotId: seat.slotId,
    personId: seat.personId,
    name: seat.name,
    initials: initialsOf(seat.name),
    role: seat.role,
    chair: seat.chair,
    sheet,
    pass: reader.planner
      ? {
          state: passState(seat.pass, now),
          createdAt: seat.pass?.createdAt.toISOString() ?? null,
          expiresAt: seat.pass?.expiresAt.toISOString() ?? null,
          usedAt: seat.pass?.usedAt?.toISOString() ?? null,
          renewedBy: seat.pass?.renewedBy?.name ?? null,
        }
      : null,
    anew: reader.planner || reader.onPanel ? anewViews(seat.anew) : [],
    handlesPass: reader.handlesPass,
  };
}

/** @param origin where people reach this installation, e.g. `https://vitrine.school.example` */
export function madePassView(
  seat: Seat,
  faces: PassFaces | null,
  origin: string,
): z.output<typeof madePassAnswer> {
  return {
    seatId: seat.id,
    name: seat.name,
    passUrl: faces ? `${origin}/pass/${faces.secret}` : null,
    code: faces ? spacedCode(faces.code) : null,
    expiresAt: faces && seat.pass ? seat.pass.expiresAt.toISOString() : null,
  };
}
