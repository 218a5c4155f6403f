/**
 * People and advisories. Personal data: names, legal names, e-mail addresses, family relations of minors,
 * languages, need of a way without steps.
 */
import { schoolCollection, type Page, type SchoolScope } from '../db/database.js';
import type { Role } from '../access/actor.js';
import { gradeOf } from './grade.js';
import { checkNotSealed, type Advisory, type Person } from './person.js';
import { tracesIn } from '../person-traces.js';
import { escapeRegExp } from '../whole-words.js';

const sealed = { sealedAt: { $type: 'date' } };

/** For the record files of this feature alone. */
export const people = schoolCollection<Person>(
  'people',
  {
    sourcedId: String,
    studentNumber: { type: String, default: null },
    givenName: { type: String, default: '' },
    familyName: { type: String, default: '' },
    displayName: { type: String, required: true },
    legalName: { type: String, default: null },
    chosenName: { type: String, default: null },
    sortName: { type: String, required: true },
    email: String,
    roles: { type: [String], required: true },
    grade: String,
    advisoryId: String,
    guardianIds: { type: [String], required: true },
    endedGuardianIds: { type: [String], default: undefined },
    custodyNote: { type: String, default: null },
    organisation: String,
    locale: String,
    active: { type: Boolean, required: true },
    leftAs: String,
    sealedAt: Date,
    movedTo: { type: Object, default: undefined },
    attendance: { type: Object, default: null },
    erasedAt: Date,
    createdAt: { type: Date, required: true, immutable: true },
  },
  {
    indexes: [
      {
        keys: { schoolId: 1, sourcedId: 1 },
        unique: true,
        partialFilterExpression: { sourcedId: { $type: 'string' } },
      },
      { keys: { schoolId: 1, roles: 1, active: 1, sortName: 1, _id: 1 } },
      { keys: { schoolId: 1, active: 1, sortName: 1, _id: 1 } },
      { keys: { schoolId: 1, roles: 1, createdAt: 1, _id: 1 } },
      { keys: { schoolId: 1, advisoryId: 1, sortName: 1 } },
      { keys: { schoolId: 1, advisoryId: 1, active: 1 } },
      { keys: { schoolId: 1, guardianIds: 1 } },
      {
        keys: { schoolId: 1, endedGuardianIds: 1 },
        partialFilterExpression: { endedGuardianIds: { $exists: true } },
      },
      { keys: { schoolId: 1, email: 1 } },
      {
        keys: { schoolId: 1, studentNumber: 1 },
        partialFilterExpression: { studentNumber: { $type: 'string' } },
      },
      // Over all schools of a network: whether somebody with this student number is at another one.
      { keys: { sourcedId: 1 }, sparse: true },
      { keys: { studentNumber: 1 }, sparse: true },
      { keys: { schoolId: 1, _id: 1 } },
      { keys: { schoolId: 1, sealedAt: 1 }, partialFilterExpression: sealed },
    ],
  },
);
export const peopleDeclaration = people.declaration;

/** For the record files of this feature alone. */
export const advisories = schoolCollection<Advisory>(
  'advisories',
  {
    slug: { type: String, required: true, immutable: true },
    name: { type: String, required: true },
    advisorIds: { type: [String], required: true },
  },
  { indexes: [{ keys: { schoolId: 1, slug: 1 }, unique: true }, { keys: { schoolId: 1, advisorIds: 1 } }] },
);
export const advisoriesDeclaration = advisories.declaration;

export interface PeopleFilter {
  role?: Role;
  /** Only students of these advisories. */
  advisoryIds?: string[];
  grade?: string;
  /** Part of a name, any case, or a student number. */
  search?: string;
  /** Left out: who belongs to the school now. */
  presence?: Presence;
}

export const presences = ['here', 'left', 'graduated', 'all'] as const;
type Presence = (typeof presences)[number];
const presenceFilter: Record<Presence, object> = {
  here: { active: true },
  left: { active: false, erasedAt: null, leftAs: { $ne: 'graduated' } },
  graduated: { active: false, erasedAt: null, leftAs: 'graduated' },
  // Both values, so that the index gives the order.
  all: { active: { $in: [true, false] }, erasedAt: null },
};

export const findPerson = (scope: SchoolScope, id: string) => people.in(scope).findOne({ id });
export const getPerson = (scope: SchoolScope, id: string) => people.in(scope).get(id);
export const findPersonByEmail = (scope: SchoolScope, email: string) =>
  people.in(scope).findOne({ email: email.toLowerCase() });
/** Everybody who has this address: it may be a family's. Those who are here first. */
export const listPeopleByEmail = (scope: SchoolScope, email: string) =>
  people.in(scope).find({ email: email.toLowerCase() }, { sort: { active: -1, sortName: 1 } });
export const findPersonByNumber = (scope: SchoolScope, sourcedId: string) =>
  people.in(scope).findOne({ sourcedId });
/** Whoever of the school has this student number, those who have left among them. */
export const findStudentNumbered = (scope: SchoolScope, studentNumber: string) =>
  people.in(scope).findOne({ studentNumber });
