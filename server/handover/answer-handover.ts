/**
 * Answers a handover: the receiving office accepts or declines, the office that began it takes it back. Each
 * answer is one step from one state, so of two at the same moment one wins and the other is told.
 */
import type { Actor } from '../access/actor.js';
import type { Clock } from '../clock.js';
import { inTransaction, isDuplicate, type SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput, NotFound } from '../errors.js';
import { isOver, newJob, type Job } from '../jobs/job.js';
import { findJobByKey, saveJob } from '../jobs/job-records.js';
import type { FamilyPorts } from '../people/change-family.js';
import { holdAdvisory } from '../people/check-person.js';
import { findPerson } from '../people/people-records.js';
import { leaveSchool, receiveStudent } from '../people/hand-over-student.js';
import { findNetwork, findSchool } from '../school/school-records.js';
import { handoverRuleOf } from '../school/school.js';
import { listFamily, listReturning } from './arrival.js';
import { handoverJob, type HandoverOrder } from './copy-record.js';
import { actsOn, sideOf, type Handover, type HandoverAct } from './handover.js';
import { findHandover, saveHandoverState } from './handover-records.js';
import { appendBoth } from './start-handover.js';

export interface AnswerNeeds extends FamilyPorts {
  clock: Clock;
}

export interface Acceptance {
  /** Who it is here; null: somebody new. */
  personId: string | null;
  grade: string | null;
  advisoryId: string | null;
  /** Those of the old school's guardians who come along; left out: all of them. */
  guardianIds?: readonly string[] | undefined;
}

/** @throws NotFound for a handover of other schools; Conflict when it cannot be answered so any more */
async function answerable(scope: SchoolScope, actor: Actor, id: string, act: HandoverAct): Promise<Handover> {
  const handover = await findHandover(scope, id);
  const side = handover && sideOf(actor, handover);
  if (!handover || !side) throw new NotFound();
  if (!actsOn(handover, side).includes(act)) throw new Conflict('handover.problem.answered');
  return handover;
}

export async function acceptHandover(
  { clock, endFamilySeats }: AnswerNeeds,
  scope: SchoolScope,
  actor: Actor,
  id: string,
  { personId, grade, advisoryId, guardianIds }: Acceptance,
): Promise<{ handover: Handover; job: Job }> {
  try {
    return await inTransaction(scope, async (inside) => {
      const before = await answerable(inside, actor, id, 'accept');
      const network = await findNetwork(inside, before.networkId);
      const [school, from] = [
        await findSchool(inside, scope.schoolId),
        await findSchool(inside, before.fromSchoolId),
      ];
      if (!network || network.closedAt || school?.networkId !== network.id || from?.networkId !== network.id)
        throw new Conflict('handover.problem.no-network');
      if (advisoryId) await holdAdvisory(inside, advisoryId, id);
      const old = { ...inside, schoolId: before.fromSchoolId };
      const student = await findPerson(old, before.studentId);
      if (!student || student.erasedAt) throw new Conflict('handover.problem.left');
      const family = await listFamily(old, student);
      if (guardianIds?.some((each) => !family.some((guardian) => guardian.id === each)))
        throw new InvalidInput([{ field: 'guardianIds', message: 'handover.problem.family-changed' }]);
      const guardians = family.filter((each) => guardianIds?.includes(each.id) ?? true);
      const returns = personId !== null && (await listReturning(inside, [personId])).has(personId);
      const isAsked = before.asked !== undefined && before.newStudentId === personId;
      const arrival = { student, personId, grade: grade ?? student.grade, advisoryId, returns, isAsked };
      const here = await receiveStudent({ clock, endFamilySeats }, inside, actor, arrival, guardians);
      await leaveSchool(old, clock, actor, student, { school: before.toSchoolName, handoverId: id });
      const handover = await saveHandoverState(inside, id, ['offered'], {
        ...{ state: 'accepted', newStudentId: here.id, newStudentName: here.displayName },
        sealed: handoverRuleOf(network) === 'sealed',
        ...{ answeredAt: clock.now(), answeredBy: actor.personId },
      });
      if (!handover) throw new Conflict('handover.problem.answered');
      await appendBoth(inside, clock, actor, 'handover.accept', handover, { sealed: handover.sealed });
      return { handover, job: await askForCopy(inside, clock, actor, id, 0) };
    });
  } catch (error) {
    if (isDuplicate(error))
      throw new InvalidInput([{ field: 'personId', message: 'handover.problem.address-taken' }]);
    throw error;
  }
}

const askForCopy = (
  inside: SchoolScope,
  clock: Clock,
  actor: Actor,
  handoverId: string,
  before: number,
): Promise<Job> => {
  const { personId, via } = actor;
  const order: HandoverOrder = { handoverId, actor: { personId, via } };
  const asked = { kind: handoverJob, key: `${handoverId} ${before}`, payload: { ...order }, total: 0 };
  return saveJob(inside, newJob(inside, clock, actor, asked));
};

/** The newest copying of a handover; null before it was accepted. */
export async function findCopyJob(
  scope: SchoolScope,
  id: string,
): Promise<{ job: Job | null; next: number }> {
  let job: Job | null = null;
  for (let at = 0; ; at += 1) {
    const found = await findJobByKey(scope, handoverJob, `${id} ${at}`);
    if (!found) return { job, next: at };
    job = found;
  }
}

/** Copying has failed, e.g. because the storage did not answer for a long time: it goes on where it was. */
export async function copyAgain(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  id: string,
): Promise<Job> {
  await answerable(scope, actor, id, 'copy');
  const { job, next } = await findCopyJob(scope, id);
  return job && !isOver(job) ? job : askForCopy(scope, clock, actor, id, next);
}

/** @param reason for the other office; not in the audit entry */
export const declineHandover = (
  needs: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  id: string,
  reason: string,
): Promise<Handover> => end(needs, scope, actor, id, 'decline', reason);

export const takeBackHandover = (
  needs: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  id: string,
): Promise<Handover> => end(needs, scope, actor, id, 'take-back', null);

const end = (
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  id: string,
  act: 'decline' | 'take-back',
  reason: string | null,
): Promise<Handover> =>
  inTransaction(scope, async (inside) => {
    const before = await answerable(inside, actor, id, act);
    const handover = await saveHandoverState(inside, id, [before.state], {
      ...{ state: act === 'decline' ? 'declined' : 'taken-back', openKey: null },
      ...{ answeredAt: clock.now(), answeredBy: actor.personId },
      ...(reason === null ? {} : { reason }),
    });
    if (!handover) throw new Conflict('handover.problem.answered');
    await appendBoth(
      inside,
      clock,
      actor,
      act === 'decline' ? 'handover.decline' : 'handover.take-back',
      handover,
    );
    return handover;
  });
