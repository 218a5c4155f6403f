/** Reveals: one document per slot whose panel talks. Personal data: who opened the sheets. */
import { schoolCollection, type SchoolScope } from '../db/database.js';
import type { Reveal } from './reveal.js';
import { tracesIn } from '../person-traces.js';

const reveals = schoolCollection<Reveal>(
  'reveals',
  {
    exhibitionId: { type: String, default: undefined },
    turn: { type: Number, required: true },
    opened: { type: Object, default: null },
    tallyShown: { type: Object, default: null },
  },
  { indexes: [] },
);
export const revealsDeclaration = reveals.declaration;

export const findReveal = (scope: SchoolScope, slotId: string) => reveals.in(scope).findOne({ id: slotId });

/** The number of this action on the panel; asked for while its lock is held. */
export async function appendTurn(scope: SchoolScope, slotId: string, exhibitionId: string): Promise<number> {
  const update = { $inc: { turn: 1 }, $set: { exhibitionId }, $setOnInsert: { opened: null } };
  const reveal = await reveals.in(scope).findOneAndUpdate({ id: slotId }, update, { upsert: true });
  return reveal!.turn;
}

export const saveOpening = (scope: SchoolScope, slotId: string, opened: NonNullable<Reveal['opened']>) =>
  reveals.in(scope).updateOne({ id: slotId, opened: null }, { $set: { opened } });

export const saveTallyShown = (
  scope: SchoolScope,
  slotId: string,
  tallyShown: NonNullable<Reveal['tallyShown']>,
) => reveals.in(scope).updateOne({ id: slotId, tallyShown: null }, { $set: { tallyShown } });

/** In the order of their ids, those after `after`: for whoever walks over all of them. */
export const listRevealsAfter = (scope: SchoolScope, after: string, limit: number) =>
  reveals.in(scope).find({ opened: { $ne: null }, id: { $gt: after } }, { sort: { id: 1 }, limit });
/** Which of these are there. */
export const listRevealIds = async (scope: SchoolScope, ids: readonly string[]): Promise<string[]> =>
  (await reveals.in(scope).find({ opened: { $ne: null }, id: { $in: ids } }, { fields: ['id'] })).map(
    ({ id }) => id,
  );

export const saveOpenerUnnamed = tracesIn(reveals, ({ ids, mark }) => ({
  'opened.by': { $in: ids },
  'opened.byName': { $ne: mark },
}));
