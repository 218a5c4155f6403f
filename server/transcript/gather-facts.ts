/**
 * Gathers what the transcripts of a term say, for many students at once: a fixed number of questions per
 * batch, however many students. Reads only what is published, submitted or signed.
 */
import type { SchoolScope } from '../db/database.js';
import { listExhibitionsByIds } from '../exhibitions/exhibition-records.js';
import { listSlotsByIds } from '../exhibitions/slots/slot-records.js';
import { listSignedVersions } from '../narratives/narrative-records.js';
import { enrollmentsOf } from '../people/read-enrollments.js';
import type { Person } from '../people/person.js';
import type { Internship } from '../plan/internship.js';
import { listInternshipsOfStudents } from '../plan/internship-records.js';
import { listNewestSnapshots, listSnapshotsByIds } from '../portfolio/portfolio-records.js';
import { outcomeOf } from '../results/decision.js';
import type { Standing } from '../results/attempts.js';
import { gatherStandings } from '../results/gather-standings.js';
import type { Result } from '../results/result.js';
import { listResultsOfStudents, type GrowthResult } from '../results/result-records.js';
import type { Rubric } from '../rubrics/rubric.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import { transcriptNameOf, type School, type Term } from '../school/school.js';
import { listTerms } from '../school/school-records.js';
import { concernsDocument, type NamingDocument } from '../people/name-correction.js';
import { listNameCorrections } from '../people/name-correction-records.js';
import { findCurrentIds } from '../people/merged-people-records.js';
import { nameInOtherScript } from '../people/other-script.js';
import { namePrinter } from '../people/printed-name.js';
import type { PortfolioSnapshot } from '../portfolio/portfolio.js';
import { exhibitionOf } from './exhibition-facts.js';
import { readSources, type DocumentSources } from './document-sources.js';
import { printNames } from './print-names.js';
import { languageToFreeze } from './snapshot-languages.js';
import type { TranscriptInternship, TranscriptRubric, TranscriptSnapshot } from './snapshot.js';

/** A snapshot before it has a number, a code and a date. */
export type TranscriptFacts = Omit<TranscriptSnapshot, 'number' | 'code' | 'verifyUrl' | 'issued'>;

/** By which names a document was prepared. */
export interface ReadNames extends NamingDocument {
  /** Ids of the corrections that concern it and were known. */
  known: ReadonlySet<string>;
}

interface GatheredDocument {
  facts: TranscriptFacts;
  names: ReadNames;
  sources: DocumentSources;
}

/** What the transcripts say, by student. */
export async function gatherFacts(
  ...asked: Parameters<typeof gatherDocuments>
): Promise<Map<string, TranscriptFacts>> {
  return new Map([...(await gatherDocuments(...asked))].map(([id, { facts }]) => [id, facts]));
}

