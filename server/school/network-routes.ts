/**
 * What the staff of a network do: open and close its schools, invite their administrators, and look after one
 * another. They see schools and the adults whom they invite; nothing of any child.
 */
import { z } from 'zod';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { NotFound } from '../errors.js';
import { pagerOf } from '../http/pager.js';
import { firstPage, gatherProblems, idParams, listOf, pageQuery, text } from '../http/read-input.js';
import { done, page, routes, type Call, type FeatureRoutes } from '../http/route.js';
import { setSchoolClosed } from './close-school.js';
import { createSchool, type CreateSchoolNeeds } from './create-school.js';
import { schoolLinkAnswer, schoolLinkPage } from './one-time-link.js';
import { ownNetwork, ownNetworkId, ownSchool } from './own-network.js';
import { aboutSchool, type School } from './school.js';
import { checkGivenAccent, checkGivenTerm, firstTerm, schoolFields, schoolOf } from './school-fields.js';
import { listSchoolsOfNetwork } from './school-records.js';
import { schoolAnswer, schoolView } from './school-view.js';
import { zoneGroups } from './time-zones.js';

interface AdministratorLine {
  id: string;
  name: string;
  email: string | null;
  signsIn: boolean;
}

/** What the people folder does, which stands downstream of the school. */
export interface AdministratorPorts {
  /** Answers the path of the one-time link. */
  addAdministrator(
    clock: Clock,
    ...given: Parameters<CreateSchoolNeeds['addAdministrator']>
  ): Promise<unknown>;
  listAdministrators(scope: SchoolScope): Promise<AdministratorLine[]>;
  /** A new link. @throws NotFound when this person is no administrator of the school */
  inviteAdministrator(clock: Clock, scope: SchoolScope, personId: string, by: Call['actor']): Promise<string>;
}

const email = z.email({ error: 'common.problem.not-an-email' }).max(254);
const networkSchool = z.object({
  ...{ id: z.string(), slug: z.string(), name: z.string(), closed: z.boolean() },
  about: z.string().describe('What tells it from others of the same name: where it is.'),
});
const lineOf = (school: School) => ({
  ...{ id: school.id, slug: school.slug, name: school.name, closed: Boolean(school.closedAt) },
  about: aboutSchool(school),
});
const administratorAnswer = z.object({
  ...{ id: z.string(), name: z.string(), email: z.string().nullable() },
  signsIn: z.boolean(),
});
const staffOnly = ['network'] as const;
const schools = '/network/schools';

