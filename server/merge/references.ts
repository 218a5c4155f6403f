/**
 * Every record field that says of whom a record is, in one place: what moves when a duplicate is merged into
 * the person who stays. A test compares it with all collections, so that a new field is decided on. Pure.
 */
import type { AnyFilter } from '../db/filter.js';

/** What is shown as one line of a dry run. */
export const movedKinds = [
  'children',
  'advisories',
  'planning',
  'enrollments',
  'name-corrections',
  'plans',
  'internships',
  'works',
  'portfolios',
  'snapshots',
  'slots',
  'groups',
  'seats',
  'sheets',
  'visits',
  'results',
  'decisions',
  'revisions',
  'attempt-choices',
  'narratives',
  'signed-narratives',
  'transcripts',
  'rehearsals',
  'calendar-feeds',
  'handovers',
  'earlier-records',
] as const;
export type MovedKind = (typeof movedKinds)[number];

export interface Reference {
  collection: string;
  field: string;
  /** `list`: a list of ids. `parts`: the last word of the field is one of each part of a list. */
  shape: 'one' | 'list' | 'parts';
  /** Under what it is counted; null where it says the same as another field. */
  kind: MovedKind | null;
  /**
   * Records whose hash covers the field keep the old id in `sealedAs`: all of them, or those that this filter finds.
   */
  sealed?: AnyFilter;
  /** Where no index holds the field: by the person's slots, or by those where they sit. */
  within?: 'slotId' | '_id' | 'seated';
  /** By which field it belongs to the school; left out: `schoolId`. */
  school?: 'fromSchoolId' | 'toSchoolId';
}

const one = (
  collection: string,
  field: string,
  kind: MovedKind | null,
  more: Pick<Reference, 'sealed' | 'within' | 'school'> = {},
): Reference => ({ collection, field, shape: 'one', kind, ...more });
const list = (collection: string, field: string, kind: MovedKind | null): Reference => ({
  ...{ collection, field, kind },
  shape: 'list',
});
const parts = (
  collection: string,
  field: string,
  kind: MovedKind | null,
  more: Pick<Reference, 'within'> = {},
): Reference => ({ collection, field, shape: 'parts', kind, ...more });

const always: AnyFilter = {};
const submitted: AnyFilter = { state: 'submitted' };
const left: AnyFilter = { leftAt: { $ne: null } };

/** In this order: what is found by slots and seats comes before they move. */
export const references: readonly Reference[] = [
  list('people', 'guardianIds', 'children'),
  list('people', 'endedGuardianIds', null),
  list('people', 'attendance.conflictIds', null),
  list('advisories', 'advisorIds', 'advisories'),
  list('exhibitions', 'plannerIds', 'planning'),
  one('exhibitions', 'createdBy', 'planning'),
  one('jobs', 'createdBy', null),
  one('enrollments', 'studentId', 'enrollments'),
  one('namecorrections', 'personId', 'name-corrections'),
  parts('namecorrections', 'decisions.studentId', null),
  one('learningplans', 'studentId', 'plans'),
  one('internships', 'studentId', 'internships'),
  one('artifacts', 'studentId', 'works'),
  one('artifactversions', 'studentId', null, { sealed: always }),
  one('portfolios', 'studentId', 'portfolios'),
  one('portfoliosnapshots', 'studentId', 'snapshots'),
  one('scoresheets', 'studentId', null, { sealed: submitted, within: 'slotId' }),
  one('scoresheets', 'panelistId', 'sheets', { sealed: submitted }),
  one('paneldecisions', 'studentId', 'decisions', { sealed: always, within: 'slotId' }),
  one('scorerevisions', 'studentId', null, { sealed: always, within: 'slotId' }),
  one('scorerevisions', 'panelistId', 'revisions', { sealed: always, within: 'seated' }),
  one('visits', 'studentId', 'visits', { sealed: left }),
  one('visits', 'personId', 'visits', { sealed: left }),
  one('results', 'studentId', 'results', { sealed: always }),
  one('earlierresults', 'studentId', null, { sealed: always }),
  one('attemptchoices', 'studentId', 'attempt-choices', { sealed: always }),
  parts('slots', 'group.members.studentId', 'groups', { within: '_id' }),
  parts('seats', 'members.studentId', null, { within: 'slotId' }),
  one('seats', 'studentId', null),
  one('seats', 'personId', 'seats'),
  one('slots', 'studentId', 'slots'),
  list('schedules', 'panelistIds', null),
  list('schedules', 'acceptedIds', null),
  list('schedules', 'presenting.studentIds', null),
  parts('schedules', 'together.studentId', null),
  one('signups', 'personId', null),
  one('narratives', 'studentId', 'narratives'),
  one('narrativeversions', 'studentId', 'signed-narratives', { sealed: always }),
  one('transcripts', 'studentId', 'transcripts'),
  one('rehearsals', 'studentId', 'rehearsals'),
  parts('rehearsals', 'seats.personId', 'rehearsals'),
  one('handovers', 'studentId', 'handovers', { school: 'fromSchoolId' }),
  one('handovers', 'newStudentId', 'handovers', { school: 'toSchoolId' }),
  one('earlierparts', 'studentId', 'earlier-records', { sealed: always }),
  one('calendarfeeds', 'personId', 'calendar-feeds'),
  one('passwordlinks', 'personId', null),
  list('passwordlinks', 'unreadBy', null),
  one('formdrafts', 'personId', null),
];