/** The same, with whom each of them names and what it is made from. */
export async function gatherDocuments(
  { rubrics }: { rubrics: RubricLibrary },
  scope: SchoolScope,
  school: School,
  term: Term,
  students: readonly Person[],
): Promise<Map<string, GatheredDocument>> {
  const ids = students.map((student) => student.id);
  // Before everything else: a change that comes in between is found when the transcript is recorded.
  const sources = await readSources(scope, term.id, ids);
  const [terms, enrollments, results, intents, internships, signed, corrections] = await Promise.all([
    listTerms(scope),
    enrollmentsOf(scope, term.id, students),
    listResultsOfStudents(scope, ids),
    listNewestSnapshots(scope, ids, term.id),
    listInternshipsOfStudents(scope, ids),
    listSignedVersions(scope, ids, term.id),
    listNameCorrections(scope),
  ]);
  const upTo = termsUpTo(terms, term);
  const counted = results.filter((result) => upTo.some((each) => each.id === result.termId));
  const standings = await gatherStandings(scope, school, counted);
  const isCounted = (termId: string) => upTo.some((each) => each.id === termId);
  const [exhibitions, slots] = await Promise.all([
    listExhibitionsByIds(scope, [...new Set(counted.map((result) => result.exhibitionId))]),
    listSlotsByIds(
      scope,
      counted.map((result) => result.id),
    ),
  ]);
  // Whoever signed or scored before their record was merged has the corrected name of the record that stayed.
  const current = await findCurrentIds(scope, [
    ...[...signed.values()].flatMap((versions) => versions.map(({ signedBy }) => signedBy)),
    ...counted.flatMap(({ sheets }) => sheets.flatMap(({ panelistId }) => panelistId ?? [])),
  ]);
  const shown = await listSnapshotsByIds(
    scope,
    slots.flatMap((slot) => slot.snapshotId ?? []),
  );
  const portfolioOf = (slotId: string) => {
    const snapshotId = slots.find((slot) => slot.id === slotId)?.snapshotId;
    return shown.find((snapshot) => snapshot.id === snapshotId)?.content.title ?? null;
  };
  const pinned = await pinnedRubrics(rubrics, counted);

  return new Map(
    students.map((student) => {
      const own = counted.filter((result) => result.studentId === student.id);
      const enrollment = enrollments.get(student.id)!;
      const versions = signed.get(student.id) ?? [];
      const names = namePrinter(corrections, { studentId: student.id, termId: term.id }, current);
      const name = printedName(school, student) ?? names.name(student.id, enrollment.studentName);
      const otherName = nameInOtherScript(student, name);
      const value: TranscriptFacts = {
        format: 1,
        language: school.locale,
        school: {
          name: school.name,
          address: school.address,
          motto: school.motto,
          accent: school.accent,
          timeZone: school.timeZone,
        },
        student: {
          id: student.id,
          name,
          ...(otherName === null ? {} : { nameInOtherScript: otherName }),
          studentNumber: student.studentNumber ?? null,
          grade: enrollment.grade,
          advisory: enrollment.advisory?.name ?? null,
          advisors: enrollment.advisors.map(({ id, name }) => names.name(id, name)),
        },
        term: { id: term.id, name: term.name, startsOn: term.startsOn, endsOn: term.endsOn },
        intent: intentOf(intents.find((snapshot) => snapshot.studentId === student.id)),
        ...growthOf(upTo, term, own, pinned, standings),
        exhibitions: own
          .filter((result) => standings.get(result.id)!.counts)
          .map((result) =>
            exhibitionOf(
              result,
              standings.get(result.id)!,
              exhibitions.find((each) => each.id === result.exhibitionId),
              pinned.get(result.rubric.hash)!,
              portfolioOf(result.id),
              result.termId === term.id ? null : upTo.find(({ id }) => id === result.termId)!.name,
              names,
            ),
          )
          .reverse(),
        internships: internships
          .filter((each) => each.studentId === student.id && isCounted(each.termId))
          .map(internshipOf),
        narratives: versions.map((version) => ({
          voice: version.voice,
          authorName: names.name(version.signedBy, version.signedName),
          markdown: version.markdown,
          signedAt: version.signedAt.toISOString(),
          version: version.number,
        })),
      };
      const printed = printNames(value, names);
      const language = languageToFreeze(printed, student.locale);
      const facts = { ...printed, student: { ...printed.student, ...language } };
      const document = {
        ...{ studentId: student.id, termId: term.id },
        personIds: new Set([student.id, ...names.asked]),
      };
      const known = corrections.filter((each) => concernsDocument(each, document)).map(({ id }) => id);
      const read = { ...document, known: new Set(known) };
      return [student.id, { facts, names: read, sources: sources.get(student.id)! }] as const;
    }),
  );
}

/** The name in official papers, where the school prints it and knows it. */
const printedName = (school: School, { legalName }: Pick<Person, 'legalName'>): string | null =>
  transcriptNameOf(school) === 'legal' && legalName ? legalName : null;

const termsUpTo = (terms: readonly Term[], term: Term): Term[] =>
  terms.filter((each) => each.startsOn <= term.startsOn);

const pinnedRubrics = async (
  rubrics: RubricLibrary,
  results: readonly Pick<Result, 'rubric'>[],
): Promise<Map<string, Rubric>> => {
  const hashes = [...new Set(results.map((result) => result.rubric.hash))];
  return new Map(await Promise.all(hashes.map(async (hash) => [hash, await rubrics.byHash(hash)] as const)));
};

