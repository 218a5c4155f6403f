/**
 * Slots over HTTP: one, several, or a whole room one after another; and taking out. The page of a slot is the panel's.
 */
import { z } from 'zod';
import { flag, idParams, several, text, wholeNumber, optionalLine } from '../../http/read-input.js';
import { done, routes, type FeatureRoutes } from '../../http/route.js';
import { InvalidInput } from '../../errors.js';
import { momentText, readMoment, whichTime } from '../day-and-time.js';
import { getExhibition } from '../exhibition-records.js';
import { dayPage } from '../board/day-page.js';
import { planners } from '../exhibition-routes.js';
import { slotAnswer } from './slot-face.js';
import { addSlots, takeSlotOut, type SlotInput } from './plan-slots.js';
import { groupTitleLength } from '../groups/group.js';
import { showSlots } from './show-slots.js';
import { revisionField } from '../refuse-stale.js';
import { MAX_SLOT_MINUTES, slotMinutesMinimum } from './slot.js';
import { slotPage } from '../seats/panel-pages.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';

const minutes = wholeNumber(slotMinutesMinimum, MAX_SLOT_MINUTES);
const emptyIsAbsent = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());
const slotBody = z.object({
  studentId: text(64),
  /** Who presents together with them. */
  withIds: several(text(64)).optional(),
  groupTitle: optionalLine(groupTitleLength).optional(),
  startsAt: momentText,
  whichTime,
  room: text(60),
  minutes: emptyIsAbsent(minutes),
  attempt: emptyIsAbsent(wholeNumber(1, 9)),
});
const severalBody = z.object({ slots: z.array(slotBody).min(1).max(400) });
const inARowBody = z.object({
  studentIds: several().refine((list) => list.length > 0, 'exhibition.problem.nobody-chosen'),
  startsAt: momentText,
  whichTime,
  room: text(60),
  minutes: emptyIsAbsent(minutes),
  /** Minutes between two presentations. */
  pause: emptyIsAbsent(wholeNumber(0, 240)),
  attempt: emptyIsAbsent(wholeNumber(1, 9)),
  inARow: flag,
  /** As one group instead of one after another. */
  together: flag,
  groupTitle: optionalLine(groupTitleLength).optional(),
});

/** The body says itself which of the three it is, so that a problem names the right field. */
const slotsBody = z.unknown().transform((body, context) => {
  const given = (body ?? {}) as Record<string, unknown>;
  const schema = 'slots' in given ? severalBody : 'studentId' in given ? slotBody : inARowBody;
  const result = (
    schema as z.ZodType<
      Partial<z.output<typeof severalBody> & z.output<typeof slotBody> & z.output<typeof inARowBody>>
    >
  ).safeParse(given);
  if (result.success) return result.data;
  for (const issue of result.error.issues) context.addIssue({ ...issue });
  return z.NEVER;
});

function readSlots(body: z.output<typeof slotsBody>, zone: string, usualMinutes: number): SlotInput[] {
  if (body.slots) {
    return body.slots.map(({ whichTime: which, ...slot }, at) => ({
      ...slot,
      startsAt: readMoment(slot.startsAt, zone, `slots.${at}.startsAt`, which),
    }));
  }
  const startsAt = readMoment(body.startsAt ?? '', zone, 'startsAt', body.whichTime);
  const common = { room: body.room ?? '', minutes: body.minutes, attempt: body.attempt };
  const students = body.studentId ? [body.studentId] : (body.studentIds ?? []);
  const [first, ...others] = students;
  if (body.together && first)
    return [{ ...common, studentId: first, withIds: others, groupTitle: body.groupTitle, startsAt }];
  const { withIds, groupTitle } = body;
  const step = ((body.minutes ?? usualMinutes) + (body.pause ?? 0)) * 60_000;
  return students.map((studentId, at) => ({
    ...common,
    ...(withIds?.length ? { withIds, groupTitle } : {}),
    studentId,
    startsAt: new Date(startsAt.getTime() + at * step),
  }));
}

/** A whole room is one form: `slots.2.room` is told beside its `room`. */
function asOneForm(error: unknown): unknown {
  if (!(error instanceof InvalidInput)) return error;
  const plain = (field: string) =>
    field.replace(/^slots\.\d+\./, '').replace(/^(studentId|attempt)$/, 'studentIds');
  return new InvalidInput(error.fields.map((each) => ({ ...each, field: plain(each.field) })));
}

/** @param slotPage shows the slot's page, which is the panel's, again with what was typed */
export function makeSlotRoutes(ports: ExhibitionPorts): FeatureRoutes {
  const router = routes('exhibition');

  router.post(
    '/exhibitions/:id/slots',
    {
      summary:
        'Plan one slot, several ({slots}), or students one after another in a room ({studentIds}), as one group with {together}; all or none',
      who: planners,
      params: idParams,
      body: slotsBody,
      status: 201,
      answer: slotAnswer.or(z.object({ slots: z.array(slotAnswer) })),
      again: (call) => dayPage(call, ports, call.params.id),
    },
    async (call) => {
      const { id } = call.params;
      const exhibition = await getExhibition(call.scope, id);
      const inputs = readSlots(call.body, call.timeZone, exhibition.slotMinutes);
      const single = call.body.studentId !== undefined;
      const needs = { ...ports, clock: call.context.clock };
      const slots = await addSlots(needs, call.scope, call.actor, id, inputs, !single).catch(
        (error: unknown) => {
          throw call.body.studentIds ? asOneForm(error) : error;
        },
      );
      const views = await showSlots(call, ports, slots);
      return done(
        single ? `/slots/${slots[0]!.id}` : `/exhibitions/${id}`,
        single ? views[0]! : { slots: views },
        {
          status: 201,
          notice: 'exhibition.notice.slots-added',
          noticeParams: { count: slots.length },
        },
      );
    },
  );

  router.post(
    '/slots/:id/remove',
    {
      summary: 'Take a slot out; refused once a sheet was begun',
      who: planners,
      params: idParams,
      body: z.object({ revision: revisionField }),
      answer: z.object({ removed: z.string() }),
      again: (call) => slotPage(call, ports, call.params.id),
    },
    async (call) => {
      const slot = await takeSlotOut(
        { ...ports, clock: call.context.clock },
        call.scope,
        call.actor,
        call.params.id,
        call.body.revision,
      );
      return done(
        `/exhibitions/${slot.exhibitionId}`,
        { removed: slot.id },
        { notice: 'exhibition.notice.slot-removed' },
      );
    },
  );
  return router;
}
