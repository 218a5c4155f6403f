/** A student's works: the wall of all of them, bringing one in, one work with its versions, and its file. */
import type { z } from 'zod';
import { appendDownload } from '../audit/append-counted.js';
import { AppError, Conflict, Forbidden, InvalidInput, NotFound } from '../errors.js';
import { accessEnded } from '../http/access-ended.js';
import { pagerOf } from '../http/pager.js';
import { idParams, listOf, pageQuery } from '../http/read-input.js';
import { done, page, routes, type Call, type FeatureRoutes } from '../http/route.js';
import { sendStoredFile } from '../http/send-stored-file.js';
import { findStudent } from '../people/people-records.js';
import { isOwn, requirePermission } from '../people/person.js';
import { addVersion } from './add-artifact.js';
import { addWorks } from './add-works.js';
import { mayAddArtifact, mayReadArtifact, type ArtifactVersion } from './artifact.js';
import { getArtifact, listArtifacts, listLatestVersions, listArtifactVersions } from './artifact-records.js';
import {
  addedAnswer,
  artifactAnswer,
  artifactPageAnswer,
  artifactPageView,
  artifactView,
  cardOf,
  removalView,
} from './artifact-view.js';
import { changeLabel } from './change-label.js';
import { addSeenRoute } from './seen-routes.js';
import { authorsOfWork, unseenView } from './work-authors.js';
import { homeCrumb, wallCrumbs } from './artifact-crumbs.js';
import type { ArtifactPorts } from './artifact-ports.js';
import { addNeeds, beforeUpload, largestFile, quotaNeeds, receiver, storageView } from './check-upload.js';
import { noticeOfWorks, outcomeViews, uploadNotice } from './notice-of-files.js';
import { workOfVersion } from './pin.js';
import { receivedFiles } from './receive-file.js';
import { withinQuota } from './storage-quota.js';
import { markedWork } from './show-place.js';
import { workKinds, newQuery, versionQuery, wordsBody, workBody, worksOf } from './read-work.js';

const everybody = ['student', 'advisor', 'panelist', 'guest', 'guardian', 'registrar', 'admin'] as const;
const makers = ['student', 'advisor'] as const;
const readers = [...makers, 'registrar', 'admin'] as const;

type StudentCall = Pick<
  Call<{ id: string }>,
  'scope' | 'actor' | 'params' | 't' | 'context' | 'timeZone' | 'locale'
>;

async function studentOf(call: StudentCall, id: string, rule: typeof mayReadArtifact) {
  const student = await findStudent(call.scope, id);
  if (!student) throw new NotFound();
  requirePermission(rule(call.actor, student));
  return student;
}

