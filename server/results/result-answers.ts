/** What programs get of a result, for /openapi.json. */
import { z } from 'zod';

const voice = z.object({
  seatId: z.string(),
  name: z.string().nullable(),
  role: z.string(),
  chair: z.boolean(),
  initials: z.string(),
});

const criterion = z.object({
  id: z.string(),
  name: z.string(),
  section: z.enum(['individual', 'group', 'holistic']),
  levels: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      between: z.boolean(),
      decided: z.boolean(),
      voices: z.number(),
      marks: z.array(z.object({ initials: z.string(), label: z.string() })),
    }),
  ),
  scored: z.number(),
  notObserved: z.array(z.string()),
  spread: z.number().nullable(),
  needsTalk: z.boolean(),
  decision: z.object({
    levelId: z.string().nullable(),
    number: z.number().nullable(),
    why: z.enum(['decided', 'number-only', 'no-voice', 'tie', 'voices-only']),
    tiedLevelIds: z.array(z.string()),
  }),
  comments: z.array(z.object({ voice, level: z.string().nullable(), comment: z.string() })),
});

export const resultAnswer = z.object({
  sight: z
    .enum(['open', 'own-sheet-first', 'not-published'])
    .describe('Anything but open: no score is in the answer.'),
  slot: z.object({
    id: z.string(),
    startsAt: z.string(),
    minutes: z.number(),
    room: z.string(),
    attempt: z.number(),
  }),
  exhibition: z.object({ id: z.string(), title: z.string(), phase: z.string() }),
  student: z.object({ id: z.string(), name: z.string() }),
  rubric: z.object({ slug: z.string(), title: z.string(), hash: z.string() }),
  publishedAt: z.string().nullable(),
  voices: z.array(voice),
  criteria: z.array(criterion),
  overall: z.array(z.object({ voice, comment: z.string() })),
});
