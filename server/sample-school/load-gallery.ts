/** The gallery evening that is still to come. */
import { move, planExhibition, seatPanel, teacherKeys, type SampleSlot } from './exhibition-days.js';
import type { SampleStudent } from './read-content.js';
import { personOf, type SampleWorld } from './sample-world.js';
import { seededChance } from './seeded.js';

/** As many at a time as there are teachers to be at them. */
const stands = 6;

export const inGallery = (student: SampleStudent): boolean =>
  ['alder', 'kestrel'].includes(student.advisory) && seededChance(`gallery ${student.key}`)() < 0.6;

/** An evening of short visits, open and planned, with a teacher at every stand. */
export async function loadGallery(world: SampleWorld): Promise<void> {
  const { calendar, termIds } = world;
  const planned = calendar.at(-5, 15);
  const visits = world.students.filter(inGallery);
  const slots = visits.map((student, index): SampleSlot => ({
    student,
    room: `Stand ${(index % stands) + 1}`,
    startsAt: calendar.schoolDay(8, 0, 17, Math.floor(index / stands) * 15),
  }));
  const { exhibition, presentations } = await planExhibition(
    world,
    planned,
    {
      termId: termIds.now,
      title: 'Gallery evening',
      format: 'gallery',
      rubric: 'exhibition',
      startsAt: calendar.schoolDay(8, 0, 17, 0),
      place: 'The long hall',
      slotMinutes: 15,
    },
    slots,
  );
  for (const [index, presentation] of presentations.entries()) {
    const teacher = personOf(world, `staff ${teacherKeys[index % stands]}`);
    await seatPanel(world, planned, presentation, [{ person: teacher, role: 'teacher', chair: true }]);
  }
  await move(world, calendar.at(-3, 9), exhibition, 'open');
}
