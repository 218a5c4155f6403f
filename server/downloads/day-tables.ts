/** When and where everybody presents, and who sits on the panels. Pure: what is read stands in `gather-day.ts`. */
import { membersOf } from '../exhibitions/groups/group.js';
import { isCounted } from '../exhibitions/counting/counted-seats.js';
import type { Cell, CsvTable } from './csv.js';
import type { Day } from './gather-day.js';
import { countsOf, presenterName, tableOf, whereCells, type TableWords } from './table-parts.js';

export function slotsTable(words: TableWords, day: Day): CsvTable {
  // As the board and the result count them; the table of seats has the others and says why they count nowhere.
  const counted = (slotId: string) => day.seatsOf(slotId).filter(isCounted);
  const rows = day.slots.flatMap((slot) =>
    membersOf(slot).map((member): Cell[] => [
      ...whereCells(words, day, slot),
      presenterName(day, member),
      day.people.get(member.studentId)?.studentNumber ?? '',
      member.absent,
      slot.attempt,
      slot.minutes,
      counted(slot.id).length,
      counted(slot.id).filter((seat) => day.stateOf(seat.id) === 'submitted').length,
      slot.id,
    ]),
  );
  const own = [
    ...['presenter', 'student-number', 'absent', 'attempt', 'minutes'],
    ...['seats', 'sheets-in', 'slot-id'],
  ];
  return tableOf(words, own, rows);
}

export function seatsTable(words: TableWords, day: Day): CsvTable {
  const { t } = words;
  const rows = day.slots.flatMap((slot) =>
    day
      .seatsOf(slot.id)
      .map((seat): Cell[] => [
        ...whereCells(words, day, slot),
        seat.name,
        t(`common.role.${seat.role}`),
        seat.chair,
        t(`downloads.sheet.${day.stateOf(seat.id)}`),
        countsOf(words, day, slot, seat.id),
        slot.id,
        seat.id,
      ]),
  );
  return tableOf(words, ['panelist', 'role', 'chair', 'sheet', 'counts', 'slot-id', 'seat-id'], rows);
}