/** Fields with ids of people that stay as they were written, and why: by collection, then field. */
export const keptReferences: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  exhibitions: { moveReasons: 'who did it' },
  slots: { moveReasons: 'who did it', portfolioChoices: 'who did it' },
  visits: {
    hidden: 'who did it, with the name',
    earlierHidings: 'who did it, with the name',
    late: 'who decided',
  },
  erasures: { personId: 'whoever was erased is merged with nobody' },
  handovers: { createdBy: 'who did it', answeredBy: 'who did it' },
  accounts: {
    memberships: 'moved with the sign-in, see merge-accounts.ts',
    offers: 'moved with the sign-in, see merge-accounts.ts',
  },
  apitokens: { personId: 'moved with the sign-in, see merge-accounts.ts' },
  auditentries: { actorId: 'the chain never changes' },
  auditpending: { actorId: 'the chain never changes' },
  passwordlinks: { createdById: 'who did it, with the name' },
  enrollments: { advisors: 'who led the advisory then, with the name' },
  learningplans: { changedBy: 'who did it' },
  artifacts: { createdBy: 'who did it', wordsBy: 'who did it', unseenChange: 'who did it' },
  artifactversions: { createdBy: 'who did it' },
  namecorrections: { by: 'who did it' },
  portfolios: { suggestions: 'who did it', unseenSubmission: 'who did it' },
  portfoliosnapshots: { submittedBy: 'who did it' },
  roompasses: { createdBy: 'who did it' },
  signuplinks: { madeBy: 'who did it' },
  seats: {
    takenBy: 'of which form, no person',
    createdBy: 'who did it',
    admission: 'who did it, with the name',
  },
  scoresheets: { late: 'who decided' },
  setasides: { by: 'who did it, sealed with the name' },
  standpasses: { createdBy: 'who did it' },
  standstops: { by: 'who did it, with the name' },
  paneldecisions: { decidedBy: 'who did it, sealed with the name' },
  results: { publishedBy: 'who did it, sealed' },
  earlierresults: { publishedBy: 'who did it, sealed' },
  attemptchoices: { chosenBy: 'who did it, sealed with the name' },
  narratives: { authorId: 'who wrote it last, with the name' },
  narrativeversions: { signedBy: 'who did it, sealed with the name' },
  transcripts: { issuedBy: 'who did it, with the name', supersededBy: 'a transcript, no person' },
  rehearsals: { createdBy: 'who did it' },
  rosterimports: { personId: 'who imported; gone within a week' },
  rosteruploads: { personId: 'who imported; gone within an hour' },
  rosterchanges: { personId: 'what an import said then; gone within a week' },
  mergedpeople: { by: 'who did it, with the name' },
  distinctpeople: { personIds: 'pairs of somebody who is gone are removed', by: 'who did it' },
};
