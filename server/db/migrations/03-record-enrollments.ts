/**
 * Schools whose terms were over before enrollment was recorded per term: who was in a past term is found from
 * what was issued, published, signed or submitted in it and from when people came in, and where they belonged
 * from the transcript that was issued, else from what is known today. What comes from no transcript is marked
 * as assumed. The current term is what people are now.
 */
import { newId } from '../../ids.js';
import type { Db, Migration, MigrationContext } from '../migration.js';

interface StoredPerson {
  _id: string;
  displayName: string;
  sortName: string;
  sourcedId?: string | null;
  grade?: string | null;
  advisoryId?: string | null;
  roles: string[];
  active: boolean;
  createdAt: Date;
}
interface StoredAdvisory {
  _id: string;
  name: string;
  advisorIds: string[];
}
interface StoredTerm {
  _id: string;
  startsOn: string;
  endsOn: string;
}
interface Known {
  students: StoredPerson[];
  advisories: Map<string, StoredAdvisory>;
  names: Map<string, string>;
}
interface Printed {
  name: string;
  sourcedId: string | null;
  grade: string | null;
  advisory: string | null;
  advisors: string[];
}

/** Enrollments that are written at once. */
const PORTION = 500;
const traces = ['transcripts', 'results', 'narrativeversions', 'portfoliosnapshots'] as const;

export const recordEnrollments: Migration = {
  name: '03-record-enrollments',
  async run(context) {
    const { db } = context;
    const schools = db.collection<{ _id: string; currentTermId?: string | null }>('schools');
    for (const school of await schools.find({}, { projection: { currentTermId: 1 } }).toArray()) {
      const terms = await db
        .collection<StoredTerm & { schoolId: string }>('terms')
        .find({ schoolId: school._id })
        .sort({ startsOn: 1 })
        .toArray();
      const current = terms.find(({ _id }) => _id === school.currentTermId);
      const past = terms.filter(({ startsOn }) => current && startsOn < current.startsOn);
      if (past.length === 0) continue;
      const known = await readKnown(db, school._id);
      for (const term of past) await recordTerm(context, school._id, term, known);
    }
  },
};

async function readKnown(db: Db, schoolId: string): Promise<Known> {
  const people = await db
    .collection<StoredPerson & { schoolId: string }>('people')
    .find({ schoolId, roles: { $in: ['student', 'advisor'] } })
    .toArray();
  const advisories = await db
    .collection<StoredAdvisory & { schoolId: string }>('advisories')
    .find({ schoolId })
    .toArray();
  return {
    students: people.filter(({ roles }) => roles.includes('student')),
    advisories: new Map(advisories.map((each) => [each._id, each])),
    names: new Map(people.map(({ _id, displayName }) => [_id, displayName])),
  };
}

async function recordTerm(
  { db, clock, dryRun, say, stillOurs }: MigrationContext,
  schoolId: string,
  term: StoredTerm,
  known: Known,
): Promise<void> {
  const marks = db.collection<{ _id: string; schoolId: string; completeAt: Date }>('enrolledterms');
  if (await marks.findOne({ _id: term._id })) return;
  const seen = new Set<string>();
  for (const name of traces)
    for (const id of await db.collection(name).distinct('studentId', { schoolId, termId: term._id }))
      seen.add(id as string);
  const enrolled = known.students.filter(
    ({ _id, active, createdAt }) =>
      seen.has(_id) || (active && createdAt.toISOString().slice(0, 10) <= term.endsOn),
  );
  // Nothing is known of this term: it stays open, and everybody of today is offered.
  if (enrolled.length === 0) return;
  say('database.migration.enrollments', { school: schoolId, term: term._id, count: enrolled.length });
  if (dryRun) return;
  const enrollments = db.collection<{ _id: string }>('enrollments');
  await enrollments.deleteMany({ schoolId, termId: term._id });
  for (let at = 0; at < enrolled.length; at += PORTION) {
    await stillOurs();
    const portion = enrolled.slice(at, at + PORTION);
    const printed = await printedOf(
      db,
      schoolId,
      term._id,
      portion.map(({ _id }) => _id),
    );
    await enrollments.insertMany(
      portion.map((student) => ({
        ...{ _id: newId(), schoolId, studentId: student._id, termId: term._id, sortName: student.sortName },
        ...factsOf(student, printed.get(student._id), known),
        ...{ status: 'enrolled', startsOn: null, endsOn: null },
        ...{ assumed: !printed.has(student._id), savedAt: clock.now() },
      })),
    );
  }
  await marks.insertOne({ _id: term._id, schoolId, completeAt: clock.now() });
}

/** What the newest transcript of the term says of each of these students. */
async function printedOf(
  db: Db,
  schoolId: string,
  termId: string,
  studentIds: string[],
): Promise<Map<string, Printed>> {
  const issued = await db
    .collection<{ studentId: string; snapshot: string }>('transcripts')
    .find({ schoolId, termId, studentId: { $in: studentIds }, snapshot: { $type: 'string' } })
    .sort({ serial: 1 })
    .project<{ studentId: string; snapshot: string }>({ studentId: 1, snapshot: 1 })
    .toArray();
  return new Map(
    issued.map(({ studentId, snapshot }) => [
      studentId,
      (JSON.parse(snapshot) as { student: Printed }).student,
    ]),
  );
}

function factsOf(
  student: StoredPerson,
  printed: Printed | undefined,
  { advisories, names }: Known,
): Record<string, unknown> {
  if (printed) {
    const advisory = [...advisories.values()].find(({ name }) => name === printed.advisory);
    const idOf = (name: string) => advisory?.advisorIds.find((id) => names.get(id) === name) ?? null;
    return {
      studentName: printed.name,
      sourcedId: printed.sourcedId ?? null,
      grade: printed.grade ?? null,
      advisory: printed.advisory === null ? null : { id: advisory?._id ?? null, name: printed.advisory },
      advisors: printed.advisors.map((name) => ({ id: idOf(name), name })),
    };
  }
  const advisory = student.advisoryId ? advisories.get(student.advisoryId) : undefined;
  return {
    studentName: student.displayName,
    sourcedId: student.sourcedId ?? null,
    grade: student.grade ?? null,
    advisory: advisory ? { id: advisory._id, name: advisory.name } : null,
    advisors: (advisory?.advisorIds ?? []).map((id) => ({ id, name: names.get(id) ?? '' })),
  };
}
