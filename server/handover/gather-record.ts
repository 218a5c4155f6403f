/**
 * What a handover takes along of a student: everything that was submitted, brought in, published, signed or
 * issued, learning plans and internships, and what the student had brought along before. Reads the old
 * school; drafts and what panelists wrote outside of their sheets stay there.
 */
import { DateTime } from 'luxon';
import { listArtifacts, listArtifactVersions, listVersionsByIds } from '../artifacts/artifact-records.js';
import type { Artifact, ArtifactVersion } from '../artifacts/artifact.js';
import type { SchoolScope } from '../db/database.js';
import {
  listNarrativeVersions as listSigned,
  listNarrativesOfStudent,
} from '../narratives/narrative-records.js';
import { listEnrollmentsOfStudent } from '../people/enrollment-records.js';
import { findPerson } from '../people/people-records.js';
import { findSnapshot, listSnapshotsOfStudent } from '../portfolio/portfolio-records.js';
import { versionsShown, type PortfolioSnapshot } from '../portfolio/portfolio.js';
import { outcomeOf } from '../results/decision.js';
import { listResultsOfStudents } from '../results/result-records.js';
import { countedSheets, type Result } from '../results/result.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import { listInternshipsOfStudent } from '../plan/internship-records.js';
import { listPlansOfStudent } from '../plan/plan-records.js';
import { findSchool, listTerms } from '../school/school-records.js';
import { listTranscriptsOfStudent } from '../transcript/transcript-records.js';
import { findPart, listParts } from './earlier-part-records.js';
import type { NewPart } from './earlier-record.js';
import type { Handover } from './handover.js';

/** One thing to copy, read again in the transaction that copies it: null when it is not there any more. */
export interface RecordSource {
  kind: NewPart['kind'];
  sourceId: string;
  read(inside: SchoolScope): Promise<NewPart | null>;
}

const PORTION = 100;
type TermName = (id: string) => string;

/** @param scope of the old school */
export async function gatherRecord(
  rubrics: RubricLibrary,
  scope: SchoolScope,
  handover: Pick<Handover, 'id' | 'studentId' | 'fromSchoolName' | 'toSchoolId' | 'createdAt'>,
): Promise<RecordSource[]> {
  const { studentId } = handover;
  const terms = await listTerms(scope);
  const termName: TermName = (id) => terms.find((term) => term.id === id)?.name ?? '';
  const snapshots = await listSnapshotsOfStudent(scope, studentId);
  const shown = new Set(
    snapshots.flatMap(({ content }) =>
      content.entries.flatMap(versionsShown).map((each) => each.artifactVersionId),
    ),
  );
  const results = await Promise.all(
    (await listResultsOfStudents(scope, [studentId])).map((result) => resultPart(rubrics, result, termName)),
  );
  return [
    { kind: 'profile', sourceId: handover.id, read: (inside) => profilePart(inside, handover) },
    ...snapshots.map(({ id }): RecordSource => ({
      ...{ kind: 'portfolio', sourceId: id },
      read: async (inside) => portfolioPart(await findSnapshot(inside, id), termName),
    })),
    ...(await workSources(scope, studentId, shown)),
    ...results.map(fixed),
    ...(await narrativeParts(scope, studentId, termName)).map(fixed),
    ...(await planParts(scope, studentId, termName)).map(fixed),
    ...(await internshipParts(scope, studentId, termName)).map(fixed),
    ...(await broughtAlong(scope, handover)),
  ];
}

const fixed = (part: NewPart): RecordSource => ({
  ...{ kind: part.kind, sourceId: part.sourceId },
  read: () => Promise.resolve(part),
});

async function profilePart(
  inside: SchoolScope,
  { id, studentId, fromSchoolName, createdAt }: Parameters<typeof gatherRecord>[2],
): Promise<NewPart | null> {
  const student = await findPerson(inside, studentId);
  if (!student) return null;
  const terms = await listTerms(inside);
  const enrollments = await listEnrollmentsOfStudent(inside, studentId);
  const transcripts = await listTranscriptsOfStudent(inside, studentId);
  return {
    ...{ kind: 'profile', sourceId: id, title: student.displayName, term: '', at: createdAt },
    content: {
      ...{ school: fromSchoolName, displayName: student.displayName, sourcedId: student.sourcedId },
      terms: terms.flatMap(({ id: termId, name, startsOn, endsOn }) => {
        const found = enrollments.find((each) => each.termId === termId);
        if (!found) return [];
        const { grade, advisory, advisors, status } = found;
        return [
          {
            ...{ name, startsOn, endsOn, grade, status },
            ...{ advisory: advisory?.name ?? null, advisors: advisors.map((each) => each.name) },
          },
        ];
      }),
      transcripts: transcripts.map(({ number, code, termName: term, issuedAt, snapshotHash }) => ({
        ...{ number, code, term, snapshotHash: snapshotHash ?? '' },
        issuedAt: issuedAt?.toISOString() ?? '',
      })),
    },
  };
}

function portfolioPart(snapshot: PortfolioSnapshot | null, termName: TermName): NewPart | null {
  if (!snapshot) return null;
  const { id, content, hash, number, termId, submittedAt } = snapshot;
  return {
    ...{ kind: 'portfolio', sourceId: id, title: content.title, term: termName(termId), at: submittedAt },
    content: { ...content, snapshotHash: hash, number },
  };
}

async function workSources(
  scope: SchoolScope,
  studentId: string,
  shown: ReadonlySet<string>,
): Promise<RecordSource[]> {
  const sources: RecordSource[] = [];
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const found = await listArtifacts(scope, studentId, page, PORTION);
    pages = found.pages;
    for (const artifact of found.items)
      for (const { id } of await listArtifactVersions(scope, artifact.id))
        sources.push({
          ...{ kind: 'work', sourceId: id },
          read: async (inside) => {
            const [version] = await listVersionsByIds(inside, [id]);
            return version ? workPart(artifact, version, shown.has(id)) : null;
          },
        });
  }
  return sources;
}

