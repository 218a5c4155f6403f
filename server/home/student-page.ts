/**
 * A student over time: growth, work, exhibitions, narratives and transcripts, as far as the reader may see each.
 * Reads every feature, by the features' own rules.
 */
import { DateTime } from 'luxon';
import { hasRole } from '../access/actor.js';
import { mayAddArtifact, mayReadArtifact } from '../artifacts/artifact.js';
import { listArtifacts, listLatestVersions } from '../artifacts/artifact-records.js';
import { cardOf } from '../artifacts/artifact-view.js';
import { listSlotsOfStudent } from '../exhibitions/slots/slot-records.js';
import { listExhibitionsByIds } from '../exhibitions/exhibition-records.js';
import { isScoring, type Exhibition } from '../exhibitions/exhibition.js';
import type { Slot } from '../exhibitions/slots/slot.js';
import type { Call } from '../http/route.js';
import { earlierOf, movesOf } from './earlier-schools.js';
import { listNarrativeLines } from '../narratives/narrative-records.js';
import { voiceOf } from '../narratives/narrative.js';
import { findAdvisory } from '../people/people-records.js';
import { byId, initialsOf, studentView } from '../people/people-view.js';
import { isAdvisorOf, isOwn, mayReadCustodyNote, type Person } from '../people/person.js';
import { listInternshipsOfStudent } from '../plan/internship-records.js';
import { listPlansOfStudent } from '../plan/plan-records.js';
import { mayBeginPortfolio, mayReadPortfolio } from '../portfolio/portfolio.js';
import { listPortfolioLines, listSnapshotLines } from '../portfolio/portfolio-records.js';
import { mayStart } from '../rehearsals/rehearsal.js';
import { listAttemptChoices } from '../results/attempt-choice-records.js';
import { standingsOf, type Standing } from '../results/attempts.js';
import { listGrowthOfStudent, type GrowthResult } from '../results/result-records.js';
import { findSchool, listTerms } from '../school/school-records.js';
import { attemptRuleOf, type Term } from '../school/school.js';
import { gatherGrowth } from '../transcript/gather-facts.js';
import { listTranscriptsOfStudent } from '../transcript/transcript-records.js';
import { findOutOfDate } from '../transcript/out-of-date.js';
import { goalView } from '../transcript/goal-view.js';

export type StudentCall = Pick<Call, 'scope' | 'actor' | 'context' | 't' | 'timeZone' | 'locale'>;

const worksShown = 12;

/**
 * The page's view; the caller has checked that the actor may read this student. Reads in two steps: what
 * belongs to the student, and then what that leads to.
 */
export async function studentPage(call: StudentCall, student: Person) {
  const { scope, actor } = call;
  const [facts, [works, portfolios, plan, narratives, transcripts, moves, earlier]] = await Promise.all([
    Promise.all([
      findSchool(scope, scope.schoolId),
      listTerms(scope),
      student.advisoryId ? findAdvisory(scope, student.advisoryId) : null,
      listGrowthOfStudent(scope, student.id),
      listAttemptChoices(scope, [student.id]),
      listSlotsOfStudent(scope, student.id),
    ]),
    Promise.all([
      newestWorks(call, student),
      portfoliosOf(call, student),
      planOf(call, student),
      narrativesOf(call, student),
      transcriptsOf(call, student),
      movesOf(call, student),
      earlierOf(call, student),
    ]),
  ]);
  const [school, terms, advisory, results, choices, slots] = facts;
  const current = terms.find((term) => term.id === school?.currentTermId) ?? terms.at(-1) ?? null;
  const standings = (published: readonly GrowthResult[]) =>
    standingsOf(published, attemptRuleOf(school), choices);
  const [growth, exhibitions] = await Promise.all([
    current ? growthOf(call, { terms, term: current, results, standingsOf: standings }) : [],
    exhibitionsOf(call, slots, results, standings(results)),
  ]);
  const view = studentView(student, byId(advisory ? [advisory] : []));
  return {
    student: { ...view, initials: initialsOf(student.displayName) },
    eyebrow: [
      view.grade ? call.t('people.students.grade-line', { grade: view.grade }) : null,
      view.advisory?.name,
      student.studentNumber ? call.t('people.students.number-line', { number: student.studentNumber }) : null,
    ]
      .filter(Boolean)
      .join(' · '),
    own: isOwn(actor, student),
    custodyNote: mayReadCustodyNote(actor, student) ? (student.custodyNote ?? null) : null,
    rehearsalsHref:
      actor.seatIds === null && isAdvisorOf(actor, student) ? `/students/${student.id}/rehearsals` : null,
    rehearseHref: mayStart(actor, student) ? `/students/${student.id}/rehearsals/new` : null,
    growth,
    works,
    portfolios: portfolios(terms),
    plan: plan(current),
    exhibitions,
    narratives: narratives(terms),
    transcripts,
    moves,
    earlier,
  };
}

