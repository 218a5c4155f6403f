/** Writing, reading and signing narratives: the advisor's and the student's own. */
import { z } from 'zod';
import { Conflict, NotFound } from '../errors.js';
import { wholeList } from '../http/pager.js';
import { flag, idParams, listOf, wholeNumber } from '../http/read-input.js';
import { done, page, routes, type Call } from '../http/route.js';
import { isOwn, requirePermission } from '../people/person.js';
import { listTerms } from '../school/school-records.js';
import { mayReadDraft, mayReadSigned, mayWriteVoice, voiceOf, narrativeWords } from './narrative.js';
import {
  narrativePage,
  previewPage,
  studentCrumbs,
  getNarrativeStudent,
  voiceTitle,
} from './narrative-page.js';
import { findVersion, getNarrative, listNarrativesOfStudent } from './narrative-records.js';
import { BELOW_PAGE } from './narrative-headings.js';
import { narrativeHtml } from './narrative-html.js';
import { narrativeAnswer, narrativeView, versionAnswer, versionView } from './narrative-view.js';
import { checkSignable, saveDraft, signNarrative } from './write-narrative.js';

export const narrativeRoutes = routes('narratives');

const readers = ['student', 'advisor', 'guardian', 'registrar', 'admin'] as const;
const writers = ['student', 'advisor'] as const;
narrativeRoutes.get(
  '/students/:id/narratives',
  {
    summary: 'Narratives of a student, by term',
    who: readers,
    params: idParams,
    answer: listOf(narrativeAnswer),
  },
  async (call) => {
    const student = await getNarrativeStudent(call, call.params.id);
    requirePermission(mayReadSigned(call.actor, student));
    const [all, terms] = await Promise.all([
      listNarrativesOfStudent(call.scope, student.id),
      listTerms(call.scope),
    ]);
    const visible = all.filter(
      (each) => each.latestVersion > 0 || mayReadDraft(call.actor, student, each.voice),
    );
    const voice = voiceOf(call.actor, student);
    return page(
      'narratives/narratives',
      {
        student: { id: student.id, displayName: student.displayName },
        own: isOwn(call.actor, student),
        ...wholeList(
          visible.map((each) => narrativeView(each, mayReadDraft(call.actor, student, each.voice))),
        ),
        terms: [...terms].reverse().map((term) => ({
          id: term.id,
          name: term.name,
          narratives: visible
            .filter((each) => each.termId === term.id)
            .map((each) => ({
              id: each.id,
              heading: voiceTitle(call, student, each.voice),
              authorName: each.authorName,
              savedAt: each.savedAt.toISOString(),
              signed: each.state === 'signed',
              stateWords: call.t(`narratives.state.${each.state}`),
            })),
          begin:
            voice !== null && !all.some((each) => each.termId === term.id && each.voice === voice)
              ? { action: call.t(`narratives.begin.${voice}`), termId: term.id }
              : null,
        })),
      },
      {
        title: isOwn(call.actor, student)
          ? call.t('narratives.list.title-own')
          : call.t('narratives.list.title', { name: student.displayName }),
        crumbs: studentCrumbs(student),
      },
    );
  },
);

narrativeRoutes.get(
  '/narratives/:id',
  {
    summary: 'A narrative: the draft for its author, the signed versions for readers',
    who: readers,
    params: idParams,
    query: z.object({ edit: flag }),
    answer: narrativeAnswer.extend({ current: versionAnswer.nullable(), earlier: z.array(versionAnswer) }),
  },
  async (call) => {
    const narrative = await getNarrative(call.scope, call.params.id);
    const student = await getNarrativeStudent(call, narrative.studentId);
    return narrativePage(call, narrative, student, { edit: call.query.edit });
  },
);

const again = async (call: Pick<Call<{ id: string }>, 'scope' | 'actor' | 't' | 'params'>) => {
  const narrative = await getNarrative(call.scope, call.params.id);
  return narrativePage(call, narrative, await getNarrativeStudent(call, narrative.studentId), {
    edit: true,
  });
};

