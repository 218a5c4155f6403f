/**
 * The floor plan: the rooms are mounted in the order in which the data walks through them.
 * Nothing is served that is not declared in a room's routes (assets aside).
 */
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { makeAccessRoutes } from './access/access-routes.js';
import type { Account } from './access/account-records.js';
import { makeAccountRoutes } from './access/account-routes.js';
import { makeAddressRoutes } from './access/address-routes.js';
import type { Place, PlacesOf } from './access/membership.js';
import { makeMembershipRoutes } from './access/membership-routes.js';
import { tellOwner } from './access/reset-password.js';
import { passwordLinkRoutes } from './access/password-link-routes.js';
import { resetRoutes } from './access/reset-routes.js';
import { resolveActorAgain, sessions, usesHttps } from './access/session.js';
import type { AccountFacts } from './access/sign-in.js';
import { findSchoolQuota, sizeText } from './artifacts/storage-quota.js';
import { makeArtifactRoutes } from './artifacts/artifact-routes.js';
import { makeRemovalRoutes } from './artifacts/removal-routes.js';
import { calendarRoutes } from './calendar/calendar-routes.js';
import type { Context } from './context.js';
import type { Database, SchoolScope } from './database.js';
import { barRoutes } from './exhibitions/bar/bar-routes.js';
import { advanceClock } from './exhibitions/clock/advance-clock.js';
import { dayPage } from './exhibitions/board/day-page.js';
import { findPeopleRoutes } from './exhibitions/planners/find-people-routes.js';
import { makeExhibitionRoutes } from './exhibitions/exhibition-routes.js';
import { makeGroupRoutes } from './exhibitions/groups/group-routes.js';
import { makeLiveRoutes } from './exhibitions/board/live-routes.js';
import { makeLatePortfolioRoutes } from './exhibitions/portfolios/late-portfolio-routes.js';
import { makeMoveRoutes } from './exhibitions/slots/move-routes.js';
import { moveExhibition } from './exhibitions/move-exhibition.js';
import { latest } from './exhibitions/portfolios/shown-snapshots.js';
import { pinRevised } from './exhibitions/portfolios/pin-revised.js';
import { listPlannedIds } from './exhibitions/planned-exhibitions.js';
import { plannerRoutes } from './exhibitions/planners/planner-routes.js';
import { addSlots } from './exhibitions/slots/plan-slots.js';
import { runLate } from './exhibitions/clock/run-late.js';
import { listUpcoming } from './exhibitions/upcoming-slots.js';
import { makeSlotRoutes } from './exhibitions/slots/slot-routes.js';
import { standPriorityRoutes } from './exhibitions/slots/stand-priority-routes.js';
import { makeTimetableRoutes } from './exhibitions/board/timetable-routes.js';
import { downloadRoutes } from './downloads/download-routes.js';
import { erasureJobHandler } from './erasure/erasure-job.js';
import { erasureRoutes } from './erasure/erasure-routes.js';
import { findNamedKeys } from './erasure/named-files.js';
import { askForHandovers } from './handover/ask-handover.js';
import { handoverJob, handoverJobHandler } from './handover/copy-record.js';
import { makeEarlierRoutes } from './handover/earlier-routes.js';
import { makeHandoverRoutes } from './handover/handover-routes.js';
import { startHandoverRoutes } from './handover/start-routes.js';
import { takeDownCopies } from './handover/take-down-copies.js';
import { duplicateRoutes } from './merge/duplicate-routes.js';
import { mergeRoutes } from './merge/merge-routes.js';
import { erasureJob } from './erasure/request-erasure.js';
import { makeDraftRoutes as makeTypedDraftRoutes } from './forms/draft-routes.js';
import { countOpenWork } from './home/open-work.js';
import { homeRoutes } from './home/home-routes.js';
import { studentRoutes } from './home/student-routes.js';
import { noteActivity } from './http/activity.js';
import { serveAssets } from './http/asset-routes.js';
import { compressAnswers } from './http/compress-answers.js';
import { answerErrors, nothingHere } from './http/answer-errors.js';
import { identify, type VisitSources } from './http/find-visit.js';
import { mountRoutes } from './http/mount-routes.js';
import { startJobRunner, type JobKind, type JobRunner, type JobRunnerOptions } from './jobs/run-jobs.js';
import type { Watched } from './http/live-events.js';
import { logRequests } from './http/log-requests.js';
import { makeOperationsRoutes } from './http/operations-routes.js';
import type { RoomRoutes } from './http/route.js';
import { writeError } from './http/answer.js';
import { endSlowBodies } from './http/slow-bodies.js';
import { sameOrigin } from './http/same-origin.js';
import { jobRoutes, makeJobListRoutes } from './jobs/job-routes.js';
import { beginRoutes } from './narratives/begin-routes.js';
import { narrativeRoutes } from './narratives/narrative-routes.js';
import { panelAnswers, type NewGuest, type PanelNeeds } from './exhibitions/doors.js';
import { makeClockRoutes } from './exhibitions/clock/clock-routes.js';
import { makeCheckInRoutes } from './exhibitions/check-in/check-in-routes.js';
import { makePassRoutes } from './exhibitions/passes/pass-routes.js';
import { makeCountingRoutes } from './exhibitions/counting/counting-routes.js';
import { makeRoomRoutes } from './exhibitions/passes/room-routes.js';
import { saveSlotReason } from './exhibitions/slots/slot-records.js';
import { slotPage } from './exhibitions/seats/panel-pages.js';
import { endFamilySeats } from './exhibitions/seats/end-family-seats.js';
import { makePanelRoutes } from './exhibitions/seats/panel-routes.js';
import { setSeats } from './exhibitions/seats/set-seats.js';
import { admitAfterPublishing } from './exhibitions/counting/admit-guest.js';
import { setSheetAside } from './exhibitions/counting/set-aside-sheet.js';
import { findLiveSeats, listSeatsByIds } from './exhibitions/seats/seat-records.js';
import { seatSamePanel } from './exhibitions/seats/seat-same-panel.js';
import { snapshotsBySeat as snapshotsOfPanels } from './exhibitions/portfolios/snapshots-by-seat.js';
import { becomeGuest } from './people/become-guest.js';
import { addAdministrator, newPersonOf, splitName } from './people/add-person.js';
import { findActorFacts, findPerson, listPeopleByIds, savePerson } from './people/people-records.js';
import { inviteAdministrator, listAdministratorLines } from './people/invite-administrator.js';
import { makeAdvisoryRoutes } from './people/advisory-routes.js';
import type { EndFamilySeats } from './people/change-family.js';
import { makeFamilyRoutes } from './people/family-routes.js';
import type { Attendance } from './people/attendance.js';
import { declareAttendance } from './people/declare-attendance.js';
import { makeHoursRoutes } from './people/hours-routes.js';
import { importRoutes } from './people/import-routes.js';
import { rosterJob, rosterPreviewJob } from './people/request-import.js';
import { rosterJobHandler } from './people/roster-job.js';
import { noteAddress } from './people/note-address.js';
import { lettersRoutes } from './people/letters-routes.js';
import { makeSignInRoutes } from './people/sign-in-routes.js';
import { peopleRoutes } from './people/people-routes.js';
import { activityRoutes } from './people/activity-routes.js';
import { makePersonRoutes } from './people/person-routes.js';
import { makePortfolioRoutes } from './portfolio/portfolio-routes.js';
import { versionsShownTo, type SeatDoor } from './portfolio/shown-versions.js';
import { frozenVersions, takeDownEntries } from './portfolio/take-down-entries.js';
import { planRoutes } from './plan/plan-routes.js';
import { listPublishedSlotIds } from './results/result-records.js';
import { rehearsalRoutes } from './rehearsals/rehearsal-routes.js';
import { snapshotsByRehearsal } from './rehearsals/snapshots-by-rehearsal.js';
import { makeAttemptRoutes } from './results/attempt-routes.js';
import { dayResultsRoutes } from './results/day-results-routes.js';
import { makeCorrectionRoutes } from './results/correction-routes.js';
import { evidenceRoutes } from './results/evidence-routes.js';
import { resultRoutes } from './results/result-routes.js';
import type { AttemptDoor } from './results/plan-attempt.js';
import { revealRoutes } from './results/reveal-routes.js';
import { rubricRoutes } from './rubrics/rubric-routes.js';
import { removeTermAssumed } from './people/enrollment-records.js';
import { makeEnrollmentRoutes } from './people/enrollment-routes.js';
import { keepTerm } from './people/keep-enrollments.js';
import { findCurrentIds } from './people/merged-people-records.js';
import { aboutSchool } from './school/school.js';
import { findNetwork, findSchool } from './school/school-records.js';
import { isNamed, keepNaming } from './transcript/find-naming.js';
import { nameRoutes } from './transcript/name-routes.js';
import { transcriptsJob } from './transcript/request-transcripts.js';
import { draftRoutes } from './transcript/draft-routes.js';
import { issueOneRoutes } from './transcript/issue-one-routes.js';
import { countTermUses } from './transcript/count-term-uses.js';
import { listAdvisoryTimetables, moveInTimetables } from './schedule/advisory-timetables.js';
import { listTermsWithRecords } from './transcript/term-records.js';
import { preflightRoutes } from './transcript/preflight-routes.js';
import { transcriptRoutes } from './transcript/transcript-routes.js';
import { transcriptsJobHandler } from './transcript/transcripts-job.js';
import { verifyRoutes } from './transcript/verify-routes.js';
import { keepTerms } from './school/keep-terms.js';
import { networkPolicyRoutes } from './school/network-policy-routes.js';
import { makeNetworkRoutes } from './school/network-routes.js';
import { networkStaffRoutes } from './school/network-staff-routes.js';
import { makeOpeningRoutes } from './school/opening-routes.js';
import { makeTermRemovalRoutes } from './school/term-removal-routes.js';
import { makeCurrentTermRoutes } from './school/current-term-routes.js';
import { makeSchoolRoutes } from './school/school-routes.js';
import type { ScheduleDoors } from './schedule/adopt-proposal.js';
import { availabilityRoutes } from './schedule/availability-routes.js';
import { makeFindPeopleRoutes } from './schedule/find-people-routes.js';
import { countWaitingSignUps, removeUnacceptedSignUps } from './schedule/sign-up-records.js';
import { makeSignUpRoutes } from './schedule/sign-up-routes.js';
import { makeSignUpsRoutes } from './schedule/sign-ups-routes.js';
import { settleRoutes } from './schedule/settle-routes.js';
import { scheduleJob } from './schedule/request-proposal.js';
import { scheduleJobHandler } from './schedule/schedule-job.js';
import { makeScheduleRoutes } from './schedule/schedule-routes.js';
import { slotRules } from './schedule/slot-rules.js';
import { makeScoreRoutes } from './scores/score-routes.js';
import { listLastWrites } from './scores/last-write-records.js';
import { listWaitingLate } from './scores/late-sheet-records.js';
import { countSheetsOfExhibition, listSheetStates, saveAnew } from './scores/score-sheet-records.js';
import { makeStandDoor } from './visits/stand-door.js';
import { standFacts } from './visits/stand-facts.js';
import { lateVisitRoutes } from './visits/late-visit-routes.js';
import { reviewRoutes } from './visits/review-routes.js';
import { stopRoutes } from './visits/stop-routes.js';
import { standRoutes } from './visits/stand-routes.js';
import { snapshotsByVisit } from './visits/snapshots-by-visit.js';
import { makeVisitRoutes } from './visits/visit-routes.js';
import type { VisitNeeds } from './visits/visit-pages.js';
import { findLiveVisits } from './visits/visit-records.js';

