/** Who signed up for an exhibition by its link, for those who plan it: the link itself, and accepting or declining. */
import { z } from 'zod';
import { runsSchool } from '../access/actor.js';
import { getExhibition } from '../exhibition/exhibition-records.js';
import { mayPlan } from '../exhibition/exhibition.js';
import { checkPlanner } from '../exhibition/planners.js';
import { seenField } from '../exhibition/refuse-stale.js';
import { originOf } from '../http/origin.js';
import { idParams, text } from '../http/read-input.js';
import { done, page, routes, type PageAnswer, type RoomRoutes } from '../http/route.js';
import { listPeopleByIds } from '../people/people-records.js';
import { byId } from '../people/person.js';
import { qrSvg } from '../rendering/qr.js';
import { addressWarning } from '../school/shared-address.js';
import type { AnyCall } from './availability-page.js';
import { acceptSignUp, declineSignUp, type DecideNeeds } from './decide-sign-up.js';
import { endSignUpLink, makeSignUpLink } from './make-sign-up-link.js';
import { findSignUpLink } from './sign-up-link-records.js';
import { listSignUps } from './sign-up-records.js';
import { timesKnown, type TimesNow } from './sign-up-times.js';
import { signUpStates, type SignUp } from './sign-up.js';

const planners = ['advisor', 'registrar', 'admin'] as const;
const signUpParams = idParams.extend({ signUpId: text(64) });

const signUpAnswer = z.object({
  id: z.string(),
  state: z.enum(signUpStates),
  name: z.string(),
  organisation: z.string().nullable(),
  email: z.string().nullable(),
  hours: z.array(z.string()).describe('Empty: at any time.'),
  away: z.boolean(),
  most: z.number().nullable(),
  speaks: z.array(z.string()),
  interprets: z.array(z.string()),
  declaresConflict: z.boolean(),
  conflictWords: z.string().describe('For the office alone.'),
  personId: z.string().nullable(),
  createdAt: z.string(),
  changedAt: z.string().describe('When its guest changed it last: the `seen` of accepting and declining.'),
});
const decideBody = z.object({
  seen: seenField('`changedAt` of the sign-up in GET /exhibitions/{id}/sign-ups'),
});
const signUpsAnswer = z.object({
  exhibitionId: z.string(),
  link: z.object({ state: z.enum(['none', 'works', 'ended']), madeAt: z.string().nullable() }),
  signUps: z.array(signUpAnswer),
});
const decidedAnswer = z.object({
  id: z.string(),
  state: z.enum(signUpStates),
  personId: z.string().nullable(),
});

const viewOf = (
  signUp: SignUp,
  { hours, away, most, speaks, interprets }: TimesNow,
  readsWords: boolean,
): z.output<typeof signUpAnswer> => ({
  ...{ id: signUp.id, state: signUp.state, name: signUp.name, organisation: signUp.organisation },
  ...{ email: signUp.email, hours, away, most, speaks, interprets },
  declaresConflict: signUp.conflictWords !== '',
  conflictWords: readsWords ? signUp.conflictWords : '',
  personId: signUp.personId,
  createdAt: signUp.createdAt.toISOString(),
  changedAt: signUp.changedAt.toISOString(),
});

async function signUpsPage(call: AnyCall, exhibitionId: string): Promise<PageAnswer> {
  const { scope, actor, t } = call;
  const exhibition = await getExhibition(scope, exhibitionId);
  checkPlanner(actor, exhibition);
  const [link, signUps] = await Promise.all([
    findSignUpLink(scope, exhibitionId),
    listSignUps(scope, exhibitionId),
  ]);
  const people = byId(
    await listPeopleByIds(
      scope,
      signUps.flatMap(({ personId }) => personId ?? []),
    ),
  );
  const linkState = link ? (link.endedAt ? 'ended' : 'works') : 'none';
  const view: z.output<typeof signUpsAnswer> = {
    exhibitionId,
    link: { state: linkState, madeAt: link?.madeAt.toISOString() ?? null },
    signUps: signUps.map((each) => {
      const person = each.personId === null ? undefined : people.get(each.personId);
      return viewOf(each, timesKnown(each, person ?? null), runsSchool(actor));
    }),
  };
  const title = t('schedule.sign-ups.title');
  if (call.wantsJson) return page('schedule/sign-ups', view, { title });
  const isPlannable = mayPlan(exhibition) && exhibition.format === 'panel';
  return page(
    'schedule/sign-ups',
    {
      ...view,
      linkWords: t(`schedule.sign-ups.link-${linkState}`),
      makeWords: linkState === 'none' ? t('schedule.sign-ups.make') : t('schedule.sign-ups.renew'),
      mayMake: isPlannable,
      mayEnd: linkState === 'works',
      groups: signUpStates.flatMap((state) => {
        const own = view.signUps.filter((each) => each.state === state);
        if (own.length === 0) return [];
        return [
          {
            state,
            label: t(`schedule.sign-ups.state-${state}`, { count: own.length }),
            signUps: own.map((each) => ({
              ...each,
              line: [each.organisation ?? '', each.email ?? ''].filter((part) => part !== '').join(' · '),
              times:
                state === 'declined'
                  ? ''
                  : each.away
                    ? t('schedule.sign-ups.away')
                    : each.hours.join(', ') || t('schedule.sign-ups.any-time'),
              mostWords: each.most === null ? '' : t('schedule.sign-ups.most', { count: each.most }),
              languages: [...each.speaks, ...each.interprets]
                .filter((name, at, all) => all.indexOf(name) === at)
                .join(', '),
              mayDecide: state === 'waiting',
              mayAccept: state === 'waiting' && isPlannable,
            })),
          },
        ];
      }),
    },
    {
      title,
      crumbs: [
        { href: '/exhibitions', label: t('exhibition.list.title') },
        { href: `/exhibitions/${exhibitionId}`, label: exhibition.title },
        { href: `/exhibitions/${exhibitionId}/schedule`, label: t('schedule.settings.title') },
      ],
    },
  );
}

