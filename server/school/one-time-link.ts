/** The page with a one-time link that a network's staff have made: whose it is, and what to do with it. */
import { z } from 'zod';
import { originOf } from '../http/origin.js';
import { done, page, type Answer, type Call } from '../http/route.js';
import { addressWarning } from './shared-address.js';
import type { SchoolView } from './school-view.js';

export const schoolLinkAnswer = z.object({ setPasswordPath: z.string() });

export interface OneTimeLink {
  /** Of the link, e.g. `/set-password/…`, or `/join/…` for somebody who has an account already. */
  setPasswordPath: string;
  /** Whose link it is. */
  person: string;
  /** The school or network that they look after then. */
  place: string;
  /** A school that was created with it. */
  school?: SchoolView;
  /** Where the page leads on. */
  back: string;
}

/** The secret of the link is in this answer only, so there is no redirect to a page that could not show it. */
export async function schoolLinkPage(
  call: Pick<Call, 't' | 'wantsJson' | 'context' | 'request' | 'actor'>,
  { setPasswordPath, person, place, school, back }: OneTimeLink,
): Promise<Answer> {
  const view = { setPasswordPath, ...(school ? { school } : {}) };
  if (call.wantsJson) return done(back, view, { status: 201 });
  return page(
    'school/network-link',
    {
      ...{ person, place, back, kind: linkKind(setPasswordPath, school !== undefined) },
      link: `${originOf(call)}${setPasswordPath}`,
      addressWarning: await addressWarning(call, 'link'),
    },
    {
      title: call.t('common.link.title', { name: person }),
      status: 201,
      crumbs: [{ href: '/network/schools', label: call.t('school.network.title') }],
      scripts: ['copy'],
    },
  );
}

/** Which words say what to do with the link. */
const linkKind = (path: string, isNewSchool: boolean): string =>
  `${path.startsWith('/join/') ? 'join' : 'password'}${isNewSchool ? '-new' : ''}`;