const listNamesOf = async (scope: SchoolScope, ids: readonly string[]) =>
  new Map((await listPeopleByIds(scope, ids)).map(({ id, displayName }) => [id, displayName]));

const isPublished = async (scope: SchoolScope, slotIds: readonly string[]): Promise<boolean> =>
  (await listPublishedSlotIds(scope, slotIds)).size > 0;

/** A guest becomes a person of the school, at a door or because they signed up. */
const addGuest = (
  scope: SchoolScope,
  clock: Context['clock'],
  { name, ...guest }: NewGuest & { attendance?: Attendance },
) =>
  savePerson(
    scope,
    newPersonOf(clock, scope.schoolId, {
      ...splitName(name),
      ...guest,
      displayName: name,
      roles: ['guest'],
    }),
  );

/** What the panel asks of its neighbours: how far the sheets are, and to write a guest down as a person. */
const panelNeeds: PanelNeeds = {
  listSheetStates,
  listLastWrites,
  listWaitingLate,
  countSheetsOfExhibition,
  beginAnew: async (scope, seat, anew) => (await saveAnew(scope, seat, anew)) !== null,
  isPublished,
  listPublished: listPublishedSlotIds,
  keepSlotReason: saveSlotReason,
  stands: standFacts,
  addGuest,
};
const panel = panelAnswers(panelNeeds);
const day = { ...panel, ...slotRules(panel), countWaitingSignUps, removeUnacceptedSignUps };
const visitNeeds: VisitNeeds = { listPublishedSlotIds };

