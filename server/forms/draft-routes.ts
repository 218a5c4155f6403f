/**
 * What the caller has typed and not saved: kept while they type, listed, discarded. Everybody sees their own
 * alone, and no token sees any.
 */
import { z } from 'zod';
import type { Database, SchoolScope } from '../db/database.js';
import { SignInNeeded } from '../errors.js';
import { visitOf } from '../http/call.js';
import { listOf, localPath, pageQuery, text } from '../http/read-input.js';
import { pagerOf } from '../http/pager.js';
import { tellDevice } from '../http/saved-form.js';
import { done, page, raw, routes, type Call, type FeatureRoutes } from '../http/route.js';
import { MAX_DRAFT_DAYS } from './form-draft.js';
import { discardDrafts, keepDraft, pageOpenDrafts, type OpenDraft } from './keep-draft.js';
import { isFormKey } from './form-key.js';
import { countDraftsOf } from './form-draft-records.js';
import { isLocalAddress, readWriterMark, type Writer } from './opened-form.js';
import { flatFields, isWords, withoutSecrets } from './typed-fields.js';

const address = text(2000).refine(isLocalAddress, { error: 'common.problem.wrong-kind' });
/** Of a form, by `formKey`; empty where its address alone says what it is about. */
const keyOfForm = z.string().refine(isFormKey, { error: 'common.problem.wrong-kind' });
const draftAnswer = z.object({
  action: z.string(),
  form: z.string().nullable(),
  page: z.string(),
  savedAt: z.iso.datetime(),
  fields: z.record(z.string(), z.unknown()),
});
const typedValue = z.union([z.string(), z.array(z.string()).max(2000)]);

const inAnotherSchool =
  'The page was opened in another school of the account than the one it is used in now.';

/** Of `GET /drafts/state`: the mark of the page that asks. */
const writerHeader = 'x-page-writer';

