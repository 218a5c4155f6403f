/** The clock of a presentation as programs read and send it; the rooms that have one add whose it is. */
import { z } from 'zod';
import { flag } from '../../http/read-input.js';
import { clockPhases } from './room-clock.js';

const anyPhase = z.enum([...clockPhases, 'over']);

export const clockFields = {
  now: z.string().describe('The server’s time: a phone’s own clock may be wrong.'),
  phase: anyPhase.nullable(),
  next: anyPhase.nullable(),
  endsAt: z.string().nullable(),
  phases: z.array(
    z.object({
      name: z.enum(clockPhases),
      minutes: z.number(),
      state: z.enum(['done', 'now', 'to-come']),
      from: z.string(),
    }),
  ),
};

/** From which phase it is moved on, null or empty before it began; or that it is set back. */
export const clockBody = z.object({
  from: z.preprocess((value) => (value === '' || value === undefined ? null : value), anyPhase.nullable()),
  back: flag,
});