/** Whose frozen works somebody sees because they sit on a panel, stand before a stand, or listen to a rehearsal. */
const snapshotsBySeat: SeatDoor['snapshotsBySeat'] = async (scope, actor, snapshots, now) => {
  const shown = [
    await snapshotsOfPanels(scope, actor, snapshots, now),
    await snapshotsByVisit(scope, actor, snapshots, now),
    await snapshotsByRehearsal(scope, actor, snapshots, now),
  ];
  return {
    ids: shown.flatMap(({ ids }) => ids),
    endedAt: latest(shown.flatMap(({ endedAt }) => endedAt ?? [])),
  };
};

/** Timetables become slots and seats through the acts of the rooms that own them. */
const scheduleDoors: ScheduleDoors = {
  panel,
  addSlots: (scope, clock, actor, exhibitionId, slots) =>
    addSlots({ clock, panel }, scope, actor, exhibitionId, slots),
  setSeats: (scope, clock, actor, exhibitionId, seats) =>
    setSeats({ ...panelNeeds, clock }, scope, actor, exhibitionId, seats),
};

/** With the tie to a student end a guardian's seats as family on that student's panels. */
const endSeatsOfFamily: EndFamilySeats = (scope, clock, actor, studentId, guardianId) =>
  endFamilySeats({ clock, listSheetStates }, scope, actor, studentId, guardianId);

