/** What somebody else than the student has changed of a work, kept until the student has seen it. Pure. */
import type { Actor } from '../access/actor.js';
import type { Artifact } from './artifact.js';

/** Null where it was the student, or a tool that works for the whole school. */
export const unseenChangeBy = (
  actor: Pick<Actor, 'personId' | 'via'>,
  studentId: string,
  at: Date,
): Artifact['unseenChange'] | null =>
  actor.via === 'script' || actor.personId === studentId ? null : { by: actor.personId, at };
