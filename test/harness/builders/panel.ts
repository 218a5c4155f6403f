/** A guest with a pass, on a slot of an exhibition made for it. */
import type { TestApp } from '../start-app.js';
import { anExhibition, type TestExhibition } from './exhibition.js';

export interface MadePass {
  seatId: string;
  passUrl: string;
  code: string;
  expiresAt: string;
}

/** The path of a pass's address, as a phone's camera would open it. */
export const passPath = (pass: MadePass): string => new URL(pass.passUrl).pathname;

export async function aGuestPass(
  app: TestApp,
  name = 'Jun Sato',
): Promise<{ day: TestExhibition; slotId: string; pass: MadePass }> {
  const day = await anExhibition(app);
  const slotId = await day.slotId();
  const made = await day.seat(slotId, { name, role: 'guest' });
  if (made.status !== 201) throw new Error(`no pass was made: ${made.status} ${made.text}`);
  return { day, slotId, pass: made.json<MadePass>() };
}
