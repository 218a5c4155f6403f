/**
 * Signing up without an account: the page behind the link of an exhibition, and that of one sign-up, by which
 * its guest changes it.
 */
import { z } from 'zod';
import { callerOf, type Caller } from '../access/device.js';
import { limitAttempts, slowDown } from '../access/limit-attempts.js';
import { AppError, InvalidInput, TooMany } from '../errors.js';
import { seenField } from '../exhibitions/refuse-stale.js';
import { setRetryAfter } from '../http/answer.js';
import { originOf } from '../http/origin.js';
import { optionalLine, optionalText, several, text } from '../http/read-input.js';
import { done, routes, type Answer, type AnyCall } from '../http/route.js';
import { protectSecretAddress } from '../http/secret-address.js';
import { newId } from '../ids.js';
import { attendanceFields, MAX_CONFLICT_WORDS, MAX_PANELS } from '../people/attendance.js';
import { clearHours } from '../people/clear-hours.js';
import { changeSignUp, signUp } from './change-sign-up.js';
import { openOwnSignUp, openOwnToWithdraw, openSignUpLink, type OpenedSignUp } from './open-sign-up.js';
import {
  closedPage,
  hoursToChoose,
  ownSignUpAnswer,
  ownSignUpPage,
  ownSignUpView,
  signUpPage,
  signUpPageAnswer,
  signUpWhenKinds,
  withdrawnPage,
} from './sign-up-page.js';
import { timesNow } from './sign-up-times.js';
import { cameFromOf, signUpsPerDevice, signUpsPerHour, signUpsPerSubnetAMinute } from './sign-up.js';
import { withdrawSignUp } from './withdraw-sign-up.js';

const secretParams = z.object({ secret: z.string().min(1).max(64) });

const email = z
  .union([z.literal(''), z.email({ error: 'common.problem.not-an-email' }).max(254)])
  .nullable()
  .transform((typed) => typed?.toLowerCase() || null);

const times = z.object({
  when: z.enum(signUpWhenKinds).default('these'),
  /** Values of `offered`. */
  days: several(z.string().max(60)),
  hours: attendanceFields.hours,
  most: z
    .preprocess(
      (value) => (value === '' || value === null ? undefined : value),
      z.coerce.number<number>().int().min(1).max(MAX_PANELS).optional(),
    )
    .transform((most) => most ?? null),
  speaks: attendanceFields.speaks,
  interprets: attendanceFields.interprets,
  conflictWords: optionalText(MAX_CONFLICT_WORDS),
});
const signUpBody = times.extend({
  when: z.enum(['always', 'these']).default('these'),
  name: text(120),
  organisation: optionalLine(120),
  email: email.default(null),
  /** Random words of the form: sent twice they mean one sign-up. */
  once: z.string().max(64).optional(),
});
const changeBody = times.extend({
  name: text(120).optional(),
  organisation: optionalLine(120).optional(),
  email: email.optional(),
  seen: seenField('`seen` of GET /my-sign-up/{secret}, once accepted'),
});

const needsOf = ({ context }: AnyCall) => ({ db: context.db, clock: context.clock });
const callerOfLink = (call: AnyCall): Caller =>
  callerOf(call.request, call.response, call.context.config.keyFor('device'));

/**
 * A link that takes nobody any more says so on a page of its own; programs get the error as always, and so
 * does a form: the page of a refused form still has what was typed.
 * @param withdrawAction where one's own sign-up is taken back, which is possible as long as it exists
 */
async function orClosedPage(
  call: AnyCall,
  work: () => Promise<Answer>,
  withdrawAction: string | null = null,
): Promise<Answer> {
  protectSecretAddress(call.response);
  try {
    return await work();
  } catch (error) {
    const isClosed = error instanceof AppError && error.messageKey.startsWith('schedule.sign-up.closed.');
    const isPaused = error instanceof TooMany;
    if (call.wantsJson || call.request.method !== 'GET' || !(isClosed || isPaused)) throw error;
    setRetryAfter(call.response, error);
    const messageKey = isClosed ? error.messageKey : 'schedule.sign-up.closed.paused';
    return closedPage(call, messageKey, error.status, error.status === 410 ? withdrawAction : null);
  }
}

/**
 * The lines that are meant, offered ones first.
 * @throws InvalidInput where somebody comes at certain times and says none, or at one that the clocks skip
 */
async function linesOf(
  call: AnyCall,
  opened: OpenedSignUp,
  said: Pick<z.output<typeof times>, 'when' | 'days' | 'hours'>,
  before: readonly string[] = [],
): Promise<string[]> {
  const { clock } = call.context;
  const others = clearHours(said.hours, { clock, zone: opened.school.timeZone, before }) ?? [];
  if (said.when === 'always') return [];
  const offered = new Set((await hoursToChoose(opened, clock.now())).map(({ value }) => value));
  const lines = [...new Set([...said.days.filter((each) => offered.has(each)), ...others])];
  if (said.when === 'these' && lines.length === 0)
    throw new InvalidInput([
      { field: offered.size > 0 ? 'days' : 'hours', message: 'schedule.availability.problem.no-hours' },
    ]);
  return lines;
}

/**
 * A whole assembly may sign up behind one address; one device, or devices that keep no cookie, sign up so
 * many. A new cookie is had for the asking, so a part of the network has a limit as well: nobody fills in a
 * minute what others need (`signUp` has the rest).
 */
