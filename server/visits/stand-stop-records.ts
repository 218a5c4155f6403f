/** Stands, and whole galleries, that take nothing for the moment. Personal data: who stopped them. */
import { schoolCollection, type SchoolScope } from '../database.js';
import { tracesIn } from '../person-traces.js';

export interface StandStop {
  /** Of the slot, or of the exhibition when the whole gallery is stopped. */
  id: string;
  schoolId: string;
  exhibitionId: string;
  slotId: string | null;
  /** False once it was opened again. */
  stopped: boolean;
  at: Date;
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
  { stopped, at, byName }: Pick<StandStop, 'stopped' | 'at' | 'byName'>,
) => stops.in(scope).findOneAndUpdate({ id, stopped: { $ne: stopped } }, { $set: { stopped, at, byName } });

/** It says who stopped the stand by name alone. */
export const saveStopperUnnamed = tracesIn(stops, ({ names }) => ({ byName: { $in: names } }));
