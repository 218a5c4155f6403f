import { describe, expect, it } from '@jest/globals';
import type { Actor, Role } from '../../server/access/actor.js';
import {
  isOwnSeat,
  mayManageSeats,
  mayRemoveSeat,
  seatProblem,
  type SeatRole,
} from '../../server/exhibitions/seats/seat.js';

const person = (roles: Role[], change: object = {}) => ({ id: 'otis', roles, active: true, ...change });
const presenting = ['cleo', 'amina'];
const actor = (change: Partial<Actor>): Actor => ({
  personId: 'otis',
  schoolId: 'riverbend',
  networkId: null,
  name: 'Otis Ray',
  roles: ['panelist'],
  advisoryIds: [],
  childIds: [],
  seatIds: null,
  via: 'session',
  ...change,
});

describe('who may sit where', () => {
  it.each<[string, Parameters<typeof seatProblem>[0], SeatRole, string | null]>([
    ['an advisor as advisor', person(['advisor']), 'advisor', null],
    ['a panelist as advisor', person(['panelist']), 'advisor', 'panel.problem.not-a-advisor'],
    ['a registrar as teacher', person(['registrar']), 'teacher', null],
    ['a guardian as teacher', person(['guardian']), 'teacher', 'panel.problem.not-a-teacher'],
    ['a student as peer', person(['student']), 'peer', null],
    ['a guardian as peer', person(['guardian']), 'peer', 'panel.problem.not-a-peer'],
    ['a student as guest', person(['student']), 'guest', 'panel.problem.students-are-peers'],
    ['a guardian as family', person(['guardian']), 'family', null],
    ['a guest as mentor', person(['guest']), 'mentor', null],
    ['somebody who has left', person(['advisor'], { active: false }), 'advisor', 'panel.problem.person-left'],
    ['the presenter herself', person(['student'], { id: 'amina' }), 'peer', 'panel.problem.own-presentation'],
  ])('%s', (_name, who, role, expected) => {
    expect(seatProblem(who, role, presenting)).toBe(expected);
  });
});

describe('whose seat it is', () => {
  const seat = { id: 'seat-1', personId: 'otis' };

  it('the person’s own, by session', () => {
    expect(isOwnSeat(actor({}), seat)).toBe(true);
    expect(isOwnSeat(actor({ personId: 'ivy' }), seat)).toBe(false);
  });

  it('for a guest only the seats of the pass, even if the person has others', () => {
    expect(isOwnSeat(actor({ seatIds: ['seat-1'], via: 'pass' }), seat)).toBe(true);
    expect(isOwnSeat(actor({ seatIds: ['seat-2'], via: 'pass' }), seat)).toBe(false);
  });

  it('a pass never manages seats', () => {
    expect(mayManageSeats(actor({ roles: ['advisor'] }))).toBe(true);
    expect(mayManageSeats(actor({ roles: ['advisor'], seatIds: ['seat-1'] }))).toBe(false);
    expect(mayManageSeats(actor({ roles: ['panelist'] }))).toBe(false);
  });
});

it('a seat with something on its sheet stays', () => {
  expect(mayRemoveSeat('not-started')).toBe(true);
  expect(mayRemoveSeat('draft')).toBe(false);
  expect(mayRemoveSeat('submitted')).toBe(false);
});
