/**
 * What one student leaves in one term: works, a portfolio, a presentation before a panel, its result,
 * narratives and a transcript. Every hash is made by the rule of the app that checks it. Pure but for random
 * ids.
 */
import type { Artifact, ArtifactVersion } from '../../../server/artifacts/artifact.js';
import type { Act } from '../../../server/audit/append-audit.js';
import { canonicalJson, hashOf, sha256Of } from '../../../server/canonical.js';
import type { Exhibition } from '../../../server/exhibitions/exhibition.js';
import type { Slot } from '../../../server/exhibitions/slots/slot.js';
import { newId } from '../../../server/ids.js';
import {
  narrativeHash,
  type Narrative,
  type NarrativeVersion,
  type NarrativeVoice,
} from '../../../server/narratives/narrative.js';
import type { Seat } from '../../../server/exhibitions/seats/seat.js';
import type { Person } from '../../../server/people/person.js';
import type { Portfolio, PortfolioSnapshot, SnapshotContent } from '../../../server/portfolio/portfolio.js';
import { resultHash, type FrozenSheet, type Result } from '../../../server/results/result.js';
import { tallySheets } from '../../../server/results/tally.js';
import type { Rubric } from '../../../server/rubrics/rubric.js';
import type { School, Term } from '../../../server/school/school.js';
import { sheetHash, type JournalEntry, type ScoreSheet } from '../../../server/scores/score-sheet.js';
import { factsHash } from '../../../server/transcript/facts-hash.js';
import type { TranscriptFacts } from '../../../server/transcript/gather-facts.js';
import { codeText, numberText, type Transcript } from '../../../server/transcript/transcript.js';
import { storageKey } from '../../../storage/storage-key.js';

export interface Stage {
  school: School;
  term: Term;
  exhibition: Exhibition;
  rubric: Rubric;
  student: Person;
  /** Number of the student within the school. */
  at: number;
  advisor: Person;
  /** The student's own advisor first. */
  panel: readonly Person[];
  startsAt: Date;
  room: string;
}

const paragraph =
  'I measured the water at three places along the creek, wrote down what I saw, and asked why the numbers differ after rain. ';
const hour = 3_600_000;

/** Texts that differ from student to student, of about so many characters. */
const words = (stage: Pick<Stage, 'at' | 'term'>, characters: number): string =>
  `${stage.term.name}, ${stage.at}. ${paragraph.repeat(Math.ceil(characters / paragraph.length))}`.slice(
    0,
    characters,
  );

export interface WorkRecords {
  artifacts: Artifact[];
  versions: ArtifactVersion[];
  portfolio: Portfolio;
  snapshot: PortfolioSnapshot;
  acts: Record<'portfolio.submit', Act[]>;
}

export function workRecords(stage: Stage, submittedAt: Date): WorkRecords {
  const { school, term, student } = stage;
  const owner = { schoolId: school.id, studentId: student.id };
  const made = { createdAt: submittedAt, createdBy: student.id };
  const works = ['Field notes', 'What I learned'].map((title, nth) => {
    const artifact: Artifact = {
      ...{ id: newId(), ...owner, title: `${title}, ${term.name}`, caption: '', altText: '' },
      ...{ medium: 'text', latest: 1, ...made },
    };
    const text = words(stage, 700 + 300 * nth);
    const version: ArtifactVersion = {
      ...{ id: newId(), ...owner, artifactId: artifact.id, number: 1, kind: 'text', file: null, url: null },
      ...{ text, sha256: sha256Of(text), ...made },
    };
    return { artifact, version };
  });
  const entries = works.map(({ artifact }) => ({
    ...{ id: newId(), artifactId: artifact.id, reflection: words(stage, 160) },
    criterionIds: [stage.rubric.criteria[0]!.id],
  }));
  const rubric = stage.exhibition.rubric;
  const title = `Portfolio, ${term.name}`;
  const statement = words(stage, 240);
  const content: SnapshotContent = {
    ...{ title, statement, rubric },
    criteria: stage.rubric.criteria.map(({ id, name }) => ({ id, name })),
    entries: works.map(({ artifact, version }, nth) => ({
      ...{ artifactId: artifact.id, artifactVersionId: version.id, versionNumber: 1, title: artifact.title },
      ...{
        caption: '',
        altText: '',
        medium: 'text',
        kind: 'text',
        sha256: version.sha256,
        file: null,
        url: null,
      },
      ...{
        text: version.text,
        reflection: entries[nth]!.reflection,
        criterionIds: entries[nth]!.criterionIds,
      },
    })),
  };
  const portfolio: Portfolio = {
    ...{ id: newId(), ...owner, termId: term.id, title, statement, entries, rubric },
    ...{ state: 'submitted', revision: 3, latestSnapshot: 1, createdAt: submittedAt, changedAt: submittedAt },
  };
  const snapshot: PortfolioSnapshot = {
    ...{
      id: newId(),
      ...owner,
      portfolioId: portfolio.id,
      termId: term.id,
      number: 1,
      hash: hashOf(content),
    },
    ...{ content, submittedAt, submittedBy: student.id },
  };
  const act = {
    subject: { kind: 'portfolio', id: portfolio.id },
    detail: { number: 1, hash: snapshot.hash },
  };
  return {
    artifacts: works.map(({ artifact }) => artifact),
    versions: works.map(({ version }) => version),
    portfolio,
    snapshot,
    acts: { 'portfolio.submit': [act] },
  };
}

