/** Who signed up for an exhibition by its link, for those who plan it: the link itself, and accepting or declining. */
import { z } from 'zod';
import { seenField } from '../exhibitions/refuse-stale.js';
import { originOf } from '../http/origin.js';
import { idParams, pageQuery, several, text } from '../http/read-input.js';
import { done, page, routes, type Call } from '../http/route.js';
import { qrSvg } from '../rendering/qr.js';
import { addressWarning } from '../school/shared-address.js';
import { acceptSignUp } from './accept-sign-up.js';
import { declineSignUp, declineSignUps, declineVerbs, type DeclineVerb } from './decline-sign-up.js';
import { endSignUpLink, makeSignUpLink } from './make-sign-up-link.js';
import { signUpsAnswer, signUpsPage } from './sign-ups-page.js';
import { signUpStates, type SignUp } from './sign-up.js';
import { dismissWithdrawn } from './withdraw-sign-up.js';

const planners = ['advisor', 'registrar', 'admin'] as const;
const signUpParams = idParams.extend({ signUpId: text(64) });

const seen = seenField('`changedAt` of the sign-up in GET /exhibitions/{id}/sign-ups');
const acceptBody = z.object({
  seen,
  person: z
    .string()
    .max(64)
    .nullish()
    .transform((value) => value || undefined)
    .describe(
      'Where the sign-up has `samePeople`: the id of the one who it is, or `new` for somebody else. 422 without it.',
    ),
});
/** `id@changedAt`: what the sender has read of it. */
const asRead = several(z.string().regex(/^[^@]{1,64}@[^@]{1,64}$/));
const manyBody = z.object({
  chosen: asRead.describe('`id@changedAt` of each. Those who have changed since stay as they are.'),
  // The form has a button for those who are ticked, and one for all that it lists.
  listed: asRead,
  which: z.enum(['chosen', 'listed']).default('chosen'),
});
const decidedAnswer = z.object({
  id: z.string(),
  state: z.enum(signUpStates),
  personId: z.string().nullable(),
});
const manyAnswer = z.object({
  done: z.number(),
  left: z
    .number()
    .describe('How many stayed as they are, as they have changed or were decided on meanwhile.'),
});

const summaryOf: Record<DeclineVerb, string> = {
  decline: 'Decline somebody who signed up; what they wrote is kept until the exhibition is closed',
  reconsider: 'Let somebody who was declined wait again',
};
const summaryOfMany: Record<DeclineVerb, string> = {
  decline: 'Decline many of those who signed up at once',
  reconsider: 'Let many of those who were declined wait again',
};

const decidedView = ({ id, state, personId }: SignUp) => ({ id, state, personId });

export const signUpsRoutes = routes('schedule');
const again = (call: Call<{ id: string }, unknown, unknown>) => signUpsPage(call, call.params.id);
const pathOf = ({ params }: { params: { id: string } }) => `/exhibitions/${params.id}/sign-ups`;

signUpsRoutes.get(
  '/exhibitions/:id/sign-ups',
  {
    summary: 'Who signed up for the panels of an exhibition by its link, and whether the link works',
    who: planners,
    params: idParams,
    query: pageQuery.pick({ page: true }),
    answer: signUpsAnswer,
  },
  (call) => signUpsPage(call, call.params.id, call.query.page),
);

signUpsRoutes.post(
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
    const any = call;
    const { exhibition, secret } = await makeSignUpLink(call.context, call.scope, call.actor, call.params.id);
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
      { title, status: 201, scripts: ['copy', 'print'] },
    );
  },
);

signUpsRoutes.post(
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
    return done(pathOf(call), { ended: true }, { notice: 'schedule.sign-ups.ended' });
  },
);

signUpsRoutes.post(
  '/exhibitions/:id/sign-ups/:signUpId/accept',
  {
    summary: 'Accept somebody who signed up: a guest whom the timetable of the exhibition may seat',
    who: planners,
    params: signUpParams,
    body: acceptBody,
    answer: decidedAnswer,
    again: async (call) => ({ ...(await again(call)), form: `${call.params.signUpId}-` }),
  },
  async (call) => {
    const { context, scope, actor, params, body } = call;
    const on = { signUpId: params.signUpId, seen: body.seen, person: body.person };
    const accepting = { clock: context.clock };
    const { signUp, withoutAddress } = await acceptSignUp(accepting, scope, actor, params.id, on);
    const notice = withoutAddress
      ? 'schedule.sign-ups.notice-without-address'
      : 'schedule.sign-ups.notice-accepted';
    return done(pathOf(call), decidedView(signUp), { notice, noticeParams: { name: signUp.name } });
  },
);

signUpsRoutes.post(
  '/exhibitions/:id/sign-ups/:signUpId/dismiss',
  {
    summary: 'Say that you have seen that an accepted guest has withdrawn; they are listed no more',
    who: planners,
    params: signUpParams,
    answer: z.object({ dismissed: z.literal(true) }),
    again,
  },
  async (call) => {
    const { context, scope, actor, params } = call;
    await dismissWithdrawn(context, scope, actor, params.id, params.signUpId);
    return done(pathOf(call), { dismissed: true }, { notice: 'schedule.sign-ups.dismissed' });
  },
);

for (const verb of declineVerbs) {
  signUpsRoutes.post(
    `/exhibitions/:id/sign-ups/:signUpId/${verb}`,
    {
      summary: summaryOf[verb],
      who: planners,
      params: signUpParams,
      body: z.object({ seen }),
      answer: decidedAnswer,
      again,
    },
    async (call) => {
      const { context, scope, actor, params, body } = call;
      const on = { signUpId: params.signUpId, seen: body.seen };
      const signUp = await declineSignUp(context, scope, actor, params.id, verb, on);
      const notice = `schedule.sign-ups.notice-${signUp.state}`;
      return done(pathOf(call), decidedView(signUp), { notice, noticeParams: { name: signUp.name } });
    },
  );

  signUpsRoutes.post(
    `/exhibitions/:id/sign-ups/${verb}`,
    {
      summary: summaryOfMany[verb],
      who: planners,
      params: idParams,
      body: manyBody,
      answer: manyAnswer,
      again: async (call) => ({ ...(await again(call)), form: `${verb}-` }),
    },
    async (call) => {
      const { context, scope, actor, params, body } = call;
      const all = body[body.which].map((each) => {
        const [signUpId, read] = each.split('@') as [string, string];
        return { signUpId, seen: read };
      });
      const result = await declineSignUps(context, scope, actor, params.id, verb, all);
      const notice =
        result.left > 0 ? `schedule.sign-ups.many.${verb}.some` : `schedule.sign-ups.many.${verb}.done`;
      const noticeParams = { count: result.done, left: result.left };
      return done(pathOf(call), result, { notice, noticeParams });
    },
  );
}
