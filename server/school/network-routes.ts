/**
 * What the staff of a network do: open and close its schools, invite their administrators, and look after one another. They see
 * schools and the adults whom they invite; nothing of any child.
 */
import { z } from 'zod';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../database.js';
import { Forbidden, NotFound } from '../errors.js';
import { originOf } from '../http/origin.js';
import { pagerOf, wholeList } from '../http/pager.js';
import { firstPage, idParams, listOf, pageQuery, text } from '../http/read-input.js';
import { done, page, routes, type Call, type RoomRoutes } from '../http/route.js';
import { setSchoolClosed } from './close-school.js';
import { createSchool, type CreateSchoolNeeds } from './create-school.js';
import {
  addNetworkStaff,
  inviteNetworkStaff,
  listNetworkStaff,
  removeNetworkStaff,
} from './network-staff.js';
import type { School } from './school.js';
import { firstTerm, schoolFields, schoolOf } from './school-fields.js';
import { findSchool, listSchoolsOfNetwork } from './school-records.js';
import { schoolAnswer, schoolView } from './school-view.js';
import { zoneGroups } from './time-zones.js';

export interface AdministratorLine {
  id: string;
  name: string;
  email: string | null;
  signsIn: boolean;
}

/** What the people folder does, which stands downstream of the school. */
export interface AdministratorPort {
  /** Answers the path of the one-time link. */
  add(clock: Clock, ...given: Parameters<CreateSchoolNeeds['addAdministrator']>): Promise<unknown>;
  list(scope: SchoolScope): Promise<AdministratorLine[]>;
  /** A new link. @throws NotFound when this person is no administrator of the school */
  invite(clock: Clock, scope: SchoolScope, personId: string, by: Call['actor']): Promise<string>;
}

const email = z.email({ error: 'common.problem.not-an-email' }).max(254);
const networkSchool = z.object({ id: z.string(), slug: z.string(), name: z.string(), closed: z.boolean() });
const lineOf = ({ id, slug, name, closedAt }: School) => ({ id, slug, name, closed: Boolean(closedAt) });
const administratorAnswer = z.object({
  ...{ id: z.string(), name: z.string(), email: z.string().nullable() },
  signsIn: z.boolean(),
});
const staffAnswer = z.object({
  ...{ personId: z.string(), name: z.string(), email: z.string() },
  state: z.enum(['active', 'invited', 'removed']),
});
const linkAnswer = z.object({ setPasswordPath: z.string() });
const staffOnly = ['network'] as const;
const schools = '/network/schools';

