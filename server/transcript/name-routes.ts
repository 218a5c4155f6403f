/** A corrected or chosen name: where the old one is in issued transcripts, and what the registrar decides for each of them. */
import { z } from 'zod';
import { runsSchool } from '../access/actor.js';
import type { SchoolScope } from '../database.js';
import { InvalidInput } from '../errors.js';
import { idParams, optionalLine, prose, several, text } from '../http/read-input.js';
import { done, page, routes, type Call } from '../http/route.js';
import type { correctName } from '../people/correct-name.js';
import { listNameCorrectionsOf } from '../people/name-correction-records.js';
import { getPerson } from '../people/people-records.js';
import { checkNotSealed, permit, type Person } from '../people/person.js';
import { getTerm } from '../school/school-records.js';
import { requestTranscripts } from './request-transcripts.js';
import { listIssuedNaming, saveReasons, type ListedTranscript } from './transcript-records.js';

const runners = ['registrar', 'admin'] as const;
/** Transcripts that are decided about at once. */
const MAX_DOCUMENTS = 1000;

const nameBody = z.object({
  givenName: text(100),
  familyName: optionalLine(100),
  displayName: optionalLine(200),
  reason: prose(500),
  /** Transcripts that are issued again with the new name; the others stay as they are. */
  reissue: several(z.string().max(64)).default([]),
});

/** Every name that this person had and has. */
async function namesOf(scope: SchoolScope, person: Person): Promise<string[]> {
  const corrections = await listNameCorrectionsOf(scope, person.id);
  const earlier = corrections.map(({ from }) => from.displayName);
  return [...new Set([...earlier, person.displayName])];
}

async function namesPage(call: Pick<Call, 'scope' | 't'>, personId: string) {
  const { scope, t } = call;
  const person = await getPerson(scope, personId);
  checkNotSealed(person);
  const documents = await listIssuedNaming(scope, await namesOf(scope, person), MAX_DOCUMENTS);
  return page(
    'transcript/names',
    {
      person: {
        id: person.id,
        givenName: person.givenName,
        familyName: person.familyName,
        displayName: person.displayName,
      },
      documents: documents.map(({ id, number, studentName, termName }) => ({
        value: id,
        label: t('transcript.names.document', { number, student: studentName, term: termName }),
      })),
    },
    {
      title: t('transcript.names.title', { name: person.displayName }),
      crumbs: [
        { href: '/people', label: t('people.people.title') },
        { href: `/people/${person.id}`, label: person.displayName },
      ],
    },
  );
}

/** @param needs.correctName writes the name and the decisions down with the person */
export function makeNameRoutes(needs: { correctName: typeof correctName }) {
  const nameRoutes = routes('transcript');
  nameRoutes.get(
    '/people/:id/names',
    {
      summary: 'Issued transcripts that have a name of this person, before it is corrected',
      who: runners,
      params: idParams,
      answer: z.object({ documents: z.array(z.object({ value: z.string(), label: z.string() })) }),
    },
    async (call) => namesPage(call, call.params.id),
  );

  nameRoutes.post(
    '/people/:id/names',
    {
      summary:
        'Correct a name; the transcripts in `reissue` are issued again with it, all others stay sealed as they are',
      who: runners,
      params: idParams,
      body: nameBody,
      answer: z.object({ id: z.string(), jobIds: z.array(z.string()) }),
      again: async (call) => namesPage(call, call.params.id),
    },
    async (call) => {
      const { scope, context, actor, body } = call;
      permit(runsSchool(actor));
      const person = await getPerson(scope, call.params.id);
      checkNotSealed(person);
      const documents = await listIssuedNaming(scope, await namesOf(scope, person), MAX_DOCUMENTS);
      const wanted = new Set(body.reissue);
      if (body.reissue.some((id) => !documents.some((each) => each.id === id)))
        throw new InvalidInput([{ field: 'reissue', message: 'transcript.names.unknown' }]);
      const { givenName, familyName } = body;
      const displayName = body.displayName || `${givenName} ${familyName}`.trim();
      const again = documents.filter(({ id }) => wanted.has(id));
      await needs.correctName(context, scope, actor, {
        personId: person.id,
        to: { givenName, familyName, displayName },
        reason: body.reason,
        decisions: documents.map(({ id: transcriptId, studentId, termId }) => ({
          ...{ transcriptId, studentId, termId },
          decision: wanted.has(transcriptId) ? ('reissue' as const) : ('leave' as const),
        })),
        decided: (inside) => saveReasons(inside, [...wanted], body.reason),
      });
      const jobIds = await issueAgain(call, again);
      const next = jobIds.length === 1 ? `/jobs/${jobIds[0]}` : `/people/${person.id}`;
      return done(next, { id: person.id, jobIds }, { notice: 'transcript.notice.name-corrected' });
    },
  );
  return nameRoutes;
}

/** One background job per term. */
async function issueAgain(
  { scope, context, actor }: Pick<Call, 'scope' | 'context' | 'actor'>,
  documents: readonly ListedTranscript[],
): Promise<string[]> {
  const jobIds: string[] = [];
  for (const termId of new Set(documents.map((each) => each.termId))) {
    const term = await getTerm(scope, termId);
    const studentIds = documents.filter((each) => each.termId === termId).map((each) => each.studentId);
    const order = { term, studentIds, again: false, requestKey: null };
    jobIds.push((await requestTranscripts(context, scope, actor, order)).id);
  }
  return jobIds;
}