async function limitSignUps(call: AnyCall, linkId: string): Promise<void> {
  const { db, clock } = needsOf(call);
  const { device, subnet } = callerOfLink(call);
  const whom = device === null ? `no device\n${subnet}\n${linkId}` : `device\n${device}`;
  const now = clock.now();
  const again = { message: 'schedule.sign-up.problem.too-many' };
  await limitAttempts(db, { what: 'sign-up', whom, most: signUpsPerDevice, seconds: 3600, ...again }, now);
  const around = { what: 'sign-up-subnet', whom: `${subnet}\n${linkId}`, most: signUpsPerSubnetAMinute };
  await limitAttempts(db, { ...around, seconds: 60, ...again }, now);
  await slowDown({ db, now }, { what: 'sign-up', whom: linkId, slowFrom: signUpsPerHour, seconds: 3600 });
}

export const signUpRoutes = routes('schedule');

signUpRoutes.get(
  '/sign-up/:secret',
  {
    summary: 'The sign-up page of an exhibition for guests without an account; names no student',
    who: 'anyone',
    params: secretParams,
    answer: signUpPageAnswer,
  },
  (call) => {
    const any = call;
    return orClosedPage(any, async () =>
      signUpPage(any, await openSignUpLink(needsOf(any), call.params.secret, callerOfLink(any))),
    );
  },
);

signUpRoutes.post(
  '/sign-up/:secret',
  {
    summary: 'Sign up for the panels of an exhibition; answers with the link to change it, shown once',
    who: 'anyone',
    params: secretParams,
    body: signUpBody,
    status: 201,
    answer: ownSignUpAnswer.extend({ changeUrl: z.string() }),
    again: async (call) => {
      const any = call;
      return signUpPage(any, await openSignUpLink(needsOf(any), call.params.secret, callerOfLink(any)));
    },
  },
  (call) => {
    const any = call;
    return orClosedPage(any, async () => {
      const { body, context } = call;
      const opened = await openSignUpLink(needsOf(any), call.params.secret, callerOfLink(any));
      const hours = await linesOf(any, opened, body);
      await limitSignUps(any, opened.link.id);
      const key = context.config.keyFor('pass');
      const { subnet } = callerOfLink(any);
      const made = await signUp(
        { clock: context.clock, key },
        opened.scope,
        opened.link,
        {
          ...{ hours, most: body.most, speaks: body.speaks ?? [], interprets: body.interprets ?? [] },
          ...{ name: body.name, organisation: body.organisation || null, email: body.email },
          conflictWords: body.conflictWords,
        },
        { once: body.once ?? newId(), cameFrom: cameFromOf(key, opened.link.id, subnet) },
      );
      const changeUrl = `${originOf(any)}/my-sign-up/${made.secret}`;
      return ownSignUpPage(any, opened, made.signUp, { changeUrl });
    });
  },
);

signUpRoutes.get(
  '/my-sign-up/:secret',
  {
    summary: 'What I said when I signed up by a link',
    who: 'anyone',
    params: secretParams,
    answer: ownSignUpAnswer,
  },
  (call) => {
    const any = call;
    const show = async () => {
      const opened = await openOwnSignUp(needsOf(any), call.params.secret, callerOfLink(any));
      return ownSignUpPage(any, opened, opened.signUp);
    };
    return orClosedPage(any, show, `/my-sign-up/${call.params.secret}/withdraw`);
  },
);

signUpRoutes.put(
  '/my-sign-up/:secret',
  {
    summary: 'Change what I said when I signed up by a link; {when: never}: I cannot come after all',
    who: 'anyone',
    params: secretParams,
    body: changeBody,
    answer: ownSignUpAnswer,
    alsoPost: true,
    again: async (call) => {
      const any = call;
      const opened = await openOwnSignUp(needsOf(any), call.params.secret, callerOfLink(any));
      return ownSignUpPage(any, opened, opened.signUp);
    },
  },
  (call) => {
    const any = call;
    return orClosedPage(any, async () => {
      const { body, params } = call;
      const opened = await openOwnSignUp(needsOf(any), params.secret, callerOfLink(any));
      const known = await timesNow(opened.scope, opened.signUp);
      const hours = await linesOf(any, opened, body, known.hours);
      const { name, organisation, most, conflictWords } = body;
      const changed = await changeSignUp(needsOf(any), opened.scope, opened.signUp.id, {
        ...{ hours, most, conflictWords, name, email: body.email },
        ...{ speaks: body.speaks ?? [], interprets: body.interprets ?? [] },
        organisation: organisation === undefined ? undefined : organisation || null,
        ...{ away: body.when === 'never', seen: body.seen },
      });
      const view = await ownSignUpView(any, opened, changed);
      return done(`/my-sign-up/${params.secret}`, view, { notice: 'schedule.sign-up.saved' });
    });
  },
);

signUpRoutes.post(
  '/my-sign-up/:secret/withdraw',
  {
    summary: 'Take back what I signed up with by a link, at any time; it is deleted',
    who: 'anyone',
    params: secretParams,
    answer: z.object({ withdrawn: z.literal(true) }),
  },
  (call) => {
    const any = call;
    return orClosedPage(any, async () => {
      const { scope, signUp: own } = await openOwnToWithdraw(
        needsOf(any),
        call.params.secret,
        callerOfLink(any),
      );
      await withdrawSignUp(needsOf(any), scope, own.id);
      return withdrawnPage(any);
    });
  },
);