narrativeRoutes.put(
  '/narratives/:id',
  {
    summary: 'Save the draft; 409 when somebody has saved since `revision`',
    who: writers,
    params: idParams,
    body: z.object({ markdown: narrativeWords, revision: wholeNumber(1, 1_000_000) }),
    answer: narrativeAnswer,
    alsoPost: true,
    again,
  },
  async (call) => {
    const narrative = await getNarrative(call.scope, call.params.id);
    const student = await getNarrativeStudent(call, narrative.studentId);
    const saved = await saveDraft(call.context, call.scope, call.actor, { student, narrative, ...call.body });
    return done(`/narratives/${saved.id}`, narrativeView(saved, true), { notice: 'narratives.notice.saved' });
  },
);

narrativeRoutes.post(
  '/narratives/:id/sign',
  {
    summary:
      'Sign: freezes the words as the next version. In a browser they are saved and read once more before',
    who: writers,
    params: idParams,
    body: z.object({
      markdown: narrativeWords.optional(),
      revision: wholeNumber(1, 1_000_000).optional(),
      /** The words were read on the page of `preview`; programs need not send it. */
      previewed: flag,
    }),
    answer: versionAnswer,
    again,
  },
  async (call) => {
    const narrative = await getNarrative(call.scope, call.params.id);
    const student = await getNarrativeStudent(call, narrative.studentId);
    const { markdown, revision, previewed } = call.body;
    if (!call.wantsJson && !previewed) {
      const wanted = markdown ?? narrative.markdown;
      await checkSignable(wanted);
      if (narrative.state === 'signed' && wanted === narrative.markdown)
        throw new Conflict('narratives.problem.already-signed');
      await saveDraft(call.context, call.scope, call.actor, {
        ...{ student, narrative, markdown: wanted, revision: revision ?? narrative.revision },
      });
      return done(`/narratives/${narrative.id}/preview`, { id: narrative.id });
    }
    const version = await signNarrative(call.context, call.scope, call.actor, {
      student,
      narrativeId: narrative.id,
      ...(markdown === undefined ? {} : { markdown }),
      ...(revision === undefined ? {} : { revision }),
    });
    return done(`/narratives/${narrative.id}`, versionView(version), { notice: 'narratives.notice.signed' });
  },
);

narrativeRoutes.get(
  '/narratives/:id/preview',
  {
    summary: 'The draft as it will look once it is signed, with the button that signs it',
    who: writers,
    params: idParams,
    answer: narrativeAnswer,
  },
  async (call) => {
    const narrative = await getNarrative(call.scope, call.params.id);
    const student = await getNarrativeStudent(call, narrative.studentId);
    requirePermission(
      mayWriteVoice(call.actor, student, narrative.voice),
      'narratives.problem.not-your-voice',
    );
    return previewPage(call, narrative, student);
  },
);

narrativeRoutes.get(
  '/narratives/:id/versions/:number',
  {
    summary: 'One signed version',
    who: readers,
    params: idParams.extend({ number: wholeNumber(1, 10_000) }),
    answer: versionAnswer,
  },
  async (call) => {
    const narrative = await getNarrative(call.scope, call.params.id);
    const student = await getNarrativeStudent(call, narrative.studentId);
    requirePermission(
      mayReadSigned(call.actor, student) || mayWriteVoice(call.actor, student, narrative.voice),
    );
    const version = await findVersion(call.scope, narrative.id, call.params.number);
    if (!version) throw new NotFound();
    const view = versionView(version);
    return page(
      'narratives/version',
      { ...view, bodyHtml: narrativeHtml(version.markdown, 'en', BELOW_PAGE) },
      {
        title: call.t('narratives.version.title', { number: version.number }),
        crumbs: [
          ...studentCrumbs(student),
          { href: `/narratives/${narrative.id}`, label: voiceTitle(call, student, narrative.voice) },
        ],
      },
    );
  },
);