export function makeNetworkRoutes(ports: AdministratorPorts): FeatureRoutes {
  const networkRoutes = routes('school');

  const schoolsPage = async (call: Pick<Call, 'context' | 'actor' | 't'>, at: z.output<typeof pageQuery>) => {
    const { db } = call.context;
    // Before the questions: a refusal while others are being asked would be nobody's.
    const networkId = ownNetworkId(call);
    const [network, found] = await Promise.all([
      ownNetwork(call),
      listSchoolsOfNetwork(db, networkId, at.page, at.perPage),
    ]);
    return page(
      'school/network',
      {
        network: network.name,
        ...found,
        items: found.items.map(lineOf),
        pager: pagerOf(found, schools),
        zones: zoneGroups(call.t('school.field.other-zones'), call.context.clock.now(), undefined, call.t),
      },
      { title: call.t('school.network.title') },
    );
  };

  const schoolPage = async (call: Pick<Call, 'context' | 'actor' | 't'>, id: string) => {
    const [school, network] = await Promise.all([ownSchool(call, id), ownNetwork(call)]);
    const list = await ports.listAdministrators({ db: call.context.db, schoolId: school.id });
    return page(
      'school/network-school',
      {
        ...{ network: network.name, administrators: list },
        school: { ...lineOf(school), reason: school.closedReason ?? '' },
      },
      { title: school.name, crumbs: [{ href: schools, label: call.t('school.network.title') }] },
    );
  };

  networkRoutes.get(
    schools,
    { summary: "The network's schools", who: staffOnly, query: pageQuery, answer: listOf(networkSchool) },
    async (call) => schoolsPage(call, call.query),
  );

  networkRoutes.post(
    schools,
    {
      summary: 'Add a school to the network; its administrator gets a one-time link to choose a password',
      who: staffOnly,
      token: 'never',
      body: schoolFields.extend({ ...firstTerm, administratorName: text(120), email }),
      status: 201,
      answer: schoolLinkAnswer.extend({ school: schoolAnswer }),
      again: async (call) => schoolsPage(call, firstPage),
      rules: async (given) =>
        gatherProblems(
          () => checkGivenTerm(given),
          () => checkGivenAccent(given),
        ),
    },
    async (call) => {
      const { body, context, actor } = call;
      let path = '';
      const school = await createSchool(
        {
          clock: context.clock,
          addAdministrator: async (scope, administrator) => {
            path = String(await ports.addAdministrator(context.clock, scope, administrator, actor));
          },
        },
        { db: context.db },
        actor,
        {
          ...schoolOf(body),
          networkId: ownNetworkId(call),
          terms: [{ name: body.termName, startsOn: body.termStartsOn, endsOn: body.termEndsOn }],
        },
        { name: body.administratorName, email: body.email },
      );
      const link = { setPasswordPath: path, person: body.administratorName, place: school.name };
      return schoolLinkPage(call, { ...link, school: schoolView(school), back: schools });
    },
  );

  networkRoutes.get(
    `${schools}/:id`,
    {
      summary: 'One school of the network and its administrators',
      who: staffOnly,
      params: idParams,
      answer: z.object({
        school: networkSchool.extend({ reason: z.string() }),
        administrators: z.array(administratorAnswer),
      }),
    },
    async (call) => schoolPage(call, call.params.id),
  );

  networkRoutes.post(
    `${schools}/:id/close`,
    {
      summary:
        'Close a school: only its administrators sign in, to read; passes stop; transcripts can be verified',
      who: staffOnly,
      token: 'never',
      params: idParams,
      body: z.object({ reason: text(500) }),
      answer: z.object({ closed: z.literal(true) }),
      again: async (call) => schoolPage(call, call.params.id),
    },
    async (call) => {
      const { context, actor, params, body } = call;
      const which = { schoolId: params.id, networkId: ownNetworkId(call) };
      await setSchoolClosed(context, context.db, actor, which, true, body.reason);
      return done(`${schools}/${params.id}`, { closed: true }, { notice: 'school.notice.closed' });
    },
  );

  networkRoutes.post(
    `${schools}/:id/open`,
    {
      summary: 'Open a closed school again',
      who: staffOnly,
      token: 'never',
      params: idParams,
      answer: z.object({ closed: z.literal(false) }),
    },
    async (call) => {
      const { context, actor, params } = call;
      const which = { schoolId: params.id, networkId: ownNetworkId(call) };
      await setSchoolClosed(context, context.db, actor, which, false);
      return done(`${schools}/${params.id}`, { closed: false }, { notice: 'school.notice.opened' });
    },
  );

  networkRoutes.post(
    `${schools}/:id/administrators`,
    {
      summary: 'Invite one more administrator of a school by a one-time link',
      who: staffOnly,
      token: 'never',
      params: idParams,
      body: z.object({ name: text(120), email }),
      status: 201,
      answer: schoolLinkAnswer,
      again: async (call) => schoolPage(call, call.params.id),
    },
    async (call) => {
      const school = await ownSchool(call, call.params.id);
      const { context, body, actor } = call;
      const scope = { db: context.db, schoolId: school.id };
      const path = String(await ports.addAdministrator(context.clock, scope, body, actor));
      const link = { setPasswordPath: path, person: body.name, place: school.name };
      return schoolLinkPage(call, { ...link, back: `${schools}/${school.id}` });
    },
  );

  networkRoutes.post(
    `${schools}/:id/administrators/:personId/invite`,
    {
      summary: 'A new one-time link for an administrator of a school; they and the others are told',
      who: staffOnly,
      token: 'never',
      params: idParams.extend({ personId: z.string().max(64) }),
      status: 201,
      answer: schoolLinkAnswer,
    },
    async (call) => {
      const school = await ownSchool(call, call.params.id);
      const scope = { db: call.context.db, schoolId: school.id };
      const { personId } = call.params;
      const person = (await ports.listAdministrators(scope)).find(({ id }) => id === personId)?.name;
      if (person === undefined) throw new NotFound();
      const setPasswordPath = await ports.inviteAdministrator(
        call.context.clock,
        scope,
        personId,
        call.actor,
      );
      return schoolLinkPage(call, {
        ...{ setPasswordPath, person, place: school.name },
        back: `${schools}/${school.id}`,
      });
    },
  );

  return networkRoutes;
}
