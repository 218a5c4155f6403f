/**
 * What templates and JSON may see of seats and passes. A pass's faces are in the one answer that made it, nowhere else.
 */
import { shownPortfolioAnswer } from '../portfolios/shown-portfolios.js';
import { z } from 'zod';
import { listOf } from '../../http/read-input.js';
import { reasonsAnswer } from '../move-reasons.js';
import { seenOf } from '../refuse-stale.js';
import { conflictStates, type SeatConflict } from './seat-conflicts.js';
import { slotAnswer } from '../slots/slot-face.js';
import { initialsOf } from '../../people/person.js';
import { passState, passStates, type PassFaces } from '../passes/pass.js';
import { facesView } from '../passes/printed-pass.js';
import { awaitsAdmission, notCountedBecause, notCountedReasons } from '../counting/counted-seats.js';
import { setAsideKinds, setAsideView, type SetAside } from '../counting/set-aside.js';
import { seenOfSeat } from './seat-seen.js';
import { restartViews, seatRoles, sheetStates, type Seat, type SheetState } from './seat.js';

export const seatAnswer = z.object({
  id: z.string(),
  slotId: z.string(),
  personId: z.string(),
  name: z.string(),
  initials: z.string(),
  role: z.enum(seatRoles),
  chair: z.boolean(),
  sheet: z.enum(sheetStates).nullable(),
  handedInLateAt: z
    .string()
    .nullable()
    .describe('When the sheet was handed in after closing; the office has not decided on it.'),
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
    .describe('When the sheet was started over on another phone; for the panel and those who plan.'),
  bySign: z.boolean().describe('A guest who came by the sign of the room; for the panel and those who plan.'),
  admission: z
    .object({ admittedAt: z.string().nullable(), by: z.string().nullable() })
    .nullable()
    .describe(
      'Of such a guest, where the school asks for it: who has admitted them; until then their sheet does not count.',
    ),
  setAside: z
    .array(z.object({ kind: z.enum(setAsideKinds), reason: z.string(), at: z.string(), by: z.string() }))
    .describe(
      'When the sheet was set aside or counted again, and why, the newest last; for the panel and those who plan.',
    ),
  conflict: z
    .object({
      state: z.enum(conflictStates),
      accepted: z.boolean(),
      seen: z.string().describe('Names these conflicts in POST /seats/{id}/accept-conflict.'),
    })
    .nullable()
    .describe(
      'For those who plan: they must not score whoever presents, or wrote of somebody whom nobody has identified; `accepted` where they were seated with a reason.',
    ),
  uncounted: z.enum(notCountedReasons).nullable().describe('Why the sheet counts nowhere.'),
  askedAt: z
    .string()
    .nullable()
    .describe('For whoever may admit them: when they last came in, on any panel. Send it when admitting.'),
  seen: z.string().nullable().describe('For those who plan: send it when emptying the seat.'),
  sharesName: z.boolean().describe('Somebody else of this panel has the same name.'),
  mayAdmit: z.boolean(),
  maySetAside: z.boolean(),
  handlesPass: z.boolean().describe('Whether the reader may make and revoke a pass for this seat.'),
});

export const slotPageAnswer = slotAnswer.omit({ seats: true }).extend({
  exhibition: z.object({ id: z.string(), title: z.string(), phase: z.string(), place: z.string() }),
  seats: z.array(seatAnswer),
  resultHref: z.string(),
  rubric: z.object({ title: z.string(), href: z.string() }).describe('The version that the panel scores by.'),
  portfolios: z
    .array(shownPortfolioAnswer)
    .describe('What the panel sees of each presenter, for whoever may know.'),
  moveReasons: reasonsAnswer,
  roomSeen: z
    .string()
    .nullable()
    .describe('For the chair and those who plan: what `seen` says when the room runs late.'),
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
  handedInLateAt: z.string().nullable(),
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

/** Who reads of a seat. */
export interface SeatReader {
  planner: boolean;
  onPanel: boolean;
  handlesPass: boolean;
  mayAdmit: boolean;
  maySetAside: boolean;
}

/** Whether the sheet counts, for those who know how far the sheets are. */
function countingView(seat: Seat, reader: SeatReader, setAsides: readonly SetAside[]) {
  const tells = reader.planner || reader.onPanel;
  const { admission = null } = seat;
  return {
    bySign: tells && Boolean(seat.roomPassId),
    admission:
      tells && admission
        ? { admittedAt: admission.admittedAt?.toISOString() ?? null, by: admission.byName }
        : null,
    setAside: tells ? setAsides.filter(({ seatId }) => seatId === seat.id).map(setAsideView) : [],
    uncounted: tells ? notCountedBecause(seat) : null,
    mayAdmit: reader.mayAdmit && awaitsAdmission(seat),
    maySetAside: reader.maySetAside,
  };
}

/**
 * @param reader whether they plan: they are told whose sheets are in and how passes stand; whether they sit
 *   on the panel; and whether they may make a pass for this seat
 */
export function seatView(
  seat: Seat,
  sheet: SheetState | null,
  reader: SeatReader,
  now: Date,
  {
    setAsides = [],
    sharesName = false,
    lateAt = null,
    asked = null,
    conflict = null,
  }: {
    setAsides?: readonly SetAside[];
    sharesName?: boolean;
    lateAt?: Date | null;
    asked?: Date | null;
    conflict?: SeatConflict | null;
  } = {},
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
    handedInLateAt: sheet === null ? null : (lateAt?.toISOString() ?? null),
    pass: reader.planner
      ? {
          state: passState(seat.pass, now),
          createdAt: seat.pass?.createdAt.toISOString() ?? null,
          expiresAt: seat.pass?.expiresAt.toISOString() ?? null,
          usedAt: seat.pass?.usedAt?.toISOString() ?? null,
          renewedBy: seat.pass?.renewedBy?.name ?? null,
        }
      : null,
    anew: reader.planner || reader.onPanel ? restartViews(seat.anew) : [],
    ...countingView(seat, reader, setAsides),
    askedAt: asked?.toISOString() ?? null,
    seen: reader.planner ? seenOfSeat(seat) : null,
    conflict:
      reader.planner && conflict
        ? {
            state: conflict.open ?? conflict.state,
            accepted: conflict.open === null,
            seen: seenOf(conflict.keys),
          }
        : null,
    sharesName,
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
    ...(faces ? facesView(origin, faces) : { passUrl: null, code: null }),
    expiresAt: faces && seat.pass ? seat.pass.expiresAt.toISOString() : null,
  };
}
