/** The page with the one-time link that the office has made for somebody. */
import { z } from 'zod';
import { originOf } from '../http/origin.js';
import { done, page, type Answer, type Call } from '../http/route.js';
import { addressWarning } from '../school/shared-address.js';
import { personAnswer } from './people-view.js';

export const linkAnswer = z.object({
  person: personAnswer,
  setPasswordPath: z
    .string()
    .nullable()
    .describe(
      'Path of the one-time link. It begins with /join/ where the address has an account at another school.',
    ),
});

/** The secret of the link is in this answer only, so there is no redirect to a page that could not show it. */
export async function linkPage(
  call: Pick<Call, 't' | 'wantsJson' | 'context' | 'request' | 'actor'>,
  view: z.output<typeof linkAnswer>,
): Promise<Answer> {
  if (call.wantsJson || !view.setPasswordPath)
    return done(`/people/${view.person.id}`, view, {
      status: 201,
      notice: view.person.email ? 'people.notice.added' : 'people.notice.added-no-sign-in',
      noticeParams: { name: view.person.displayName },
    });
  const link = `${originOf(call)}${view.setPasswordPath}`;
  return page(
    'people/set-password-link',
    {
      ...view,
      ...{ link, addressWarning: await addressWarning(call, 'link') },
      kind: view.setPasswordPath.startsWith('/join/') ? 'joins' : 'intro',
    },
    {
      title: call.t('common.link.title', { name: view.person.displayName }),
      crumbs: [{ href: '/people', label: call.t('people.people.title') }],
      status: 201,
      scripts: ['copy'],
    },
  );
}