/** Guests hear of the days on which they sit on a panel. */
const sitsInExhibition = async (scope: SchoolScope, seatIds: readonly string[], exhibitionId: string) =>
  (await listSeatsByIds(scope, seatIds)).some((seat) => seat.exhibitionId === exhibitionId);

/** What planning the next attempt needs of exhibition and panel. */
const attemptDoorOf = ({ clock, config }: Context): AttemptDoor => ({
  planSlot: async (scope, actor, exhibitionId, slot) =>
    (await addSlots({ clock, panel }, scope, actor, exhibitionId, [slot], false))[0]!,
  reopen: async (scope, actor, exhibitionId, reason) => {
    const needs = { clock, panel, signUps: day, forAttempt: true } as const;
    await moveExhibition(needs, scope, actor, exhibitionId, 'reopen', reason);
  },
  seatSamePanel: (scope, ...asked) =>
    seatSamePanel({ ...panelNeeds, clock, passKey: config.keyFor('pass') }, scope, ...asked),
});

/** What changes on a day, and the few facts of it that may be told: of a sheet its state alone, never what stands on it. */
const watchedOfDay: readonly Watched[] = [
  // Whoever has other roles or children or is gone is asked for again before they hear more.
  { collection: 'people', fields: [], onlyWhen: ['active', 'roles', 'guardianIds'], updatesOnly: true },
  { collection: 'exhibitions', fields: ['phase'] },
  { collection: 'slots', fields: ['exhibitionId', 'partOf'] },
  // A seat's phone is written down when its sheet is begun, and that is not told.
  { collection: 'seats', fields: ['exhibitionId', 'slotId'], exceptWhen: 'hands' },
  {
    collection: 'visits',
    fields: ['exhibitionId', 'slotId', 'studentId'],
    onlyWhen: ['leftAt', 'feedback', 'hidden', 'review'],
  },
  { collection: 'standstops', fields: ['exhibitionId', 'slotId'] },
  { collection: 'scoresheets', fields: ['exhibitionId', 'slotId', 'state'], onlyWhen: ['state'] },
  // Something was done with the voices of a panel; what it was is not told.
  { collection: 'reveals', fields: ['exhibitionId'] },
  {
    // Where entries are written in the transaction of the action; the chain takes them over a moment later.
    collection: 'auditpending',
    fields: ['detail.exhibitionId', 'detail.slotId'],
    where: { field: 'act', in: ['slot.remove', 'seat.remove'] },
  },
];

