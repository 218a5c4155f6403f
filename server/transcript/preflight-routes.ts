/** Before issuing: what is missing for whom, issuing a term's transcripts, and all of them as a zip. */
import { z } from 'zod';
import { appendDownload } from '../audit/append-counted.js';
import { InvalidInput, NotFound } from '../errors.js';
import { contentDisposition } from '../http/content-disposition.js';
import { pagerOf } from '../http/pager.js';
import { flag, idParams, listOf, pageQuery, several } from '../http/read-input.js';
import { done, page, routes, sent, type Call } from '../http/route.js';
import { listAdvisories, listSealedStudentIds } from '../people/people-records.js';
import { listEnrolledIds, pageEnrolled, pageEnrolledAmong } from '../people/read-enrollments.js';
import { findSchool, findTerm, getTerm } from '../school/school-records.js';
import { countPreflight, listComplete, listIncomplete, preflight, preflightFilters } from './preflight.js';
import { termFilterFields, listInFilter, listShown, type TermFilter } from './filter-term.js';
import { findIssueProblems } from './issue-problems.js';
import { requestTranscripts } from './request-transcripts.js';
import type { IssuedTranscript } from './transcript.js';
import { listMissed } from './term-records.js';
import { preflightAnswer, preflightView } from './transcript-answer.js';
import { listIssuedOfTerm } from './transcript-records.js';
import { hasVerifyAddress, verifyAddressOf } from './verify-address.js';
import { zipOf } from './zip-transcripts.js';

export const preflightRoutes = routes('transcript');

const runners = ['registrar', 'admin'] as const;

async function termPage(
  call: Pick<Call, 'scope' | 't' | 'context' | 'actor'>,
  termId: string,
  at: TermFilter & { page: number; perPage: number; ticked?: readonly string[] | undefined },
) {
  const { scope } = call;
  const { search = '', show, grade = '', advisory = '', ticked } = at;
  const isFiltered = search !== '' || show !== undefined || grade !== '' || advisory !== '';
  const missed = await listMissed(scope, termId);
  const everybody = isFiltered || ticked ? await listEnrolledIds(scope, termId, missed) : null;
  // Whoever was ticked stays in view, on whatever page that was.
  const listed = ticked ? everybody?.filter((id) => ticked.includes(id)) : everybody;
  const address = verifyAddressOf(call.context.config);
  const [school, term, canIssue, advisories, students, counts] = await Promise.all([
    findSchool(scope, scope.schoolId),
    getTerm(scope, termId),
    hasVerifyAddress(scope, address),
    listAdvisories(scope),
    listed
      ? pageEnrolledAmong(scope, termId, await listInFilter(scope, termId, listed, at), { ...at, search })
      : pageEnrolled(scope, termId, { ...at, missed }),
    countPreflight(scope, termId, missed),
  ]);
  const enrolled = everybody?.length ?? students.total;
  const lines = await preflight(call.scope, term.id, students.items);
  // Of the students on this page alone: what all of the term's documents would say takes minutes to gather.
  const problems = await findIssueProblems(
    call.context,
    scope,
    { school: school!, term },
    lines,
    call.actor.name,
  );
  const problemOf = (id: string): string | null => {
    const problem = problems.get(id);
    return problem ? call.t('transcript.preflight.letters', problem.params) : null;
  };
  const found = {
    ...students,
    items: lines.map((line) => ({
      ...preflightView(line, problemOf(line.student.id)),
      missingWords: line.missing.map((gap) => call.t(`transcript.gap.${gap}`)).join(', '),
      draftWords: line.drafts > 0 ? call.t('transcript.preflight.drafts', { count: line.drafts }) : null,
    })),
  };
  const { complete, issued, settled } = counts;
  const incomplete = enrolled - settled;
  return page(
    'transcript/term',
    {
      ...found,
      term: { id: term.id, name: term.name },
      counts: { complete, issued, incomplete },
      /** Why nothing can be issued now; null where it can. */
      addressProblem: canIssue ? null : call.t('transcript.problem.public-url', { address }),
      pager: pagerOf(found, `/terms/${term.id}/transcripts`, { search, show, grade, advisory }),
      isFiltered,
      issueFiltered:
        isFiltered && !ticked ? call.t('transcript.issue.filtered', { count: students.total }) : null,
      advisories: advisories.map(({ id, name }) => ({ value: id, label: name })),
      anybody: enrolled > 0,
      filters: { search, show: show ?? '', grade, advisory },
      shows: preflightFilters.map((value) => ({ value, label: call.t(`transcript.show.${value}`) })),
      issueAll:
        incomplete > 0
          ? call.t('transcript.issue.all-incomplete', { count: enrolled, incomplete })
          : call.t('transcript.issue.all', { count: enrolled }),
      issueComplete:
        complete > 0 && incomplete > 0 ? call.t('transcript.issue.complete', { count: complete }) : null,
      incomplete: incomplete > 0 ? call.t('transcript.issue.incomplete', { count: incomplete }) : null,
      lede: call.t('transcript.preflight.lede', {
        count: enrolled,
        complete,
        issued,
      }),
    },
    {
      title: call.t('transcript.preflight.title', { term: term.name }),
      crumbs: [{ href: '/transcripts', label: call.t('transcript.list.title') }],
    },
  );
}