async function growthOf({ context, t }: StudentCall, facts: Parameters<typeof gatherGrowth>[1]) {
  const growth = await gatherGrowth(context.rubrics, facts);
  return growth.rubrics
    .map((rubric, index) => ({
      id: `rubric-${index}`,
      title: rubric.title,
      charts: rubric.goals
        .filter((goal) => goal.history.length > 0)
        .map((goal) => goalView(growth, rubric, goal, t))
        .map(({ name, words, chartHtml }) => ({ title: name, words, svgHtml: chartHtml })),
    }))
    .filter((rubric) => rubric.charts.length > 0);
}

/** The newest works as labels for a wall; null when the reader may not see them. */
export async function newestWorks(
  { scope, actor, timeZone, locale, t }: StudentCall,
  student: Person,
  limit = worksShown,
) {
  if (!mayReadArtifact(actor, student)) return null;
  const found = await listArtifacts(scope, student.id, 1, limit);
  const versions = await listLatestVersions(scope, found.items);
  return {
    total: found.total,
    more: found.total > limit,
    mayAdd: mayAddArtifact(actor, student),
    items: found.items.flatMap((artifact) => {
      const version = versions.get(artifact.id);
      if (!version) return [];
      const { id, title, altText, picture, wallSize, excerpt, icon } = cardOf(artifact, version);
      const day = DateTime.fromJSDate(artifact.createdAt, { zone: timeZone })
        .setLocale(locale)
        .toLocaleString(DateTime.DATE_MED);
      return [
        {
          id,
          href: `/artifacts/${id}`,
          title,
          alt: altText,
          picture,
          wallSize,
          excerpt,
          icon,
          line: `${day} · ${t(`artifacts.medium.${artifact.medium}`)}`,
        },
      ];
    }),
  };
}

/** What is known of portfolios, waiting for the names of the terms. */
async function portfoliosOf({ scope, actor }: StudentCall, student: Person) {
  const nameOf = (terms: readonly Term[], termId: string) =>
    terms.find((term) => term.id === termId)?.name ?? '';
  if (mayReadPortfolio(actor, student)) {
    const items = await listPortfolioLines(scope, student.id, worksShown);
    return (terms: readonly Term[]) => ({
      mayAdd: mayBeginPortfolio(actor, student),
      items: items.map(({ id, title, termId, state }) => ({
        id,
        href: `/portfolios/${id}`,
        title,
        term: nameOf(terms, termId),
        state,
      })),
    });
  }
  // The family sees what was submitted, nothing in the making.
  const snapshots = await listSnapshotLines(scope, student.id);
  return (terms: readonly Term[]) => ({
    mayAdd: false,
    items: snapshots.map(({ portfolioId, number, content, termId }) => ({
      id: portfolioId,
      href: `/portfolios/${portfolioId}/snapshots/${number}`,
      title: content.title,
      term: nameOf(terms, termId),
      state: 'submitted' as const,
    })),
  });
}

