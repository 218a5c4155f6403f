/** Starts a rehearsal with peers of the advisory, and the advisor when wanted; takes one away again. */
import { hasRole, type Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { InvalidInput, NotFound } from '../errors.js';
import { newId } from '../ids.js';
import {
  findAdvisory,
  findStudent,
  listStudentsOfAdvisories,
  listPeopleByIds,
} from '../people/people-records.js';
import { isOwn, requirePermission, type Person } from '../people/person.js';
import { listNewestSnapshots } from '../portfolio/portfolio-records.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import { findSchool } from '../school/school-records.js';
import {
  mayStart,
  presentsRehearsal,
  MAX_LISTENERS,
  type Rehearsal,
  type RehearsalSeat,
} from './rehearsal.js';
import { getRehearsal, removeRehearsal, saveRehearsal } from './rehearsal-records.js';

export interface RehearsalInput {
  studentId: string;
  title: string;
  /** Slug of one of today's rubrics. */
  rubric: string;
  minutes: number;
  peerIds: readonly string[];
  withAdvisor: boolean;
}

/** Who can be asked to come: the others of the advisory, and its advisors. */
export async function eligibleListeners(
  scope: SchoolScope,
  student: Person,
): Promise<{ peers: Person[]; advisors: Person[] }> {
  if (!student.advisoryId) return { peers: [], advisors: [] };
  const advisory = await findAdvisory(scope, student.advisoryId);
  const [students, advisors] = await Promise.all([
    listStudentsOfAdvisories(scope, [student.advisoryId]),
    listPeopleByIds(scope, advisory?.advisorIds ?? []),
  ]);
  return {
    peers: students.filter((each) => each.id !== student.id),
    advisors,
  };
}

/** @throws InvalidInput for peers of elsewhere, too many, or nobody at all; for a rubric that does not exist */
export async function startRehearsal(
  needs: { clock: Clock; rubrics: RubricLibrary },
  scope: SchoolScope,
  actor: Actor,
  input: RehearsalInput,
): Promise<Rehearsal> {
  const student = await findStudent(scope, input.studentId);
  if (!student) throw new NotFound();
  requirePermission(mayStart(actor, student));
  const { peers, advisors } = await eligibleListeners(scope, student);
  const chosen = peers.filter((peer) => input.peerIds.includes(peer.id));
  const problem = (field: string, message: string) => new InvalidInput([{ field, message }]);
  if (chosen.length !== new Set(input.peerIds).size)
    throw problem('peerIds', 'rehearsals.problem.no-such-peer');
  const staff = hasRole(actor, 'advisor') && !isOwn(actor, student);
  const listening = input.withAdvisor || staff ? advisors : [];
  if (chosen.length + listening.length === 0) throw problem('peerIds', 'rehearsals.problem.nobody');
  if (chosen.length + listening.length > MAX_LISTENERS)
    throw problem('peerIds', 'rehearsals.problem.too-many');
  const pinned = needs.rubrics.list().find((rubric) => rubric.slug === input.rubric);
  if (!pinned) throw problem('rubric', 'exhibition.problem.no-such-rubric');
  const { rubric, hash } = needs.rubrics.bySlug(input.rubric);
  const school = await findSchool(scope, scope.schoolId);
  const [snapshot] = school?.currentTermId
    ? await listNewestSnapshots(scope, [student.id], school.currentTermId)
    : [];
  const seatOf = (person: Person, role: RehearsalSeat['role']): RehearsalSeat => ({
    ...{ id: newId(), personId: person.id, name: person.displayName, role },
    ...{ responses: {}, overallComment: '', once: null, savedAt: null, submittedAt: null },
  });
  return inTransaction(scope, async (inside) => {
    const rehearsal = await saveRehearsal(inside, {
      id: newId(),
      schoolId: scope.schoolId,
      studentId: student.id,
      studentName: student.displayName,
      title: input.title,
      rubric: { slug: rubric.slug, hash },
      snapshotId: snapshot?.id ?? null,
      minutes: input.minutes,
      clock: null,
      seats: [
        ...listening.map((person) => seatOf(person, 'advisor')),
        ...chosen.map((person) => seatOf(person, 'peer')),
      ],
      advisorsRead: true,
      createdAt: needs.clock.now(),
      createdBy: actor.personId,
    });
    const subject = { kind: 'rehearsal', id: rehearsal.id };
    await appendAudit(inside, needs.clock, actor, 'rehearsal.start', subject, {
      studentId: student.id,
      seats: rehearsal.seats.length,
    });
    return rehearsal;
  });
}

/** Everything of it goes: it is no record of assessment. That there was one stays in the audit chain. */
export async function deleteRehearsal(
  needs: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  id: string,
): Promise<void> {
  await inTransaction(scope, async (inside) => {
    const rehearsal = await getRehearsal(inside, id);
    requirePermission(presentsRehearsal(actor, rehearsal));
    await removeRehearsal(inside, id);
    const subject = { kind: 'rehearsal', id };
    await appendAudit(inside, needs.clock, actor, 'rehearsal.remove', subject, {
      studentId: rehearsal.studentId,
    });
  });
}
