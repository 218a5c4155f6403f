/**
 * Removing a work: withdraw it, ask the office for it, take it down everywhere; and the office's list of what
 * was asked for.
 */
import { z } from 'zod';
import type { SchoolScope } from '../db/database.js';
import { NotFound } from '../errors.js';
import { pagerOf } from '../http/pager.js';
import { idParams, listOf, optionalText, pageQuery, wholeNumber } from '../http/read-input.js';
import { done, page, routes, type Call, type FeatureRoutes } from '../http/route.js';
import { findStudent, listPeopleByIds, listSealedStudentIds } from '../people/people-records.js';
import { requirePermission } from '../people/person.js';
import {
  mayAskRemoval,
  mayTakeDown,
  mayWithdraw,
  removalReasons,
  type Artifact,
  type RemovalReason,
} from './artifact.js';
import { getArtifact, listRemovalRequests, listArtifactVersions } from './artifact-records.js';
import { removeFilesNow, type FindNamedKeys } from './remove-files.js';
import {
  noteRemovalRequest,
  takeDownWork,
  withdrawWork,
  type FrozenWorks,
  type RemovalNeeds,
} from './remove-work.js';

/** What this feature must ask of those that come later. app.ts hands it in. */
export interface RemovalPorts extends FrozenWorks {
  findNamedKeys: FindNamedKeys;
}

const makers = ['student', 'advisor'] as const;
const office = ['registrar', 'admin'] as const;
const reason = z.enum(removalReasons);
const version = z
  .union([z.literal('').transform(() => undefined), wholeNumber(1, 100_000)])
  .optional()
  .transform((number) => number ?? null)
  .describe('Number of a version; left out: the whole work.');
const removalBody = z.object({ reason, version });
const removedAnswer = z.object({
  id: z.string(),
  /** Whether nothing of the work is left. */
  gone: z.boolean(),
  /** Files whose bytes could not be removed yet; this is tried again until it succeeds. */
  filesWaiting: z.number(),
});
const requestAnswer = z.object({
  artifactId: z.string(),
  title: z.string(),
  student: z.object({ id: z.string(), displayName: z.string() }),
  at: z.iso.datetime(),
  by: z.object({ id: z.string(), displayName: z.string() }),
  reason,
  note: z.string(),
});

type RemovalCall = Pick<
  Call<{ id: string }>,
  'scope' | 'actor' | 'params' | 't' | 'locale' | 'timeZone' | 'context'
>;

async function workOf(call: Pick<RemovalCall, 'scope' | 'params'>) {
  const artifact = await getArtifact(call.scope, call.params.id);
  const student = await findStudent(call.scope, artifact.studentId);
  if (!student) throw new NotFound();
  return { artifact, student };
}

/** Versions that may be withdrawn, and whether all of them may. */
async function withdrawable(frozen: FrozenWorks, scope: SchoolScope, artifact: Artifact) {
  const shown = await frozen.frozenVersions(scope, artifact.id);
  const versions = await listArtifactVersions(scope, artifact.id);
  const free = versions.filter(({ number }) => !shown.includes(number));
  return { versions, free, whole: free.length === versions.length };
}