/** @throws Forbidden when the student was handed over and the record is sealed from this school */
export async function findStudent(scope: SchoolScope, id: string): Promise<Person | null> {
  const person = await people.in(scope).findOne({ id });
  checkNotSealed(person);
  return person?.roles.includes('student') ? person : null;
}
export const listPeopleByIds = (scope: SchoolScope, ids: readonly string[]) =>
  people.in(scope).find({ id: { $in: ids } }, { sort: { sortName: 1 } });
/** Those of them who named students they must not score, or wrote of some. */
export const listPeopleWithConflicts = (scope: SchoolScope, ids: readonly string[]) =>
  people.in(scope).find({
    id: { $in: [...ids] },
    $or: [
      { 'attendance.conflictIds.0': { $exists: true } },
      { 'attendance.conflictWords': { $nin: ['', null] } },
    ],
  });
export const listChildren = (scope: SchoolScope, guardianId: string) =>
  people
    .in(scope)
    .find({ guardianIds: guardianId, roles: 'student', active: true }, { sort: { sortName: 1 } });
export const listStudentsOfAdvisories = (scope: SchoolScope, advisoryIds: readonly string[]) =>
  people
    .in(scope)
    .find({ advisoryId: { $in: advisoryIds }, roles: 'student', active: true }, { sort: { sortName: 1 } });
/** Who was in one of these advisories and has graduated or left since; nobody whose record is sealed or erased. */
export const listLeftOfAdvisories = (
  scope: SchoolScope,
  advisoryIds: readonly string[],
): Promise<Pick<Person, 'id' | 'displayName'>[]> =>
  people
    .in(scope)
    .find(
      { advisoryId: { $in: advisoryIds }, active: false, roles: 'student', sealedAt: null, erasedAt: null },
      { sort: { sortName: 1 }, fields: ['displayName'] },
    );
/** What a list to choose from says of every active student, by name. */
export const listStudentNames = (
  scope: SchoolScope,
): Promise<Pick<Person, 'id' | 'displayName' | 'advisoryId'>[]> =>
  people
    .in(scope)
    .find(
      { roles: 'student', active: true },
      { sort: { sortName: 1 }, fields: ['displayName', 'advisoryId'] },
    );
/** What a list to choose from says of everybody who is here, by name. */
export const listNamesAndRoles = (
  scope: SchoolScope,
): Promise<Pick<Person, 'id' | 'displayName' | 'roles' | 'organisation'>[]> =>
  people
    .in(scope)
    .find({ active: true }, { sort: { sortName: 1 }, fields: ['displayName', 'roles', 'organisation'] });
/** The names of everybody who is here and no student. */
export const listAdultNames = (
  scope: SchoolScope,
): Promise<Pick<Person, 'id' | 'displayName' | 'roles' | 'active'>[]> =>
  people
    .in(scope)
    .find({ active: true, roles: { $ne: 'student' } }, { fields: ['displayName', 'roles', 'active'] });
/** Every active student of the school, by name. For batches; lists on screen use listPeople. */
export const listAllStudents = (scope: SchoolScope) =>
  people.in(scope).find({ roles: 'student', active: true }, { sort: { sortName: 1 } });
/** Ids of every active student of the school, in any order. */
export const listAllStudentIds = async (scope: SchoolScope): Promise<string[]> =>
  (await people.in(scope).find({ roles: 'student', active: true }, { fields: ['id'] })).map(({ id }) => id);
/** Active students by id, `limit` at once, from the one after `id` on ('' begins). */
export const listStudentsAfter = (scope: SchoolScope, id: string, limit: number) =>
  people.in(scope).find({ id: { $gt: id }, roles: 'student', active: true }, { sort: { id: 1 }, limit });
/** Active students and these others, by name. */
export const listStudentsPage = (
  scope: SchoolScope,
  others: readonly string[],
  page: number,
  perPage: number,
): Promise<Page<Person>> =>
  people
    .in(scope)
    .page(
      others.length > 0
        ? { $or: [{ roles: 'student', active: true }, { id: { $in: others } }] }
        : { roles: 'student', active: true },
      {
        sort: { sortName: 1 },
        page,
        perPage,
      },
    );
/** Ids of everybody who has left, read from an index. */
export const listInactiveIds = async (scope: SchoolScope): Promise<string[]> =>
  (await people.in(scope).find({ active: false }, { fields: ['id'] })).map(({ id }) => id);
export const listAllPeople = (scope: SchoolScope) => people.in(scope).find({}, { sort: { sortName: 1 } });
/** Active administrators, by id. */
/** More names than these help nobody. */
const MAX_OFFICE = 6;
export const listAdministrators = (scope: SchoolScope) =>
  people.in(scope).find({ roles: 'admin', active: true }, { fields: ['id'] }) as Promise<
    Pick<Person, 'id'>[]
  >;
/** Who was handed over and is sealed from this school, read from an index of their own. */
/** Those who run the school's records, by name: whom to turn to. */
export const listOffice = (
  scope: SchoolScope,
): Promise<Pick<Person, 'id' | 'displayName' | 'email' | 'roles'>[]> =>
  people
    .in(scope)
    .find(
      { roles: { $in: ['registrar', 'admin'] }, active: true },
      { sort: { sortName: 1 }, limit: MAX_OFFICE, fields: ['displayName', 'email', 'roles'] },
    );
