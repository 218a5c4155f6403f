/** Who may see which frozen portfolio: every kind of person, by what it was shown to them. */
import { describe, expect, it } from '@jest/globals';
import type { Actor } from '../../server/access/actor.js';
import { snapshotAccess, type SnapshotShowing } from '../../server/portfolio/snapshot-access.js';

const student = { id: 'amina', advisoryId: 'oak', guardianIds: ['leyla'] };
const snapshots = ['first', 'second'].map((id) => ({ id, studentId: student.id }));

const anActor = (known: Partial<Actor>): Actor => ({
  ...{ personId: 'somebody', schoolId: 'school', networkId: null, name: 'Somebody', roles: [] },
  ...{ advisoryIds: [], childIds: [], seatIds: null, via: 'session' },
  ...known,
});

const always: [string, Actor][] = [
  ['the student', anActor({ personId: 'amina', roles: ['student'] })],
  ['an advisor of the student', anActor({ roles: ['advisor'], advisoryIds: ['oak'] })],
  ['a guardian of the student', anActor({ personId: 'leyla', roles: ['guardian'], childIds: ['amina'] })],
  ['the registrar', anActor({ roles: ['registrar'] })],
  ['an administrator', anActor({ roles: ['admin'] })],
];
const whenShown: [string, Actor][] = [
  ['another student', anActor({ personId: 'bo', roles: ['student'] })],
  ['an advisor of others', anActor({ roles: ['advisor'], advisoryIds: ['elm'] })],
  ['a guardian of another child', anActor({ roles: ['guardian'], childIds: ['bo'] })],
  [
    'a guest with a pass made out to the student',
    anActor({ personId: 'amina', seatIds: ['seat'], via: 'pass' }),
  ],
  ['a panelist', anActor({ roles: ['panelist'] })],
  ['a guest with a pass', anActor({ roles: ['guest'], seatIds: ['seat'], via: 'pass' })],
  ['a visitor by a sign', anActor({ roles: ['guest'], seatIds: [], visitIds: ['visit'], via: 'pass' })],
  ['network staff', anActor({ schoolId: null, networkId: 'network', roles: ['network'] })],
];

const earlier = new Date('2026-03-01T12:00:00Z');
const later = new Date('2026-03-09T12:00:00Z');
const open = (snapshotId: string): SnapshotShowing => ({ snapshotId, endedAt: null });
const ended = (snapshotId: string, endedAt: Date): SnapshotShowing => ({ snapshotId, endedAt });

const states: [state: string, showings: SnapshotShowing[], readable: string[], endedAt: Date | null][] = [
  ['shown nowhere', [], [], null],
  ['one shown', [open('second')], ['second'], null],
  ['both shown', [open('second'), open('first')], ['first', 'second'], null],
  ['one shown twice', [open('first'), open('first')], ['first'], null],
  ['another of the presentation shown', [open('third')], [], null],
  ['access to both ended', [ended('first', later), ended('second', earlier)], [], later],
  ['one shown, access to the other ended', [open('first'), ended('second', earlier)], ['first'], earlier],
  ['shown again after access ended', [ended('first', earlier), open('first')], ['first'], earlier],
];

describe.each(states)('%s', (_state, showings, readable, endedAt) => {
  it.each(always)('%s sees both', (_who, actor) => {
    expect(snapshotAccess(actor, student, snapshots, showings)).toEqual({
      readable: snapshots,
      endedAt: null,
    });
  });

  it.each(whenShown)('%s sees what is shown to them', (_who, actor) => {
    const access = snapshotAccess(actor, student, snapshots, showings);
    expect(access.readable.map(({ id }) => id)).toEqual(readable);
    expect(access.endedAt).toEqual(endedAt);
  });

  it('of a student who is gone, also the office sees no more than that', () => {
    const access = snapshotAccess(anActor({ roles: ['registrar'] }), null, snapshots, showings);
    expect(access.readable.map(({ id }) => id)).toEqual(readable);
  });
});
