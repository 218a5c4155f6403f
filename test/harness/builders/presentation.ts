/** One presentation written straight into the records: exhibition, slot, a panelist's seat and a guest's with a pass. */
import { randomUUID } from 'node:crypto';
import type { Format, Phase } from '../../../server/exhibition/exhibition.js';
import { saveExhibition } from '../../../server/exhibition/exhibition-records.js';
import { saveSlots } from '../../../server/exhibition/slot-records.js';
import { newPass } from '../../../server/panel/pass.js';
import { saveSeats } from '../../../server/panel/seat-records.js';
import type { Person } from '../../../server/people/person.js';
import type { TestApp, TestSchool } from '../start-app.js';

export interface Presentation {
  ids: { exhibition: string; slot: string; seat: string };
  /** The secret inside the address of the guest's pass. */
  guestPass: string;
}

export async function aPresentation(
  app: TestApp,
  home: TestSchool,
  student: Person,
  panelist: Person,
  phase: Phase,
  format: Format = 'panel',
): Promise<Presentation> {
  const { scope, termId } = home;
  const now = app.context.clock.now();
  const pinned = app.context.rubrics.bySlug('exhibition');
  const ids = { exhibition: randomUUID(), slot: randomUUID(), seat: randomUUID() };
  const ofSchool = { schoolId: scope.schoolId, createdAt: now };
  await saveExhibition(scope, {
    ...ofSchool,
    id: ids.exhibition,
    termId,
    slug: `${format}-${phase}-${ids.exhibition.slice(0, 8)}`,
    title: `Exhibition in ${phase}`,
    format,
    rubric: { slug: pinned.rubric.slug, hash: pinned.hash },
    phase,
    startsAt: now,
    place: 'Main hall',
    slotMinutes: 50,
    createdBy: 'test',
  });
  const slot = {
    exhibitionId: ids.exhibition,
    studentId: student.id,
    minutes: 50,
    room: format === 'gallery' ? `stand ${phase}` : phase,
    attempt: 1,
    snapshotId: null,
  };
  await saveSlots(scope, [{ ...ofSchool, ...slot, id: ids.slot, termId, startsAt: now }]);
  const guest = await home.person({ name: 'Guest', roles: ['guest'] });
  const { faces, pass } = newPass(app.context.config.keyFor('pass'), now, now);
  const seat = {
    ...ofSchool,
    slotId: ids.slot,
    exhibitionId: ids.exhibition,
    studentId: student.id,
    chair: false,
    createdBy: 'test',
  };
  await saveSeats(scope, [
    { ...seat, id: ids.seat, personId: panelist.id, name: panelist.displayName, role: 'mentor', pass: null },
    { ...seat, id: randomUUID(), personId: guest.id, name: guest.displayName, role: 'guest', pass },
  ]);
  return { ids, guestPass: faces.secret };
}
