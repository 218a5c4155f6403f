/**
 * What somebody meets who scans the sign of a stand: whose stand it is, and, once on a phone, the question
 * for their name. People with an account come in as themselves; whoever sits on the stand's panel is led to
 * their score sheet, so that nobody has two voices.
 */
import type { ExhibitionPorts, GuestInput, StandKey } from '../exhibitions/exhibition-ports.js';
import { callerOf, type Caller } from '../access/device.js';
import { readDeviceKey, issueDeviceKey } from '../access/device-key.js';
import { limitAttempts, slowDown } from '../access/limit-attempts.js';
import { hashSecret } from '../access/secrets.js';
import { signInGuest } from '../access/session.js';
import { AppError, InvalidInput } from '../errors.js';
import { isScoring } from '../exhibitions/exhibition.js';
import { findExhibition } from '../exhibitions/exhibition-records.js';
import { findSlot } from '../exhibitions/slots/slot-records.js';
import { done, page, type Answer, type PageAnswer, type AnyCall } from '../http/route.js';
import { newId } from '../ids.js';
import { isOwnSeat, namedRoles, usualRole, type SeatRole } from '../exhibitions/seats/seat.js';
import { listSeatsByIds, listSeatsOfSlot } from '../exhibitions/seats/seat-records.js';
import { findAdvisory, findPerson } from '../people/people-records.js';
import type { Person } from '../people/person.js';
import { findSchool } from '../school/school-records.js';
import { visitsPerDevice } from './stand-pass.js';
import { openVisit, welcomeVisitor, type Known, type OpenNeeds, type Stand } from './open-visit.js';
import { findStop } from './stand-stop-records.js';
import { findStandByPass, findStandPassOf } from './stand-pass-records.js';
import { endOfStand, type Visit } from './visit.js';
import { findLastVisitOf } from './visit-records.js';

interface OpenStand extends Stand {
  student: Person;
  zone: string;
  schoolName: string;
}

export const standPasses: ExhibitionPorts['standPasses'] = {
  find: findStandByPass,
  landing: async (call, key, typed) => landing(call, await openStand(call, key), typed),
  comeIn,
};

const scopeOf = (call: AnyCall, key: Pick<StandKey, 'schoolId'>) => ({
  db: call.context.db,
  schoolId: key.schoolId,
});

/** @throws AppError 409 before the gallery has begun, 410 when it is over */
async function openStand(call: AnyCall, key: StandKey): Promise<OpenStand> {
  const scope = scopeOf(call, key);
  const slot = await findSlot(scope, key.slotId);
  const [pass, exhibition, student, school] = await Promise.all([
    findStandPassOf(scope, key.slotId),
    slot ? findExhibition(scope, slot.exhibitionId) : null,
    slot ? findPerson(scope, slot.studentId) : null,
    findSchool(scope, key.schoolId),
  ]);
  const over = new AppError(410, 'stand-over', 'panel.pass.stand-over');
  if (!slot || !pass || !exhibition || !student || student.erasedAt) throw over;
  const zone = school?.timeZone ?? 'UTC';
  if (exhibition.phase === 'closed' || call.context.clock.now() > endOfStand(slot, zone)) throw over;
  if (!isScoring(exhibition)) throw new AppError(409, 'stand-not-open', 'panel.pass.stand-not-open');
  if (slot.absent) throw new AppError(409, 'stand-empty', 'panel.pass.stand-empty');
  if (await findStop(scope, slot)) throw new AppError(409, 'stand-stopped', 'panel.pass.stand-stopped');
  return { slot, pass, exhibition, student, zone, schoolName: school?.name ?? '' };
}

/** Somebody of this school who needs no name: by an account, or a guest who is in already. */
async function knownTo(call: AnyCall, { slot, student }: OpenStand): Promise<Known | null> {
  const { maybeActor: visitor } = call;
  if (!visitor || visitor.schoolId !== slot.schoolId) return null;
  const scope = scopeOf(call, slot);
  const who = { personId: visitor.personId, name: visitor.name };
  if (visitor.seatIds) {
    const role = await roleOfGuest(call, visitor.personId, visitor.seatIds);
    return { ...who, role, bySign: true };
  }
  const advisory = student.advisoryId ? await findAdvisory(scope, student.advisoryId) : null;
  const leads = advisory?.advisorIds.includes(visitor.personId) ?? false;
  const role = usualRole({ id: visitor.personId, roles: visitor.roles }, student, leads);
  return { ...who, role, bySign: false };
}

