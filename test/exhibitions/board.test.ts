import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { boardOf } from '../../server/exhibitions/board/board.js';

const zone = 'America/New_York';
const at = (time: string, day = '2026-11-24'): Date => new Date(`${day}T${time}:00Z`);
const slot = (id: string, time: string, room: string, minutes = 50) => ({
  id,
  startsAt: at(time),
  minutes,
  room,
});
const cellsOf = (lane: { cells: { span: number; slot: { id: string } | null }[] }) =>
  lane.cells.map((cell) => (cell.slot ? `${cell.slot.id}:${cell.span}` : `${cell.span}`));

describe('the board of the day', () => {
  it('lays rooms down and five-minute columns across, from full hour to full hour', () => {
    const [day] = boardOf(
      [slot('a', '14:30', 'Room 12'), slot('b', '16:00', 'room 12 '), slot('c', '15:00', 'Room 4')],
      zone,
      at('13:00'),
    );
    expect(day).toMatchObject({ day: '2026-11-24', columns: 36, now: null });
    expect(day?.hours.map((hour) => hour.at.toISOString().slice(11, 16))).toEqual([
      '14:00',
      '15:00',
      '16:00',
    ]);
    expect(day?.rooms.map(({ room, lanes }) => [room, ...lanes.map(cellsOf)])).toEqual([
      ['Room 4', ['12', 'c:10', '14']],
      ['Room 12', ['6', 'a:10', '8', 'b:10', '2']],
    ]);
  });

  it('puts stands that are open side by side into lanes', () => {
    const [day] = boardOf(
      [slot('a', '14:00', 'Hall', 60), slot('b', '14:00', 'Hall', 30), slot('c', '14:30', 'Hall', 30)],
      zone,
      at('14:30'),
    );
    expect(day?.rooms[0]?.lanes.map(cellsOf)).toEqual([['a:12'], ['b:6', 'c:6']]);
    expect(day?.now).toEqual({ before: 6, after: 6 });
  });

  it('divides days at the school’s midnight', () => {
    const late = { ...slot('a', '04:30', 'A', 25), startsAt: at('04:30', '2026-11-25') };
    const early = { ...slot('b', '05:00', 'A', 25), startsAt: at('05:00', '2026-11-25') };
    expect(boardOf([early, late], zone, at('01:00')).map((day) => day.day)).toEqual([
      '2026-11-24',
      '2026-11-25',
    ]);
  });

  it('every lane is as wide as the day and holds each slot once', () => {
    const slots = fc.array(
      fc.record({
        time: fc.integer({ min: 0, max: 600 }),
        minutes: fc.integer({ min: 5, max: 240 }),
        room: fc.constantFrom('A', 'B'),
      }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(slots, (list) => {
        const placed = list.map(({ time, minutes, room }, id) => ({
          id: `${id}`,
          minutes,
          room,
          startsAt: new Date(at('12:00').getTime() + time * 60_000),
        }));
        for (const day of boardOf(placed, 'UTC', at('12:00'))) {
          const lanes = day.rooms.flatMap((room) => room.lanes);
          for (const lane of lanes)
            expect(lane.cells.reduce((sum, cell) => sum + cell.span, 0)).toBe(day.columns);
          const shown = lanes.flatMap((lane) =>
            lane.cells.flatMap((cell) => (cell.slot ? [cell.slot.id] : [])),
          );
          expect(shown.sort()).toEqual(day.rooms.flatMap((room) => room.slots.map((each) => each.id)).sort());
          expect(new Set(shown).size).toBe(shown.length);
        }
      }),
    );
  });
});