export interface PresentationRecords {
  slot: Slot;
  seats: Seat[];
  sheets: ScoreSheet[];
  acts: Record<'scores.submit', Act[]>;
}

/** @param sealed how many of the panel have submitted their sheet; the next one has begun when `begun` */
export function presentationRecords(
  stage: Stage,
  snapshotId: string | null,
  { sealed, begun }: { sealed: number; begun: boolean },
): PresentationRecords {
  const { school, term, student, exhibition, startsAt } = stage;
  const planned = new Date(startsAt.getTime() - 14 * 24 * hour);
  const slot: Slot = {
    ...{
      id: newId(),
      schoolId: school.id,
      exhibitionId: exhibition.id,
      termId: term.id,
      studentId: student.id,
    },
    ...{ group: null, partOf: null, startsAt, minutes: exhibition.slotMinutes, room: stage.room, attempt: 1 },
    ...{ attemptOf: null, snapshotId, revision: 0, movedAt: null, clock: null, createdAt: planned },
  };
  const seats = stage.panel.map((person, nth): Seat => ({
    ...{
      id: newId(),
      schoolId: school.id,
      slotId: slot.id,
      exhibitionId: exhibition.id,
      studentId: student.id,
    },
    ...{ personId: person.id, name: person.displayName, role: nth === 0 ? 'advisor' : 'teacher' },
    ...{ chair: nth === 0, pass: null, roomPassId: null, takenBy: null },
    ...(nth < sealed + Number(begun) ? { hands: [] } : {}),
    ...{ createdAt: planned, createdBy: stage.advisor.id },
  }));
  const sheets = seats
    .slice(0, sealed + Number(begun))
    .map((seat, nth) => sheetOf(stage, seat, nth, nth < sealed));
  const acts = sheets
    .filter(({ state }) => state === 'submitted')
    .map(({ id, revision, hash }) => ({
      subject: { kind: 'score-sheet', id },
      detail: { slotId: slot.id, revision, hash },
    }));
  return { slot, seats, sheets, acts: { 'scores.submit': acts } };
}

function sheetOf(stage: Stage, seat: Seat, nth: number, isSealed: boolean): ScoreSheet {
  const { rubric, exhibition, startsAt } = stage;
  const device = newId();
  const journal: JournalEntry[] = [];
  const responses: ScoreSheet['responses'] = {};
  for (const [row, { id: criterionId }] of rubric.criteria.entries()) {
    const level = rubric.levels[(stage.at + row + nth) % rubric.levels.length]!;
    const comment = `${paragraph.slice(0, 90)} ${stage.at}`;
    const note = (change: JournalEntry['change']) =>
      journal.push({
        ...{
          operationId: newId(),
          at: new Date(startsAt.getTime() + journal.length * 60_000),
          by: seat.personId,
        },
        ...{ change, device, sequence: journal.length + 1 },
      });
    note({ kind: 'set-level', criterionId, levelId: level.id });
    note({ kind: 'set-comment', criterionId, comment });
    responses[criterionId] = { levelId: level.id, notObserved: false, comment };
  }
  const draft: ScoreSheet = {
    ...{ id: seat.id, schoolId: seat.schoolId, slotId: seat.slotId, exhibitionId: exhibition.id },
    ...{ studentId: seat.studentId, panelistId: seat.personId, panelistName: seat.name, role: seat.role },
    ...{ rubric: exhibition.rubric, responses, overallComment: paragraph, revision: journal.length, journal },
    ...{ state: 'draft', submittedAt: null, hash: null },
  };
  const submittedAt = new Date(startsAt.getTime() + hour);
  return isSealed
    ? { ...draft, state: 'submitted', submittedAt, hash: sheetHash(draft, submittedAt) }
    : draft;
}

