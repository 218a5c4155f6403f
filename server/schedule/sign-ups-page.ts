/**
 * The page of those who plan an exhibition: its sign-up link, and who signed up by it, with what has to be
 * decided. Also its JSON.
 */
import { z } from 'zod';
import { roleNames, runsSchool } from '../access/actor.js';
import type { Page } from '../db/database.js';
import { getExhibition } from '../exhibitions/exhibition-records.js';
import { mayPlan } from '../exhibitions/exhibition.js';
import { checkPlanner } from '../exhibitions/planners/planners.js';
import { pagerOf } from '../http/pager.js';
import { page, type PageAnswer, type AnyCall } from '../http/route.js';
import { hoursWords } from '../people/hours-words.js';
import { listPeopleByIds } from '../people/people-records.js';
import { byId, type Person } from '../people/person.js';
import { somebodyElse } from './accept-sign-up.js';
import { findSamePeople } from './find-same-people.js';
import { findSignUpLink } from './sign-up-link-records.js';
import { listSignUps } from './sign-up-records.js';
import { timesKnown } from './sign-up-times.js';
import { SIGN_UPS_PER_PAGE, signUpStates, type SignUp, type SignUpState } from './sign-up.js';

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
  samePeople: z
    .array(z.object({ id: z.string(), name: z.string(), roles: z.array(z.enum(roleNames)) }))
    .describe('While it waits: who at the school has this name and address. Accepting then needs `person`.'),
  createdAt: z.string(),
  changedAt: z.string().describe('When its guest changed it last: the `seen` of every decision.'),
});
type SignUpView = z.output<typeof signUpAnswer>;

export const signUpsAnswer = z.object({
  exhibitionId: z.string(),
  link: z.object({ state: z.enum(['none', 'works', 'ended']), madeAt: z.string().nullable() }),
  counts: z.object({
    ...{ waiting: z.number(), accepted: z.number(), declined: z.number() },
    withdrawn: z.number().describe('Accepted guests who have withdrawn, until somebody has dismissed it.'),
  }),
  pages: z
    .object({ page: z.number(), pages: z.number(), perPage: z.number(), total: z.number() })
    .describe('Each page has up to `perPage` sign-ups of each state.'),
  signUps: z.array(signUpAnswer),
});

const viewOf = (
  signUp: SignUp,
  known: { person: Person | null; samePeople: readonly Person[] },
  readsWords: boolean,
): SignUpView => {
  const { hours, away, most, speaks, interprets } = timesKnown(signUp, known.person);
  return {
    ...{ id: signUp.id, state: signUp.state, organisation: signUp.organisation },
    // Nothing else is kept of whoever has withdrawn, so it is the name by which the school knows them.
    name: signUp.state === 'withdrawn' ? (known.person?.displayName ?? signUp.name) : signUp.name,
    ...{ email: signUp.email, hours, away, most, speaks, interprets },
    declaresConflict: signUp.conflictWords !== '',
    conflictWords: readsWords ? signUp.conflictWords : '',
    personId: signUp.personId,
    samePeople: known.samePeople.map(({ id, displayName: name, roles }) => ({ id, name, roles })),
    createdAt: signUp.createdAt.toISOString(),
    changedAt: signUp.changedAt.toISOString(),
  };
};

/** Up to a page of each state, those that wait first. */
async function readPage(call: AnyCall, exhibitionId: string, number: number) {
  const { scope } = call;
  const lists = await Promise.all(
    signUpStates.map((state) => listSignUps(scope, exhibitionId, state, number)),
  );
  const of = (state: SignUpState): Page<SignUp> => lists[signUpStates.indexOf(state)]!;
  const [waiting, accepted, withdrawn] = [of('waiting'), of('accepted'), of('withdrawn')];
  const ids = [...accepted.items, ...withdrawn.items].flatMap(({ personId }) => personId ?? []);
  const [people, same] = await Promise.all([
    listPeopleByIds(scope, ids).then(byId),
    Promise.all(waiting.items.map((each) => findSamePeople(scope, each))),
  ]);
  const readsWords = runsSchool(call.actor);
  const signUps = lists.flatMap((list) =>
    list.items.map((each, at) => {
      const person = each.personId === null ? null : (people.get(each.personId) ?? null);
      const samePeople = list === waiting ? same[at]! : [];
      return {
        ...{ kept: each.declinedAt != null },
        view: viewOf(each, { person, samePeople }, readsWords),
      };
    }),
  );
  return {
    counts: {
      ...{ waiting: waiting.total, accepted: accepted.total, declined: of('declined').total },
      withdrawn: withdrawn.total,
    },
    signUps,
    pages: {
      ...{ page: number, perPage: SIGN_UPS_PER_PAGE },
      pages: Math.max(...lists.map(({ pages }) => pages)),
      total: lists.reduce((sum, { total }) => sum + total, 0),
    },
  };
}