export function makeArtifactRoutes(door: ArtifactPorts): FeatureRoutes {
  const router = routes('artifacts');

  /** The work, the versions that the reader may see (newest first), and whose it is. */
  async function visible(call: StudentCall) {
    const artifact = await getArtifact(call.scope, call.params.id);
    const student = await findStudent(call.scope, artifact.studentId);
    if (!student) throw new NotFound();
    const all = await listArtifactVersions(call.scope, artifact.id);
    if (mayReadArtifact(call.actor, student)) return { artifact, student, versions: all };
    const now = call.context.clock.now();
    const { numbers, endedAt } = await door.versionsShownTo(call.scope, call.actor, artifact, now);
    const versions = all.filter(({ number }) => numbers.includes(number));
    if (versions.length === 0) throw endedAt ? accessEnded(call, endedAt) : new Forbidden();
    return { artifact, student, versions };
  }

  function chosen(versions: ArtifactVersion[], number: number | undefined): ArtifactVersion {
    const found = number === undefined ? versions[0] : versions.find((version) => version.number === number);
    if (!found) throw new NotFound();
    return found;
  }

  async function own(call: StudentCall) {
    const artifact = await getArtifact(call.scope, call.params.id);
    const student = await studentOf(call, artifact.studentId, mayAddArtifact);
    if (artifact.takenDown) throw new Conflict('artifacts.problem.taken-down');
    return { artifact, student };
  }

  router.get(
    '/students/:id/artifacts',
    {
      summary: "A student's works, newest first",
      who: readers,
      params: idParams,
      query: pageQuery,
      answer: listOf(artifactAnswer),
    },
    async (call) => {
      const student = await studentOf(call, call.params.id, mayReadArtifact);
      const found = await listArtifacts(call.scope, student.id, call.query.page, call.query.perPage);
      const latest = await listLatestVersions(call.scope, found.items);
      return page(
        'artifacts/wall',
        {
          ...found,
          items: found.items.flatMap((artifact) => {
            const version = latest.get(artifact.id);
            return version ? [cardOf(artifact, version)] : [];
          }),
          student: { id: student.id, displayName: student.displayName },
          mayAdd: mayAddArtifact(call.actor, student),
          pager: pagerOf(found, `/students/${student.id}/artifacts`),
        },
        {
          title: isOwn(call.actor, student)
            ? call.t('artifacts.wall.title-own')
            : call.t('artifacts.wall.title', { name: student.displayName }),
          crumbs: homeCrumb(student),
        },
      );
    },
  );

  async function newPage(call: StudentCall & { query: z.output<typeof newQuery> }) {
    const student = await studentOf(call, call.params.id, mayAddArtifact);
    const next = call.query.next ?? null;
    const here = (kind: string) =>
      `/students/${student.id}/artifacts/new?kind=${kind}${next ? `&next=${encodeURIComponent(next)}` : ''}`;
    const { kind } = call.query;
    return page(
      'artifacts/new',
      {
        student: { id: student.id, displayName: student.displayName },
        kind,
        kinds: workKinds.map((each) => ({ kind: each, href: here(each), current: each === kind })),
        action: `/students/${student.id}/artifacts?kind=${kind}${next ? `&next=${encodeURIComponent(next)}` : ''}`,
        storage: await storageView(call, student.id),
        cancel: next ?? `/students/${student.id}/artifacts`,
      },
      { title: call.t('artifacts.new.title'), crumbs: wallCrumbs(call, student) },
    );
  }

  router.get(
    '/students/:id/artifacts/new',
    { summary: 'The form that brings work in', who: makers, params: idParams, query: newQuery },
    newPage,
  );

  router.post(
    '/students/:id/artifacts',
    {
      summary:
        'Bring work in: files (`files`), a link (`url`) or a text (`text`); each becomes an artifact, or its outcome says why not',
      who: makers,
      params: idParams,
      query: newQuery,
      body: workBody,
      answer: addedAnswer,
      status: 201,
      before: async (call) =>
        beforeUpload(call, (await studentOf(call, call.params.id, mayAddArtifact)).id, { several: true }),
      files: receiver,
      fileFields: { files: { takes: 'Works of any type; each becomes an artifact', several: true } },
      again: newPage,
    },
    async (call) => {
      const student = await studentOf(call, call.params.id, mayAddArtifact);
      const files = receivedFiles(call.request);
      const sent = worksOf(call.body, files, largestFile(call));
      const outcomes = await addWorks(addNeeds(call), call.scope, call.actor, {
        ...{ studentId: student.id, body: call.body, sent },
      });
      const views = outcomes.flatMap((each) =>
        'artifact' in each ? [artifactView(each.artifact, each.version)] : [],
      );
      const alone = outcomes.length === 1 ? views[0] : undefined;
      const wall = alone ? `/artifacts/${alone.id}` : `/students/${student.id}/artifacts`;
      const next = call.query.next && `${call.query.next}?add=${views.map(({ id }) => id).join(',')}`;
      return done(
        next ?? wall,
        { ...views[0], artifacts: views, outcomes: outcomeViews(call, outcomes) },
        { status: 201, ...noticeOfWorks(call, files, outcomes) },
      );
    },
  );

  async function artifactPage(
    call: StudentCall & { query: { version?: number | undefined; at?: string | undefined } },
  ) {
    const { artifact, student, versions } = await visible(call);
    const version = chosen(versions, call.query.version);
    const mayEdit = !artifact.takenDown && mayAddArtifact(call.actor, student);
    const removal = removalView(call.actor, student, artifact);
    const insider = mayReadArtifact(call.actor, student);
    const authors = await authorsOfWork(call.scope, artifact, versions);
    const unseen = isOwn(call.actor, student) ? unseenView(artifact, authors) : null;
    const shown = artifactPageView(artifact, version, versions, student, mayEdit, removal, authors);
    const marked = markedWork(workOfVersion(artifact, version), call.query.at);
    return page(
      'artifacts/artifact',
      { ...shown, ...marked, unseen },
      {
        title: artifact.title,
        crumbs: insider ? wallCrumbs(call, student) : [],
      },
    );
  }

  router.get(
    '/artifacts/:id',
    {
      summary: 'One work: the newest version or the one named, its label and all versions',
      who: everybody,
      params: idParams,
      query: versionQuery,
      answer: artifactPageAnswer,
    },
    artifactPage,
  );

  router.put(
    '/artifacts/:id',
    {
      summary: 'Change the words on the label',
      who: makers,
      params: idParams,
      body: wordsBody,
      answer: artifactAnswer,
      alsoPost: true,
      again: (call) => artifactPage({ ...call, query: {} }),
    },
    async (call) => {
      const { artifact } = await own(call);
      if (!call.body.title) throw new InvalidInput([{ field: 'title', message: 'common.problem.required' }]);
      const after = await changeLabel(call.context, call.scope, call.actor, artifact, call.body);
      const latest = await listLatestVersions(call.scope, [artifact]);
      const version = latest.get(artifact.id);
      if (!version) throw new NotFound();
      return done(`/artifacts/${artifact.id}`, artifactView(after, version), {
        notice: 'artifacts.notice.saved',
      });
    },
  );

  router.post(
    '/artifacts/:id/versions',
    {
      summary: 'Add a new version; the old ones stay',
      who: makers,
      params: idParams,
      body: workBody,
      answer: artifactAnswer,
      status: 201,
      before: async (call) => beforeUpload(call, (await own(call)).student.id, { several: false }),
      files: receiver,
      fileFields: { file: { takes: 'The new version, of any type' } },
      again: (call) => artifactPage({ ...call, query: {} }),
    },
    async (call) => {
      const { artifact } = await own(call);
      const [first, ...more] = worksOf(call.body, receivedFiles(call.request), largestFile(call));
      if (!first || more.length > 0) {
        throw new InvalidInput([{ field: 'files', message: 'artifacts.problem.one-version' }]);
      }
      if ('problem' in first) throw first.problem;
      const { work } = first;
      const bytes = work.kind === 'file' ? work.file.bytes : 0;
      const after = await withinQuota(quotaNeeds(call), call.scope, artifact.studentId, bytes, () =>
        addVersion(call.context, call.scope, call.actor, artifact, work),
      );
      return done(`/artifacts/${artifact.id}`, artifactView(after.artifact, after.version), {
        status: 201,
        ...uploadNotice(call, receivedFiles(call.request), {
          notice: 'artifacts.notice.version',
          count: after.version.number,
          damaged: after.version.file?.damaged ? [after.version.file.name] : [],
        }),
      });
    },
  );

  router.get(
    '/artifacts/:id/file',
    {
      summary: 'The file of the newest version or the one named; Range is understood',
      who: everybody,
      params: idParams,
      query: versionQuery,
      answerType: 'application/octet-stream',
    },
    async (call) => {
      const { student, versions } = await visible(call);
      const { id, file, takenDown } = chosen(versions, call.query.version);
      if (takenDown) throw new AppError(410, 'taken-down', 'artifacts.problem.taken-down');
      if (!file) throw new NotFound('artifacts.problem.no-file');
      const { scope, context, actor } = call;
      const download = call.query.download !== undefined;
      if (download && !isOwn(actor, student))
        await appendDownload(scope, context.clock, actor, 'artifacts.download', { kind: 'work', id });
      return sendStoredFile(call, context.storage, file, { download });
    },
  );

  addSeenRoute(router);
  return router;
}
