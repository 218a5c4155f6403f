/** The student has seen what somebody else has changed of a work. */
import { z } from 'zod';
import { NotFound } from '../errors.js';
import { idParams } from '../http/read-input.js';
import { done, type FeatureRoutes } from '../http/route.js';
import { findStudent } from '../people/people-records.js';
import { isOwn, requirePermission } from '../people/person.js';
import { getArtifact, saveChangeSeen } from './artifact-records.js';

export function addSeenRoute(router: FeatureRoutes): void {
  router.post(
    '/artifacts/:id/seen',
    {
      summary: 'Say that you have seen what somebody else has changed of your work',
      who: ['student'],
      params: idParams,
      answer: z.object({ id: z.string() }),
    },
    async (call) => {
      const { id, studentId } = await getArtifact(call.scope, call.params.id);
      const student = await findStudent(call.scope, studentId);
      if (!student) throw new NotFound();
      requirePermission(isOwn(call.actor, student));
      await saveChangeSeen(call.scope, id);
      return done(`/artifacts/${id}`, { id });
    },
  );
}
