/**
 * Sheets that are handed in after closing: by whoever holds the seat, with a note; and for the office, who
 * admits them or does not.
 */
import { z } from 'zod';
import { findPresenters } from '../exhibitions/slots/name-presenters.js';
import { presenterLine } from '../exhibitions/groups/group.js';
import { listSlotsByIds } from '../exhibitions/slots/slot-records.js';
import { pagerOf } from '../http/pager.js';
import { idParams, listOf, optionalText, pageQuery } from '../http/read-input.js';
import { done, page, type Call, type PageAnswer, type FeatureRoutes, type AnyCall } from '../http/route.js';
import type { SchoolScope } from '../db/database.js';
import { getSeat } from '../exhibitions/seats/seat-records.js';
import { byId } from '../people/person.js';
import type { Scoring } from './apply-operations.js';
import { seenField } from '../exhibitions/refuse-stale.js';
import { slotIdsOf, type ScorePorts } from './begin-sheet.js';
import { decideLate, lateChangesOf } from './decide-late.js';
import { handInLate } from './hand-in-late.js';
import { mayDecideLate } from './late-sheet.js';
import { listLateSheets } from './late-sheet-records.js';
import { operation } from './score-answers.js';
import { MAX_LATE_NOTE } from './score-sheet.js';

type SeatCall = Call<{ id: string }, unknown, unknown>;

const office = ['registrar', 'admin'] as const;
const lateAnswer = z.object({
  applied: z
    .array(z.string())
    .describe('Ids of the changes that the server has now; they count once the office admits them.'),
  state: z.enum(['waiting', 'admitted', 'declined']),
});
const lateSheet = z.object({
  seatId: z.string(),
  slotId: z.string(),
  panelistName: z.string(),
  role: z.string(),
  studentName: z.string(),
  startsAt: z.string(),
  handedInAt: z.string(),
  note: z.string(),
  changes: z.number().describe('Changes that were still on the phone.'),
  mayDecide: z.boolean().describe('False for one’s own sheet: somebody else in the office decides.'),
});

/** Decided already, it was the same once more: nothing of it waits. */
const handedInNotice = {
  waiting: 'scores.notice.handed-in',
  admitted: 'scores.notice.already-admitted',
  declined: 'scores.notice.already-declined',
} as const;

interface LateParts {
  who: readonly ('student' | 'advisor' | 'panelist' | 'guest' | 'guardian' | 'registrar' | 'admin')[];
  needs: ScorePorts;
  openScoring(call: SeatCall): Promise<Scoring>;
  /** The sheet's page, for a form that is shown again. */
  again(call: SeatCall): Promise<PageAnswer>;
}

async function latePage(
  call: AnyCall,
  asked: { page: number; perPage: number; slotId?: string | undefined },
): Promise<PageAnswer> {
  const { scope, actor, t } = call;
  const { slotId } = asked;
  const found = await listLateSheets(scope, asked.page, asked.perPage, slotId);

  const slots = byId(await listSlotsByIds(scope, [...new Set(found.items.map(({ slotId }) => slotId))]));
  const people = await findPresenters(scope, [...slots.values()]);
  const items = found.items.flatMap((sheet) => {
    const slot = slots.get(sheet.slotId);
    if (!slot || !sheet.late) return [];
    return [
      {
        ...{ seatId: sheet.id, slotId: slot.id, panelistName: sheet.panelistName, role: sheet.role },
        ...{ studentName: presenterLine(slot, people), startsAt: slot.startsAt.toISOString() },
        ...{ handedInAt: sheet.late.at.toISOString(), note: sheet.late.note },
        changes: lateChangesOf(sheet).length,
        mayDecide: mayDecideLate(actor, { personId: sheet.panelistId }),
      },
    ];
  });
  const title = t('scores.late.title');
  if (call.wantsJson) return page('scores/late', { ...found, items }, { title });
  return page(
    'scores/late',
    { items, pager: pagerOf(found, '/late-sheets', { slotId }), isOne: slotId !== undefined },
    { title, crumbs: [{ href: '/', label: t('common.nav.home') }] },
  );
}

/** A slot of the presentation whose result is published, or null. */
async function publishedSlot(needs: ScorePorts, scope: SchoolScope, seatId: string): Promise<string | null> {
  for (const slotId of slotIdsOf(await getSeat(scope, seatId)))
    if (await needs.isPublished(scope, [slotId])) return slotId;
  return null;
}

export function addLateRoutes(router: FeatureRoutes, { who, needs, openScoring, again }: LateParts): void {
  router.post(
    '/seats/:id/sheet/late',
    {
      summary:
        'After closing: hand in my sheet to the office, with the changes that are still on my phone and a note',
      who,
      params: idParams,
      body: z.object({
        operations: z.array(operation).max(200).optional(),
        note: optionalText(MAX_LATE_NOTE),
      }),
      answer: lateAnswer,
      again: (call) => again(call),
    },
    async (call) => {
      const scoring = await openScoring(call);
      const { scope, actor, context, body } = call;
      const { applied, sheet } = await handInLate(
        { ...needs, clock: context.clock, extents: context.extents },
        scope,
        actor,
        scoring,
        {
          operations: body.operations ?? [],
          note: body.note ?? '',
        },
      );
      const state = sheet.late?.state ?? 'waiting';
      return done(`/seats/${scoring.seat.id}/sheet`, { applied, state }, { notice: handedInNotice[state] });
    },
  );

  router.get(
    '/late-sheets',
    {
      summary:
        'Score sheets that were handed in after closing and wait for the office; says nothing of what stands in them',
      who: office,
      query: pageQuery.extend({ slotId: z.string().max(64).optional() }),
      answer: listOf(lateSheet),
    },
    (call) => latePage(call, call.query),
  );

  router.post(
    '/seats/:id/sheet/late/decide',
    {
      summary:
        'Admit a sheet that was handed in after closing: complete, it is sealed and counts, after publishing by a correction. Or decline it',
      who: office,
      params: idParams,
      body: z.object({
        decision: z.enum(['admit', 'decline']),
        handedInAt: seenField('`handedInAt` of the sheet in GET /late-sheets'),
      }),
      answer: z.object({ seatId: z.string(), state: z.enum(['draft', 'submitted']) }),
      again: (call) => latePage(call, { page: 1, perPage: 50 }),
    },
    async (call) => {
      const { scope, actor, context, params, body } = call;
      const isAdmitted = body.decision === 'admit';
      const needed = { clock: context.clock, rubrics: context.rubrics };
      const sheet = await decideLate(needed, scope, actor, params.id, {
        ...{ isAdmitted, seen: body.handedInAt },
      });
      const view = { seatId: sheet.id, state: sheet.state };
      const published = await publishedSlot(needs, scope, sheet.id);
      if (published && sheet.state === 'submitted')
        return done(`/slots/${published}/result#correct`, view, {
          notice: 'scores.notice.late-to-correct',
          noticeParams: { name: sheet.panelistName },
        });
      const notice =
        sheet.state === 'submitted' ? 'late-admitted' : isAdmitted ? 'late-incomplete' : 'late-declined';
      return done('/late-sheets', view, {
        notice: `scores.notice.${notice}`,
        noticeParams: { name: sheet.panelistName },
      });
    },
  );
}
