/**
 * What somebody was told of links for passwords: those for their own account one by one, an administrator's
 * in one line.
 */
import { listUnreadLinks } from '../access/password-link-records.js';
import { mayHaveTokens } from '../access/manage-tokens.js';
import type { HomeNeeds, HomePart } from './home.js';

/** So many are read; a school that adds its whole staff tells its administrators "more than". */
const MAX_READ = 50;

export async function passwordLinkHome({ actor, context, t }: HomeNeeds): Promise<HomePart> {
  if (!mayHaveTokens(actor)) return {};
  const links = await listUnreadLinks(context.db, actor.personId, MAX_READ);
  const merged = links.filter((link) => link.merged);
  const moved = links.filter((link) => link.moved);
  const made = links.filter((link) => !link.merged && !link.moved);
  const ownLinks = made.filter(({ personId }) => personId === actor.personId);
  // An invitation is how everybody begins. It is told when somebody has made a second link, with which the
  // first may have been misused.
  const own = ownLinks.some(({ replaces }) => replaces) ? ownLinks : [];
  const others = made.filter(({ personId }) => personId !== actor.personId);
  const href = '/password-links';
  return {
    notices: [
      ...merged.map(({ createdByName: name, personId, personName: person }) => ({
        text: t(personId === actor.personId ? 'home.links.own-merged' : 'home.links.merged', {
          name,
          person,
        }),
        href,
      })),
      ...moved.map(({ createdByName: name, personId, personName: person }) => ({
        text: t(personId === actor.personId ? 'home.links.own-moved' : 'home.links.moved', { name, person }),
        href,
      })),
      ...own.map(({ createdByName, usedAt }) => ({
        text: t(usedAt ? 'home.links.own-used' : 'home.links.own', { name: createdByName }),
        href,
      })),
      ...(others.length === 1
        ? [
            {
              text: t('home.links.other', { name: others[0]!.createdByName, person: others[0]!.personName }),
              href,
            },
          ]
        : []),
      ...(others.length > 1
        ? [
            {
              text: t(links.length < MAX_READ ? 'home.links.others' : 'home.links.many', {
                count: others.length,
              }),
              href,
            },
          ]
        : []),
    ],
  };
}
