/** The pages on which portfolios are listed, made and reviewed, as views; the routes are in portfolio-routes.ts. */
import { listArtifactsByIds, listLatestVersions } from '../artifacts/artifact-records.js';
import { Conflict, NotFound, type AppError } from '../errors.js';
import { pagerOf } from '../http/pager.js';
import { page, type Call } from '../http/route.js';
import { findStudent, listPeopleByIds } from '../people/people-records.js';
import { isOwn, requirePermission, type Person } from '../people/person.js';
import { findSchool, findTerm, listTerms } from '../school/school-records.js';
import {
  mayAdvisePortfolio,
  mayBeginPortfolio,
  mayEditPortfolio,
  mayReadPortfolio,
  mayReadSnapshots,
  type Portfolio,
} from './portfolio.js';
import { askedView } from './ask-view.js';
import { findOlderVersions, type OlderVersions } from './earlier-pins.js';
import { findAddableWorks } from './find-works.js';
import { changedWorks, differs } from './portfolio-changes.js';
import { findNewestSnapshot, getPortfolio, listPortfolios, listSnapshotKeys } from './portfolio-records.js';
import {
  authorsIn,
  contentView,
  criterionOptions,
  formEntries,
  portfolioView,
  snapshotLine,
  workView,
  type KnownWorks,
} from './portfolio-view.js';
import { typedDraft } from './read-portfolio.js';
import { prepareFreezing } from './prepare-freezing.js';
import { suggestionViews, waitingSuggestions } from './suggestion-view.js';

/** The newest; all others are found on a page of their own. */
const MAX_OFFERED = 12;

export type IdCall = Pick<Call<{ id: string }>, 'scope' | 'actor' | 'params' | 't' | 'context'>;
type Rule = typeof mayReadPortfolio;

export async function studentFor(call: IdCall, id: string, rule: Rule): Promise<Person> {
  const student = await findStudent(call.scope, id);
  if (!student) throw new NotFound();
  requirePermission(rule(call.actor, student));
  return student;
}

export async function portfolioFor(call: IdCall, rule: Rule) {
  const portfolio = await getPortfolio(call.scope, call.params.id);
  return { portfolio, student: await studentFor(call, portfolio.studentId, rule) };
}

const studentCrumb = (student: Person) => ({ href: `/students/${student.id}`, label: student.displayName });
const listCrumbs = (call: IdCall, student: Person) => [
  studentCrumb(student),
  { href: `/students/${student.id}/portfolios`, label: call.t('portfolio.list.crumb') },
];
export const portfolioCrumbs = (call: IdCall, student: Person, portfolio: Portfolio) => [
  ...listCrumbs(call, student),
  { href: `/portfolios/${portfolio.id}`, label: portfolio.title },
];

async function rubricOptions(call: IdCall) {
  return call.context.rubrics.list().map(({ slug, title }) => ({ value: slug, label: title }));
}

export async function portfolioListPage(
  call: IdCall & { query: { page?: number; perPage?: number; termId?: string | undefined } },
) {
  const student = await studentFor(call, call.params.id, mayReadSnapshots);
  const drafts = mayReadPortfolio(call.actor, student);
  const found = await listPortfolios(call.scope, student.id, call.query.page ?? 1, call.query.perPage ?? 50);
  // The family sees that there is a portfolio once something of it was submitted.
  const items = found.items.filter((portfolio) => drafts || portfolio.latestSnapshot > 0);
  const terms = await listTerms(call.scope);
  const names = new Map(terms.map((term) => [term.id, term.name]));
  const school = await findSchool(call.scope.db, call.scope.schoolId);
  return page(
    'portfolio/list',
    {
      ...found,
      items: items.map((portfolio) => ({
        ...(drafts ? portfolioView(portfolio) : { id: portfolio.id, title: portfolio.title }),
        termName: names.get(portfolio.termId) ?? '',
        works: drafts ? portfolio.entries.length : null,
        state: drafts ? portfolio.state : 'submitted',
        href: drafts
          ? `/portfolios/${portfolio.id}`
          : `/portfolios/${portfolio.id}/snapshots/${portfolio.latestSnapshot}`,
      })),
      student: { id: student.id, displayName: student.displayName },
      mayEdit: mayBeginPortfolio(call.actor, student),
      own: isOwn(call.actor, student),
      terms: terms.map((term) => ({ value: term.id, label: term.name })),
      /** Of which a portfolio is begun, unless another one is chosen. */
      offeredTermId: names.has(call.query.termId ?? '') ? call.query.termId : (school?.currentTermId ?? null),
      rubrics: await rubricOptions(call),
      pager: pagerOf(found, `/students/${student.id}/portfolios`),
    },
    {
      title: isOwn(call.actor, student)
        ? call.t('portfolio.list.title-own')
        : call.t('portfolio.list.title', { name: student.displayName }),
      crumbs: [studentCrumb(student)],
    },
  );
}

/** The works that a portfolio shows, with the versions that they and its pins are on. */
export async function portfolioWorks(
  call: IdCall,
  portfolio: Portfolio,
  also: readonly string[] = [],
): Promise<KnownWorks & { older: OlderVersions }> {
  const ids = portfolio.entries.map(({ artifactId }) => artifactId);
  const found = await listArtifactsByIds(call.scope, [...new Set([...ids, ...also])]);
  const own = found.filter(({ studentId }) => studentId === portfolio.studentId);
  const artifacts = new Map(own.map((artifact) => [artifact.id, artifact]));
  const versions = await listLatestVersions(call.scope, own);
  return { artifacts, versions, older: await findOlderVersions(call.scope, portfolio.entries, versions) };
}