async function planOf({ scope, t }: StudentCall, student: Person) {
  const [plans, internships] = await Promise.all([
    listPlansOfStudent(scope, student.id),
    listInternshipsOfStudent(scope, student.id),
  ]);
  return (term: Term | null) => ({
    href: `/students/${student.id}/plan`,
    aim: plans.find((plan) => plan.termId === term?.id)?.aim ?? '',
    internships: internships.map((each) => ({
      organisation: each.organisation,
      line: [
        each.interest,
        t('home.student.with-mentor', { mentor: each.mentorName }),
        t('home.student.hours', { count: each.hours }),
      ].join(' · '),
    })),
  });
}

async function exhibitionsOf(
  { scope, actor, context }: StudentCall,
  slots: readonly Slot[],
  results: readonly GrowthResult[],
  standings: ReadonlyMap<string, Standing>,
) {
  const known = byId(await listExhibitionsByIds(scope, [...new Set(slots.map((slot) => slot.exhibitionId))]));
  const published = byId(results);
  const now = context.clock.now();
  return slots
    .flatMap((slot) => {
      const exhibition = known.get(slot.exhibitionId);
      // A draft is a plan of the staff's, not yet an appointment of the student's.
      const hidden = exhibition?.phase === 'draft' && hasRole(actor, 'student', 'guardian');
      return exhibition && !hidden ? [{ slot, exhibition }] : [];
    })
    .sort((a, b) => b.slot.startsAt.getTime() - a.slot.startsAt.getTime())
    .map(({ slot, exhibition }) => ({
      ...lineOf(slot, exhibition, published.has(slot.id), now),
      ...attemptLine(published.get(slot.id), standings.get(slot.id)),
    }));
}

/** Of several attempts each says so, and which one counts; one alone needs no word. */
function attemptLine(result: GrowthResult | undefined, standing: Standing | undefined) {
  const several = (standing?.attempts.length ?? 0) > 1;
  return {
    outcome: result?.attainment?.outcome ?? null,
    counts: several && standing ? standing.counts : null,
  };
}

function lineOf(slot: Slot, exhibition: Exhibition, published: boolean, now: Date) {
  return {
    slotId: slot.id,
    startsAt: slot.startsAt.toISOString(),
    title: exhibition.title,
    room: slot.room,
    attempt: slot.attempt,
    phase: exhibition.phase,
    published,
    upcoming: slot.startsAt > now,
    current: isScoring(exhibition) && !published,
    href: published ? `/slots/${slot.id}/result` : `/slots/${slot.id}`,
  };
}

async function narrativesOf({ scope, actor }: StudentCall, student: Person) {
  const voice = voiceOf(actor, student);
  const found = await listNarrativeLines(scope, student.id);
  const visible = found.filter((narrative) => narrative.latestVersion > 0 || narrative.voice === voice);
  return (terms: readonly Term[]) => {
    const known = byId(terms);
    const items = visible
      .map((narrative) => ({
        id: narrative.id,
        href: `/narratives/${narrative.id}`,
        voice: narrative.voice,
        authorName: narrative.authorName,
        signed: narrative.latestVersion > 0,
        term: known.get(narrative.termId)?.name ?? '',
        startsOn: known.get(narrative.termId)?.startsOn ?? '',
      }))
      .sort((a, b) => b.startsOn.localeCompare(a.startsOn) || a.voice.localeCompare(b.voice));
    return { items, mayWrite: voice !== null };
  };
}

async function transcriptsOf({ scope }: StudentCall, student: Person) {
  const transcripts = await listTranscriptsOfStudent(scope, student.id);
  const outOfDate = await findOutOfDate(scope, transcripts);
  return transcripts.map((transcript) => ({
    id: transcript.id,
    number: transcript.number,
    termName: transcript.termName,
    state: transcript.state,
    issuedAt: transcript.issuedAt?.toISOString() ?? null,
    outOfDate: outOfDate.has(transcript.id),
    href: `/transcripts/${transcript.id}`,
  }));
}
