/**
 * Asks for the erasure of a person. With the request itself the name is gone from every screen and nobody
 * signs in as this person any more; a background job does the rest. Refuses oneself, the last administrator,
 * and whoever is still counted on at an exhibition.
 */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { isDuplicate, type SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput } from '../errors.js';
import { listOpenHandoversOf } from '../handover/handover-records.js';
import { newId } from '../ids.js';
import { newJob, type Job } from '../jobs/job.js';
import { hasOpenJob, saveJob } from '../jobs/job-records.js';
import { keepAdministrator } from '../people/administrators.js';
import { getPerson } from '../people/people-records.js';
import { requirePermission } from '../people/person.js';
import { rosterJob, rosterPreviewJob } from '../people/request-import.js';
import { namesLock, panelLock, takeLocks, withLocks, worksLock } from '../db/record-locks.js';
import { transcriptsJob } from '../transcript/request-transcripts.js';
import { erasedPersonOf, tracesOf } from './describe-person.js';
import {
  isTypedName,
  mayErase,
  namesPerson,
  type Erasure,
  type ErasureChoices,
  type ErasureGround,
} from './erasure.js';
import { partsAtOnce } from './erase-person-parts.js';
import { getErasure, saveErasure, saveErasureTurn } from './erasure-records.js';
import { listUnfinished } from './preview-erasure.js';
import { runPart } from './run-parts.js';

export const erasureJob = 'erasure';

/** Kinds of jobs that import a roster: one that is under way could bring the person back. */
const rosterJobs = [rosterJob, rosterPreviewJob];
/** Kinds of jobs that print what they read about people when they began. */
const printJobs = [transcriptsJob];

export interface AskedErasure extends ErasureChoices {
  ground: ErasureGround;
  reason: string;
  /** The person's name, typed by whoever asks. */
  confirm: string;
  mark: string;
}

/**
 * @throws Forbidden for anybody but administrators; NotFound; Conflict when it was asked for before, for
 *   oneself, while something is unfinished or a roster is being imported; InvalidInput beside the field
 */
export async function requestErasure(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  personId: string,
  asked: AskedErasure,
): Promise<{ erasureId: string; job: Job }> {
  requirePermission(mayErase(actor));
  const id = newId();
  const { confirm, ...kept } = asked;
  const work = async (inside: SchoolScope): Promise<Job> => {
    const person = await getPerson(inside, personId);
    if (person.erasedAt) throw new Conflict('erasure.problem.erased');
    if (personId === actor.personId) throw new Conflict('erasure.problem.oneself');
    if ((await listUnfinished(inside, personId, clock.now())).length > 0)
      throw new Conflict('erasure.problem.unfinished');
    if ((await listOpenHandoversOf(inside, personId)).length > 0)
      throw new Conflict('erasure.problem.handover');
    if (await hasOpenJob(inside, rosterJobs)) throw new Conflict('erasure.problem.roster');
    if (await hasOpenJob(inside, printJobs)) throw new Conflict('erasure.problem.printing');
    const traces = await tracesOf(inside, person);
    const problems = [
      ...(isTypedName(confirm, person.displayName)
        ? []
        : [{ field: 'confirm', message: 'erasure.problem.other-name' }]),
      ...(namesPerson(asked.reason, traces)
        ? [{ field: 'reason', message: 'erasure.problem.reason-names' }]
        : []),
    ];
    if (problems.length > 0) throw new InvalidInput(problems);
    const erasure: Erasure = {
      ...{ id, schoolId: scope.schoolId, personId, ...kept, traces },
      ...{ requestedBy: actor.personId, requestedAt: clock.now(), state: 'running', doneAt: null },
      ...{ counts: {}, turns: 1 },
    };
    await saveErasure(inside, erasure);
    const { ground, keepIssued, eraseTranscripts, byName } = asked;
    const detail = { erasureId: id, ground, keepIssued, eraseTranscripts, byName };
    await appendAudit(inside, clock, actor, 'people.erase', { kind: 'person', id: personId }, detail);
    const described = await erasedPersonOf(inside, erasure, traces);
    // Submitting, publishing and deciding about them come before, or are refused.
    await takeLocks(inside, [
      ...new Map(
        described.presented.map((each) => [each.presentationId, panelLock(each.presentationId)]),
      ).values(),
    ]);
    for (const part of partsAtOnce) await runPart(clock, inside, actor, erasure, part, described);
    return saveJob(inside, jobOf(clock, scope, actor, erasure));
  };
  try {
    // An upload of the person's or a document about them that is under way is either in before, or refused.
    const job = await withLocks(scope, [worksLock(personId), namesLock], (inside) =>
      keepAdministrator(inside, work, 'confirm'),
    );
    return { erasureId: id, job };
  } catch (error) {
    if (isDuplicate(error)) throw new Conflict('erasure.problem.erased');
    throw error;
  }
}

const jobOf = (clock: Clock, scope: SchoolScope, actor: Actor, erasure: Pick<Erasure, 'id' | 'turns'>): Job =>
  newJob(scope, clock, actor, {
    ...{ kind: erasureJob, key: jobKey(erasure), total: 0, small: true },
    payload: { erasureId: erasure.id, personId: actor.personId, via: actor.via },
  });

export const jobKey = ({ id, turns }: Pick<Erasure, 'id' | 'turns'>): string => `${id} ${turns}`;

/**
 * Takes up an erasure whose work has failed or was stopped.
 * @throws Conflict when everything is erased
 */
export async function continueErasure(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  id: string,
): Promise<Job> {
  requirePermission(mayErase(actor));
  await getErasure(scope, id);
  const erasure = await saveErasureTurn(scope, id);
  if (!erasure) throw new Conflict('erasure.problem.done');
  return saveJob(scope, jobOf(clock, scope, actor, erasure));
}
