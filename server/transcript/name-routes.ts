/**
 * A corrected or chosen name: where the old one is in issued transcripts, and what the registrar decides for
 * each of them.
 */
import { z } from 'zod';
import { runsSchool } from '../access/actor.js';
import { InvalidInput } from '../errors.js';
import { flag, idParams, optionalLine, prose, several, text } from '../http/read-input.js';
import { done, page, routes, type Call } from '../http/route.js';
import { correctName } from '../people/correct-name.js';
import { getPerson } from '../people/people-records.js';
import { checkNotSealed, requirePermission } from '../people/person.js';
import { dateText } from '../exhibitions/day-and-time.js';
import { getTerm } from '../school/school-records.js';
import { requestTranscripts } from './request-transcripts.js';
import { decideNaming, findNaming, documentKey, type Naming } from './find-naming.js';
import { saveReasons, type ListedTranscript } from './transcript-records.js';
import { checkVerifyAddress, verifyAddressOf } from './verify-address.js';

const runners = ['registrar', 'admin'] as const;
const nameBody = z.object({
  givenName: text(100),
  familyName: optionalLine(100),
  displayName: optionalLine(200),
  reason: prose(500),
  /** Transcripts that are issued again with the new name; the others stay as they are. */
  reissue: several(z.string().max(64)).default([]),
  /** `kind:id` of other frozen documents whose pages show the new name; the others show what was sealed. */
  show: several(z.string().max(80)).default([]),
  /** All documents of both kinds. */
  everywhere: flag,
});

/** The name as the person's page has sent it on. */
const nameQuery = z.object({
  givenName: optionalLine(100).optional(),
  familyName: optionalLine(100).optional(),
  displayName: optionalLine(200).optional(),
});

const documentAnswer = z.object({ value: z.string(), label: z.string() });

async function namesPage(
  call: Pick<Call, 'scope' | 't' | 'timeZone' | 'locale'>,
  personId: string,
  wanted: z.output<typeof nameQuery> = {},
) {
  const { scope, t } = call;
  const person = await getPerson(scope, personId);
  checkNotSealed(person);
  const { transcripts, others } = await findNaming(scope, person);
  return page(
    'transcript/names',
    {
      person: {
        id: person.id,
        givenName: wanted.givenName || person.givenName,
        // One name alone is a whole name: an empty family name counts when a name was sent at all.
        familyName: wanted.givenName ? (wanted.familyName ?? person.familyName) : person.familyName,
        displayName: wanted.displayName || person.displayName,
      },
      anything: transcripts.length + others.length > 0,
      documents: transcripts.map(({ id, number, studentName, termName }) => ({
        value: id,
        label: t('transcript.names.document', { number, student: studentName, term: termName }),
      })),
      others: others.map((document) => ({
        value: documentKey(document),
        label: t(`transcript.names.${document.kind}`, {
          student: document.studentName,
          title: document.title,
          date: dateText(document.at, call.timeZone, call.locale),
        }),
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

export const nameRoutes = routes('transcript');
nameRoutes.get(
  '/people/:id/names',
  {
    summary: 'Frozen documents that have a name of this person, before it is corrected',
    who: runners,
    params: idParams,
    query: nameQuery,
    answer: z.object({
      documents: z.array(documentAnswer).describe('Issued transcripts.'),
      others: z.array(documentAnswer).describe('Snapshots, results, narratives and visits.'),
    }),
  },
  async (call) => namesPage(call, call.params.id, call.query),
);

nameRoutes.post(
  '/people/:id/names',
  {
    summary:
      'Correct a name; transcripts in `reissue` are issued again with it, pages of the documents in `show` show it; all others stay as they are',
    who: runners,
    params: idParams,
    body: nameBody,
    answer: z.object({ id: z.string(), jobIds: z.array(z.string()) }),
    again: async (call) => namesPage(call, call.params.id),
  },
  async (call) => {
    const { scope, context, actor, body } = call;
    requirePermission(runsSchool(actor));
    const person = await getPerson(scope, call.params.id);
    checkNotSealed(person);
    const { givenName, familyName } = body;
    const displayName = body.displayName || `${givenName} ${familyName}`.trim();
    let again: ListedTranscript[] = [];
    await correctName(context, scope, actor, {
      personId: person.id,
      to: { givenName, familyName, displayName },
      reason: body.reason,
      decide: async (inside, now) => {
        const naming = await findNaming(inside, now);
        const { reissue, show } = chosenOf(naming, body);
        again = naming.transcripts.filter(({ id }) => reissue.has(id));
        // Before the name is corrected, because the documents are issued afterwards.
        if (again.length > 0) await checkVerifyAddress(scope, verifyAddressOf(context.config));
        await saveReasons(inside, [...reissue], body.reason);
        return decideNaming(naming, reissue, show);
      },
    });
    const jobIds = await issueAgain(call, again);
    const next = jobIds.length === 1 ? `/jobs/${jobIds[0]}` : `/people/${person.id}`;
    return done(next, { id: person.id, jobIds }, { notice: 'transcript.notice.name-corrected' });
  },
);

/** @throws InvalidInput for a document that has no name of the person */
function chosenOf(
  { transcripts, others }: Naming,
  { everywhere, reissue, show }: Pick<z.output<typeof nameBody>, 'everywhere' | 'reissue' | 'show'>,
): { reissue: Set<string>; show: Set<string> } {
  const [ids, keys] = [transcripts.map(({ id }) => id), others.map(documentKey)];
  if (show.some((key) => !keys.includes(key)))
    throw new InvalidInput([{ field: 'show', message: 'transcript.names.unknown' }]);
  if (reissue.some((id) => !ids.includes(id)))
    throw new InvalidInput([{ field: 'reissue', message: 'transcript.names.unknown' }]);
  return { reissue: new Set(everywhere ? ids : reissue), show: new Set(everywhere ? keys : show) };
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
