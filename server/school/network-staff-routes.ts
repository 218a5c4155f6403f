/** The staff of a network, who look after one another: invite, give a new link, remove. The last one stays. */
import { z } from 'zod';
import { idParams, listOf, text } from '../http/read-input.js';
import { done, page, routes, type Call } from '../http/route.js';
import { wholeList } from '../http/pager.js';
import { ownNetwork } from './own-network.js';
import {
  addNetworkStaff,
  inviteNetworkStaff,
  listNetworkStaff,
  removeNetworkStaff,
} from './network-staff.js';
import { schoolLinkAnswer, schoolLinkPage } from './one-time-link.js';

export const networkStaffRoutes = routes('school');

const staffAnswer = z.object({
  ...{ personId: z.string(), name: z.string(), email: z.string() },
  state: z.enum(['active', 'invited', 'removed']),
});
const staffOnly = ['network'] as const;
const address = '/network/staff';

async function staffPage(call: Pick<Call, 'context' | 'actor' | 't'>) {
  const network = await ownNetwork(call);
  return page(
    'school/network-staff',
    { network: network.name, ...wholeList(await listNetworkStaff({ db: call.context.db }, network.id)) },
    {
      title: call.t('school.staff.title'),
      crumbs: [{ href: '/network/schools', label: call.t('school.network.title') }],
    },
  );
}

networkStaffRoutes.get(
  address,
  { summary: 'The staff of the network', who: staffOnly, answer: listOf(staffAnswer) },
  staffPage,
);

networkStaffRoutes.post(
  address,
  {
    summary: 'Invite one more person of the network by a one-time link',
    who: staffOnly,
    token: 'never',
    body: z.object({ name: text(120), email: z.email({ error: 'common.problem.not-an-email' }).max(254) }),
    status: 201,
    answer: schoolLinkAnswer,
    again: staffPage,
  },
  async (call) => {
    const { context, actor, body } = call;
    const network = await ownNetwork(call);
    const { path } = await addNetworkStaff(context, { db: context.db }, actor, network.id, body);
    const link = { setPasswordPath: String(path), person: body.name, place: network.name };
    return schoolLinkPage(call, { ...link, back: address });
  },
);

networkStaffRoutes.post(
  `${address}/:id/invite`,
  {
    summary: 'A new one-time link for somebody of the network',
    who: staffOnly,
    token: 'never',
    params: idParams,
    status: 201,
    answer: schoolLinkAnswer,
  },
  async (call) => {
    const { context, actor, params } = call;
    const where = { db: context.db };
    const network = await ownNetwork(call);
    const { path, name } = await inviteNetworkStaff(context, where, actor, network.id, params.id);
    const link = { setPasswordPath: path, person: name, place: network.name };
    return schoolLinkPage(call, { ...link, back: address });
  },
);

networkStaffRoutes.post(
  `${address}/:id/remove`,
  {
    summary: "End somebody's part in the network; the last one stays",
    who: staffOnly,
    token: 'never',
    params: idParams,
    answer: z.object({ removed: z.literal(true) }),
    again: staffPage,
  },
  async (call) => {
    const { context, actor, params } = call;
    const network = await ownNetwork(call);
    await removeNetworkStaff(context, { db: context.db }, actor, network.id, params.id);
    return done(address, { removed: true }, { notice: 'school.notice.staff-removed' });
  },
);
