/** A rehearsal written straight into the records, with one listener whose sheet is still open. */
import { randomUUID } from 'node:crypto';
import type { Person } from '../../../server/people/person.js';
import { saveRehearsal } from '../../../server/rehearsals/rehearsal-records.js';
import type { TestApp, TestSchool } from '../start-app.js';

/** Its id. */
export async function aRehearsal(
  app: TestApp,
  home: TestSchool,
  student: Person,
  listener: Person,
  snapshotId: string | null = null,
): Promise<string> {
  const pinned = app.context.rubrics.bySlug('exhibition');
  const rehearsal = await saveRehearsal(home.scope, {
    id: randomUUID(),
    schoolId: home.school.id,
    studentId: student.id,
    studentName: student.displayName,
    title: 'The opening',
    rubric: { slug: pinned.rubric.slug, hash: pinned.hash },
    snapshotId,
    minutes: 30,
    clock: null,
    seats: [
      {
        ...{ id: randomUUID(), personId: listener.id, name: listener.displayName, role: 'advisor' },
        ...{ responses: {}, overallComment: '', once: null, savedAt: null, submittedAt: null },
      },
    ],
    createdAt: app.context.clock.now(),
    createdBy: student.id,
  });
  return rehearsal.id;
}
