/**
 * The schools of one account: which there are, switching between them, and joining one more with the link of
 * its office.
 */
import { z } from 'zod';
import { appendAudit } from '../audit/append-audit.js';
import { inTransaction } from '../db/database.js';
import { NotFound } from '../errors.js';
import { wholeList } from '../http/pager.js';
import { listOf, localPath } from '../http/read-input.js';
import { done, page, routes, type Call, type FeatureRoutes } from '../http/route.js';
import { appendAccountAudit, chainOfAccount } from './account-audit.js';
import { findAccountOfPerson } from './account-records.js';
import { ownAccount } from './account-routes.js';
import type { Actor } from './actor.js';
import { acceptOffer, declineOffer, findOffer } from './join-school.js';
import type { PlacesOf } from './membership.js';
import { signInAccount } from './session.js';
import { findInvited } from './choose-password.js';
import { findOpenMembership, type PasswordNeeds } from './sign-in.js';
import { mayHaveTokens } from './manage-tokens.js';

export interface MembershipNeeds extends Pick<PasswordNeeds, 'accountFacts'> {
  placesOf: PlacesOf;
}

const everybody = ['advisor', 'registrar', 'admin', 'network', 'panelist', 'student', 'guardian'] as const;
const membershipAnswer = z.object({
  personId: z.string(),
  schoolId: z.string().nullable(),
  name: z.string(),
  about: z.string().describe('What tells it from others of the same name: where it is.'),
  roles: z.array(z.string()),
  state: z.enum(['current', 'open', 'closed', 'offered']),
  mayDecline: z.boolean().describe('Offered, and the owner of the account may say no.'),
});
const idOnly = z.object({ id: z.string().max(64) });
const secretParams = z.object({ secret: z.string().min(8).max(100) });

/** @param needs names and states of the places, which belong to features further on */
export function makeMembershipRoutes({ placesOf, accountFacts }: MembershipNeeds): FeatureRoutes {
  const membershipRoutes = routes('access');

  membershipRoutes.get(
    '/memberships',
    {
      summary: 'The schools and networks of my account, and those that offer a membership',
      who: everybody,
      answer: listOf(membershipAnswer),
    },
    async (call) => {
      const account = await ownAccount(call);
      const { db } = call.context;
      const parts = [...account.memberships, ...account.offers];
      const places = await placesOf(db, parts);
      const items = parts.flatMap((part) => {
        const place = places.get(part.personId);
        if (!place) return [];
        const { personId, schoolId } = part;
        const state =
          'offeredAt' in part
            ? 'offered'
            : personId === account.personId
              ? 'current'
              : place.closed
                ? 'closed'
                : 'open';
        // What only the office there can end is not offered to be declined.
        const mayDecline = 'offeredAt' in part && !part.kept;
        const { name, about, roles } = place;
        return [{ personId, schoolId, name, about, roles, state, mayDecline }];
      });
      const words = (roles: readonly string[]) =>
        roles.map((role) => call.t(`common.role.${role}`)).join(', ');
      return page(
        'access/memberships',
        wholeList(call.wantsJson ? items : items.map((item) => ({ ...item, roleWords: words(item.roles) }))),
        { title: call.t('access.memberships.title') },
      );
    },
  );

  membershipRoutes.post(
    '/memberships/:id/use',
    {
      summary: 'Go on in another school of my account; the id is the one of the person there',
      who: everybody,
      token: 'never',
      params: idOnly,
      body: z.object({ next: localPath }),
      answer: z.object({ personId: z.string(), schoolId: z.string().nullable() }),
    },
    async (call) => {
      const { db, clock } = call.context;
      const own = await ownAccount(call);
      const wanted = await findAccountOfPerson(db, call.params.id);
      if (!wanted || wanted.id !== own.id) throw new NotFound();
      const only = {
        ...wanted,
        memberships: wanted.memberships.filter(({ personId }) => personId === wanted.personId),
      };
      await findOpenMembership({ db, accountFacts }, only);
      await appendAccountAudit({ db }, clock, wanted, 'access.sign-in', { switched: true });
      await signInAccount(call.request, db, wanted, clock.now());
      return done(call.body.next, { personId: wanted.personId, schoolId: wanted.schoolId });
    },
  );

  membershipRoutes.post(
    '/memberships/:id/decline',
    {
      summary: 'Decline a membership that a school offers my account',
      who: everybody,
      token: 'never',
      params: idOnly,
      answer: z.object({ declined: z.literal(true) }),
    },
    async (call) => {
      const account = await ownAccount(call);
      await declineOffer({ db: call.context.db }, account.id, call.params.id);
      return done('/memberships', { declined: true }, { notice: 'access.notice.declined' });
    },
  );

  /** Who reads the page behind the link, and what they can do with it. */
  const joinPage = async (call: Pick<Call, 'context' | 'maybeActor' | 't'>, secret: string) => {
    const { context, maybeActor: visitor } = call;
    const found = await findOffer(context, secret);
    const own =
      visitor && mayHaveTokens(visitor) ? await findAccountOfPerson(context.db, visitor.personId) : null;
    const place = found ? (await placesOf(context.db, [found.offer])).get(found.offer.personId) : undefined;
    return page(
      'access/join',
      {
        name: place?.name ?? null,
        email: found?.account.email ?? null,
        mine: found !== null && own?.id === found.account.id,
        other: own !== null && own.id !== found?.account.id,
        hasPassword: found?.account.passwordHash != null,
        secret,
      },
      { title: call.t('access.join.title'), status: place ? 200 : 404 },
    );
  };

  membershipRoutes.get(
    '/join/:secret',
    {
      summary: 'Page behind the one-time link of a school: join it with the account there is',
      who: 'anyone',
      params: secretParams,
    },
    async (call) => {
      call.response.setHeader('Referrer-Policy', 'no-referrer');
      const { secret } = call.params;
      // What the account was used for before is gone: its owner chooses a password, and is in.
      if (
        !(await findOffer(call.context, secret)) &&
        (await findInvited(call.context.db, call.context.clock, secret))
      )
        return done(`/set-password/${secret}`, { setPasswordPath: `/set-password/${secret}` });
      return joinPage(call, secret);
    },
  );

  membershipRoutes.post(
    '/join/:secret',
    {
      summary: 'Accept the membership that the link is for; the account goes on there',
      who: everybody,
      token: 'never',
      params: secretParams,
      answer: z.object({ personId: z.string(), schoolId: z.string().nullable() }),
      limit: { name: 'join', failures: 30, seconds: 900 },
    },
    async (call) => {
      const { db, clock } = call.context;
      const account = await ownAccount(call);
      const accepted = await inTransaction({ db }, async (inside) => {
        const joined = await acceptOffer(call.context, account, call.params.secret, inside);
        const { personId } = joined;
        const chain = chainOfAccount(inside, joined);
        await appendAudit(chain, clock, actorIn(call.actor, personId), 'access.join', {
          kind: 'person',
          id: personId,
        });
        return joined;
      });
      await signInAccount(call.request, db, accepted, clock.now());
      const { personId, schoolId } = accepted;
      return done('/', { personId, schoolId }, { notice: 'access.notice.joined' });
    },
  );

  return membershipRoutes;
}

const actorIn = ({ via }: Actor, personId: string): Pick<Actor, 'personId' | 'via'> => ({ personId, via });
