/** The school's settings and its terms. */
import { z } from 'zod';
import { appendAudit } from '../audit/append-audit.js';
import { fieldsChanged } from '../audit/fields-changed.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { Conflict, NotFound } from '../errors.js';
import { newId } from '../ids.js';
import { wholeList } from '../http/pager.js';
import { day, gatherProblems, idParams, listOf, text, type Given } from '../http/read-input.js';
import { done, page, routes, type Call, type FeatureRoutes } from '../http/route.js';
import { conflictRules, panelConflictRules, mayEditSchool } from './school.js';
import { freeSlugOf, ownNameKey } from './own-names.js';
import { checkGivenAccent, checkGivenTerm } from './school-fields.js';
import { settingChoices } from './setting-choices.js';
import { mailAddressWarning } from './shared-address.js';
import { settingsAfter, settingsBody, settingsOf } from './read-settings.js';
import {
  findSchool,
  getTerm,
  listTerms,
  saveSchoolChange,
  saveTerm,
  saveTermChange,
} from './school-records.js';
import { schoolAnswer, schoolView, termAnswer, termView } from './school-view.js';
import { zoneMoveOf, zoneQuestion, type Upcoming } from './change-zone.js';
import { savedNotice } from './overlapping-terms.js';
import { sameZone, zoneGroups } from './time-zones.js';

/** What is asked of features that come later. */
export interface SchoolPorts {
  /** Bytes that the files of the school take, and may take. */
  findStorageUse(
    context: Pick<Call, 'context'>['context'],
    scope: SchoolScope,
  ): Promise<{ usedBytes: number; quotaBytes: number }>;
  /** What is ahead and has a time; exhibitions and people come downstream. */
  listUpcoming(scope: SchoolScope, now: Date): Promise<Upcoming>;
  /** `1.5 GB`, in the reader's language. */
  sizeText(bytes: number, locale: string): string;
}

const changedAnswer = z.object({ changed: z.literal(true) });
const termBody = z.object({ name: text(60), startsOn: day, endsOn: day });

const termRules = async (given: Given) => gatherProblems(() => checkGivenTerm(given, 'startsOn', 'endsOn'));

const appendTermAudit = (
  { context, actor }: Pick<Call, 'context' | 'actor'>,
  inside: SchoolScope,
  act: 'school.term-add' | 'school.term-change',
  id: string,
  fields?: string[],
): Promise<void> =>
  appendAudit(inside, context.clock, actor, act, { kind: 'term', id }, fields ? { fields } : {});

async function saveSettings(
  { scope, context, actor }: Pick<Call, 'scope' | 'context' | 'actor'>,
  body: z.output<typeof settingsBody>,
): Promise<void> {
  await inTransaction(scope, async (inside) => {
    const school = await findSchool(inside, scope.schoolId);
    if (!school) throw new NotFound();
    const after = settingsAfter(school, body);
    await saveSchoolChange(inside, after);
    const policies = fieldsChanged(school.policies, after.policies ?? {});
    const fields = [
      ...fieldsChanged(school, { ...after, policies: school.policies }),
      ...policies.map((field) => `policies.${field}`),
    ];
    const subject = { kind: 'school', id: scope.schoolId };
    await appendAudit(inside, context.clock, actor, 'school.change', subject, { fields });
  });
}

