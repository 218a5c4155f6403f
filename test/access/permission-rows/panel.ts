import { randomUUID } from 'node:crypto';
import { dayOf } from '../../../server/exhibitions/day-and-time.js';
import { endOf } from '../../../server/exhibitions/slots/slot.js';
import { saveSlotMove, saveSlots } from '../../../server/exhibitions/slots/slot-records.js';
import { issueRoomPass } from '../../../server/exhibitions/passes/issue-room-pass.js';
import {
  getSeat,
  saveSeat,
  saveSeatsAdmitted,
  saveSeatSetAside,
} from '../../../server/exhibitions/seats/seat-records.js';
import { nothingSaid } from '../../../server/people/attendance.js';
import { savePersonChange } from '../../../server/people/people-records.js';
import type { World } from '../../harness/builders/world.js';
import {
  havingSeen,
  inPhase,
  presentationIn,
  read,
  registrarOf,
  withoutBody,
  type FreshPresentation,
} from './anew.js';
import { ownActors, ownPlanners, ownRunners } from './groups.js';
import type { Anew, Rows } from './row.js';

/** Another advisor lets guests in, but makes no pass of somebody else's. */
const ofTheirGuest = { ...ownPlanners, otherAdvisor: 'no' } as const;
const somebody = { name: 'Somebody', role: 'guest' };

/** A sign hangs at the door of the presentation's room. The secret of its address. */
async function hangSign(world: World, { ids }: FreshPresentation): Promise<string> {
  const { clock, config } = world.app.context;
  const { scope, school } = world.home;
  const needs = { clock, passKey: config.keyFor('pass'), timeZone: school.timeZone };
  return (await issueRoomPass(needs, scope, registrarOf(world), ids.exhibition, 'scoring')).faces.secret;
}

const signed: Anew = async (world) => {
  const made = await presentationIn(world, 'scoring');
  await hangSign(world, made);
  return { ids: { ...made.ids } };
};

/**
 * The guest has come in by the sign of a room, their presentation has just begun, and somebody else presents after it.
 */
const mayGoOn: Anew = async (world) => {
  const { home, people, app } = world;
  const [now, minute] = [app.context.clock.now(), 60_000];
  const [soon, before] = [minute, -2 * minute].map((later) => new Date(now.getTime() + later)) as [
    Date,
    Date,
  ];
  // A sign is for one day of the school, so both presentations lie before midnight or both after it.
  const isOneDay = dayOf(soon, home.school.timeZone) === dayOf(now, home.school.timeZone);
  const made = await presentationIn(world, 'scoring', 'panel', isOneDay ? now : before);
  const guest = await world.client('guest');
  const seated = await guest.post(`/pass/${await hangSign(world, made)}`, {
    name: 'Jun Sato',
    another: 'yes',
  });
  if (seated.status !== 200) throw new Error(`not let in: ${seated.status} ${seated.text}`);
  const first = (await saveSlotMove(home.scope, made.ids.slot, { minutes: 1 }, now))!;
  await saveSlots(home.scope, [
    { ...first, id: randomUUID(), studentId: people.otherStudent.id, startsAt: endOf(first), minutes: 50 },
  ]);
  return { ids: { seat: seated.json<{ seatId: string }>().seatId } };
};

/** The panelist is to hear somebody today, as only then anybody is checked in. */
const presentsToday: Anew = async (world) => {
  const made = await presentationIn(world, 'scoring', 'panel', world.app.context.clock.now());
  return { ids: { ...made.ids }, body: { personId: world.people.panelist.id } };
};

/** Somebody of the panel wrote of a student whom they must not score, after they were seated. */
const inConflict: Anew = async (world) => {
  const { scope, person } = world.home;
  const made = await presentationIn(world, 'scoring');
  const { id, displayName: name } = await person({ name: 'Jane Doe', roles: ['guest'] });
  await savePersonChange(scope, id, { attendance: { ...nothingSaid, conflictWords: 'My niece presents' } });
  const of = await getSeat(scope, made.ids.seat);
  const seat = { ...of, id: randomUUID(), personId: id, name, role: 'guest' as const, chair: false };
  await saveSeat(scope, { ...seat, pass: null });
  return { ids: { ...made.ids, seat: seat.id } };
};

/** A guest has come in by the sign and nobody has admitted them. */
const asking: Anew = async (world) => {
  const made = await presentationIn(world, 'scoring');
  const now = world.app.context.clock.now();
  const admission = { askedAt: now, admittedAt: null, by: null, byName: null };
  await saveSeatsAdmitted(world.home.scope, [made.ids.seat], admission);
  return { ids: { ...made.ids } };
};

const setAside: Anew = async (world) => {
  const made = await presentationIn(world, 'scoring');
  await saveSeatSetAside(world.home.scope, made.ids.seat, world.app.context.clock.now());
  return { ids: { ...made.ids } };
};

const byPass: Anew = async (world) => {
  const { guestPass } = await presentationIn(world, 'scoring');
  return { ids: { passSecret: guestPass.secret }, body: { code: guestPass.code } };
};

interface SeenSeat {
  conflict: { seen: string } | null;
  id: string;
  seen: string;
  askedAt: string;
}
const seatIn = async (world: World, { slot, seat }: Record<string, string>): Promise<SeenSeat> =>
  (await read<{ seats: SeenSeat[] }>(world, `/slots/${slot}`)).seats.find(({ id }) => id === seat)!;