/** Why nobody signs in with an account any more, and on what its password must not be based. */
async function accountFacts(db: Database, account: Account): Promise<AccountFacts> {
  const { schoolId, networkId, personId } = account;
  if (schoolId === null) {
    const network = networkId ? await findNetwork(db, networkId) : null;
    const ownWords = [account.name ?? '', network?.name ?? ''];
    return { closed: network?.closedAt ? 'network' : null, ownWords };
  }
  const [person, school] = await Promise.all([
    findPerson({ db, schoolId }, personId),
    findSchool(db, schoolId),
  ]);
  const names = person ? [person.displayName, person.givenName, person.familyName] : [];
  // Administrators read what a closed school has.
  const closedSchool = school?.closedAt && !person?.roles.includes('admin') ? 'school' : null;
  return { closed: person?.active ? closedSchool : 'person', ownWords: [...names, school?.name ?? ''] };
}

/** What the memberships of an account are called. */
const placesOf: PlacesOf = async (db, parts) => {
  const found = await Promise.all(
    parts.map(async ({ personId, schoolId, networkId }): Promise<[string, Place] | null> => {
      if (schoolId === null) {
        const network = networkId ? await findNetwork(db, networkId) : null;
        if (!network) return null;
        const closed = Boolean(network.closedAt);
        return [personId, { name: network.name, about: '', roles: ['network'], closed }];
      }
      const [school, person] = await Promise.all([
        findSchool(db, schoolId),
        findPerson({ db, schoolId }, personId),
      ]);
      if (!school || !person) return null;
      const closed = !person.active || (Boolean(school.closedAt) && !person.roles.includes('admin'));
      return [personId, { name: school.name, about: aboutSchool(school), roles: person.roles, closed }];
    }),
  );
  return new Map(found.filter((each) => each !== null));
};

