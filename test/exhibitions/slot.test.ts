import { describe, expect, it } from '@jest/globals';
import {
  clashesOf,
  mayRemoveSlot,
  overlaps,
  roomKey,
  type Occupancy,
} from '../../server/exhibitions/slots/slot.js';

const at = (time: string): Date => new Date(`2026-11-24T${time}:00Z`);

const occupancy = (change: Partial<Occupancy> = {}): Occupancy => ({
  slotId: 'slot-1',
  exhibitionId: 'autumn',
  format: 'panel',
  startsAt: at('09:00'),
  minutes: 50,
  room: 'Room 12',
  studentIds: ['amina'],
  panelistIds: ['otis', 'grace'],
  ...change,
});
const other = (change: Partial<Occupancy> = {}): Occupancy =>
  occupancy({ slotId: 'slot-2', room: 'Library', studentIds: ['bo'], panelistIds: ['ivy'], ...change });

describe('overlap in time', () => {
  it.each([
    ['the same time', '09:00', 50, true],
    ['begins when the other ends', '09:50', 50, false],
    ['ends when the other begins', '08:10', 50, false],
    ['begins a minute before the other ends', '09:49', 50, true],
    ['lies inside', '09:10', 5, true],
    ['lies around', '08:00', 240, true],
  ])('%s', (_name, time, minutes, expected) => {
    const [a, b] = [occupancy(), other({ startsAt: at(time), minutes })];
    expect(overlaps(a, b)).toBe(expected);
    expect(overlaps(b, a)).toBe(expected);
  });
});

describe('nobody and nothing is in two places', () => {
  it.each<[string, Partial<Occupancy>, { kind: string; personId: string | null }[]]>([
    ['two rooms, two students, two panels', {}, []],
    ['one room', { room: ' room  12' }, [{ kind: 'room', personId: null }]],
    ['one student twice', { studentIds: ['amina'] }, [{ kind: 'student', personId: 'amina' }]],
    ['one panelist twice', { panelistIds: ['ivy', 'grace'] }, [{ kind: 'panelist', personId: 'grace' }]],
    [
      'the student sits on another panel',
      { panelistIds: ['amina'] },
      [{ kind: 'student', personId: 'amina' }],
    ],
    ['a panelist presents elsewhere', { studentIds: ['otis'] }, [{ kind: 'panelist', personId: 'otis' }]],
    ['one member of two groups', { studentIds: ['bo', 'amina'] }, [{ kind: 'student', personId: 'amina' }]],
    [
      'all of it, later',
      { room: 'Room 12', studentIds: ['amina'], panelistIds: ['otis'], startsAt: at('09:50') },
      [],
    ],
  ])('%s', (_name, change, expected) => {
    const found = clashesOf(occupancy(), [other(change)]);
    expect(found.map(({ kind, personId }) => ({ kind, personId }))).toEqual(expected);
    for (const clash of found) expect(clash.slotId).toBe('slot-2');
  });

  it('a slot that moves does not collide with its own former time', () => {
    expect(clashesOf(occupancy({ startsAt: at('09:10') }), [occupancy()])).toEqual([]);
  });

  it('stands of one gallery share the hall and its visitors, but a presenter stands at one of them', () => {
    const stand = occupancy({ format: 'gallery' });
    expect(clashesOf(stand, [other({ format: 'gallery', room: 'Room 12', panelistIds: ['otis'] })])).toEqual(
      [],
    );
    expect(clashesOf(stand, [other({ format: 'gallery', panelistIds: ['amina'] })])).toHaveLength(1);
    expect(
      clashesOf(stand, [other({ format: 'gallery', exhibitionId: 'spring', room: 'Room 12' })]),
    ).toHaveLength(1);
  });
});

it.each([
  ['Room 12', ' room  12 ', true],
  ['ROOM 12', 'Room 12', true],
  ['Room 12', 'Room 1 2', false],
])('%s and %s are one room: %s', (a, b, same) => {
  expect(roomKey(a) === roomKey(b)).toBe(same);
});

it('a slot with a sheet begun stays', () => {
  expect(mayRemoveSlot('scoring', 0)).toBe(true);
  expect(mayRemoveSlot('scoring', 1)).toBe(false);
  expect(mayRemoveSlot('closed', 0)).toBe(false);
});
