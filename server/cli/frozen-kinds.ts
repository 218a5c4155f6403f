/**
 * Every kind of record that never changes: how to walk over them, what they are called in the audit chain,
 * and by which hash.
 */
import { frozenOfVersion, versionHolds } from '../artifacts/artifact.js';
import {
  listVersionIds as listWorkIds,
  listArtifactVersionsAfter as listWorksAfter,
} from '../artifacts/artifact-records.js';
import { asSealed, frozen, type FrozenKind, type Resealed } from '../audit/frozen-record.js';
import type { SchoolScope } from '../db/database.js';
import { listPartIds, listPartsAfter } from '../handover/earlier-part-records.js';
import { frozenOfPart, partHolds } from '../handover/earlier-record.js';
import { frozenOfMerge } from '../people/merged-person.js';
import { listMergedAfter, listMergedIds } from '../people/merged-people-records.js';
import {
  listUnnamedVersionsAfter,
  listUnnamedVersionIds,
  listVersionNumbers,
  listNarrativeVersionsAfter as listSignedAfter,
} from '../narratives/narrative-records.js';
import { signatureHolds } from '../narratives/narrative.js';
import { listSetAsideIds, listSetAsidesAfter } from '../exhibitions/counting/set-aside-records.js';
import { frozenOfSetAside } from '../exhibitions/counting/set-aside.js';
import {
  listShortenedAfter,
  listShortenedIds,
  listSnapshotNumbers,
  listSnapshotsAfter,
} from '../portfolio/portfolio-records.js';
import { isUnchangedSnapshot as portfolioHolds } from '../portfolio/portfolio.js';
import { frozenOfChoice } from '../results/attempts.js';
import { listAttemptChoiceIds, listAttemptChoicesAfter } from '../results/attempt-choice-records.js';
import { frozenOfDecision } from '../results/decision.js';
import { listDecisionIds, listDecisionsAfter } from '../results/decision-records.js';
import { listRevealIds, listRevealsAfter } from '../results/reveal-records.js';
import { frozenOfRevision } from '../results/revision.js';
import { listRevisionIds, listRevisionsAfter } from '../results/revision-records.js';
import { rubricHash } from '../rubrics/rubric.js';
import { findRubricVersion } from '../rubrics/rubric-records.js';
import { frozenOfProposal } from '../schedule/proposal.js';
import { listAdoptedAfter, listAdoptedIds } from '../schedule/proposal-records.js';
import { sealHolds } from '../scores/score-sheet.js';
import {
  listSealedAfter,
  listSealedIds,
  listUnnamedSheetsAfter,
  listUnnamedSheetIds,
} from '../scores/score-sheet-records.js';
import { isUnchangedTranscript as transcriptHolds, wasIssued } from '../transcript/transcript.js';
import { listIssuedIds, listTranscriptsAfter } from '../transcript/transcript-records.js';
import { resealedOf, type FrozenProblem, type FrozenWalk } from './frozen-walk.js';
import { resultWalks, unnamedResultWalks } from './frozen-results.js';
import { frozenOfVisit } from '../visits/visit.js';
import { listVisitIds, listVisitsAfter } from '../visits/visit-records.js';

const hashIn = (kind: FrozenKind, id: string, content: unknown): string =>
  frozen(kind, id, content).records[0]!.hash;

/** Of kinds whose entry names them in `detail.records`. */
const named = <T extends { id: string } & Resealed>(
  kind: FrozenKind,
  list: (scope: SchoolScope, after: string, limit: number) => Promise<T[]>,
  there: FrozenWalk['there'],
  content: (one: T) => unknown,
  at: (one: T) => Date | null,
  more: (one: T) => Partial<FrozenProblem> = () => ({}),
): FrozenWalk => ({
  kind,
  there,
  list: async (scope, after, limit) =>
    (await list(scope, after, limit)).map((one) => ({
      ...{ id: one.id, name: one.id, hash: hashIn(kind, one.id, content(one)), holds: true, at: at(one) },
      ...resealedOf(one),
      ...more(one),
    })),
});

/** By number: `<id of the whole> <number>`. */
export const numbered = (id: string, number: number): string => `${id} ${number}`;
const nameOfVersion = ({ narrativeId, number }: { narrativeId: string; number: number }): string =>
  numbered(narrativeId, number);
const wholesOf = (names: readonly string[]): string[] => [
  ...new Set(names.map((name) => name.split(' ')[0]!)),
];

/** The same record since a name was taken out of it: it has a hash of its own for what it says now. */
const unnamed = <T extends { id: string; unnamedHash?: string }>(
  kind: FrozenKind,
  list: (scope: SchoolScope, after: string, limit: number) => Promise<T[]>,
  there: FrozenWalk['there'],
  holds: (one: T) => boolean,
): FrozenWalk => ({
  kind,
  there,
  list: async (scope, after, limit) =>
    (await list(scope, after, limit)).map((one) => ({
      ...{ id: one.id, name: one.id, hash: one.unnamedHash ?? '', holds: holds(one), at: null },
    })),
});

