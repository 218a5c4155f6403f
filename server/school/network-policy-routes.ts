/** What a network decides for all of its schools. Its staff write it and see nothing of any child. */
import { z } from 'zod';
import { done, page, routes, type Call } from '../http/route.js';
import { setHandoverRule } from './change-network.js';
import { handoverRuleOf, handoverRules } from './school.js';
import { ownNetwork, ownNetworkId } from './own-network.js';

export const networkPolicyRoutes = routes('school');

const staffOnly = ['network'] as const;
const policies = z.object({ handoverRule: z.enum(handoverRules) });
const policiesPath = '/network/policies';

async function policiesPage(call: Pick<Call, 'context' | 'actor' | 't'>) {
  const network = await ownNetwork(call);
  return page(
    'school/network-policies',
    {
      handoverRule: handoverRuleOf(network),
      network: network.name,
      rules: handoverRules.map((value) => ({
        value,
        label: call.t(`school.policies.handover.${value}`),
        help: call.t(`school.policies.handover.${value}-help`),
      })),
    },
    {
      title: call.t('school.policies.title'),
      crumbs: [{ href: '/network/schools', label: call.t('school.network.title') }],
    },
  );
}

networkPolicyRoutes.get(
  policiesPath,
  { summary: 'What the network decides for its schools', who: staffOnly, answer: policies },
  policiesPage,
);

networkPolicyRoutes.put(
  policiesPath,
  {
    summary: 'Decide what a school may still read of a student whom it has handed over',
    who: staffOnly,
    token: 'never',
    body: policies,
    answer: policies,
    alsoPost: true,
    again: policiesPage,
  },
  async (call) => {
    const { context, actor, body } = call;
    await setHandoverRule(context, { db: context.db }, actor, ownNetworkId(call), body.handoverRule);
    return done(policiesPath, body, { notice: 'school.notice.policies-saved' });
  },
);
