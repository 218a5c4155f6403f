/** Which sheets were set aside, and why. Personal data: who did it, and what they wrote about a named panelist. */
import { schoolCollection, type SchoolScope } from '../../db/database.js';
import { tracesIn } from '../../person-traces.js';
import type { SetAside } from './set-aside.js';

const text = { type: String, required: true, immutable: true } as const;

const setAsides = schoolCollection<SetAside>(
  'setasides',
  {
    slotId: text,
    exhibitionId: text,
    seatId: text,
    kind: text,
    reason: { type: String, required: true },
    at: { type: Date, required: true, immutable: true },
    by: text,
    byName: { type: String, required: true },
  },
  {
    indexes: [
      { keys: { schoolId: 1, slotId: 1, at: 1 } },
      // In this order check-records and an erasure walk over all of them.
      { keys: { schoolId: 1, _id: 1 } },
    ],
  },
);
export const setAsidesDeclaration = setAsides.declaration;

/** In the order in which they were made. */
export const listSetAsides = (scope: SchoolScope, slotId: string) =>
  setAsides.in(scope).find({ slotId }, { sort: { at: 1, id: 1 } });
export const appendSetAside = (scope: SchoolScope, act: SetAside) => setAsides.in(scope).insert(act);

/** In the order of their ids, those after `after`: for whoever walks over all of them. */
export const listSetAsidesAfter = (scope: SchoolScope, after: string, limit: number) =>
  setAsides.in(scope).find({ id: { $gt: after } }, { sort: { id: 1 }, limit });
/** Which of these are there. */
export const listSetAsideIds = async (scope: SchoolScope, ids: readonly string[]): Promise<string[]> =>
  (await setAsides.in(scope).find({ id: { $in: ids } }, { fields: ['id'] })).map(({ id }) => id);

/** About panels of what they presented alone, where nothing that was issued stays. */
export const removeSetAsidesAbout = tracesIn(setAsides, ({ presented, keepIssued }) =>
  keepIssued ? null : { slotId: { $in: presented.flatMap((each) => (each.together ? [] : [each.slotId])) } },
);
/** A reason may name anybody. */
export const saveSetAsidesUnnamed = tracesIn(setAsides, () => ({ at: { $exists: true } }));