export function makeRemovalRoutes(ports: RemovalPorts): FeatureRoutes {
  const router = routes('artifacts');
  const needs = ({ context }: Pick<RemovalCall, 'context'>): RemovalNeeds => ({
    clock: context.clock,
    frozen: ports,
  });
  const removeFiles = ({ context }: Pick<RemovalCall, 'context'>, keys: readonly string[]) =>
    removeFilesNow({ ...context, findNamedKeys: ports.findNamedKeys }, keys);

  async function removePage(call: RemovalCall) {
    const { artifact, student } = await workOf(call);
    const takeDown = mayTakeDown(call.actor);
    requirePermission(takeDown || mayAskRemoval(call.actor, student));
    const { versions, free, whole } = await withdrawable(ports, call.scope, artifact);
    const mayRemove = mayWithdraw(call.actor, student) && free.length > 0;
    const way = takeDown ? 'take-down' : mayRemove ? 'withdraw' : 'ask-removal';
    const listed = way === 'withdraw' ? free : versions.filter((each) => !each.takenDown);
    const everything = { value: '', label: call.t('artifacts.remove.whole') };
    const each = listed.map(({ number }) => ({
      value: String(number),
      label: call.t('artifacts.versions.line', { number }),
    }));
    return page(
      'artifacts/remove',
      {
        ...{ id: artifact.id, title: artifact.title, way, takenDown: artifact.takenDown !== undefined },
        // Nothing more can be asked for before the office has answered.
        waits: way === 'ask-removal' && Boolean(artifact.removalRequest),
        student: { id: student.id, displayName: student.displayName },
        // A single version has nothing to choose from.
        versions:
          way === 'ask-removal'
            ? []
            : way === 'withdraw' && !whole
              ? each
              : each.length > 1
                ? [everything, ...each]
                : [],
        partly: way === 'withdraw' && !whole,
        reasons: removalReasons.map((value) => ({
          value,
          label: call.t(`artifacts.remove.reason.${value}`),
        })),
        request: artifact.removalRequest
          ? {
              at: artifact.removalRequest.at.toISOString(),
              reason: call.t(`artifacts.remove.reason.${artifact.removalRequest.reason}`),
              note: artifact.removalRequest.note,
            }
          : null,
      },
      {
        title: call.t('artifacts.remove.title', { title: artifact.title }),
        crumbs: [
          { href: `/students/${student.id}`, label: student.displayName },
          { href: `/artifacts/${artifact.id}`, label: artifact.title },
        ],
      },
    );
  }

  router.get(
    '/artifacts/:id/remove',
    {
      summary: 'The form that removes a work, or asks the office to',
      who: [...makers, 'guardian', ...office],
      params: idParams,
    },
    removePage,
  );

  router.post(
    '/artifacts/:id/withdraw',
    {
      summary: 'Withdraw a work, or one version, that no submitted portfolio shows: nothing of it is kept',
      who: makers,
      params: idParams,
      body: removalBody,
      answer: removedAnswer,
      again: removePage,
    },
    async (call) => {
      const { artifact, student } = await workOf(call);
      requirePermission(mayWithdraw(call.actor, student));
      const { version: number, reason: why } = call.body;
      const { gone, keys } = await withdrawWork(needs(call), call.scope, call.actor, artifact, {
        ...{ number, reason: why },
      });
      const filesWaiting = await removeFiles(call, keys);
      return done(
        gone ? `/students/${student.id}/artifacts` : `/artifacts/${artifact.id}`,
        { id: artifact.id, gone, filesWaiting },
        { notice: `artifacts.notice.${filesWaiting > 0 ? 'withdrawn-waiting' : 'withdrawn'}` },
      );
    },
  );

  router.post(
    '/artifacts/:id/ask-removal',
    {
      summary: 'Ask the office to take down a work that others have been shown',
      who: [...makers, 'guardian'],
      params: idParams,
      body: z.object({ reason, note: optionalText(1000) }),
      answer: z.object({ id: z.string() }),
      again: removePage,
    },
    async (call) => {
      const { artifact, student } = await workOf(call);
      requirePermission(mayAskRemoval(call.actor, student));
      await noteRemovalRequest(call.context, call.scope, call.actor, artifact, call.body);
      return done(
        `/artifacts/${artifact.id}/remove`,
        { id: artifact.id },
        { notice: 'artifacts.notice.asked' },
      );
    },
  );

  router.post(
    '/artifacts/:id/take-down',
    {
      summary: 'Take a work, or one version, down everywhere: a label and its hash stay where it is frozen',
      who: office,
      params: idParams,
      body: removalBody,
      answer: removedAnswer.extend({ snapshots: z.number() }),
      again: removePage,
    },
    async (call) => {
      const { artifact } = await workOf(call);
      requirePermission(mayTakeDown(call.actor));
      const { version: number, reason: why } = call.body;
      const title = labelAt(call, call.context.clock.now());
      const { keys, snapshots } = await takeDownWork(needs(call), call.scope, call.actor, artifact, {
        ...{ number, reason: why, title },
      });
      const filesWaiting = await removeFiles(call, keys);
      return done(
        `/artifacts/${artifact.id}`,
        { id: artifact.id, gone: false, filesWaiting, snapshots },
        { notice: `artifacts.notice.${filesWaiting > 0 ? 'taken-down-waiting' : 'taken-down'}` },
      );
    },
  );

  router.post(
    '/artifacts/:id/keep',
    {
      summary: 'Answer a request for removal: the work stays',
      who: office,
      params: idParams,
      answer: z.object({ id: z.string() }),
      again: removePage,
    },
    async (call) => {
      const { artifact } = await workOf(call);
      requirePermission(mayTakeDown(call.actor));
      await noteRemovalRequest(call.context, call.scope, call.actor, artifact, null);
      return done('/removal-requests', { id: artifact.id }, { notice: 'artifacts.notice.kept' });
    },
  );

  router.get(
    '/removal-requests',
    {
      summary: 'Works that somebody has asked the office to take down, the oldest request first',
      who: office,
      query: pageQuery,
      answer: listOf(requestAnswer),
    },
    async (call) => {
      requirePermission(mayTakeDown(call.actor));
      const sealed = await listSealedStudentIds(call.scope);
      const { page: number, perPage } = call.query;
      const found = await listRemovalRequests(call.scope, [...sealed], number, perPage);
      const ids = found.items.flatMap(({ studentId, removalRequest }) => [studentId, removalRequest!.by]);
      const people = new Map(
        (await listPeopleByIds(call.scope, [...new Set(ids)])).map((each) => [each.id, each.displayName]),
      );
      const named = (id: string) => ({ id, displayName: people.get(id) ?? '' });
      return page(
        'artifacts/removal-requests',
        {
          ...found,
          items: found.items.map(({ id, title, studentId, removalRequest }) => ({
            ...{ artifactId: id, title, student: named(studentId), by: named(removalRequest!.by) },
            ...{ at: removalRequest!.at.toISOString(), note: removalRequest!.note },
            reason: removalRequest!.reason satisfies RemovalReason,
          })),
          pager: pagerOf(found, '/removal-requests'),
        },
        { title: call.t('artifacts.requests.title') },
      );
    },
  );

  return router;
}

/** What is shown instead of the work from now on. */
const labelAt = ({ t, locale, timeZone }: Pick<RemovalCall, 't' | 'locale' | 'timeZone'>, at: Date): string =>
  t('artifacts.removed.label', {
    date: new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone }).format(at),
  });
