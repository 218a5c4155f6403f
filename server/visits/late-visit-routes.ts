/** For the office: what visitors' phones sent after a stand was over, and admitting or declining it. */
import { z } from 'zod';
import { listSlotsByIds } from '../exhibitions/slots/slot-records.js';
import { seenField } from '../exhibitions/refuse-stale.js';
import { pagerOf } from '../http/pager.js';
import { idParams, listOf, pageQuery } from '../http/read-input.js';
import { done, page, routes, type PageAnswer, type FeatureRoutes, type AnyCall } from '../http/route.js';
import { listPeopleByIds } from '../people/people-records.js';
import { byId } from '../people/person.js';
import { decideLateVisit } from './decide-late-visit.js';
import { mayDecideLateVisit } from './late-visit.js';
import { listLateVisits, listVisitsOfDevices } from './late-visit-records.js';
import { deviceName } from './review-page.js';
import { isScored } from './visit.js';

const office = ['registrar', 'admin'] as const;
const lateVisit = z.object({
  visitId: z.string(),
  slotId: z.string(),
  name: z.string(),
  role: z.string(),
  studentName: z.string(),
  startsAt: z.string(),
  arrivedAt: z.string(),
  words: z.number().describe('How many prompts are answered.'),
  scored: z.boolean(),
  device: z.string().nullable().describe('The same for everything that was left from one device.'),
  sameDevice: z
    .number()
    .describe('How many other visits at this stand came from the same device; one of them counts at most.'),
  mayDecide: z.boolean().describe('False for one’s own visit: somebody else in the office decides.'),
});

async function latePage(call: AnyCall, asked: { page: number; perPage: number }): Promise<PageAnswer> {
  const { scope, actor, t } = call;
  const found = await listLateVisits(scope, asked.page, asked.perPage);
  const ids = <K extends 'slotId' | 'studentId'>(key: K) => [
    ...new Set(found.items.map((visit) => visit[key])),
  ];
  const [slots, students] = await Promise.all([
    listSlotsByIds(scope, ids('slotId')).then(byId),
    listPeopleByIds(scope, ids('studentId')).then(byId),
  ]);
  const devices = found.items.flatMap(({ device }) => device ?? []);
  const ofDevices = devices.length > 0 ? await listVisitsOfDevices(scope, ids('slotId'), devices) : [];
  const items = found.items.flatMap(({ id, slotId, name, role, studentId, personId, late, ...visit }) => {
    if (!late) return [];
    return [
      {
        ...{ visitId: id, slotId, name, role, studentName: students.get(studentId)?.displayName ?? '' },
        startsAt: (slots.get(slotId)?.startsAt ?? late.at).toISOString(),
        arrivedAt: late.at.toISOString(),
        words: late.feedback?.length ?? 0,
        scored: late.score !== undefined && isScored(late.score),
        device: visit.device ?? null,
        sameDevice: ofDevices.filter(
          (other) => other.id !== id && other.slotId === slotId && other.device === visit.device,
        ).length,
        mayDecide: mayDecideLateVisit(actor, { personId }),
      },
    ];
  });
  const title = t('visits.late.title');
  if (call.wantsJson) return page('visits/late', { ...found, items }, { title });
  return page(
    'visits/late',
    {
      items: items.map((item) => ({ ...item, deviceName: deviceName(item.device) })),
      pager: pagerOf(found, '/late-visits'),
    },
    { title, crumbs: [{ href: '/', label: t('common.nav.home') }] },
  );
}

export const lateVisitRoutes: FeatureRoutes = routes('visits');

lateVisitRoutes.get(
  '/late-visits',
  {
    summary:
      'What visitors left after their stand was over and the office has not decided on; says nothing of what it says',
    who: office,
    query: pageQuery,
    answer: listOf(lateVisit),
  },
  (call) => latePage(call, call.query),
);

lateVisitRoutes.post(
  '/visits/:id/late/decide',
  {
    summary:
      'Admit what a visitor left after the stand was over: it counts like any other visit, after publishing by a correction. Or decline it',
    who: office,
    params: idParams,
    body: z.object({
      decision: z.enum(['admit', 'decline']),
      arrivedAt: seenField('`arrivedAt` of the visit in GET /late-visits'),
    }),
    answer: z.object({ visitId: z.string(), state: z.enum(['admitted', 'declined']) }),
    again: (call) => latePage(call, { page: 1, perPage: 50 }),
  },
  async (call) => {
    const { scope, actor, context, params, body } = call;
    const isAdmitted = body.decision === 'admit';
    const visit = await decideLateVisit(context, scope, actor, params.id, {
      ...{ isAdmitted, seen: body.arrivedAt },
    });
    const state = isAdmitted ? ('admitted' as const) : ('declined' as const);
    return done(
      '/late-visits',
      { visitId: visit.id, state },
      { notice: `visits.notice.late-${state}`, noticeParams: { name: visit.name } },
    );
  },
);
