/** Narratives of both voices: signed for the finished terms, for the running one drafts where the content has words. */
import { beginNarrative, signNarrative } from '../narratives/write-narrative.js';
import type { NarrativeVoice } from '../narratives/narrative.js';
import type { SampleMoment } from './read-content.js';
import {
  actorOf,
  advisorOf,
  clockAt,
  inBatches,
  named,
  studentOf,
  type SampleWorld,
} from './sample-world.js';
import { seededChance, whole } from './seeded.js';

export async function loadNarratives(world: SampleWorld, moment: SampleMoment): Promise<void> {
  const { calendar, termIds } = world;
  await inBatches(world, world.students, async ({ scope }, student) => {
    for (const voice of ['student', 'advisor'] as NarrativeVoice[]) {
      const markdown = student.narratives[moment][voice];
      if (!markdown) continue;
      const person = studentOf(world, student);
      const actor = actorOf(world, voice === 'student' ? person : advisorOf(world, student));
      const word = `narrative ${student.key} ${moment} ${voice}`;
      const chance = seededChance(word);
      const day = moment === 'now' ? -whole(chance, 1, 6) : calendar.lastDay[moment] - whole(chance, 0, 6);
      const clock = clockAt(calendar.at(day, whole(chance, 9, 18), whole(chance, 0, 59)));
      const narrative = await named(word, () =>
        beginNarrative({ clock }, scope, actor, {
          student: person,
          termId: termIds[moment],
          voice,
          markdown,
        }),
      );
      if (moment === 'now') continue;
      await named(`${word} signed`, () =>
        signNarrative({ clock }, scope, actor, {
          student: person,
          narrativeId: narrative.id,
          revision: narrative.revision,
        }),
      );
    }
  });
}