export const rooms: readonly RoomRoutes[] = [
  makeOperationsRoutes(() => rooms),
  makeSchoolRoutes({ findStorageUse: findSchoolQuota, sizeText, listUpcoming }),
  makeCurrentTermRoutes({ keepTerm, countOpenWork }),
  makeTermRemovalRoutes({ countTermUses, forgetTerm: removeTermAssumed }),
  makeOpeningRoutes({
    addAdministrator: (clock, scope, administrator, by) =>
      addAdministrator({ clock }, scope, administrator, by),
  }),
  makeEnrollmentRoutes({ listTermsWithRecords }),
  makeNetworkRoutes({
    add: (clock, scope, administrator, by) => addAdministrator({ clock }, scope, administrator, by),
    list: listAdministratorLines,
    invite: (clock, scope, personId, by) => inviteAdministrator({ clock }, scope, personId, by),
  }),
  networkStaffRoutes,
  networkPolicyRoutes,
  importRoutes,
  makeHoursRoutes({ listPlannedIds }),
  peopleRoutes,
  activityRoutes,
  makeSignInRoutes({ accountFacts }),
  lettersRoutes,
  makePersonRoutes({ endFamilySeats: endSeatsOfFamily, keepNaming }),
  makeFamilyRoutes({ endFamilySeats: endSeatsOfFamily }),
  makeAdvisoryRoutes({ listAdvisoryTimetables, moveInTimetables }),
  makeAccessRoutes({ accountFacts }),
  resetRoutes,
  makeAccountRoutes({ accountFacts }),
  makeAddressRoutes({ noteAddress }),
  makeMembershipRoutes({ accountFacts, placesOf }),
  passwordLinkRoutes,
  planRoutes,
  makeArtifactRoutes({
    versionsShownTo: (scope, actor, artifact, now) =>
      versionsShownTo({ snapshotsBySeat }, scope, actor, artifact, now),
  }),
  makeRemovalRoutes({
    ...{ frozenVersions, takeDownEntries, findNamedKeys },
    takeDownCopies: (inside, clock, actor, work) => takeDownCopies({ clock }, inside, actor, work),
  }),
  makePortfolioRoutes({
    snapshotsBySeat,
    snapshotSubmitted: (scope, clock, snapshot) => pinRevised({ clock, panel }, scope, snapshot),
  }),
  rubricRoutes,
  makeExhibitionRoutes(day),
  barRoutes,
  plannerRoutes,
  findPeopleRoutes,
  makeLiveRoutes({
    watched: watchedOfDay,
    sitsInExhibition,
    actorNow: (context, request) =>
      resolveActorAgain(
        request,
        context.db,
        context.clock,
        sourcesFor(context),
        context.config.sessionMilliseconds,
      ),
    panel: day,
  }),
  makeSlotRoutes(day, (call, slotId) => slotPage(call, panelNeeds, slotId)),
  makeGroupRoutes(day, (call, slotId) => slotPage(call, panelNeeds, slotId)),
  makeTimetableRoutes(panel),
  standPriorityRoutes,
  makeMoveRoutes(day, (call, slotId) => slotPage(call, panelNeeds, slotId)),
  makeLatePortfolioRoutes(panel, (call, slotId) => slotPage(call, panelNeeds, slotId)),
  makePanelRoutes(panelNeeds, { dayPage: (call, _panel, id) => dayPage(call, day, id) }),
  makeCheckInRoutes(panelNeeds),
  makePassRoutes(panelNeeds, makeStandDoor(panelNeeds)),
  makeRoomRoutes(panelNeeds, { runLate }),
  makeCountingRoutes(panelNeeds),
  makeClockRoutes(panelNeeds, { advanceClock }),
  calendarRoutes,
  makeScheduleRoutes(scheduleDoors),
  makeFindPeopleRoutes(panel),
  availabilityRoutes,
  settleRoutes,
  makeSignUpRoutes({ declareAttendance }),
  makeSignUpsRoutes({ addGuest, becomeGuest }),
  makeScoreRoutes({ isPublished }),
  standRoutes,
  reviewRoutes,
  lateVisitRoutes,
  stopRoutes,
  makeVisitRoutes(visitNeeds),
  revealRoutes,
  resultRoutes,
  makeCorrectionRoutes({
    admitGuest: (inside, clock, actor, seatId) => admitAfterPublishing({ clock }, inside, actor, seatId),
    // That the result is published is why it goes through a correction.
    setSheetAside: (inside, clock, actor, { seatId, kind, reason }) =>
      setSheetAside(
        // Whose own sheet is awaited makes no correction.
        {
          ...{ clock, isPublished: () => Promise.resolve(false) },
          listSheetStates: () => Promise.resolve(new Map()),
        },
        inside,
        actor,
        seatId,
        kind,
        reason,
      ),
  }),
  dayResultsRoutes,
  makeAttemptRoutes(attemptDoorOf),
  evidenceRoutes,
  downloadRoutes,
  narrativeRoutes,
  beginRoutes,
  transcriptRoutes,
  preflightRoutes,
  issueOneRoutes,
  draftRoutes,
  nameRoutes,
  verifyRoutes,
  rehearsalRoutes,
  startHandoverRoutes,
  makeHandoverRoutes({ endFamilySeats: endSeatsOfFamily }),
  makeEarlierRoutes({ findNamedKeys }),
  mergeRoutes,
  duplicateRoutes,
  erasureRoutes,
  makeTypedDraftRoutes({ currentIds: findCurrentIds }),
  homeRoutes,
  studentRoutes,
  makeJobListRoutes({ listNames: listNamesOf }),
  jobRoutes,
];