/** As they called themselves the last time. */
async function roleOfGuest(call: AnyCall, personId: string, seatIds: readonly string[]): Promise<SeatRole> {
  const scope = { db: call.context.db, schoolId: call.maybeActor!.schoolId! };
  const last = await findLastVisitOf(scope, personId);
  return last?.role ?? (await listSeatsByIds(scope, seatIds)).at(-1)?.role ?? 'guest';
}

async function landing(call: AnyCall, stand: OpenStand, typed: string | null): Promise<PageAnswer> {
  const { slot, exhibition, student, schoolName } = stand;
  const known = await knownTo(call, stand);
  const view = {
    schoolName,
    exhibitionTitle: exhibition.title,
    place: exhibition.place,
    room: slot.room,
    studentName: student.displayName,
    known: known?.name ?? null,
  };
  const title = call.t('visits.door.title', { name: student.displayName });
  if (call.wantsJson) return page('visits/door', view, { title, layout: 'bare' });
  return page(
    'visits/door',
    {
      ...view,
      code: typed,
      // The student whose stand it is has come to read, not to visit.
      ownHref: known?.personId === slot.studentId ? `/slots/${slot.id}/visits` : null,
      once: newId(),
      other: call.maybeActor && !known ? call.maybeActor.name : null,
      roles: namedRoles.map((role) => ({ value: role, label: call.t(`common.role.${role}`) })),
    },
    { title, layout: 'bare' },
  );
}

async function comeIn(call: AnyCall, key: StandKey, body: GuestInput, nameless: boolean): Promise<Answer> {
  const stand = await openStand(call, key);
  const known = body.another ? null : await knownTo(call, stand);
  // The code alone is no name yet, so the form for it comes next; a code of the sign says which stand.
  if (nameless && !known) return landing(call, stand, String((call.body as { code?: unknown }).code ?? ''));
  const scope = scopeOf(call, key);
  const sheet = known && (await sheetOf(call, stand));
  if (sheet) return done(sheet.sheetHref, sheet, { notice: 'visits.notice.on-panel' });
  const caller = callerOf(call.request, call.response, call.context.config.keyFor('device'));
  const device = hashSecret(`${key.schoolId}\n${caller.nextDevice}`);
  const openNeeds: OpenNeeds = {
    clock: call.context.clock,
    passKey: call.context.config.keyFor('pass'),
    timeZone: stand.zone,
    beforeNew: () => limitVisitors(call, caller),
  };
  const visit = known
    ? await openVisit(openNeeds, scope, stand, known, device)
    : await welcomeVisitor(openNeeds, scope, stand, namedIn(body), device);
  if (!known || call.maybeActor?.seatIds) await keepVisit(call, visit);
  const visitHref = `/visits/${visit.id}`;
  return done(visitHref, { visitId: visit.id, visitHref });
}

/**
 * One device opens so many visits. A whole school may stand behind one address, so there nobody is refused:
 * new visits only take longer and longer, sooner from where no device is shown.
 * @throws TooMany
 */
async function limitVisitors(call: AnyCall, caller: Caller): Promise<void> {
  const { db, clock } = call.context;
  const now = clock.now();
  await limitAttempts(db, { what: 'stand-device', whom: caller.nextDevice, ...visitsPerDevice }, now);
  const { seconds } = visitsPerDevice;
  await slowDown({ db, now }, { what: 'stand-subnet', whom: caller.subnet, slowFrom: 150, seconds });
  if (caller.device === null)
    await slowDown({ db, now }, { what: 'stand-no-device', whom: caller.subnet, slowFrom: 30, seconds });
}

/** @throws InvalidInput without a name */
function namedIn(body: GuestInput): GuestInput {
  if (body.name === '') throw new InvalidInput([{ field: 'name', message: 'common.problem.required' }]);
  return body;
}

/** The score sheet of whoever sits on the panel of this stand. */
async function sheetOf(call: AnyCall, { slot }: OpenStand) {
  const seats = await listSeatsOfSlot(scopeOf(call, slot), slot.id);
  const own = seats.find((seat) => isOwnSeat(call.maybeActor!, seat));
  return own ? { seatId: own.id, sheetHref: `/seats/${own.id}/sheet` } : null;
}

/** The phone knows its visitor from now on, with every stand where they have been. */
async function keepVisit(call: AnyCall, { id, personId, schoolId }: Visit): Promise<void> {
  // Another visitor on the same phone gets a word of their own: what the one before began on a seat stays
  // closed to them.
  const isTheirs = call.request.session.guest?.personId === personId;
  const hand = (isTheirs ? readDeviceKey(call.request) : null) ?? issueDeviceKey(call.request, call.response);
  await signInGuest(call.request, { personId, schoolId, visitId: id, hand });
}