/** @param needs the writing of a guest's record, which is the people's own */
export function makeSignUpsRoutes(needs: Omit<DecideNeeds, 'clock'>): RoomRoutes {
  const room = routes('schedule');
  const again = (call: { params: { id: string } }) => signUpsPage(call as unknown as AnyCall, call.params.id);

  room.get(
    '/exhibitions/:id/sign-ups',
    {
      summary: 'Who signed up for the panels of an exhibition by its link, and whether the link works',
      who: planners,
      params: idParams,
      answer: signUpsAnswer,
    },
    again,
  );

  room.post(
    '/exhibitions/:id/sign-up-link',
    {
      summary: 'Make or renew the sign-up link of an exhibition, shown once; an older one stops working',
      who: planners,
      params: idParams,
      status: 201,
      answer: z.object({ signUpUrl: z.string() }),
      again,
    },
    async (call) => {
      const any = call as unknown as AnyCall;
      const { exhibition, secret } = await makeSignUpLink(
        call.context,
        call.scope,
        call.actor,
        call.params.id,
      );
      const view = { signUpUrl: `${originOf(any)}/sign-up/${secret}` };
      const title = call.t('schedule.sign-ups.made-title');
      if (call.wantsJson) return page('schedule/sign-up-link', view, { title, status: 201 });
      return page(
        'schedule/sign-up-link',
        {
          ...view,
          exhibitionId: exhibition.id,
          exhibitionTitle: exhibition.title,
          place: exhibition.place,
          addressWarning: await addressWarning(any, 'codes'),
          qrHtml: await qrSvg(view.signUpUrl),
        },
        { title, status: 201, scripts: ['copy'] },
      );
    },
  );

  room.post(
    '/exhibitions/:id/sign-up-link/end',
    {
      summary: 'Nobody new signs up by the link any more; who has signed up can still change it',
      who: planners,
      params: idParams,
      answer: z.object({ ended: z.literal(true) }),
      again,
    },
    async (call) => {
      await endSignUpLink(call.context, call.scope, call.actor, call.params.id);
      const back = `/exhibitions/${call.params.id}/sign-ups`;
      return done(back, { ended: true }, { notice: 'schedule.sign-ups.ended' });
    },
  );

  for (const verb of ['accept', 'decline'] as const)
    room.post(
      `/exhibitions/:id/sign-ups/:signUpId/${verb}`,
      {
        summary:
          verb === 'accept'
            ? 'Accept somebody who signed up: a guest whom the timetable of the exhibition may seat'
            : 'Decline somebody who signed up; their hours, address and words are deleted',
        who: planners,
        params: signUpParams,
        body: decideBody,
        answer: decidedAnswer,
        again,
      },
      async (call) => {
        const { context, scope, actor, params, body } = call;
        const act = verb === 'accept' ? acceptSignUp : declineSignUp;
        const decided = await act({ ...needs, clock: context.clock }, scope, actor, {
          ...{ exhibitionId: params.id, signUpId: params.signUpId, seen: body.seen },
        });
        const { id, state, personId, name } = decided;
        return done(
          `/exhibitions/${params.id}/sign-ups`,
          { id, state, personId },
          { notice: `schedule.sign-ups.notice-${state}`, noticeParams: { name } },
        );
      },
    );
  return room;
}