const sourcesFor = (context: Context): VisitSources => ({
  person: findActorFacts,
  liveSeats: (scope, personId, seatIds, hand) =>
    findLiveSeats(scope, personId, seatIds, hand, context.clock.now()),
  liveVisits: (scope, personId, visitIds) => findLiveVisits(scope, personId, visitIds, context.clock.now()),
  school: findSchool,
  places: placesOf,
  currentIds: findCurrentIds,
});

export function createApp(context: Context): Express {
  const { config, db } = context;
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', config.trustProxy);
  app.set('query parser', 'simple');
  // No answer may be stored (files and assets have tags of their own).
  app.disable('etag');
  app.use(logRequests(context.log));
  app.use(securityHeaders(usesHttps(config)));
  app.use(permissionsPolicy);
  app.use('/assets', serveAssets(context.assets));
  app.use(compressAnswers());
  app.use(
    endSlowBodies(config.uploadStallSeconds, (error, request, response) =>
      writeError(request, response, context, error),
    ),
  );
  app.use(sameOrigin(config.publicUrl));
  app.use(sessions(config, db));
  app.use(noteActivity(context.activity));
  const sources = sourcesFor(context);
  mountRoutes(app, context, rooms, sources);
  app.use(identify(context, sources));
  app.use(nothingHere);
  app.use(answerErrors(context));
  return app;
}

/**
 * What background jobs do. Transcripts have one place for a batch and one for the single transcript that somebody waits for; a
 * timetable keeps a core busy by itself.
 */
export function jobKinds(context: Context): Record<string, JobKind> {
  const { db, clock } = context;
  const roster = rosterJobHandler({
    ...{ db, clock },
    keepTerms: (inside, terms) => keepTerms({ clock }, inside, terms),
    endFamilySeats: endSeatsOfFamily,
    isNamed,
    askForHandovers: (scope, actor, asks) => askForHandovers({ clock }, scope, actor, asks),
    tellMoved: (locale, to, name) =>
      tellOwner(
        { ...context, t: (key, params) => context.texts.t(locale, key, params) },
        ...([to, 'moved', { name }] as const),
      ),
  });
  return {
    [transcriptsJob]: { run: transcriptsJobHandler(context), atOnce: 2, yields: true },
    [rosterJob]: { run: roster, atOnce: 2, onePerSchool: true, apart: true },
    [rosterPreviewJob]: { run: roster, atOnce: 2, apart: true },
    [handoverJob]: { run: handoverJobHandler(context), atOnce: 2, yields: true },
    [erasureJob]: { run: erasureJobHandler(context), atOnce: 2, onePerSchool: true, yields: true },
    [scheduleJob]: { run: scheduleJobHandler({ clock, panel }), atOnce: 1 },
  };
}

/** The background work of this process. @param workApart for large jobs, where the process can do that */
export const startJobs = (context: Context, workApart?: JobRunnerOptions['workApart']): JobRunner =>
  startJobRunner({ ...context, kinds: jobKinds(context), ...(workApart ? { workApart } : {}) });

/** What no page here uses, no page may use, whatever gets into it. */
const unusedFeatures = [
  ...['accelerometer', 'ambient-light-sensor', 'autoplay', 'bluetooth', 'browsing-topics', 'camera'],
  ...['display-capture', 'geolocation', 'gyroscope', 'hid', 'identity-credentials-get', 'idle-detection'],
  ...['local-fonts', 'magnetometer', 'microphone', 'midi', 'payment', 'publickey-credentials-create'],
  ...['publickey-credentials-get', 'screen-wake-lock', 'serial', 'usb', 'web-share', 'xr-spatial-tracking'],
];
const permissionsPolicy: RequestHandler = (_request, response, next) => {
  response.setHeader('Permissions-Policy', unusedFeatures.map((feature) => `${feature}=()`).join(', '));
  next();
};

/** No inline script or style, nothing from elsewhere; uploaded work is shown as image, media or PDF only. */
function securityHeaders(https: boolean) {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        frameSrc: ["'self'"],
        objectSrc: ["'none'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'self'"],
        manifestSrc: ["'self'"],
        workerSrc: ["'self'"],
      },
    },
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: https,
    crossOriginEmbedderPolicy: false,
  });
}