preflightRoutes.get(
  '/terms/:id/transcripts',
  {
    summary: 'Before issuing: what is missing per student of the term',
    who: runners,
    params: idParams,
    query: pageQuery.extend(termFilterFields),
    answer: listOf(preflightAnswer),
  },
  async (call) => termPage(call, call.params.id, call.query),
);

const issueBody = z.object({
  ...termFilterFields,
  /** Everybody whom the filter shows, on all its pages. */
  filtered: flag,
  /** Also those to whom something is missing and who have no valid transcript yet; a form asks for it. */
  confirmed: flag,
  /** Everybody enrolled in the term when left out. */
  studentIds: several(z.string().max(64)).optional(),
  all: flag,
  /** Those to whom nothing is missing. */
  complete: flag,
  /** Also where nothing has changed since the last one. */
  again: flag,
  requestKey: z.string().max(100).optional(),
});

preflightRoutes.post(
  '/terms/:id/transcripts',
  {
    summary: 'Issue transcripts of the term as a background job; for all students or those named',
    who: runners,
    params: idParams,
    body: issueBody,
    status: 202,
    answer: z.object({ jobId: z.string() }),
    again: async (call) => {
      const { body = {} } = call as { body?: TermFilter & { all?: boolean; studentIds?: string[] } };
      const { search, show, grade, advisory, all, studentIds } = body;
      return termPage(call, call.params.id, {
        page: 1,
        perPage: Math.max(50, studentIds?.length ?? 0),
        ticked: all || !studentIds?.length ? undefined : studentIds,
        ...{ search, show: show || undefined, grade, advisory },
      });
    },
  },
  async (call) => {
    const term = await findTerm(call.scope, call.params.id);
    if (!term) throw new NotFound();
    const { all, complete, again, requestKey } = call.body;
    const shown = call.body.filtered ? await listShown(call.scope, term.id, call.body) : null;
    if (!call.wantsJson && !call.body.confirmed && (all || shown || !complete)) {
      const everybody = async () =>
        listEnrolledIds(call.scope, term.id, await listMissed(call.scope, term.id));
      const asked = shown ?? (all ? await everybody() : [...new Set(call.body.studentIds)]);
      const { length: count } = await listIncomplete(call.scope, term.id, asked, again);
      if (count > 0)
        throw new InvalidInput([
          { field: 'confirmed', message: 'transcript.problem.incomplete', params: { count } },
        ]);
    }
    const studentIds = shown ?? (complete ? await listComplete(call.scope, term.id) : call.body.studentIds);
    // A form without a tick sends no field at all, and means nobody; a program that leaves the field out
    // means everybody.
    const named = all || (studentIds === undefined && call.wantsJson) ? null : (studentIds ?? []);
    const job = await requestTranscripts(call.context, call.scope, call.actor, {
      term,
      studentIds: named,
      again,
      requestKey: requestKey ?? call.request.get('idempotency-key')?.slice(0, 100) ?? null,
    });
    return done(`/jobs/${job.id}`, { jobId: job.id }, { status: 202 });
  },
);

preflightRoutes.get(
  '/terms/:id/transcripts.zip',
  {
    summary: 'All valid transcripts of the term',
    who: runners,
    params: idParams,
    answerType: 'application/zip',
  },
  async (call) => {
    const term = await getTerm(call.scope, call.params.id);
    const sealed = await listSealedStudentIds(call.scope);
    const issued = ((await listIssuedOfTerm(call.scope, term.id)) as IssuedTranscript[]).filter(
      ({ studentId }) => !sealed.has(studentId),
    );
    if (issued.length === 0) throw new NotFound('transcript.problem.none-issued');
    const subject = { kind: 'term', id: term.id };
    const detail = { format: 'zip', count: issued.length };
    const { scope, context, actor } = call;
    await appendDownload(scope, context.clock, actor, 'transcript.download', subject, detail);
    call.response.set({
      'Content-Type': 'application/zip',
      'Content-Disposition': contentDisposition(
        'attachment',
        `${call.t('transcript.preflight.title', { term: term.name })}.zip`,
      ),
      'X-Content-Type-Options': 'nosniff',
    });
    await zipOf(call.context.storage, issued, call.response);
    return sent;
  },
);