export const panelRows: Rows = [
  ...['check-in', 'itineraries'].map((page) => ({
    route: `GET /exhibitions/:id/${page}`,
    of: { id: 'exhibition' },
    expect: ownActors,
    otherwise: 'no' as const,
  })),
  ...['arrived', 'not-here'].map((act) => ({
    route: `POST /exhibitions/:id/check-in/${act}`,
    of: { id: 'exhibition' },
    expect: ownActors,
    otherwise: 'no' as const,
    anew: presentsToday,
  })),
  {
    route: 'GET /exhibitions/:id/check-in/seats/:personId',
    of: { id: 'exhibition', personId: 'person' },
    expect: ownActors,
    otherwise: 'no',
  },
  {
    route: 'POST /exhibitions/:id/check-in/seats',
    of: { id: 'exhibition' },
    expect: ownActors,
    otherwise: 'no',
    anew: inPhase('scoring', (_made, { people }) => ({ personId: people.spareAdvisor.id })),
  },
  {
    route: 'GET /slots/:id',
    of: { id: 'slot' },
    expect: { ...ownPlanners, student: 'ok', guardian: 'ok', panelist: 'ok' },
    otherwise: 'no',
  },
  {
    route: 'POST /slots/:id/seats',
    of: { id: 'slot' },
    expect: ownActors,
    otherwise: 'no',
    anew: inPhase('open', () => somebody),
  },
  {
    route: 'POST /exhibitions/:id/judges',
    of: { id: 'exhibition' },
    expect: ownActors,
    otherwise: 'no',
    anew: inPhase('scoring', () => somebody),
  },
  ...['POST /seats/:id/pass', 'POST /seats/:id/pass/revoke'].map((route) => ({
    route,
    of: { id: 'guestSeat' },
    expect: ofTheirGuest,
    otherwise: 'no' as const,
    anew: inPhase('scoring'),
  })),
  {
    route: 'POST /seats/:id/remove',
    of: { id: 'seat' },
    expect: ownActors,
    otherwise: 'no',
    anew: havingSeen(inPhase('open'), async (ids, world) => ({ seen: (await seatIn(world, ids)).seen })),
  },
  {
    route: 'POST /seats/:id/accept-conflict',
    of: { id: 'seat' },
    expect: ownActors,
    otherwise: 'no',
    body: { acceptReason: 'Nobody else speaks Korean' },
    anew: havingSeen(inConflict, async (ids, world) => ({
      acceptReason: 'Nobody else speaks Korean',
      seen: (await seatIn(world, ids)).conflict?.seen,
    })),
  },
  ...[
    { route: 'POST /seats/:id/set-aside', body: { reason: 'Not of the panel' }, anew: inPhase('scoring') },
    { route: 'POST /seats/:id/count', body: { reason: 'Was of the panel' }, anew: setAside },
  ].map((row) => ({ ...row, of: { id: 'seat' }, expect: ownRunners, otherwise: 'no' as const })),
  {
    route: 'POST /seats/:id/admit',
    of: { id: 'seat' },
    expect: ownActors,
    otherwise: 'no',
    anew: havingSeen(asking, async (ids, world) => ({ askedAt: (await seatIn(world, ids)).askedAt })),
  },
  { route: 'GET /seats', expect: { visitor: 'in', network: 'no' }, otherwise: 'ok' },
  {
    route: 'GET /exhibitions/:id/rooms',
    of: { id: 'exhibition' },
    expect: ownPlanners,
    otherwise: 'no',
  },
  {
    route: 'POST /exhibitions/:id/rooms/:room/pass',
    of: { id: 'exhibition', room: 'scoring' },
    expect: ownActors,
    otherwise: 'no',
    anew: inPhase('scoring'),
  },
  {
    route: 'POST /exhibitions/:id/signs',
    of: { id: 'exhibition' },
    expect: ownActors,
    otherwise: 'no',
    anew: inPhase('scoring'),
  },
  {
    route: 'POST /exhibitions/:id/rooms/:room/pass/revoke',
    of: { id: 'exhibition', room: 'scoring' },
    expect: ownActors,
    otherwise: 'no',
    anew: signed,
  },
  {
    // Only a guest who came by a room's pass goes on to the next.
    route: 'POST /seats/:id/next',
    of: { id: 'seat' },
    expect: { visitor: 'in', guest: 'ok' },
    otherwise: 'no',
    anew: mayGoOn,
    endsSession: true,
  },
  {
    route: 'GET /slots/:id/clock',
    of: { id: 'slot' },
    expect: { ...ownPlanners, student: 'ok', guardian: 'ok', panelist: 'ok', guest: 'ok' },
    otherwise: 'no',
  },
  {
    route: 'POST /slots/:id/clock',
    of: { id: 'slot' },
    expect: ownActors,
    otherwise: 'no',
    anew: inPhase('scoring'),
  },
  { route: 'GET /pass', expect: {}, otherwise: 'ok' },
  { route: 'GET /pass/:code', of: { code: 'passSecret' }, expect: {}, otherwise: 'ok' },
  ...[
    { route: 'POST /pass', anew: byPass },
    { route: 'POST /pass/:code', anew: withoutBody(byPass) },
  ].map((row) => ({
    ...row,
    of: { code: 'passSecret' },
    expect: {},
    otherwise: 'ok' as const,
    endsSession: true as const,
  })),
];