/** What somebody else has submitted for the student, until the student has seen it. */
async function unseenView(call: IdCall, { id, unseenSubmission }: Portfolio) {
  if (!unseenSubmission) return null;
  const { number, by, at } = unseenSubmission;
  const [person] = await listPeopleByIds(call.scope, [by]);
  return {
    ...{ number, at: at.toISOString(), name: person?.displayName ?? '' },
    href: `/portfolios/${id}/snapshots/${number}`,
  };
}

/** A suggestion that was refused, as it was typed. */
export interface TypedSuggestion {
  field: string;
  entryId: string;
  text: string;
}

/** What submitting would show that the newest snapshot does not; of a portfolio that nobody has changed since. */
async function newsOf(call: IdCall, portfolio: Portfolio) {
  const [newest, { content }] = await Promise.all([
    findNewestSnapshot(call.scope, portfolio),
    prepareFreezing(call.context, call.scope, portfolio),
  ]);
  const hasChanged = !newest || differs(newest.content, content);
  return { newest, hasChanged, works: newest ? changedWorks(newest.content, content) : [] };
}

/** The page on which a portfolio is made. After a conflict `draft` is what was typed and `theirs` what is there now. */
export async function portfolioPage(
  call: IdCall & {
    query: { add?: string | undefined; edit?: boolean | undefined; ask?: string | undefined };
  },
  shown: { draft?: Portfolio; theirs?: Portfolio; retry?: TypedSuggestion } = {},
) {
  const { portfolio, student } = await portfolioFor(call, mayReadPortfolio);
  const draft = shown.draft ?? portfolio;
  const ticked = (call.query.add ?? '').split(',').filter(Boolean);
  const offered = await findAddableWorks(call.scope, draft, { search: '', after: null, limit: MAX_OFFERED });
  const there = new Set(draft.entries.map(({ artifactId }) => artifactId));
  const offeredIds = [...new Set([...ticked, ...offered.ids])].filter((id) => !there.has(id));
  const [works, rubric, term, snapshots] = await Promise.all([
    portfolioWorks(call, draft, offeredIds),
    portfolio.rubric ? call.context.rubrics.byHash(portfolio.rubric.hash) : null,
    findTerm(call.scope, portfolio.termId),
    listSnapshotKeys(call.scope, portfolio.id),
  ]);
  const named = (id: string): string => rubric?.criteria.find((row) => row.id === id)?.name ?? id;
  const mayEdit = mayEditPortfolio(call.actor, student);
  // What was submitted stands first; going on with it is a step of its own.
  const wantsToEdit = shown.draft !== undefined || call.query.edit || call.query.add !== undefined;
  const goesOn = portfolio.state === 'draft' || wantsToEdit || shown.retry !== undefined;
  const editing = mayEdit && goesOn;
  const advises = mayAdvisePortfolio(call.actor, student);
  const isFrozen = !(mayEdit || advises ? goesOn : false) && portfolio.state === 'submitted';
  const news = portfolio.state === 'submitted' ? await newsOf(call, portfolio) : null;
  const newest = isFrozen ? (news?.newest ?? null) : null;
  const suggestions = await suggestionViews(call, portfolio);
  const unseen = mayEdit ? await unseenView(call, portfolio) : null;
  const theirWorks = shown.theirs ? await portfolioWorks(call, shown.theirs) : null;
  return page(
    'portfolio/portfolio',
    {
      ...portfolioView(portfolio),
      student: { id: student.id, displayName: student.displayName },
      termName: term?.name ?? '',
      mayEdit,
      editing,
      suggestBase: advises && goesOn ? `/portfolios/${portfolio.id}/suggestions` : null,
      mayAdvise: advises,
      retry: shown.retry ?? null,
      suggestions,
      waitingSuggestions: waitingSuggestions(portfolio.id, suggestions),
      unseen,
      asked: editing ? askedView(call, portfolio, works, call.query.ask) : null,
      next: portfolio.latestSnapshot + 1,
      hasChanged: news ? news.hasChanged : true,
      changedWorks: news?.works ?? [],
      frozen: newest
        ? contentView(newest.content, await authorsIn(call.scope, student.id, newest.content))
        : null,
      form: {
        ...{ title: draft.title, statement: draft.statement },
        entries: formEntries(draft, works, named).map((entry) => ({
          ...entry,
          suggestions: suggestions.filter(({ entryId }) => entryId === entry.id),
        })),
        titleSuggestions: suggestions.filter(({ field }) => field === 'title'),
        statementSuggestions: suggestions.filter(({ field }) => field === 'statement'),
      },
      theirs:
        shown.theirs && theirWorks
          ? {
              title: shown.theirs.title,
              statement: shown.theirs.statement,
              entries: formEntries(shown.theirs, theirWorks, named),
            }
          : null,
      addable: offered.total,
      moreOffered: offered.next !== null,
      offered: offeredIds.flatMap((id) => {
        const work = workView(works, id);
        return work ? [{ ...work, ticked: ticked.includes(id) }] : [];
      }),
      criteria: criterionOptions(rubric),
      rubrics: await rubricOptions(call),
      snapshots: snapshots.map(snapshotLine),
    },
    { title: portfolio.title, crumbs: listCrumbs(call, student), values: {} },
  );
}

/** Shows the form again with what was typed; after a conflict also what somebody else has saved meanwhile. */
export async function portfolioAgain(call: IdCall & { body: unknown }, problem: AppError) {
  const { portfolio } = await portfolioFor(call, mayEditPortfolio);
  const draft = typedDraft(portfolio, call.body);
  return portfolioPage(
    { ...call, query: {} },
    problem instanceof Conflict ? { draft, theirs: portfolio } : { draft },
  );
}
