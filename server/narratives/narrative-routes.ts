/** Writing, reading and signing narratives: the advisor's and the student's own. */
import { z } from 'zod';
import { InvalidInput, NotFound } from '../errors.js';
import { wholeList } from '../http/pager.js';
import { flag, idParams, listOf, wholeNumber } from '../http/read-input.js';
import { done, page, routes, type Call } from '../http/route.js';
import { findStudent } from '../people/people-records.js';
import { permit, type Person } from '../people/person.js';
import { findSchool, findTerm, listTerms } from '../school/school-records.js';
import {
  markdownMaximum,
  mayReadDraft,
  mayReadSigned,
  mayWriteVoice,
  voiceOf,
  voices,
  type Narrative,
} from './narrative.js';
import { findVersion, getNarrative, listNarrativesOfStudent, listVersions } from './narrative-records.js';
import { narrativeAnswer, narrativeView, versionAnswer, versionView } from './narrative-view.js';
import { beginNarrative, saveDraft, signNarrative } from './write-narrative.js';

export const narrativeRoutes = routes('narratives');

const readers = ['student', 'advisor', 'guardian', 'registrar', 'admin'] as const;
const writers = ['student', 'advisor'] as const;
const words = z
  .string()
  .max(markdownMaximum)
  .transform((value) => value.replaceAll('\r\n', '\n'));

async function studentOf(call: Pick<Call, 'scope'>, id: string): Promise<Person> {
  const student = await findStudent(call.scope, id);
  if (!student) throw new NotFound();
  return student;
}

const studentCrumbs = (student: Person) => [{ href: `/students/${student.id}`, label: student.displayName }];

narrativeRoutes.get(
  '/students/:id/narratives',
  {
    summary: 'Narratives of a student, by term',
    who: readers,
    params: idParams,
    answer: listOf(narrativeAnswer),
  },
  async (call) => {
    const student = await studentOf(call, call.params.id);
    permit(mayReadSigned(call.actor, student));
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
              heading: call.t(`narratives.voice.${each.voice}`),
              authorName: each.authorName,
              savedAt: each.savedAt.toISOString(),
              signed: each.state === 'signed',
              stateWords: call.t(`narratives.state.${each.state}`),
            })),
          begin:
            voice !== null && !all.some((each) => each.termId === term.id && each.voice === voice)
              ? { action: call.t(`narratives.begin.${voice}`), termId: term.id, voice }
              : null,
        })),
      },
      {
        title: call.t('narratives.list.title', { name: student.displayName }),
        crumbs: studentCrumbs(student),
      },
    );
  },
);

narrativeRoutes.post(
  '/students/:id/narratives',
  {
    summary: 'Begin the narrative of a term; answers the one that is there already when it was begun before',
    who: writers,
    params: idParams,
    body: z.object({
      termId: z.string().max(64).optional(),
      voice: z.enum(voices).optional(),
      markdown: words.default(''),
    }),
    status: 201,
    answer: narrativeAnswer,
  },
  async (call) => {
    const student = await studentOf(call, call.params.id);
    const voice = call.body.voice ?? voiceOf(call.actor, student);
    permit(voice !== null, 'narratives.problem.not-your-voice');
    const school = await findSchool(call.context.db, call.scope.schoolId);
    const termId = call.body.termId ?? school?.currentTermId ?? '';
    if (!(await findTerm(call.scope, termId))) {
      throw new InvalidInput([{ field: 'termId', message: 'narratives.problem.term-unknown' }]);
    }
    const narrative = await beginNarrative(call.context, call.scope, call.actor, {
      student,
      termId,
      voice: voice!,
      markdown: call.body.markdown,
    });
    return done(`/narratives/${narrative.id}`, narrativeView(narrative, true), { status: 201 });
  },
);