/** @param number of the page; 1 is the first */
export async function signUpsPage(call: AnyCall, exhibitionId: string, number = 1): Promise<PageAnswer> {
  const { scope, actor, t } = call;
  const exhibition = await getExhibition(scope, exhibitionId);
  checkPlanner(actor, exhibition);
  const [link, found] = await Promise.all([
    findSignUpLink(scope, exhibitionId),
    readPage(call, exhibitionId, number),
  ]);
  const { counts, pages } = found;
  const linkState = link ? (link.endedAt ? 'ended' : 'works') : 'none';
  const view: z.output<typeof signUpsAnswer> = {
    exhibitionId,
    link: { state: linkState, madeAt: link?.madeAt.toISOString() ?? null },
    ...{ counts, pages, signUps: found.signUps.map((each) => each.view) },
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
      pager: pagerOf({ ...pages, items: [] }, `/exhibitions/${exhibitionId}/sign-ups`),
      groups: signUpStates.flatMap((state) => {
        const own = found.signUps.filter((each) => each.view.state === state);
        if (own.length === 0) return [];
        const label = t(`schedule.sign-ups.state-${state}`, { count: counts[state] });
        const signUps = own.map((each) => lineOf(call, each, isPlannable));
        return [{ state, label, signUps, many: manyOf(call, state, own) }];
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

interface Listed {
  view: SignUpView;
  /** What they wrote is still there. */
  kept: boolean;
}

function lineOf({ t, locale }: AnyCall, { view, kept }: Listed, isPlannable: boolean) {
  const { state, hours, most, samePeople } = view;
  const times = view.away
    ? t('schedule.sign-ups.away')
    : hours.map((line) => hoursWords(line, { locale, t })).join('; ') || t('schedule.sign-ups.any-time');
  return {
    ...view,
    line: [view.organisation ?? '', view.email ?? ''].filter((part) => part !== '').join(' · '),
    times: state === 'withdrawn' || (state === 'declined' && !kept) ? '' : times,
    mostWords: state === 'withdrawn' || most === null ? '' : t('schedule.sign-ups.most', { count: most }),
    mayDismiss: state === 'withdrawn',
    languages: [...new Set([...view.speaks, ...view.interprets])].join(', '),
    mayDecline: state === 'waiting',
    mayAccept: state === 'waiting' && isPlannable,
    mayReconsider: state === 'declined' && kept,
    whoOptions:
      samePeople.length === 0
        ? null
        : [
            ...samePeople.map(({ id, name, roles }) => ({
              value: id,
              label: t('schedule.sign-ups.same', { name }),
              help: roles.map((role) => t(`common.role.${role}`)).join(', '),
            })),
            { value: somebodyElse, label: t('schedule.sign-ups.somebody-else'), help: '' },
          ],
  };
}

/** With how many of this page something can be done at once; null where there are too few. */
function manyOf({ t }: AnyCall, state: SignUp['state'], own: readonly Listed[]) {
  const able = own.filter(({ kept }) => state === 'waiting' || (state === 'declined' && kept));
  if (able.length < 2) return null;
  const verb = state === 'waiting' ? 'decline' : 'reconsider';
  const options = able.map(({ view: { id, changedAt, name, organisation } }) => ({
    value: `${id}@${changedAt}`,
    ...{ label: name, help: organisation ?? '' },
  }));
  return {
    ...{ verb, options },
    title: t(`schedule.sign-ups.many.${verb}.title`),
    chosen: t(`schedule.sign-ups.many.${verb}.chosen`),
    all: t(`schedule.sign-ups.many.${verb}.all`, { count: able.length }),
  };
}