export function resultRecords(stage: Stage, { slot, seats, sheets }: PresentationRecords) {
  const { school, student, exhibition, rubric } = stage;
  const frozen = seats.map((seat, nth): FrozenSheet => {
    const sheet = sheets[nth]!;
    const responses = Object.entries(sheet.responses).map(([id, given]) => [
      id,
      { levelId: given.levelId ?? null, notObserved: false, comment: given.comment ?? '', notes: {} },
    ]);
    return {
      ...{
        seatId: seat.id,
        panelistId: seat.personId,
        panelistName: seat.name,
        role: seat.role,
        chair: seat.chair,
      },
      ...{
        responses: Object.fromEntries(responses) as FrozenSheet['responses'],
        overallComment: sheet.overallComment,
      },
      ...{ submittedAt: sheet.submittedAt!, hash: sheet.hash! },
    };
  });
  const isMet = stage.at % 12 !== 5;
  const publishedAt = new Date(stage.startsAt.getTime() + 48 * hour);
  const content: Omit<Result, 'hash'> = {
    ...{
      id: slot.id,
      schoolId: school.id,
      studentId: student.id,
      exhibitionId: exhibition.id,
      termId: slot.termId,
    },
    ...{ rubric: exhibition.rubric, tally: tallySheets(rubric, frozen), sheets: frozen },
    attainment: {
      ...{
        outcome: isMet ? 'met' : 'not-yet',
        bar: null,
        missed: isMet ? [] : [rubric.criteria[0]!.id],
        notShown: [],
      },
      ...{ proposed: null, reason: 'As the panel agreed.', words: '', by: stage.advisor.id },
      byName: stage.advisor.displayName,
    },
    slot: {
      ...{ startsAt: slot.startsAt, minutes: slot.minutes, room: slot.room, attempt: 1 },
      exhibitionTitle: exhibition.title,
    },
    ...{ voices: school.policies.voices, publishedAt, publishedBy: stage.advisor.id },
  };
  const result: Result = { ...content, hash: resultHash(content) };
  const detail = {
    ...{ studentId: student.id, sheets: frozen.length, revisions: 0, decisions: 0 },
    ...{ outcome: content.attainment!.outcome, visits: 0, hash: result.hash },
  };
  return { result, acts: { 'results.publish': [{ subject: { kind: 'result', id: slot.id }, detail }] } };
}

export function narrativeRecords(stage: Stage, voice: NarrativeVoice, isSigned: boolean, at: Date) {
  const { school, term, student, advisor } = stage;
  const author = voice === 'advisor' ? advisor : student;
  const markdown = words(stage, 1500);
  const about = { schoolId: school.id, studentId: student.id, termId: term.id, voice };
  const narrative: Narrative = {
    ...{ id: newId(), ...about, authorId: author.id, authorName: author.displayName, markdown },
    ...{ state: isSigned ? 'signed' : 'draft', revision: isSigned ? 2 : 1, latestVersion: Number(isSigned) },
    ...{ createdAt: at, savedAt: at },
  };
  if (!isSigned) return { narrative, versions: [], acts: {} };
  const signed = {
    ...{ narrativeId: narrative.id, studentId: student.id, termId: term.id, voice, number: 1, markdown },
    ...{ signedName: author.displayName, signedAt: at, signedBy: author.id },
  };
  const hash = narrativeHash(signed);
  const versions: NarrativeVersion[] = [{ id: newId(), schoolId: school.id, ...signed, hash }];
  const act = { subject: { kind: 'narrative', id: narrative.id }, detail: { number: 1, hash } };
  return { narrative, versions, acts: { 'narrative.sign': [act] } };
}

/** Says little, but in the shape of every transcript; its PDF is named by a hash and does not exist. */
export function transcriptRecords(stage: Stage, serial: number, registrar: Person, issuedAt: Date) {
  const { school, term, student } = stage;
  const facts: TranscriptFacts = {
    ...{ format: 1, language: school.locale },
    school: { ...{ name: school.name, address: '', motto: '', accent: null, timeZone: school.timeZone } },
    student: {
      ...{ id: student.id, name: student.displayName, sourcedId: student.sourcedId, grade: student.grade },
      ...{ advisory: null, advisors: [stage.advisor.displayName] },
    },
    term: { id: term.id, name: term.name, startsOn: term.startsOn, endsOn: term.endsOn },
    intent: { title: `Portfolio, ${term.name}`, statement: words(stage, 240) },
    ...{
      terms: [{ id: term.id, name: term.name }],
      rubrics: [],
      exhibitions: [],
      internships: [],
      narratives: [],
    },
  };
  const number = numberText(school.policies.numberPrefix, issuedAt.getUTCFullYear(), serial);
  const code = codeText(sha256Of(`${school.id} ${serial}`).slice(0, 12).toUpperCase());
  const snapshot = canonicalJson({
    ...facts,
    ...{ number, code, verifyUrl: `https://vitrine.example/verify/${code}` },
    issued: { at: issuedAt.toISOString(), by: registrar.displayName },
  });
  const sha256 = sha256Of(`PDF of ${school.id} ${serial}`);
  const pdf = { key: storageKey(student.id, sha256), bytes: 90_000, sha256 };
  const transcript: Transcript = {
    ...{ id: newId(), schoolId: school.id, serial, number, code, studentId: student.id },
    ...{
      studentName: student.displayName,
      termId: term.id,
      termName: term.name,
      jobId: null,
      state: 'issued',
    },
    ...{ snapshot, snapshotHash: sha256Of(snapshot), factsHash: factsHash(facts), template: 'standard' },
    ...{ pageSize: 'letter', pdf, issuedAt, issuedBy: registrar.id, issuedName: registrar.displayName },
    ...{ supersededBy: null, revokedAt: null, reason: null },
  };
  const detail = { number, sha256, snapshotHash: transcript.snapshotHash };
  const act = { subject: { kind: 'transcript', id: transcript.id }, detail };
  return { transcript, acts: { 'transcript.issue': [act] } };
}
