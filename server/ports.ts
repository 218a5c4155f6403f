/**
 * What features ask of features that come later in the order of the data. Everything else is an import;
 * nothing else crosses upstream.
 */
import { slotRules } from './schedule/slot-rules.js';
import { listVisitShowings, standPorts } from './visits/stand-ports.js';
import type { Actor } from './access/actor.js';
import { resolveActorAgain } from './access/session.js';
import type { ArtifactPorts } from './artifacts/artifact-ports.js';
import type { RemovalPorts } from './artifacts/removal-routes.js';
import { findSchoolQuota, sizeText } from './artifacts/storage-quota.js';
import type { Clock } from './clock.js';
import type { Context } from './context.js';
import type { SchoolScope } from './db/database.js';
import { findNamedKeys } from './erasure/named-files.js';
import type { ListenerPorts } from './exhibitions/board/live-routes.js';
import type { ExhibitionPorts } from './exhibitions/exhibition-ports.js';
import { listPlannedIds } from './exhibitions/planned-exhibitions.js';
import { pinRevised } from './exhibitions/portfolios/pin-revised.js';
import { listSeatShowings } from './exhibitions/portfolios/shown-snapshots.js';
import { endFamilySeats } from './exhibitions/seats/end-family-seats.js';
import { findLiveSeats } from './exhibitions/seats/seat-records.js';
import { listUpcoming } from './exhibitions/upcoming-slots.js';
import { takeDownCopies } from './handover/take-down-copies.js';
import { countOpenWork } from './home/open-work.js';
import type { VisitSources } from './http/find-visit.js';
import { accountFacts, membershipPlaces } from './people/account-facts.js';
import { addAdministrator } from './people/add-person.js';
import type { EndFamilySeats, FamilyPorts } from './people/change-family.js';
import { removeTermAssumed } from './people/enrollment-records.js';
import { inviteAdministrator, listAdministratorLines } from './people/invite-administrator.js';
import { keepTerm } from './people/keep-enrollments.js';
import { findCurrentIds } from './people/merged-people-records.js';
import { noteAddress } from './people/note-address.js';
import { findActorFacts, listPeopleByIds } from './people/people-records.js';
import { versionsShownTo, type SnapshotPorts } from './portfolio/snapshot-access.js';
import type { SubmitPorts } from './portfolio/submit-portfolio.js';
import { frozenVersions, takeDownEntries } from './portfolio/take-down-entries.js';
import { listRehearsalShowings } from './rehearsals/rehearsal-showings.js';
import { listPublishedSlotIds } from './results/result-records.js';
import { listAdvisoryTimetables, moveInTimetables } from './schedule/advisory-timetables.js';
import { countWaitingSignUps, removeUnacceptedSignUps } from './schedule/sign-up-records.js';
import type { CreateSchoolNeeds } from './school/create-school.js';
import { findSchool } from './school/school-records.js';
import type { ScorePorts } from './scores/begin-sheet.js';
import { listLastWrites } from './scores/last-write-records.js';
import { listWaitingLate } from './scores/late-sheet-records.js';
import { countSheetsOfExhibition, listSheetStates, saveRestart } from './scores/score-sheet-records.js';
import { countTermUses } from './transcript/count-term-uses.js';
import { keepNaming } from './transcript/find-naming.js';
import { listTermsWithRecords } from './transcript/term-records.js';
import type { VisitPorts } from './visits/visit-pages.js';
import { findLiveVisits } from './visits/visit-records.js';

/** Results are published for these slots. */
const isPublished = async (scope: SchoolScope, slotIds: readonly string[]): Promise<boolean> =>
  (await listPublishedSlotIds(scope, slotIds)).size > 0;

/** What exhibitions ask of sheets, stands, results, rules and sign-ups. */
export const exhibitionPorts: ExhibitionPorts = {
  listSheetStates,
  listLastWrites,
  listWaitingLate,
  countSheetsOfExhibition,
  restartSheet: async (scope, seat, anew) => (await saveRestart(scope, seat, anew)) !== null,
  ...standPorts,
  isPublished,
  listPublished: listPublishedSlotIds,
  ...slotRules({ listSheetStates }),
  countWaitingSignUps,
  removeUnacceptedSignUps,
};

/** With the tie to a student end a guardian's seats as family on that student's panels. */
const endSeatsOfFamily: EndFamilySeats = (scope, clock, actor, studentId, guardianId) =>
  endFamilySeats({ clock, listSheetStates }, scope, actor, studentId, guardianId);

export const familyPorts: FamilyPorts = { endFamilySeats: endSeatsOfFamily };

export const accessPorts = { accountFacts, placesOf: membershipPlaces, noteAddress };

export const schoolPorts = {
  findStorageUse: findSchoolQuota,
  sizeText,
  listUpcoming,
  keepTerm,
  countOpenWork,
  countTermUses,
  forgetTerm: removeTermAssumed,
  addAdministrator: (
    clock: Clock,
    ...given: Parameters<CreateSchoolNeeds['addAdministrator']>
  ): Promise<string> => addAdministrator({ clock }, ...given),
  listAdministrators: listAdministratorLines,
  inviteAdministrator: (clock: Clock, scope: SchoolScope, personId: string, by: Actor): Promise<string> =>
    inviteAdministrator({ clock }, scope, personId, by),
};

export const peoplePorts = {
  ...familyPorts,
  accountFacts,
  listTermsWithRecords,
  listPlannedIds,
  keepNaming,
  listAdvisoryTimetables,
  moveInTimetables,
};

/** Whose frozen works somebody sees because they sit on a panel, visit a stand, or listen to a rehearsal. */
const listShowings: SnapshotPorts['listShowings'] = async (...asked) => [
  ...(await listSeatShowings(...asked)),
  ...(await listVisitShowings(...asked)),
  ...(await listRehearsalShowings(...asked)),
];

export const artifactPorts: ArtifactPorts & RemovalPorts = {
  versionsShownTo: (scope, actor, artifact, now) =>
    versionsShownTo({ listShowings }, scope, actor, artifact, now),
  frozenVersions,
  takeDownEntries,
  takeDownCopies: (inside, clock, actor, work) => takeDownCopies({ clock }, inside, actor, work),
  findNamedKeys,
};

export const portfolioPorts: SnapshotPorts & SubmitPorts = {
  listShowings,
  snapshotSubmitted: (scope, clock, snapshot) => pinRevised({ ...exhibitionPorts, clock }, scope, snapshot),
};

export const scorePorts: ScorePorts = { isPublished };
export const visitPorts: VisitPorts = { listPublishedSlotIds };

export const jobPorts = {
  listNames: async (scope: SchoolScope, ids: readonly string[]) =>
    new Map((await listPeopleByIds(scope, ids)).map(({ id, displayName }) => [id, displayName])),
};

/** What finding out who is calling asks of features. */
export const sourcesFor = (context: Context): VisitSources => ({
  person: findActorFacts,
  liveSeats: (scope, personId, seatIds, hand) =>
    findLiveSeats(scope, personId, seatIds, hand, context.clock.now()),
  liveVisits: (scope, personId, visitIds) => findLiveVisits(scope, personId, visitIds, context.clock.now()),
  school: findSchool,
  places: membershipPlaces,
  currentIds: findCurrentIds,
});

/** Who listens to live events by now. */
export const listenerPorts: ListenerPorts = {
  actorNow: (context, request) =>
    resolveActorAgain(
      request,
      context.db,
      context.clock,
      sourcesFor(context),
      context.config.sessionMilliseconds,
    ),
};
