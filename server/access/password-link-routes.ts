/**
 * The one-time links for passwords: administrators see the school's, everybody those for their own account,
 * never a secret.
 */
import { z } from 'zod';
import { Forbidden } from '../errors.js';
import { pagerOf } from '../http/pager.js';
import { listOf, pageQuery } from '../http/read-input.js';
import { done, page, routes, type Call } from '../http/route.js';
import { hasRole } from './actor.js';
import type { PasswordLink } from './password-link.js';
import { listLinks, savePasswordLinksRead } from './password-link-records.js';
import { mayHaveTokens } from './manage-tokens.js';

export const passwordLinkRoutes = routes('access');

const everybody = ['advisor', 'registrar', 'admin', 'network', 'panelist', 'student', 'guardian'] as const;

const linkAnswer = z.object({
  id: z.string(),
  personName: z.string(),
  createdBy: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  usedAt: z.string().nullable(),
  state: z.enum(['used', 'open', 'expired', 'merged', 'moved']),
  own: z.boolean(),
});

const linkView = (link: PasswordLink, { actor, now }: { actor: Call['actor']; now: Date }) => ({
  id: link.id,
  personName: link.personName,
  createdBy: link.createdByName,
  createdAt: link.createdAt.toISOString(),
  expiresAt: link.expiresAt.toISOString(),
  usedAt: link.usedAt?.toISOString() ?? null,
  state: stateOf(link, now),
  own: link.personId === actor.personId,
});

function stateOf(link: PasswordLink, now: Date): z.output<typeof linkAnswer>['state'] {
  if (link.merged) return 'merged';
  if (link.moved) return 'moved';
  if (link.usedAt) return 'used';
  return link.expiresAt > now ? 'open' : 'expired';
}

passwordLinkRoutes.get(
  '/password-links',
  {
    summary: "Password links, newest first: the school's for administrators, one's own for everybody else",
    who: everybody,
    query: pageQuery,
    answer: listOf(linkAnswer),
  },
  async (call) => {
    const { actor, context, query } = call;
    if (!mayHaveTokens(actor)) throw new Forbidden();
    const of = hasRole(actor, 'admin') ? {} : { personId: actor.personId };
    const found = await listLinks(context.db, { schoolId: actor.schoolId, ...of }, query.page, query.perPage);
    const now = context.clock.now();
    return page(
      'access/password-links',
      {
        ...found,
        items: found.items.map((link) => linkView(link, { actor, now })),
        pager: pagerOf(found, '/password-links'),
      },
      { title: call.t('access.links.title') },
    );
  },
);

passwordLinkRoutes.post(
  '/password-links/read',
  {
    summary: 'I have read which password links were made',
    who: everybody,
    answer: z.object({ read: z.literal(true) }),
  },
  async (call) => {
    if (!mayHaveTokens(call.actor)) throw new Forbidden();
    await savePasswordLinksRead(call.context.db, call.actor.personId);
    return done('/', { read: true });
  },
);
