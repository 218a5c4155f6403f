/** A schedule and a proposed timetable written straight into the records, for an exhibition that has one slot. */
import { randomUUID } from 'node:crypto';
import { saveProposal } from '../../../server/schedule/proposal-records.js';
import { saveSchedule } from '../../../server/schedule/schedule-records.js';
import type { SchoolScope } from '../../../server/db/database.js';
import { schoolDayFromNow, testClock } from '../test-clock.js';

export async function aProposal(
  scope: SchoolScope,
  { exhibition, slot }: { exhibition: string; slot: string },
  studentId: string,
): Promise<string> {
  const [id, now] = [randomUUID(), testClock.now()];
  const ofExhibition = { schoolId: scope.schoolId, exhibitionId: exhibition };
  await saveSchedule(scope, {
    ...{ id: randomUUID(), ...ofExhibition, rooms: [{ name: 'Library', stepFree: true }] },
    ...{ days: [`${schoolDayFromNow(7)} 09:00-12:00`], slotMinutes: 50, breakMinutes: 10, panelistIds: [] },
    panel: { advisor: 'must', family: 'no', mentor: 'no', teachers: 1, peers: 0, guests: 0 },
    presenting: { kind: 'all', advisoryIds: [], studentIds: [] },
    updatedAt: now,
  });
  await saveProposal(scope, {
    ...{ id, ...ofExhibition, seed: 1, state: 'ready', proven: false, seconds: 1 },
    slots: [{ id: slot, studentId, room: 'Library', startsAt: now.getTime(), minutes: 50, seats: [] }],
    cost: { roomChanges: 0, loadExcess: 0, familyAway: 0, extraGroups: 0, total: 0 },
    ...{ bound: 0, reasons: [], broken: [], createdAt: now, adoptedAt: null },
  });
  return id;
}
