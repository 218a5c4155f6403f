/**
 * Parts of the record from an earlier school: one page each, the files, and taking a work down. Read-only but for that.
 */
import { z } from 'zod';
import { runsSchool } from '../access/actor.js';
import { removalReasons } from '../artifacts/artifact.js';
import { removeFilesNow, type FileRemovalPorts } from '../artifacts/remove-files.js';
import { shownAs } from '../artifacts/show-version.js';
import { NotFound } from '../errors.js';
import { idParams, flag } from '../http/read-input.js';
import { done, page, routes, type Call, type FeatureRoutes } from '../http/route.js';
import { sendStoredFile } from '../http/send-stored-file.js';
import { BELOW_PAGE } from '../narratives/narrative-headings.js';
import { narrativeHtml } from '../narratives/narrative-html.js';
import { findStudent } from '../people/people-records.js';
import { requirePermission, type Person } from '../people/person.js';
import { findPart, findProfileOf, listWorkParts } from './earlier-part-records.js';
import { mayReadPart, type EarlierPart, type EarlierWorkPart } from './earlier-record.js';
import { takeDownPart } from './take-down-copies.js';

const readers = ['student', 'guardian', 'advisor', 'registrar', 'admin'] as const;
const office = ['registrar', 'admin'] as const;
type PartCall = Pick<
  Call<{ id: string }>,
  'scope' | 'actor' | 'params' | 'context' | 't' | 'locale' | 'timeZone'
>;

const partAnswer = z.object({
  id: z.string(),
  kind: z.enum(['portfolio', 'work', 'result', 'narrative', 'plan', 'internship']),
  title: z.string(),
  term: z.string(),
  at: z.string(),
  school: z.string(),
  student: z.object({ id: z.string(), displayName: z.string() }),
  /** SHA-256 of this copy; what it is a copy of has its own hash in `content`. */
  hash: z.string(),
  content: z.looseObject({}),
  fileHref: z.string().nullable(),
});

async function readablePart(call: PartCall): Promise<{ part: EarlierPart; student: Person }> {
  const part = await findPart(call.scope, call.params.id);
  if (!part || part.kind === 'profile') throw new NotFound();
  const student = await findStudent(call.scope, part.studentId);
  if (!student) throw new NotFound();
  requirePermission(mayReadPart(call.actor, student, part));
  return { part, student };
}

async function partPage(call: PartCall) {
  const { part, student } = await readablePart(call);
  const { t, scope, actor } = call;
  const profile = await findProfileOf(scope, part.studentId, part.fromSchoolId);
  const school = profile?.kind === 'profile' ? profile.content.school : '';
  return page(
    `handover/earlier-${part.kind}`,
    {
      ...{ id: part.id, kind: part.kind, title: part.title, term: part.term, at: part.at.toISOString() },
      ...{ school, hash: part.hash, content: part.content },
      student: { id: student.id, displayName: student.displayName },
      fileHref: part.file ? `/earlier-records/${part.id}/file` : null,
      ...(await detailOf(call, part)),
      mayTakeDown: runsSchool(actor) && part.kind === 'work' && !part.takenDown,
      reasons: removalReasons.map((value) => ({ value, label: t(`artifacts.remove.reason.${value}`) })),
    },
    {
      title: part.title || t(`handover.kind.${part.kind}`),
      crumbs: [{ href: `/students/${student.id}`, label: student.displayName }],
    },
  );
}

const shownOf = ({ content, file }: Pick<EarlierWorkPart, 'content' | 'file'>): string =>
  content.takenDown
    ? 'taken-down'
    : shownAs(content.url ? 'link' : content.text === null ? 'file' : 'text', file);

/** What people read of it, in words. */
async function detailOf({ scope, t }: PartCall, part: EarlierPart) {
  if (part.kind === 'narrative')
    return {
      bodyHtml: narrativeHtml(part.content.markdown, 'en', BELOW_PAGE),
      voice: t(`narratives.voice.${part.content.voice}`),
    };
  if (part.kind === 'result') {
    const roleOf = <C extends { role: string }>(said: C) => ({ ...said, who: t(`common.role.${said.role}`) });
    return {
      rows: part.content.rows.map((row) => ({ ...row, comments: row.comments.map(roleOf) })),
      overall: part.content.overall.map(roleOf),
      outcomeWords: part.content.outcome ? t(`results.outcome.${part.content.outcome}`) : null,
    };
  }
  if (part.kind === 'work') return { shown: shownOf(part) };
  if (part.kind === 'internship') return { hoursWords: t('plan.hours', { count: part.content.hours }) };
  if (part.kind !== 'portfolio') return {};
  const versions = part.content.entries.map(({ artifactVersionId }) => artifactVersionId);
  const works = new Map(
    (await listWorkParts(scope, part.studentId, versions)).map((work) => [
      work.sourceId,
      {
        href: `/earlier-records/${work.id}`,
        fileHref: work.file ? `/earlier-records/${work.id}/file` : null,
        shown: work.kind === 'work' ? shownOf(work) : 'none',
      },
    ]),
  );
  const { criteria } = part.content;
  return {
    entries: part.content.entries.map((entry) => ({
      ...entry,
      ...(works.get(entry.artifactVersionId) ?? { href: null, fileHref: null, shown: 'none' }),
      criteriaWords: entry.criterionIds
        .map((id) => criteria.find((each) => each.id === id)?.name ?? id)
        .join(', '),
    })),
  };
}

export function makeEarlierRoutes(ports: FileRemovalPorts): FeatureRoutes {
  const router = routes('handover');

  router.get(
    '/earlier-records/:id',
    {
      summary: 'One part of the record that a student has brought from an earlier school',
      who: readers,
      params: idParams,
      answer: partAnswer,
    },
    partPage,
  );

  router.get(
    '/earlier-records/:id/file',
    {
      summary: 'The file of a work from an earlier school',
      who: readers,
      params: idParams,
      query: z.object({ download: flag }),
      answerType: 'application/octet-stream',
    },
    async (call) => {
      const { part } = await readablePart(call);
      if (!part.file) throw new NotFound();
      return sendStoredFile(call, call.context.storage, part.file, { download: call.query.download });
    },
  );

  router.post(
    '/earlier-records/:id/take-down',
    {
      summary: 'Take a work of the earlier record down, here and in the portfolios that show it',
      who: office,
      token: 'never',
      params: idParams,
      body: z.object({ reason: z.enum(removalReasons) }),
      answer: z.object({ id: z.string(), filesWaiting: z.number() }),
      again: partPage,
    },
    async (call) => {
      const { context, scope, actor, params, body, t, locale, timeZone } = call;
      await readablePart(call);
      const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone }).format(
        context.clock.now(),
      );
      const title = t('artifacts.removed.label', { date });
      const keys = await takeDownPart(context, scope, actor, params.id, { reason: body.reason, title });
      const filesWaiting = await removeFilesNow({ ...context, ...ports }, keys);
      const notice = `artifacts.notice.${filesWaiting > 0 ? 'taken-down-waiting' : 'taken-down'}`;
      return done(`/earlier-records/${params.id}`, { id: params.id, filesWaiting }, { notice });
    },
  );

  return router;
}
