/**
 * The pages of guests who sign up by a link: the form, their own sign-up, and what a link says that takes
 * nobody any more. No student is named.
 */
import { z } from 'zod';
import type { Actor } from '../access/actor.js';
import { timeText } from '../exhibitions/day-and-time.js';
import { page, type PageAnswer, type AnyCall } from '../http/route.js';
import { newId } from '../ids.js';
import { momentsOf, readHours } from '../people/hours.js';
import { hoursWords } from '../people/hours-words.js';
import { qrSvg } from '../rendering/qr.js';
import type { OpenedSignUp } from './open-sign-up.js';
import { findSchedule } from './schedule-records.js';
import { seenOfSignUp, timesNow } from './sign-up-times.js';
import { signUpStates, type SignUp } from './sign-up.js';

/** `never` is for those who have signed up and cannot come after all. */
export const signUpWhenKinds = ['always', 'these', 'never'] as const;

export const signUpPageAnswer = z.object({
  schoolName: z.string(),
  exhibitionTitle: z.string(),
  place: z.string(),
  offered: z
    .array(z.object({ value: z.string(), startsAt: z.string(), endsAt: z.string() }))
    .describe('Hours that are planned and not over.'),
});

export const ownSignUpAnswer = signUpPageAnswer.extend({
  state: z.enum(signUpStates),
  name: z.string(),
  organisation: z.string().nullable(),
  email: z.string().nullable(),
  when: z.enum(signUpWhenKinds),
  days: z.array(z.string()).describe('Values of `offered`.'),
  hours: z.array(z.string()).describe('Hours beside those that are offered.'),
  most: z.number().nullable(),
  speaks: z.array(z.string()),
  interprets: z.array(z.string()),
  conflictWords: z.string().describe('Empty once the school sees to it.'),
  seen: z.string().describe('For the change: what it is a change of.'),
});

interface Offered {
  value: string;
  from: number;
  until: number;
}

/** The hours of this exhibition that are not over, earliest first. */
export async function hoursToChoose(
  { scope, school, exhibition }: OpenedSignUp,
  now: Date,
): Promise<Offered[]> {
  const schedule = await findSchedule(scope, exhibition.id);
  return (schedule?.days ?? [])
    .flatMap((value) => {
      const read = readHours(value);
      const [span] = read?.date ? momentsOf([read], [read.date], school.timeZone) : [];
      return span && span.until > now.getTime() ? [{ value, ...span }] : [];
    })
    .sort((a, b) => a.from - b.from);
}

async function viewOf(call: AnyCall, opened: OpenedSignUp) {
  const offered = await hoursToChoose(opened, call.context.clock.now());
  const view: z.output<typeof signUpPageAnswer> = {
    schoolName: opened.school.name,
    exhibitionTitle: opened.exhibition.title,
    place: opened.exhibition.place,
    offered: offered.map(({ value, from, until }) => ({
      value,
      startsAt: new Date(from).toISOString(),
      endsAt: new Date(until).toISOString(),
    })),
  };
  // Nobody is signed in, so the page does not know the school's zone by itself.
  const clock = (at: number) => timeText(new Date(at), opened.school.timeZone, call.locale);
  const day = (at: number) =>
    new Intl.DateTimeFormat(call.locale, {
      ...{ weekday: 'long', month: 'long', day: 'numeric', timeZone: opened.school.timeZone },
    }).format(at);
  const options = offered.map(({ value, from, until }) => ({
    value,
    label: `${day(from)}, ${clock(from)} – ${clock(until)}`,
  }));
  return { view, options };
}

const whenOptions = (call: AnyCall, kinds: readonly (typeof signUpWhenKinds)[number][]) =>
  kinds.map((value) => ({ value, label: call.t(`schedule.sign-up.when-${value}`) }));

const titleOf = (call: AnyCall) => call.t('schedule.sign-up.title');

const isOfSchool = ({ schoolId, seatIds }: Actor, { school }: OpenedSignUp): boolean =>
  schoolId === school.id && seatIds === null;