export const listSealedStudentIds = async (scope: SchoolScope): Promise<Set<string>> =>
  new Set((await people.in(scope).find(sealed, { fields: ['id'] })).map(({ id }) => id));
/** Everybody by id, `limit` at once, from the one after `id` on ('' begins): for reading a whole school in portions. */
export const listPeopleAfter = (scope: SchoolScope, id: string, limit: number) =>
  people.in(scope).find({ id: { $gt: id } }, { sort: { id: 1 }, limit });
export const countPeople = (scope: SchoolScope, role: Role) =>
  people.in(scope).count({ roles: role, active: true });

/** People who are here and have said when they can come. */
export const countPeopleWithHours = (scope: SchoolScope) =>
  people.in(scope).count({ active: true, 'attendance.hours.0': { $exists: true } });

export function listPeople(
  scope: SchoolScope,
  filter: PeopleFilter,
  page: number,
  perPage: number,
): Promise<Page<Person>> {
  const words = (filter.search ?? '').trim();
  return people.in(scope).page(
    {
      ...presenceFilter[filter.presence ?? 'here'],
      ...(filter.role ? { roles: filter.role } : {}),
      ...(filter.advisoryIds ? { advisoryId: { $in: filter.advisoryIds } } : {}),
      // As it is typed, and as it is kept.
      ...(filter.grade ? { grade: { $in: [filter.grade, gradeOf(filter.grade)] } } : {}),
      ...(words ? { $or: namedOrNumbered(words) } : {}),
    },
    { sort: { sortName: 1 }, page, perPage },
  );
}

/** A part of the name, or the whole student number. */
export const namedOrNumbered = (words: string): object[] => [
  { displayName: containing(words) },
  { sortName: containing(words) },
  { studentNumber: words },
];

const containing = (words: string) => ({
  $regex: escapeRegExp(words),
  $options: 'i',
});

export const savePerson = (scope: SchoolScope, person: Person) => people.in(scope).insert(person);
export const savePeople = (scope: SchoolScope, list: Person[]) => people.in(scope).insertMany(list);
/** Several people at once. */
export const savePeopleChanges = (
  scope: SchoolScope,
  list: readonly { id: string; change: Partial<Omit<Person, 'id' | 'schoolId' | 'createdAt'>> }[],
) =>
  people.in(scope).updateEach(list.map(({ id, change }) => ({ filter: { id }, update: { $set: change } })));
export const savePersonChange = (
  scope: SchoolScope,
  id: string,
  change: Partial<Omit<Person, 'id' | 'schoolId' | 'createdAt'>>,
) => people.in(scope).updateOne({ id }, { $set: change });

/** Of a duplicate, whose records belong to somebody else now. */
export const removePerson = (scope: SchoolScope, id: string) => people.in(scope).remove({ id });

export const findAdvisory = (scope: SchoolScope, id: string) => advisories.in(scope).findOne({ id });
export const listAdvisories = (scope: SchoolScope) => advisories.in(scope).find({}, { sort: { name: 1 } });
export const listAdvisoriesPage = (scope: SchoolScope, page: number, perPage: number) =>
  advisories.in(scope).page({}, { sort: { name: 1 }, page, perPage });
export const listAdvisoriesOf = (scope: SchoolScope, advisorId: string) =>
  advisories.in(scope).find({ advisorIds: advisorId }, { sort: { name: 1 } });
/** The advisories that these students belong to. */
export const listAdvisoriesOfStudents = (
  scope: SchoolScope,
  students: readonly Pick<Person, 'advisoryId'>[],
) =>
  advisories
    .in(scope)
    .find({ id: { $in: students.flatMap(({ advisoryId }) => advisoryId ?? []) } }, { sort: { name: 1 } });
export const saveAdvisory = (scope: SchoolScope, advisory: Advisory) => advisories.in(scope).insert(advisory);
export const saveAdvisoryChange = (
  scope: SchoolScope,
  id: string,
  change: Partial<Pick<Advisory, 'name' | 'advisorIds'>>,
) => advisories.in(scope).updateOne({ id }, { $set: change });

/** What an actor is made of: name, roles, advisories led, children. Null for somebody unknown or gone. */
export async function findActorFacts(scope: SchoolScope, personId: string) {
  const person = await findPerson(scope, personId);
  if (!person?.active) return null;
  const [led, children] = await Promise.all([
    person.roles.includes('advisor') ? listAdvisoriesOf(scope, personId) : [],
    person.roles.includes('guardian') ? listChildren(scope, personId) : [],
  ]);
  return {
    name: person.displayName,
    roles: person.roles,
    advisoryIds: led.map((advisory) => advisory.id),
    childIds: children.map((child) => child.id),
  };
}

export const savePersonErased = tracesIn(people, ({ id }) => ({ id, erasedAt: null }));
export const saveAdvisorErased = tracesIn(advisories, ({ id }) => ({ advisorIds: id }));
