/**
 * One presentation written straight into the records: exhibition, slot, a panelist's seat and a guest's with a pass.
 */
import { randomUUID } from 'node:crypto';
import type { Format, Phase } from '../../../server/exhibitions/exhibition.js';
import { findAdvisory } from '../../../server/people/people-records.js';
import { saveExhibition } from '../../../server/exhibitions/exhibition-records.js';
import { saveSlots } from '../../../server/exhibitions/slots/slot-records.js';
import { newPass, type PassFaces } from '../../../server/exhibitions/passes/pass.js';
import { saveSeats } from '../../../server/exhibitions/seats/seat-records.js';
import type { Person } from '../../../server/people/person.js';
import type { TestApp, TestSchool } from '../start-app.js';

export interface Presentation {
  /** `seat` is the panelist's. */
  ids: { exhibition: string; slot: string; seat: string; guestSeat: string };
  /** The secret inside the address of the guest's pass, and the characters to type. */
  guestPass: PassFaces;
}

/** @param startsAt now when left out. The room is named like the phase. */
export async function aPresentation(
  app: TestApp,
  home: TestSchool,
  student: Person,
  panelist: Person,
  phase: Phase,
  format: Format = 'panel',
  startsAt: Date = app.context.clock.now(),
): Promise<Presentation> {
  const { scope, termId } = home;
  const now = app.context.clock.now();
  const pinned = app.context.rubrics.bySlug('exhibition');
  const ids = {
    ...{ exhibition: randomUUID(), slot: randomUUID() },
    ...{ seat: randomUUID(), guestSeat: randomUUID() },
  };
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
    startsAt,
    place: 'Main hall',
    slotMinutes: 50,
    createdBy: 'test',
    // Planned by the student's own advisors.
    plannerIds: student.advisoryId ? ((await findAdvisory(scope, student.advisoryId))?.advisorIds ?? []) : [],
  });
  const slot = {
    exhibitionId: ids.exhibition,
    studentId: student.id,
    minutes: 50,
    room: format === 'gallery' ? `stand ${phase}` : phase,
    attempt: 1,
    snapshotId: null,
  };
  await saveSlots(scope, [{ ...ofSchool, ...slot, id: ids.slot, termId, startsAt }]);
  const guest = await home.person({ name: 'Guest', roles: ['guest'] });
  const { faces, pass } = newPass(app.context.config.keyFor('pass'), now, startsAt);
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
    { ...seat, id: ids.guestSeat, personId: guest.id, name: guest.displayName, role: 'guest', pass },
  ]);
  return { ids, guestPass: faces };
}