async function narrativePage(
  call: Pick<Call, 'scope' | 'actor' | 't'>,
  narrative: Narrative,
  student: Person,
  options: { edit: boolean; stale?: boolean },
) {
  const mayWrite = mayWriteVoice(call.actor, student, narrative.voice);
  permit(mayWrite || (narrative.latestVersion > 0 && mayReadSigned(call.actor, student)));
  const [term, versions] = await Promise.all([
    findTerm(call.scope, narrative.termId),
    listVersions(call.scope, narrative.id),
  ]);
  const heading = call.t(`narratives.voice.${narrative.voice}`);
  const shown = versions.map((version) => ({ ...versionView(version), bodyHtml: versionView(version).html }));
  return page(
    'narratives/narrative',
    {
      ...narrativeView(narrative, mayWrite),
      heading,
      student: { id: student.id, displayName: student.displayName },
      termName: term?.name ?? '',
      lede: call.t('narratives.about', { name: student.displayName, term: term?.name ?? '' }),
      mayWrite,
      editing: mayWrite && (narrative.state === 'draft' || options.edit),
      next: narrative.latestVersion + 1,
      // What somebody else has saved meanwhile stands beside what was typed.
      saved: options.stale ? { authorName: narrative.authorName, markdown: narrative.markdown } : null,
      current: shown[0] ?? null,
      earlier: shown.slice(1),
    },
    {
      title: heading,
      crumbs: [
        ...studentCrumbs(student),
        { href: `/students/${student.id}/narratives`, label: call.t('narratives.crumb') },
      ],
    },
  );
}

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
    const student = await studentOf(call, narrative.studentId);
    return narrativePage(call, narrative, student, { edit: call.query.edit });
  },
);

const again = async (call: Pick<Call<{ id: string }>, 'scope' | 'actor' | 't' | 'params'>) => {
  const narrative = await getNarrative(call.scope, call.params.id);
  return narrativePage(call, narrative, await studentOf(call, narrative.studentId), {
    edit: true,
    stale: true,
  });
};

narrativeRoutes.put(
  '/narratives/:id',
  {
    summary: 'Save the draft; 409 when somebody has saved since `revision`',
    who: writers,
    params: idParams,
    body: z.object({ markdown: words, revision: wholeNumber(1, 1_000_000) }),
    answer: narrativeAnswer,
    alsoPost: true,
    again,
  },
  async (call) => {
    const narrative = await getNarrative(call.scope, call.params.id);
    const student = await studentOf(call, narrative.studentId);
    const saved = await saveDraft(call.context, call.scope, call.actor, { student, narrative, ...call.body });
    return done(`/narratives/${saved.id}`, narrativeView(saved, true), { notice: 'narratives.notice.saved' });
  },
);

narrativeRoutes.post(
  '/narratives/:id/sign',
  {
    summary: 'Sign: freezes the words as the next version',
    who: writers,
    params: idParams,
    body: z.object({ markdown: words.optional(), revision: wholeNumber(1, 1_000_000).optional() }),
    answer: versionAnswer,
    again,
  },
  async (call) => {
    const narrative = await getNarrative(call.scope, call.params.id);
    const student = await studentOf(call, narrative.studentId);
    const { markdown, revision } = call.body;
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
  '/narratives/:id/versions/:number',
  {
    summary: 'One signed version',
    who: readers,
    params: idParams.extend({ number: wholeNumber(1, 10_000) }),
    answer: versionAnswer,
  },
  async (call) => {
    const narrative = await getNarrative(call.scope, call.params.id);
    const student = await studentOf(call, narrative.studentId);
    permit(mayReadSigned(call.actor, student) || mayWriteVoice(call.actor, student, narrative.voice));
    const version = await findVersion(call.scope, narrative.id, call.params.number);
    if (!version) throw new NotFound();
    const view = versionView(version);
    return page(
      'narratives/version',
      { ...view, bodyHtml: view.html },
      {
        title: call.t('narratives.version.title', { number: version.number }),
        crumbs: [
          ...studentCrumbs(student),
          { href: `/narratives/${narrative.id}`, label: call.t(`narratives.voice.${narrative.voice}`) },
        ],
      },
    );
  },
);