const workPart = (artifact: Artifact, version: ArtifactVersion, shown: boolean): NewPart => {
  const { id, number, sha256, url, text, file, createdAt, takenDown } = version;
  // The title and the words of a work that was taken down may be what it was taken down for.
  const { title, caption, altText } = takenDown ? { title: '', caption: '', altText: '' } : artifact;
  return {
    ...{ kind: 'work', sourceId: id, title, term: '', at: createdAt, file },
    content: {
      ...{ artifactId: artifact.id, number, title, caption, altText, medium: artifact.medium },
      ...{ sha256, url, text, shown },
      ...(takenDown ? { takenDown: takenDown.at.toISOString() } : {}),
    },
    ...(takenDown ? { takenDown } : {}),
  };
};

/** The panel speaks by its roles: its names stay with the school. What visitors of a stand wrote stays there, too. */
async function resultPart(rubrics: RubricLibrary, result: Result, termName: TermName): Promise<NewPart> {
  const rubric = await rubrics.byHash(result.rubric.hash);
  const sheets = countedSheets(result.sheets).filter(({ visit }) => !visit);
  return {
    ...{ kind: 'result', sourceId: result.id, title: result.slot.exhibitionTitle },
    ...{ term: termName(result.termId), at: result.publishedAt },
    content: {
      ...{ exhibition: result.slot.exhibitionTitle, attempt: result.slot.attempt },
      ...{ rubric: result.rubric, rubricTitle: rubric.title, resultHash: result.hash },
      ...{ outcome: result.attainment?.outcome ?? null, words: result.attainment?.words ?? '' },
      rows: result.tally.criteria.map((row) => {
        const { levelId } = outcomeOf(row, result.decisions);
        const criterion = rubric.criteria.find((each) => each.id === row.criterionId);
        return {
          ...{ criterionId: row.criterionId, name: criterion?.name ?? row.criterionId, levelId },
          level: rubric.levels.find((each) => each.id === levelId)?.name ?? null,
          descriptor: (levelId && criterion?.descriptors[levelId]) || null,
          comments: sheets.flatMap(({ role, responses }) => {
            const { comment = '', notes = {} } = responses[row.criterionId] ?? {};
            return [comment, ...Object.values(notes)].filter(Boolean).map((text) => ({ role, text }));
          }),
        };
      }),
      overall: sheets.flatMap(({ role, overallComment: text }) => (text ? [{ role, text }] : [])),
    },
  };
}

async function narrativeParts(scope: SchoolScope, studentId: string, termName: TermName): Promise<NewPart[]> {
  const parts: NewPart[] = [];
  for (const { id } of await listNarrativesOfStudent(scope, studentId))
    for (const version of await listSigned(scope, id)) {
      const { voice, number, signedName, markdown, hash, signedAt, termId } = version;
      const term = termName(termId);
      parts.push({
        ...{ kind: 'narrative', sourceId: version.id, title: term, term, at: signedAt },
        content: { voice, number, signedName, markdown, narrativeHash: hash },
      });
    }
  return parts;
}

async function planParts(scope: SchoolScope, studentId: string, termName: TermName): Promise<NewPart[]> {
  const plans = await listPlansOfStudent(scope, studentId);
  return plans
    .filter(({ aim, goals }) => aim !== '' || goals.length > 0)
    .map(({ id: planId, termId, aim, goals, revision, changedAt }) => ({
      ...{
        kind: 'plan',
        sourceId: `${planId} ${revision}`,
        title: '',
        term: termName(termId),
        at: changedAt,
      },
      content: { aim, goals: [...goals], planId, revision },
    }));
}

async function internshipParts(
  scope: SchoolScope,
  studentId: string,
  termName: TermName,
): Promise<NewPart[]> {
  const zone = (await findSchool(scope, scope.schoolId))?.timeZone ?? 'UTC';
  return (await listInternshipsOfStudent(scope, studentId)).map((each) => {
    const { id: internshipId, organisation, mentorName, interest, startsOn } = each;
    const endsOn = each.endsOn ?? null;
    const { summary, hours, revision, termId } = each;
    return {
      ...{ kind: 'internship', sourceId: `${internshipId} ${revision}`, title: organisation },
      // A day of the calendar: at noon it is the same one in the zones nearby.
      ...{ term: termName(termId), at: DateTime.fromISO(startsOn, { zone }).set({ hour: 12 }).toJSDate() },
      content: {
        ...{ organisation, mentorName, interest, startsOn, endsOn, summary, hours },
        ...{ internshipId, revision },
      },
    };
  });
}

/** From schools before this one; the receiving school has its own record itself. */
async function broughtAlong(
  scope: SchoolScope,
  { studentId, toSchoolId }: Pick<Handover, 'studentId' | 'toSchoolId'>,
): Promise<RecordSource[]> {
  return (await listParts(scope, studentId))
    .filter((part) => part.fromSchoolId !== toSchoolId)
    .map((part): RecordSource => ({
      ...{ kind: part.kind, sourceId: part.sourceId },
      read: async (inside) => {
        const now = await findPart(inside, part.id);
        if (!now) return null;
        const { kind, sourceId, title, term, at, content, file, fromSchoolId, takenDown } = now;
        return {
          ...{ kind, sourceId, title, term, at, content, file, fromSchoolId },
          ...(takenDown ? { takenDown } : {}),
        } as NewPart;
      },
    }));
}
