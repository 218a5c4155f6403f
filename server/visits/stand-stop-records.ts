/** Stands, and whole galleries, that take nothing for the moment. Personal data: who stopped them. */
import { schoolCollection, type SchoolScope } from '../db/database.js';
import { fieldIsName, tracesIn, type ErasedPerson } from '../person-traces.js';

export interface StandStop {
  /** Of the slot, or of the exhibition when the whole gallery is stopped. */
  id: string;
  schoolId: string;
  exhibitionId: string;
  slotId: string | null;
  /** False once it was opened again. */
  stopped: boolean;
  at: Date;
  /** Left out by those from before it was kept: then the name alone says who. */
  by?: string;
  byName: string;
}

const always = { type: String, required: true, immutable: true } as const;

const stops = schoolCollection<StandStop>(
  'standstops',
  {
    exhibitionId: always,
    slotId: { type: String, default: null, immutable: true },
    stopped: { type: Boolean, required: true },
    at: { type: Date, required: true },
    by: { type: String, default: undefined },
    byName: { type: String, required: true },
  },
  { indexes: [{ keys: { schoolId: 1, exhibitionId: 1 } }] },
);
export const standStopsDeclaration = stops.declaration;

/** What is stopped now at a gallery: its stands, itself, or nothing. */
export const listStops = (scope: SchoolScope, exhibitionId: string) =>
  stops.in(scope).find({ exhibitionId, stopped: true });
/** What stops this stand: its own stop, or that of its gallery. */
export const findStop = (scope: SchoolScope, slot: { id: string; exhibitionId: string }) =>
  stops.in(scope).findOne({ id: { $in: [slot.id, slot.exhibitionId] }, stopped: true });
export const findStopRecord = (scope: SchoolScope, id: string) => stops.in(scope).findOne({ id });
export const saveStop = (scope: SchoolScope, stop: StandStop) => stops.in(scope).insert(stop);
/** Null when it stood like that before. */
export const saveStopChange = (
  scope: SchoolScope,
  id: string,
  change: Pick<StandStop, 'stopped' | 'at' | 'by' | 'byName'>,
) => stops.in(scope).findOneAndUpdate({ id, stopped: { $ne: change.stopped } }, { $set: change });

export const saveStopperUnnamed = tracesIn(stops, ({ ids, mark }) => ({
  by: { $in: ids },
  byName: { $ne: mark },
}));
const namedAlone = (person: ErasedPerson) => ({ $and: [{ by: null }, fieldIsName('byName', person)] });
export const saveNamedStopperUnnamed = tracesIn(stops, (person) =>
  person.byName ? namedAlone(person) : null,
);
export const countStopperNamed = tracesIn(stops, (person) => (person.byName ? null : namedAlone(person)));