export interface DraftRoutePorts {
  /** Of these ids those that mean somebody else now, because duplicates were merged: whom. */
  currentIds(scope: SchoolScope, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/**
 * For whom something is kept that is typed on a page with this mark: the caller, also where the page is from
 * before their record was merged, or the same account in another of its schools.
 * @throws SignInNeeded when somebody else has signed in since the page was opened
 */
async function writerNow(
  { currentIds }: DraftRoutePorts,
  { actor, context }: Pick<Call, 'actor' | 'context'>,
  mark: string | undefined,
): Promise<Writer & { elsewhere: boolean }> {
  const { personId, schoolId, elsewhere = [] } = actor;
  const here = { personId, schoolId, elsewhere: false };
  if (mark === undefined) return here;
  const marked = readWriterMark(context.config.keysFor('form'), mark);
  if (!marked) throw new SignInNeeded();
  if (marked.personId === personId) return here;
  const current = await idNow(currentIds, context.db, marked);
  if (current === personId) return here;
  const part = elsewhere.find((each) => each.personId === current);
  if (!part) throw new SignInNeeded();
  return { personId: part.personId, schoolId: part.schoolId, elsewhere: true };
}

async function idNow(
  currentIds: DraftRoutePorts['currentIds'],
  db: Database,
  { personId, schoolId }: Writer,
): Promise<string> {
  if (schoolId === null) return personId;
  return (await currentIds({ db, schoolId }, [personId])).get(personId) ?? personId;
}

/** @param ports what belongs to features further on */
export function makeDraftRoutes(ports: DraftRoutePorts): FeatureRoutes {
  const draftRoutes = routes('forms');

  draftRoutes.get(
    '/drafts/state',
    {
      summary: 'Whether the writer of a page is still signed in; 401 when not',
      who: 'signed-in',
      token: 'never',
      limit: { name: 'drafts-state', times: 300, seconds: 60 },
      answer: z.object({ signedIn: z.literal(true), elsewhere: z.boolean().describe(inAnotherSchool) }),
    },
    async (call) => {
      // In a header: addresses are written to logs.
      const { elsewhere } = await writerNow(ports, call, call.request.get(writerHeader) || undefined);
      return raw('json', JSON.stringify({ signedIn: true, elsewhere }));
    },
  );

  draftRoutes.put(
    '/drafts',
    {
      summary: 'Keep what is being typed into a form; takes the place of what was kept of it before',
      who: 'signed-in',
      token: 'never',
      limit: { name: 'keep-draft', times: 300, seconds: 60 },
      body: z.object({
        action: address,
        /** Left out: it goes by what its fields say. */
        form: keyOfForm.nullable().default(null),
        page: address,
        fields: z.record(z.string().max(500), typedValue),
        began: z.string().max(50).nullable().default(null),
        /** The mark of the page on which it is typed. */
        writer: z.string().max(300).optional(),
      }),
      answer: z.object({ savedAt: z.iso.datetime(), elsewhere: z.boolean().describe(inAnotherSchool) }),
    },
    async (call) => {
      const { action, form, page: where, fields, began, writer } = call.body;
      const { personId, schoolId, elsewhere } = await writerNow(ports, call, writer);
      const savedAt = await keepDraft(call.context, {
        ...{ personId, schoolId, action, form, page: where },
        content: { fields: withoutSecrets(fields), began, refused: false, files: [] },
      });
      return done('/drafts', { savedAt: savedAt.toISOString(), elsewhere });
    },
  );

  draftRoutes.get(
    '/drafts',
    {
      summary: 'What the caller has typed into forms and not saved',
      who: 'signed-in',
      token: 'never',
      limit: { name: 'read-drafts', times: 120, seconds: 60 },
      query: pageQuery,
      answer: listOf(draftAnswer),
    },
    async (call) => {
      const found = await pageOpenDrafts(call.context, call.actor.personId, call.query);
      const drafts = found.items;
      return page(
        'forms/drafts',
        {
          ...found,
          items: drafts.map(({ action, form = null, page: where, savedAt, fields }) => ({
            ...{ action, form },
            page: where,
            savedAt: savedAt.toISOString(),
            fields,
          })),
          ...(call.wantsJson
            ? {}
            : {
                ...{ days: MAX_DRAFT_DAYS, drafts: drafts.map(lineOf), pager: pagerOf(found, '/drafts') },
                elsewhere: await draftsElsewhere(call),
              }),
        },
        { title: call.t('forms.drafts.title'), crumbs: accountCrumb(call) },
      );
    },
  );

  draftRoutes.post(
    '/drafts/discard',
    {
      summary: 'Discard what was typed into a form',
      who: 'signed-in',
      token: 'never',
      body: z.object({
        action: address,
        /** Left out: of all forms that go there. */
        form: keyOfForm.optional(),
        next: localPath,
      }),
      answer: z.object({ discarded: z.number() }),
    },
    async (call) => {
      const { action, form } = call.body;
      const discarded = await discardDrafts(call.context, call.actor.personId, action, form);
      if (!call.wantsJson) tellDevice(call.request, action, form ?? null);
      return done(call.body.next, { discarded }, { notice: 'forms.drafts.discarded' });
    },
  );

  return draftRoutes;
}

function lineOf({ action, form = null, page: where, savedAt, fields, files }: OpenDraft) {
  const words = flatFields(fields).flatMap(({ value }) => (isWords(value) ? [value] : []));
  const longest = words.reduce((a, b) => (b.length > a.length ? b : a), '');
  return { action, form, page: where, savedAt, files, words, beginning: beginningOf(longest) };
}

const MAX_BEGINNING = 80;
const beginningOf = (words: string): string => {
  const line = words.replace(/\s+/g, ' ').trim();
  return line.length > MAX_BEGINNING ? `${line.slice(0, MAX_BEGINNING).trimEnd()}…` : line;
};

const accountCrumb = ({ actor, t }: Pick<Call, 'actor' | 't'>) =>
  actor.via === 'session' ? [{ href: '/account', label: t('access.account.title') }] : [];

/** How much waits in the other schools of the account, where there is any. */
async function draftsElsewhere({ context, response }: Pick<Call, 'context' | 'response'>) {
  const places = visitOf(response).elsewhere ?? [];
  if (places.length === 0) return [];
  const ids = places.map(({ personId }) => personId);
  const counts = await countDraftsOf(context.db, ids, context.clock.now());
  return places.flatMap((place) => {
    const count = counts.get(place.personId) ?? 0;
    return count > 0 ? [{ ...place, count }] : [];
  });
}