/**
 * The growth of one student up to a term, as a transcript would draw it: terms on the axis, and one entry per rubric.
 */
export async function gatherGrowth(
  rubrics: RubricLibrary,
  facts: {
    terms: readonly Term[];
    term: Term;
    results: readonly GrowthResult[];
    standingsOf: (results: readonly GrowthResult[]) => Map<string, Standing>;
  },
): Promise<Pick<TranscriptSnapshot, 'terms' | 'rubrics'>> {
  const upTo = termsUpTo(facts.terms, facts.term);
  const counted = facts.results.filter((result) => upTo.some((each) => each.id === result.termId));
  const pinned = await pinnedRubrics(rubrics, counted);
  return growthOf(upTo, facts.term, counted, pinned, facts.standingsOf(counted));
}

function growthOf(
  upTo: readonly Term[],
  term: Term,
  own: readonly GrowthResult[],
  pinned: Map<string, Rubric>,
  standings: Map<string, Standing>,
): Pick<TranscriptSnapshot, 'terms' | 'rubrics'> {
  const shownTerms = upTo.filter(
    (each) => each.id === term.id || own.some((result) => result.termId === each.id),
  );
  return {
    terms: shownTerms.map(({ id, name }) => ({ id, name })),
    rubrics: rubricsOf(own, pinned, standings),
  };
}

/**
 * One entry per rubric, in the order of first use. Results of an older version of the same rubric are read by
 * the ids of level and criterion, which stay; what the newest version no longer knows is left out.
 */
function rubricsOf(
  results: readonly GrowthResult[],
  pinned: Map<string, Rubric>,
  standings: Map<string, Standing>,
): TranscriptRubric[] {
  const slugs = [...new Set(results.map((result) => result.rubric.slug))];
  return slugs.map((slug) => {
    const own = results.filter((result) => result.rubric.slug === slug);
    const newest = own.at(-1)!.rubric.hash;
    const rubric = pinned.get(newest)!;
    return {
      slug,
      hash: newest,
      title: rubric.title,
      credit: rubric.credit ?? null,
      levels: rubric.levels.map(({ id, name, between, description }) => ({
        id,
        name,
        between: between ?? false,
        describes: description ?? null,
      })),
      goals: rubric.criteria.map((criterion) => {
        const history = own.flatMap((result) => {
          const row = result.tally.criteria.find((each) => each.criterionId === criterion.id);
          const levelId = row && outcomeOf(row, result.decisions).levelId;
          if (!levelId || !rubric.levels.some((level) => level.id === levelId)) return [];
          const { startsAt, attempt } = result.slot;
          const step = { termId: result.termId, levelId, on: startsAt.toISOString(), attempt };
          return [standings.get(result.id)!.counts ? step : { ...step, counts: false as const }];
        });
        const reached = history.findLast((step) => !('counts' in step))?.levelId ?? '';
        const at = rubric.levels.findIndex(({ id }) => id === reached);
        const saidOf = (index: number) => criterion.descriptors[rubric.levels[index]?.id ?? ''] ?? null;
        return {
          id: criterion.id,
          name: criterion.name,
          description: criterion.description ?? null,
          meaning: criterion.descriptors[reached] ?? null,
          ...(rubric.levels[at]?.between
            ? { neighbors: { lower: saidOf(at - 1), upper: saidOf(at + 1) } }
            : {}),
          history,
        };
      }),
    };
  });
}

/** What the student set out to do: the statement of the portfolio that was submitted in the term. */
function intentOf(snapshot: PortfolioSnapshot | undefined): TranscriptFacts['intent'] {
  if (!snapshot?.content.statement.trim()) return null;
  return { title: snapshot.content.title, statement: snapshot.content.statement };
}

const internshipOf = (internship: Internship): TranscriptInternship => ({
  organisation: internship.organisation,
  mentorName: internship.mentorName,
  interest: internship.interest,
  startsOn: internship.startsOn,
  endsOn: internship.endsOn,
  hours: internship.hours > 0 ? internship.hours : null,
  summary: internship.summary,
});
