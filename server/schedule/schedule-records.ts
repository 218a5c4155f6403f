/**
 * What was decided for the timetable of an exhibition. Personal data: ids of those chosen to present or to
 * sit on panels.
 */
import { schoolCollection, type SchoolScope } from '../db/database.js';
import type { Schedule } from './schedule.js';

const schedules = schoolCollection<Schedule>(
  'schedules',
  {
    exhibitionId: { type: String, required: true, immutable: true },
    rooms: [Object],
    days: [String],
    slotMinutes: { type: Number, required: true },
    breakMinutes: { type: Number, required: true },
    panel: { type: Object, required: true },
    presenting: { type: Object, required: true },
    panelistIds: [String],
    acceptedIds: { type: [String], default: undefined },
    listening: { type: String, default: undefined },
    maxPanels: { type: Number, default: null },
    together: { type: [Object], default: undefined },
    siblingsTogether: { type: Boolean, default: false },
    updatedAt: { type: Date, required: true },
  },
  { indexes: [{ keys: { schoolId: 1, exhibitionId: 1 }, unique: true }] },
);
export const schedulesDeclaration = schedules.declaration;

export const findSchedule = (scope: SchoolScope, exhibitionId: string) =>
  schedules.in(scope).findOne({ exhibitionId });
/**
 * The timetables for which the students of this advisory were chosen; what was ticked beside another choice
 * counts for nothing.
 */
export const listSchedulesOfAdvisory = (scope: SchoolScope, advisoryId: string): Promise<Schedule[]> =>
  schedules.in(scope).find({ 'presenting.kind': 'advisories', 'presenting.advisoryIds': advisoryId });
export const saveAdvisoryReplaced = (
  scope: SchoolScope,
  list: readonly Schedule[],
  { from, to }: { from: string; to: string },
  updatedAt: Date,
) =>
  schedules.in(scope).updateEach(
    list.map(({ id, presenting }) => {
      const advisoryIds = [...new Set(presenting.advisoryIds.map((each) => (each === from ? to : each)))];
      return { filter: { id }, update: { $set: { 'presenting.advisoryIds': advisoryIds, updatedAt } } };
    }),
  );
export const saveSchedule = (scope: SchoolScope, schedule: Schedule) => schedules.in(scope).insert(schedule);
export const saveScheduleChange = (
  scope: SchoolScope,
  exhibitionId: string,
  change: Omit<Schedule, 'id' | 'schoolId' | 'exhibitionId'>,
) => schedules.in(scope).findOneAndUpdate({ exhibitionId }, { $set: change });
/** One more of those chosen to listen, whose sign-up was accepted. */
export const savePanelistAdded = (scope: SchoolScope, exhibitionId: string, personId: string) =>
  schedules
    .in(scope)
    .updateOne({ exhibitionId }, { $addToSet: { panelistIds: personId, acceptedIds: personId } });