export const frozenWalks: readonly FrozenWalk[] = [
  unnamed('unnamed score sheet', listUnnamedSheetsAfter, listUnnamedSheetIds, sealHolds),
  ...unnamedResultWalks,
  unnamed('unnamed narrative', listUnnamedVersionsAfter, listUnnamedVersionIds, signatureHolds),
  {
    kind: 'score sheet',
    subject: 'score-sheet',
    there: listSealedIds,
    list: async (scope, after, limit) =>
      (await listSealedAfter(scope, after, limit)).map((sheet) => ({
        ...{
          id: sheet.id,
          name: sheet.id,
          hash: sheet.hash ?? '',
          holds: sealHolds(sheet),
          at: sheet.submittedAt,
        },
        ...resealedOf(sheet),
      })),
  },
  ...resultWalks,
  {
    kind: 'portfolio',
    subject: 'portfolio',
    there: async (scope, names) =>
      (await listSnapshotNumbers(scope, wholesOf(names))).map((each) =>
        numbered(each.portfolioId, each.number),
      ),
    list: async (scope, after, limit) =>
      (await listSnapshotsAfter(scope, after, limit)).map((snapshot) => ({
        ...{ id: snapshot.id, name: numbered(snapshot.portfolioId, snapshot.number), hash: snapshot.hash },
        ...{ holds: portfolioHolds(snapshot), at: snapshot.submittedAt },
      })),
  },
  {
    kind: 'shortened portfolio',
    there: listShortenedIds,
    list: async (scope, after, limit) =>
      (await listShortenedAfter(scope, after, limit)).map((snapshot) => ({
        ...{ id: snapshot.id, name: snapshot.id, hash: snapshot.takenDownHash ?? '' },
        ...{ holds: portfolioHolds(snapshot), at: null },
      })),
  },
  {
    kind: 'narrative',
    subject: 'narrative',
    there: async (scope, names) =>
      (await listVersionNumbers(scope, wholesOf(names)))
        .map(asSealed)
        .map((each) => numbered(each.narrativeId, each.number)),
    list: async (scope, after, limit) =>
      (await listSignedAfter(scope, after, limit)).map((version) => ({
        ...{ id: version.id, name: nameOfVersion(asSealed(version)), hash: version.hash },
        ...{ holds: signatureHolds(version), at: version.signedAt },
        ...resealedOf(version),
      })),
  },
  {
    kind: 'transcript',
    subject: 'transcript',
    there: listIssuedIds,
    list: async (scope, after, limit) =>
      (await listTranscriptsAfter(scope, after, limit)).map((transcript) => {
        const { id, snapshotHash, issuedAt, pdf } = transcript;
        const holds = wasIssued(transcript) && transcriptHolds(transcript);
        return { id, name: id, hash: snapshotHash ?? '', holds, at: issuedAt, file: pdf };
      }),
  },
  named(
    'work',
    listWorksAfter,
    listWorkIds,
    frozenOfVersion,
    (version) => version.takenDown?.at ?? version.createdAt,
    (version) => ({
      holds: versionHolds(version),
      file: version.file,
    }),
  ),
  named('visit', listVisitsAfter, listVisitIds, frozenOfVisit, (visit) => visit.leftAt),
  named('decision', listDecisionsAfter, listDecisionIds, frozenOfDecision, (decision) => decision.at),
  named('revision', listRevisionsAfter, listRevisionIds, frozenOfRevision, (revision) => revision.at),
  named('set-aside', listSetAsidesAfter, listSetAsideIds, frozenOfSetAside, (act) => act.at),
  named(
    'reveal',
    listRevealsAfter,
    listRevealIds,
    (reveal) => reveal.opened,
    (reveal) => reveal.opened?.at ?? null,
  ),
  named(
    'attempt choice',
    listAttemptChoicesAfter,
    listAttemptChoiceIds,
    frozenOfChoice,
    (choice) => choice.at,
  ),
  named('merge', listMergedAfter, listMergedIds, frozenOfMerge, (merge) => merge.at),
  named('timetable', listAdoptedAfter, listAdoptedIds, frozenOfProposal, (proposal) => proposal.adoptedAt),
  named(
    'earlier record',
    listPartsAfter,
    listPartIds,
    frozenOfPart,
    (part) => part.takenDown?.at ?? part.copiedAt,
    (part) => ({ holds: partHolds(part), file: part.file }),
  ),
  {
    kind: 'rubric',
    // Shared by all schools: looked at where an entry of a school names one.
    list: () => Promise.resolve([]),
    there: async (scope, names) => {
      const there: string[] = [];
      for (const hash of new Set(names)) {
        const rubric = await findRubricVersion(scope.db, hash);
        if (rubric && rubricHash(rubric) === hash) there.push(hash);
      }
      return there;
    },
  },
];