/** The form for somebody new. */
export async function signUpPage(call: AnyCall, opened: OpenedSignUp): Promise<PageAnswer> {
  const { view, options } = await viewOf(call, opened);
  const title = titleOf(call);
  if (call.wantsJson) return page('schedule/sign-up', view, { title, layout: 'bare' });
  return page(
    'schedule/sign-up',
    {
      ...view,
      options,
      whenOptions: whenOptions(call, ['always', 'these']),
      form: { when: options.length > 0 ? 'these' : 'always', chosen: [] },
      once: newId(),
      asksName: true,
      // Whoever has an account says it there, and comes to be two people otherwise.
      signedInAs: call.maybeActor && isOfSchool(call.maybeActor, opened) ? call.maybeActor.name : null,
    },
    { title, layout: 'bare' },
  );
}

async function readOwn(call: AnyCall, opened: OpenedSignUp, signUp: SignUp) {
  const { view, options } = await viewOf(call, opened);
  const known = new Set(options.map(({ value }) => value));
  const { state, name, organisation, email, conflictWords } = signUp;
  const times = await timesNow(opened.scope, signUp);
  const { hours, most, speaks, interprets, away } = times;
  const own: z.output<typeof ownSignUpAnswer> = {
    ...view,
    ...{ state, name, organisation, email, speaks, interprets, conflictWords },
    // The office says 0 of somebody who cannot come.
    most: most === 0 ? null : most,
    when: away || most === 0 ? 'never' : hours.length > 0 ? 'these' : 'always',
    days: hours.filter((line) => known.has(line)),
    hours: hours.filter((line) => !known.has(line)),
    seen: seenOfSignUp(times),
  };
  return { own, options };
}

/** What programs get after a change. */
export const ownSignUpView = async (call: AnyCall, opened: OpenedSignUp, signUp: SignUp) =>
  (await readOwn(call, opened, signUp)).own;

/** What somebody said, with the form to change it. @param made just now: with the link, which is shown this once */
export async function ownSignUpPage(
  call: AnyCall,
  opened: OpenedSignUp,
  signUp: SignUp,
  made: { changeUrl: string } | null = null,
): Promise<PageAnswer> {
  const { own, options } = await readOwn(call, opened, signUp);
  const frame = { title: titleOf(call), status: made ? 201 : 200, layout: 'bare' };
  if (call.wantsJson) return page('schedule/my-sign-up', { ...own, ...made }, frame);
  return page(
    made ? 'schedule/signed-up' : 'schedule/my-sign-up',
    {
      ...own,
      ...(made ? { ...made, qrHtml: await qrSvg(made.changeUrl) } : {}),
      options,
      whenOptions: whenOptions(call, signUpWhenKinds),
      form: {
        ...own,
        chosen: own.days,
        hours: own.hours
          .map((line) => hoursWords(line, { locale: call.locale, t: call.t, withYear: true }))
          .join('\n'),
        ...{ most: own.most ?? '' },
        ...{ speaks: own.speaks.join(', '), interprets: own.interprets.join(', ') },
      },
      asksName: own.state === 'waiting',
      withdrawAction: made ? null : `${call.request.path}/withdraw`,
      stateWords: call.t(`schedule.sign-up.state-${own.state}`),
    },
    { ...frame, scripts: made ? ['copy'] : [] },
  );
}

/** @param messageKey why the link takes nobody @param withdrawAction null where there is nothing to take back */
export const closedPage = (
  call: AnyCall,
  messageKey: string,
  status: number,
  withdrawAction: string | null,
): PageAnswer =>
  page(
    'schedule/sign-up-closed',
    { message: call.t(messageKey), withdrawAction },
    { title: call.t('schedule.sign-up.closed.title'), status, layout: 'bare' },
  );

export const withdrawnPage = (call: AnyCall): PageAnswer =>
  call.wantsJson
    ? page('schedule/sign-up-closed', { withdrawn: true }, { title: '' })
    : closedPage(call, 'schedule.sign-up.withdrawn', 200, null);
