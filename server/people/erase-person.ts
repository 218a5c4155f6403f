/**
 * What is erased of a person among the people: names, address, number, family ties, enrollments, lines of
 * rosters. A person without a name stays, so that everything they took part in still finds somebody.
 */
import { isDeepStrictEqual } from 'node:util';
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
import {
  saveConflictErased,
  saveConflictWordsUnnamed,
  saveCustodyNoteUnnamed,
  saveEndedGuardianErased,
  saveGuardianErased,
} from './family-records.js';
import { saveAdvisorErased, savePersonErased } from './people-records.js';
import { sortNameOf, type Person } from './person.js';
import type { RosterChange, RosterImport, Tie } from './roster-import.js';
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
  ...{
    sourcedId: null,
    studentNumber: null,
    email: null,
    grade: null,
    advisoryId: null,
    guardianIds: [],
    endedGuardianIds: [],
    custodyNote: null,
  },
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
    (student, { id }) => ({
      ...student,
      guardianIds: student.guardianIds.filter((each) => each !== id),
    }),
    { outcome: 'erased' },
  ),
  rewriting(null, saveEndedGuardianErased, (student, { id }) => ({
    ...student,
    endedGuardianIds: (student.endedGuardianIds ?? []).filter((each) => each !== id),
  })),
  rewriting(null, saveConflictErased, ({ attendance, ...person }, { ids }) => {
    if (!attendance) return null;
    const conflictIds = attendance.conflictIds.filter((id) => !ids.includes(id));
    return { ...person, attendance: { ...attendance, conflictIds } };
  }),
  rewriting(
    'advisory',
    saveAdvisorErased,
    (advisory, { id }) => ({ ...advisory, advisorIds: advisory.advisorIds.filter((each) => each !== id) }),
    { outcome: 'erased' },
  ),
];

/**
 * A name that the file gave them and that waits is none of their names yet: what a line of theirs says goes as a whole.
 */
function lineWithoutPerson(line: RosterChange, { mark }: ErasedPerson): RosterChange {
  const bare = { ...line, rowKey: '', name: mark, changes: [] };
  delete bare.nameWaits;
  return bare;
}

/**
 * A question about them goes as a whole, with the answer: it has the name that the file gave them, and the
 * number in its key.
 * @returns null where none is about them
 */
function questionsWithoutPerson(
  { questions = [], said = [] }: RosterImport,
  person: ErasedPerson,
): Pick<RosterImport, 'questions' | 'said'> | null {
  const theirs = questions.filter(
    (question) =>
      withoutNames({ question }, person) !== null ||
      question.options.some((option) => isOneOf(person, option.person?.id)),
  );
  if (theirs.length === 0) return null;
  return {
    questions: questions.filter((question) => !theirs.includes(question)),
    said: said.filter((answer) => !theirs.some(({ key }) => answer.endsWith(`:${key}`))),
  };
}

/** The student is named as in the file. */
function tieWithoutPerson(tie: Tie, person: ErasedPerson): Tie {
  const [studentId, guardianId] = tie.key.split(' ');
  return {
    ...tie,
    student: nameFor(person, studentId, tie.student),
    guardian: nameFor(person, guardianId, tie.guardian),
  };
}

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
  rewriting(null, saveConflictWordsUnnamed, ({ attendance, ...other }, person) => {
    const found = attendance && withoutNames({ conflictWords: attendance.conflictWords ?? '' }, person);
    return found ? { ...other, attendance: { ...attendance, ...found } } : null;
  }),
  rewriting(null, saveCustodyNoteUnnamed, (student, person) => {
    const found = withoutNames({ custodyNote: student.custodyNote ?? '' }, person);
    return found ? { ...student, ...found } : null;
  }),
  erasing('roster-file', removeRosterUploads),
  rewriting(null, saveRosterChangesUnnamed, (line, person) => {
    const isTheirs = isOneOf(person, line.personId) || isOneOf(person, line.nameWaits?.personId);
    const own = isTheirs ? lineWithoutPerson(line, person) : line;
    const { rowKey, name, changes, params } = own;
    const found = withoutNames({ rowKey, name, changes, params }, person);
    return found ? { ...own, ...found } : isDeepStrictEqual(own, line) ? null : own;
  }),
  rewriting(null, saveImportUnnamed, (made, person) => {
    const { fileName, elsewhere = [], moved = [], duplicates = [] } = made;
    const unnamed = (made.unnamed ?? []).map((tie) => tieWithoutPerson(tie, person));
    const asked = questionsWithoutPerson(made, person);
    const own = asked ? { ...made, ...asked } : made;
    const found = withoutNames({ fileName, elsewhere, moved, duplicates, unnamed }, person);
    if (found) return { ...own, ...found };
    return !asked && isDeepStrictEqual(unnamed, made.unnamed ?? []) ? null : { ...own, unnamed };
  }),
];
