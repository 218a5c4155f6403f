/** Which changes in the database the board of a day hears of. */
import type { Watched } from '../../http/live-events.js';

/**
 * What changes on a day, and the few facts of it that may be told: of a sheet its state alone, never what stands on it.
 */
export const watchedOfDay: readonly Watched[] = [
  // Whoever has other roles or children or is gone is asked for again before they hear more.
  { collection: 'people', fields: [], onlyWhen: ['active', 'roles', 'guardianIds'], updatesOnly: true },
  { collection: 'exhibitions', fields: ['phase'] },
  { collection: 'slots', fields: ['exhibitionId', 'partOf'] },
  // A seat's phone is written down when its sheet is begun, and that is not told.
  { collection: 'seats', fields: ['exhibitionId', 'slotId'], exceptWhen: 'hands' },
  {
    collection: 'visits',
    fields: ['exhibitionId', 'slotId', 'studentId'],
    onlyWhen: ['leftAt', 'feedback', 'hidden', 'review'],
  },
  { collection: 'standstops', fields: ['exhibitionId', 'slotId'] },
  { collection: 'scoresheets', fields: ['exhibitionId', 'slotId', 'state'], onlyWhen: ['state'] },
  // Something was done with the voices of a panel; what it was is not told.
  { collection: 'reveals', fields: ['exhibitionId'] },
  {
    // Where entries are written in the transaction of the action; the chain takes them over a moment later.
    collection: 'auditpending',
    fields: ['detail.exhibitionId', 'detail.slotId'],
    where: { field: 'act', in: ['slot.remove', 'seat.remove'] },
  },
];