/** @param ports what the works say of the files they keep */
export function makeSchoolRoutes(ports: SchoolPorts): FeatureRoutes {
  const schoolRoutes = routes('school');
  const settingsPage = async (call: Pick<Call, 'context' | 'scope' | 't' | 'actor' | 'locale'>) => {
    const school = await findSchool(call.context.db, call.scope.schoolId);
    if (!school) throw new NotFound();
    const storageUse = mayEditSchool(call.actor)
      ? await ports.findStorageUse(call.context, call.scope)
      : null;
    const terms = (await listTerms(call.scope)).map((term) => termView(term, school));
    return page(
      'school/settings',
      {
        school: schoolView(school),
        quotas: {
          student: ports.sizeText(call.context.config.studentQuotaBytes, call.locale),
          school: ports.sizeText(call.context.config.schoolQuotaBytes, call.locale),
        },
        storageUse,
        storageWords: storageUse && {
          used: ports.sizeText(storageUse.usedBytes, call.locale),
          quota: ports.sizeText(storageUse.quotaBytes, call.locale),
        },
        terms,
        addressWarning: await mailAddressWarning(call),
        zones: zoneGroups(
          call.t('school.field.other-zones'),
          call.context.clock.now(),
          school.timeZone,
          call.t,
        ),
        mayEditSchool: mayEditSchool(call.actor),
        ...settingChoices(call.t),
        conflicts: (['advisor', 'relative', 'mentor'] as const).map((who) => ({
          name: `${who}OnPanel`,
          label: call.t(`school.field.${who}-on-panel`),
          value: panelConflictRules(school)[who],
          options: conflictRules.map((rule) => ({ value: rule, label: call.t(`school.field.${rule}`) })),
        })),
      },
      { title: call.t('school.settings.title') },
    );
  };

  /** The forms of the terms stand below the school's own on the same page: which of them is shown again. */
  const again = (form: string) => async (call: Parameters<typeof settingsPage>[0]) => ({
    ...(await settingsPage(call)),
    form,
  });

  schoolRoutes.get(
    '/school',
    {
      summary: 'The school, its policies and terms',
      who: ['registrar', 'admin'],
      answer: z.object({
        school: schoolAnswer,
        terms: z.array(termAnswer),
        storageUse: z
          .object({ usedBytes: z.number(), quotaBytes: z.number() })
          .nullable()
          .describe('What the files of the school take and may take; for administrators.'),
      }),
    },
    settingsPage,
  );

  schoolRoutes.put(
    '/school',
    {
      summary: "Change the school's settings",
      who: ['admin'],
      body: settingsBody,
      fromAnswer: settingsOf,
      answer: changedAnswer,
      alsoPost: true,
      again: again(''),
      rules: async (given) => gatherProblems(() => checkGivenAccent(given)),
    },
    async (call) => {
      const { body, context } = call;
      const school = await findSchool(call.scope, call.scope.schoolId);
      if (!school) throw new NotFound();
      const to = body.timeZone ?? school.timeZone;
      const now = context.clock.now();
      const move = sameZone(school.timeZone, to)
        ? null
        : zoneMoveOf(
            { from: school.timeZone, to, locale: call.locale, now },
            await ports.listUpcoming(call.scope, now),
          );
      if (!move || body.zoneConfirmed) {
        await saveSettings(call, body);
        return done('/school', { changed: true }, { notice: 'school.notice.saved' });
      }
      if (call.wantsJson) {
        const { presentations, exhibitions, peopleWithHours } = move;
        const count = presentations + exhibitions + peopleWithHours;
        throw new Conflict('school.problem.zone-moves', { count, to }, 'zone-moves', { ...move });
      }
      // Everything else is saved; the zone waits for an answer.
      await saveSettings(call, { ...body, timeZone: undefined });
      return page('school/zone-change', zoneQuestion(move, context.clock.now()), {
        title: call.t('school.zone.title'),
        crumbs: [{ href: '/school', label: call.t('school.settings.title') }],
      });
    },
  );

  schoolRoutes.get(
    '/terms',
    {
      summary: 'All terms, oldest first',
      who: 'signed-in',
      answer: listOf(termAnswer),
    },
    async (call) => {
      const school = await findSchool(call.context.db, call.scope.schoolId);
      const items = (await listTerms(call.scope)).map((term) =>
        termView(term, school ?? { currentTermId: null }),
      );
      return page('school/terms', wholeList(items), { title: call.t('school.terms.title') });
    },
  );

  schoolRoutes.post(
    '/terms',
    {
      summary: 'Add a term',
      who: ['registrar', 'admin'],
      body: termBody,
      status: 201,
      answer: termAnswer,
      again: again('term-'),
      rules: termRules,
    },
    async (call) => {
      const known = await listTerms(call.scope);
      if (known.some(({ name }) => ownNameKey(name) === ownNameKey(call.body.name)))
        throw new Conflict('school.problem.term-taken');
      const term = {
        id: newId(),
        schoolId: call.scope.schoolId,
        slug: freeSlugOf(
          call.body.name,
          'term',
          known.map(({ slug }) => slug),
        ),
        ...call.body,
      };
      await inTransaction(call.scope, async (inside) => {
        await saveTerm(inside, term);
        await appendTermAudit(call, inside, 'school.term-add', term.id);
      });
      return done('/school', termView(term, { currentTermId: null }), {
        status: 201,
        ...savedNotice(call, term, known),
      });
    },
  );

  schoolRoutes.put(
    '/terms/:id',
    {
      summary: 'Change a term',
      who: ['registrar', 'admin'],
      params: idParams,
      body: termBody,
      answer: changedAnswer,
      alsoPost: true,
      again: (call) => again(`${call.params.id}-`)(call),
      rules: termRules,
    },
    async (call) => {
      const term = await getTerm(call.scope, call.params.id);
      const { name } = call.body;
      const others = (await listTerms(call.scope)).filter((other) => other.id !== term.id);
      if (others.some((other) => ownNameKey(other.name) === ownNameKey(name)))
        throw new Conflict('school.problem.term-taken');
      await inTransaction(call.scope, async (inside) => {
        await saveTermChange(inside, term.id, call.body);
        await appendTermAudit(call, inside, 'school.term-change', term.id, fieldsChanged(term, call.body));
      });
      return done('/school', { changed: true }, savedNotice(call, { ...term, ...call.body }, others));
    },
  );
  return schoolRoutes;
}