/** @param administrators how administrators become people of their school */
export function makeNetworkRoutes(administrators: AdministratorPort): RoomRoutes {
  const networkRoutes = routes('school');

  const schoolsPage = async (call: Pick<Call, 'context' | 'actor' | 't'>, at: z.output<typeof pageQuery>) => {
    const found = await listSchoolsOfNetwork(call.context.db, networkOf(call), at.page, at.perPage);
    return page(
      'school/network',
      {
        ...found,
        items: found.items.map(lineOf),
        pager: pagerOf(found, schools),
        zones: zoneGroups(call.t('school.field.other-zones')),
      },
      { title: call.t('school.network.title') },
    );
  };

  const schoolPage = async (call: Pick<Call, 'context' | 'actor' | 't'>, id: string) => {
    const school = await ownSchool(call, id);
    const list = await administrators.list({ db: call.context.db, schoolId: school.id });
    return page(
      'school/network-school',
      { school: { ...lineOf(school), reason: school.closedReason ?? '' }, administrators: list },
      { title: school.name, crumbs: [{ href: schools, label: call.t('school.network.title') }] },
    );
  };

  const staffPage = async (call: Pick<Call, 'context' | 'actor' | 't'>) =>
    page(
      'school/network-staff',
      wholeList(await listNetworkStaff({ db: call.context.db }, networkOf(call))),
      {
        title: call.t('school.staff.title'),
        crumbs: [{ href: schools, label: call.t('school.network.title') }],
      },
    );

  /** The secret of the link is in this answer only, so there is no redirect to a page that could not show it. */
  const linkPage = (
    call: Pick<Call, 't' | 'wantsJson' | 'context' | 'request'>,
    view: { setPasswordPath: string; school?: z.output<typeof schoolAnswer> },
    name: string,
    back: string,
  ) => {
    if (call.wantsJson) return done(back, view, { status: 201 });
    return page(
      'school/network-created',
      {
        name,
        back,
        joins: view.setPasswordPath.startsWith('/join/'),
        link: `${originOf(call)}${view.setPasswordPath}`,
      },
      { title: name, status: 201, crumbs: [{ href: schools, label: call.t('school.network.title') }] },
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
      answer: linkAnswer.extend({ school: schoolAnswer }),
      again: async (call) => schoolsPage(call, firstPage),
    },
    async (call) => {
      const { body, context, actor } = call;
      let path = '';
      const school = await createSchool(
        {
          clock: context.clock,
          addAdministrator: async (scope, administrator) => {
            path = String(await administrators.add(context.clock, scope, administrator, actor));
          },
        },
        { db: context.db },
        actor,
        {
          ...schoolOf(body),
          networkId: networkOf(call),
          terms: [{ name: body.termName, startsOn: body.termStartsOn, endsOn: body.termEndsOn }],
        },
        { name: body.administratorName, email: body.email },
      );
      return linkPage(call, { school: schoolView(school), setPasswordPath: path }, school.name, schools);
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
      const which = { schoolId: params.id, networkId: networkOf(call) };
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
      const which = { schoolId: params.id, networkId: networkOf(call) };
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
      answer: linkAnswer,
      again: async (call) => schoolPage(call, call.params.id),
    },
    async (call) => {
      const school = await ownSchool(call, call.params.id);
      const { context, body, actor } = call;
      const scope = { db: context.db, schoolId: school.id };
      const path = String(await administrators.add(context.clock, scope, body, actor));
      return linkPage(call, { setPasswordPath: path }, body.name, `${schools}/${school.id}`);
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
      answer: linkAnswer,
    },
    async (call) => {
      const school = await ownSchool(call, call.params.id);
      const scope = { db: call.context.db, schoolId: school.id };
      const path = await administrators.invite(call.context.clock, scope, call.params.personId, call.actor);
      return linkPage(call, { setPasswordPath: path }, school.name, `${schools}/${school.id}`);
    },
  );

  networkRoutes.get(
    '/network/staff',
    { summary: 'The staff of the network', who: staffOnly, answer: listOf(staffAnswer) },
    staffPage,
  );

  networkRoutes.post(
    '/network/staff',
    {
      summary: 'Invite one more person of the network by a one-time link',
      who: staffOnly,
      token: 'never',
      body: z.object({ name: text(120), email }),
      status: 201,
      answer: linkAnswer,
      again: staffPage,
    },
    async (call) => {
      const { context, actor, body } = call;
      const { path } = await addNetworkStaff(context, { db: context.db }, actor, networkOf(call), body);
      return linkPage(call, { setPasswordPath: String(path) }, body.name, '/network/staff');
    },
  );

  networkRoutes.post(
    '/network/staff/:id/invite',
    {
      summary: 'A new one-time link for somebody of the network',
      who: staffOnly,
      token: 'never',
      params: idParams,
      status: 201,
      answer: linkAnswer,
    },
    async (call) => {
      const { context, actor, params } = call;
      const where = { db: context.db };
      const path = await inviteNetworkStaff(context, where, actor, networkOf(call), params.id);
      return linkPage(call, { setPasswordPath: path }, call.t('school.staff.title'), '/network/staff');
    },
  );

  networkRoutes.post(
    '/network/staff/:id/remove',
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
      await removeNetworkStaff(context, { db: context.db }, actor, networkOf(call), params.id);
      return done('/network/staff', { removed: true }, { notice: 'school.notice.staff-removed' });
    },
  );

  return networkRoutes;
}

function networkOf(call: Pick<Call, 'actor'>): string {
  if (!call.actor.networkId) throw new Forbidden();
  return call.actor.networkId;
}

async function ownSchool(call: Pick<Call, 'context' | 'actor'>, id: string): Promise<School> {
  const school = await findSchool(call.context.db, id);
  if (!school || school.networkId !== networkOf(call)) throw new NotFound();
  return school;
}
