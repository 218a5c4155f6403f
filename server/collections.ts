/**
 * Every collection that the program uses, written out by hand: opening the database makes and checks exactly
 * these. Nothing fills this list by being imported, so it cannot depend on what was loaded when. A test
 * compares it with the sources.
 */
import { accountsDeclaration } from './access/account-records.js';
import { apiTokensDeclaration } from './access/token-records.js';
import { passwordLinksDeclaration } from './access/password-link-records.js';
import { attemptsDeclaration } from './access/attempts-records.js';
import {
  auditEntriesDeclaration,
  auditHeadsDeclaration,
  auditPendingDeclaration,
} from './audit/chain-records.js';
import { formDraftsDeclaration } from './forms/form-draft-records.js';
import { jobsDeclaration } from './jobs/job-records.js';
import { sampleLoadsDeclaration } from './school/sample-load-records.js';
import {
  schoolsDeclaration,
  networksDeclaration,
  termsDeclaration,
  openingsDeclaration,
} from './school/school-records.js';
import { setupCodesDeclaration } from './school/setup-code-records.js';
import { storageUsesDeclaration } from './artifacts/storage-use-records.js';
import { peopleDeclaration, advisoriesDeclaration } from './people/people-records.js';
import { enrolledTermsDeclaration, enrollmentsDeclaration } from './people/enrollment-records.js';
import { nameCorrectionsDeclaration } from './people/name-correction-records.js';
import { distinctPeopleDeclaration, mergedPeopleDeclaration } from './people/merged-people-records.js';
import { administratorLocksDeclaration } from './people/administrator-records.js';
import { rosterChangesDeclaration, rosterImportsDeclaration } from './people/roster-import-records.js';
import { rosterUploadsDeclaration } from './people/roster-upload-records.js';
import { internshipsDeclaration } from './plan/internship-records.js';
import { learningPlansDeclaration } from './plan/plan-records.js';
import { fileRemovalsDeclaration } from './artifacts/file-removal-records.js';
import { artifactsDeclaration, artifactVersionsDeclaration } from './artifacts/artifact-records.js';
import { portfoliosDeclaration, portfolioSnapshotsDeclaration } from './portfolio/portfolio-records.js';
import { rubricVersionsDeclaration } from './rubrics/rubric-records.js';
import { exhibitionsDeclaration } from './exhibitions/exhibition-records.js';
import { slotsDeclaration } from './exhibitions/slots/slot-records.js';
import { roomPassesDeclaration } from './exhibitions/passes/room-pass-records.js';
import { seatsDeclaration } from './exhibitions/seats/seat-records.js';
import { setAsidesDeclaration } from './exhibitions/counting/set-aside-records.js';
import { calendarFeedsDeclaration } from './calendar/calendar-feed-records.js';
import { scheduleProposalsDeclaration } from './schedule/proposal-records.js';
import { schedulesDeclaration } from './schedule/schedule-records.js';
import { signUpLinksDeclaration } from './schedule/sign-up-link-records.js';
import { signUpsDeclaration } from './schedule/sign-up-records.js';
import { scoreSheetsDeclaration } from './scores/score-sheet-records.js';
import { standPassesDeclaration } from './visits/stand-pass-records.js';
import { standStopsDeclaration } from './visits/stand-stop-records.js';
import { visitsDeclaration } from './visits/visit-records.js';
import { earlierResultsDeclaration } from './results/earlier-result-records.js';
import { attemptChoicesDeclaration } from './results/attempt-choice-records.js';
import { panelDecisionsDeclaration } from './results/decision-records.js';
import { resultsDeclaration } from './results/result-records.js';
import { revealsDeclaration } from './results/reveal-records.js';
import { scoreRevisionsDeclaration } from './results/revision-records.js';
import { narrativesDeclaration, narrativeVersionsDeclaration } from './narratives/narrative-records.js';
import { transcriptsDeclaration, transcriptCountersDeclaration } from './transcript/transcript-records.js';
import { erasuresDeclaration } from './erasure/erasure-records.js';
import { rehearsalsDeclaration } from './rehearsals/rehearsal-records.js';
import { earlierPartsDeclaration } from './handover/earlier-part-records.js';
import { handoversDeclaration } from './handover/handover-records.js';
import { sessionsDeclaration } from './access/session-store.js';
import { recordLocksDeclaration } from './db/record-locks.js';
import type { CollectionDeclaration } from './db/declaration.js';
import {
  auditForksDeclaration,
  databaseStateDeclaration,
  migrationsDeclaration,
} from './db/state-declarations.js';

export const collections: readonly CollectionDeclaration[] = [
  migrationsDeclaration,
  databaseStateDeclaration,
  auditForksDeclaration,
  sessionsDeclaration,
  accountsDeclaration,
  apiTokensDeclaration,
  passwordLinksDeclaration,
  attemptsDeclaration,
  auditEntriesDeclaration,
  auditPendingDeclaration,
  auditHeadsDeclaration,
  recordLocksDeclaration,
  jobsDeclaration,
  formDraftsDeclaration,
  schoolsDeclaration,
  networksDeclaration,
  termsDeclaration,
  openingsDeclaration,
  setupCodesDeclaration,
  storageUsesDeclaration,
  peopleDeclaration,
  advisoriesDeclaration,
  enrollmentsDeclaration,
  enrolledTermsDeclaration,
  nameCorrectionsDeclaration,
  mergedPeopleDeclaration,
  distinctPeopleDeclaration,
  administratorLocksDeclaration,
  rosterUploadsDeclaration,
  rosterImportsDeclaration,
  rosterChangesDeclaration,
  internshipsDeclaration,
  learningPlansDeclaration,
  artifactsDeclaration,
  artifactVersionsDeclaration,
  fileRemovalsDeclaration,
  portfoliosDeclaration,
  portfolioSnapshotsDeclaration,
  rubricVersionsDeclaration,
  exhibitionsDeclaration,
  slotsDeclaration,
  roomPassesDeclaration,
  seatsDeclaration,
  setAsidesDeclaration,
  calendarFeedsDeclaration,
  scheduleProposalsDeclaration,
  schedulesDeclaration,
  signUpLinksDeclaration,
  signUpsDeclaration,
  scoreSheetsDeclaration,
  standPassesDeclaration,
  standStopsDeclaration,
  visitsDeclaration,
  attemptChoicesDeclaration,
  panelDecisionsDeclaration,
  resultsDeclaration,
  earlierResultsDeclaration,
  revealsDeclaration,
  scoreRevisionsDeclaration,
  narrativesDeclaration,
  narrativeVersionsDeclaration,
  transcriptsDeclaration,
  transcriptCountersDeclaration,
  rehearsalsDeclaration,
  handoversDeclaration,
  earlierPartsDeclaration,
  erasuresDeclaration,
  sampleLoadsDeclaration,
];
