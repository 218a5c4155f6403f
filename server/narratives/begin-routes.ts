/** Beginning a narrative. Opening the page stores nothing: there is a draft once something was written. */
import { z } from 'zod';
import { Conflict, InvalidInput } from '../errors.js';
import { idParams } from '../http/read-input.js';
import { done, page, routes, type Call } from '../http/route.js';
import { requirePermission } from '../people/person.js';
import { findSchool, findTerm } from '../school/school-records.js';
import { voiceOf, voices, narrativeWords, type NarrativeVoice } from './narrative.js';
import { aboutLine, listCrumbs, narrativePage, getNarrativeStudent, voiceTitle } from './narrative-page.js';
import { findNarrativeOf } from './narrative-records.js';
import { narrativeAnswer, narrativeView, versionAnswer, versionView } from './narrative-view.js';
import { beginNarrative, checkSignable, signNarrative } from './write-narrative.js';

export const beginRoutes = routes('narratives');

const writers = ['student', 'advisor'] as const;

type BeginCall = Pick<Call<{ id: string }>, 'scope' | 'actor' | 't' | 'params' | 'context'>;

/** Whose, of which term, in which voice. */
async function planned(
  call: BeginCall,
  named: { termId?: string | undefined; voice?: NarrativeVoice | undefined },
) {
  const student = await getNarrativeStudent(call, call.params.id);
  const voice = named.voice ?? voiceOf(call.actor, student);
  requirePermission(voice !== null, 'narratives.problem.not-your-voice');
  const school = await findSchool(call.context.db, call.scope.schoolId);
  const termId = named.termId ?? school?.currentTermId ?? '';
  const term = await findTerm(call.scope, termId);
  if (!term) throw new InvalidInput([{ field: 'termId', message: 'narratives.problem.term-unknown' }]);
  return { student, term, voice: voice! };
}

async function beginPage(call: BeginCall, named: { termId?: string | undefined }) {
  const { student, term, voice } = await planned(call, named);
  const heading = voiceTitle(call, student, voice);
  return page(
    'narratives/new',
    {
      student: { id: student.id, displayName: student.displayName },
      termId: term.id,
      termName: term.name,
      voice,
      heading,
      lede: aboutLine(call, student, term.name),
    },
    { title: heading, crumbs: listCrumbs(call, student) },
  );
}

beginRoutes.get(
  '/students/:id/narratives/new',
  {
    summary:
      'An empty page for the narrative of a term (the current one when left out); nothing is stored yet',
    who: writers,
    params: idParams,
    query: z.object({ termId: z.string().max(64).optional() }),
  },
  async (call) => {
    const { student, term, voice } = await planned(call, call.query);
    const there = await findNarrativeOf(call.scope, student.id, term.id, voice);
    return there ? done(`/narratives/${there.id}`, narrativeView(there, true)) : beginPage(call, call.query);
  },
);

beginRoutes.post(
  '/students/:id/narratives',
  {
    summary: 'Begin the narrative of a term; answers the one that is there already when it was begun before',
    who: writers,
    params: idParams,
    body: z.object({
      termId: z.string().max(64).optional(),
      voice: z.enum(voices).optional(),
      markdown: narrativeWords.default(''),
      /** Sign the words as version 1 at once. */
      then: z.literal('sign').optional(),
    }),
    status: 201,
    answer: z.union([narrativeAnswer, versionAnswer]),
    again: async (call) => {
      const named = (call as { body?: { termId?: string } }).body ?? {};
      const { student, term, voice } = await planned(call, named);
      const there = await findNarrativeOf(call.scope, student.id, term.id, voice);
      return there ? narrativePage(call, there, student, { edit: true }) : beginPage(call, named);
    },
  },
  async (call) => {
    const { markdown, then } = call.body;
    const { student, term, voice } = await planned(call, call.body);
    if (!call.wantsJson && !markdown.trim())
      throw new InvalidInput([{ field: 'markdown', message: 'narratives.problem.nothing-written' }]);
    const narrative = await beginNarrative(call.context, call.scope, call.actor, {
      ...{ student, termId: term.id, voice, markdown },
    });
    // Begun in another window meanwhile: what was typed here is shown beside it.
    if (!call.wantsJson && narrative.markdown !== markdown)
      throw new Conflict('narratives.problem.stale', {}, 'stale-revision');
    if (then !== 'sign')
      return done(`/narratives/${narrative.id}`, narrativeView(narrative, true), {
        status: 201,
        notice: 'narratives.notice.saved',
      });
    if (!call.wantsJson) {
      await checkSignable(markdown);
      return done(`/narratives/${narrative.id}/preview`, narrativeView(narrative, true), { status: 201 });
    }
    const version = await signNarrative(call.context, call.scope, call.actor, {
      ...{ student, narrativeId: narrative.id, markdown },
    });
    return done(`/narratives/${narrative.id}`, versionView(version), {
      status: 201,
      notice: 'narratives.notice.signed',
    });
  },
);
