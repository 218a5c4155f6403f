/**
 * What is erased of a person among the people: names, address, number, family ties, enrollments, lines of rosters. A person without
 * a name stays, so that everything they took part in still finds somebody.
 */
import {
  erasing,
  isOneOf,
  nameFor,
  rewriting,
  withoutNames,
  type ErasedPerson,
  type ErasePart,
} from '../person-traces.js';
import { frozen } from '../audit/frozen-record.js';
import { removeEnrollmentsOf, saveAdvisorUnnamed } from './enrollment-records.js';
import { frozenOfMerge } from './merged-person.js';
import { saveMergeUnnamed } from './merged-people-records.js';
import { removeNameCorrectionsOf } from './name-correction-records.js';
import { saveAdvisorErased, saveGuardianErased, savePersonErased } from './people-records.js';
import { sortNameOf, type Person } from './person.js';
import { saveImportUnnamed, saveRosterChangesUnnamed } from './roster-import-records.js';
import { removeRosterUploads } from './roster-upload-records.js';

/** A student whose record stays is still found as one; nobody else has a role any more. */
const personWithoutName = (person: Person, { mark, at, keepIssued }: ErasedPerson): Person => ({
  ...{ id: person.id, schoolId: person.schoolId, createdAt: person.createdAt },
  ...{
    displayName: mark,
    legalName: null,
    chosenName: null,
    givenName: '',
    familyName: '',
    sortName: sortNameOf('', mark),
  },
  ...{ sourcedId: null, email: null, grade: null, advisoryId: null, guardianIds: [], custodyNote: null },
  ...(person.sealedAt ? { sealedAt: person.sealedAt } : {}),
  roles: keepIssued ? person.roles.filter((role) => role === 'student') : [],
  ...{ organisation: null, locale: null, active: false, attendance: null, erasedAt: at },
});

/** With the request itself: from that moment on nobody finds the person, and they read nothing. */
export const erasePersonAtOnce: readonly ErasePart[] = [
  rewriting('person', savePersonErased, personWithoutName, { outcome: 'erased' }),
  rewriting(
    'guardian-tie',
    saveGuardianErased,
    (student, { id }) => ({ ...student, guardianIds: student.guardianIds.filter((each) => each !== id) }),
    { outcome: 'erased' },
  ),
  rewriting(
    'advisory',
    saveAdvisorErased,
    (advisory, { id }) => ({ ...advisory, advisorIds: advisory.advisorIds.filter((each) => each !== id) }),
    { outcome: 'erased' },
  ),
];

export const erasePersonFromPeople: readonly ErasePart[] = [
  erasing('enrollment', removeEnrollmentsOf),
  rewriting('enrollment', saveAdvisorUnnamed, (enrollment, person) => ({
    ...enrollment,
    advisors: enrollment.advisors.map((each) => ({ ...each, name: nameFor(person, each.id, each.name) })),
  })),
  erasing('name-correction', removeNameCorrectionsOf),
  rewriting(
    'merge',
    saveMergeUnnamed,
    (merge, person) => ({
      ...merge,
      byName: nameFor(person, merge.by, merge.byName),
      // The number and the names of a duplicate are theirs, too.
      ...(isOneOf(person, merge.into) ? { sourcedId: null, names: [] } : {}),
    }),
    { records: (merge) => frozen('merge', merge.id, frozenOfMerge(merge)).records },
  ),
  erasing('roster-file', removeRosterUploads),
  rewriting(null, saveRosterChangesUnnamed, (line, person) => {
    const { rowKey, name, changes, params } = line;
    const found = withoutNames({ rowKey, name, changes, params }, person);
    return found && { ...line, ...found };
  }),
  rewriting(null, saveImportUnnamed, (made, person) => {
    const { fileName, elsewhere = [], moved = [], duplicates = [], unnamed = [] } = made;
    const found = withoutNames({ fileName, elsewhere, moved, duplicates, unnamed }, person);
    return found && { ...made, ...found };
  }),
];
