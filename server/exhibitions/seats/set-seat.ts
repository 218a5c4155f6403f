/** Sets somebody on the panel of a slot. A guest is typed in by name and becomes a person of the school. */
import { findAccountOfPerson } from '../../access/account-records.js';
import type { Actor } from '../../access/actor.js';
import { appendAudit } from '../../audit/append-audit.js';
import type { Clock } from '../../clock.js';
import { isDuplicate, type SchoolScope } from '../../db/database.js';
import { Conflict, InvalidInput, StateMissing } from '../../errors.js';
import { getExhibition } from '../exhibition-records.js';
import { staleBecause } from '../refuse-stale.js';
import { endOf, type Slot } from '../slots/slot.js';
import { studentsOf } from '../groups/group.js';
import { seatedWithConflict } from './seat-conflicts.js';
import { getPresentation, saveSlotReason } from '../slots/slot-records.js';
import { newId } from '../../ids.js';
import { isSameName } from '../../people/name-key.js';
import { findPerson, listPeopleByEmail } from '../../people/people-records.js';
import { requirePermission } from '../../people/person.js';
import { panelLock, sharedBy, takeLocks, timetableLock, withLocks } from '../../db/record-locks.js';
import type { Admission } from '../counting/counted-seats.js';
import { checkConflict, refuseConflictAtSign } from './check-conflict.js';
import { checkFree, checkTakesPeople, type Sitter } from './check-seat.js';
import { newPass, type PassFaces } from '../passes/pass.js';
import {
  mayChair,
  mayManageSeats,
  namedRoles,
  presentedAt,
  seatProblem,
  type Seat,
  type SeatRole,
} from './seat.js';
import { listSeatsOfSlot, removeChair, saveSeat } from './seat-records.js';
import { checkActsFor } from '../planners/planners.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';
import type { NewGuest } from '../../people/add-person.js';
import { addGuest } from '../../people/add-person.js';

export interface SeatNeeds extends ExhibitionPorts {
  clock: Clock;
  passKey: Buffer;
}

export interface SeatInput {
  role: SeatRole;
  chair: boolean;
  /** The seat that has the chair, as it was seen; '' where none has. */
  chairNow?: string | undefined;
  /** Somebody the school knows … */
  personId?: string | undefined;
  /** … or a name typed in at the door. */
  name?: string | undefined;
  email?: string | undefined;
  organisation?: string | undefined;
  /** Also for somebody the school knows who has no account. */
  pass?: boolean | undefined;
  /** Why they may sit there although they must not score whoever presents. */
  conflictReason?: string | undefined;
}

export interface SetSeat {
  seat: Seat;
  /** Null when no pass was made. Shown once, kept nowhere. */
  faces: PassFaces | null;
}

/**
 * @throws InvalidInput when the person may not sit there, sits there already, or is elsewhere at that time,
 *   and on `conflictReason` for somebody who must not score whoever presents
 * @throws Conflict when the exhibition is closed, or the result of this presentation published
 */
export async function setSeat(
  needs: SeatNeeds,
  scope: SchoolScope,
  actor: Actor,
  slotId: string,
  input: SeatInput,
): Promise<SetSeat> {
  requirePermission(mayManageSeats(actor));
  if (input.chair && !mayChair(input.role)) throw problem('chair', 'panel.problem.chair-of-school');
  const presentation = await getPresentation(scope, slotId);
  const { id, exhibitionId } = presentation;
  await checkActsFor(scope, actor, await getExhibition(scope, exhibitionId), [presentation]);
  return withLocks(scope, [timetableLock, panelLock(id)], (inside) =>
    seatInside(needs, inside, actor, slotId, input),
  );
}

/**
 * The same without asking who may, inside a transaction that holds the locks of the timetable and the panel:
 * also for guests who sit down by the pass of their room.
 * @param door the room's pass by which they came, the id under which a new guest is written down, whether
 *   they are to be admitted, and whether they have said that they are another person of a name that sits
 *   there
 */
export async function seatInside(
  needs: SeatNeeds,
  inside: SchoolScope,
  by: Pick<Actor, 'personId' | 'via'>,
  slotId: string,
  input: SeatInput,
  door: {
    roomPassId: string;
    guestId: string;
    admission: Admission | null;
    isNamesake?: boolean;
  } | null = null,
): Promise<SetSeat> {
  const slot = await getPresentation(inside, slotId);
  // Guests at the door do not wait for each other, only for planners and for themselves elsewhere.
  if (door) await takeLocks(inside, [sharedBy(timetableLock, door.guestId), panelLock(slot.id)]);
  const exhibition = await getExhibition(inside, slot.exhibitionId);
  checkTakesPeople(exhibition, slot);
  const { person, guest } = await findOrName(inside, input, door?.guestId ?? newId());
  const field = input.personId ? 'personId' : 'name';
  const wrong = seatProblem(person, input.role, studentsOf([slot]));
  if (wrong) throw problem(field, wrong);
  if (door) refuseConflictAtSign(slot, person);
  const reason = input.conflictReason ?? '';
  const conflict = door ? null : checkConflict(slot, person, { field, reason });
  const signsIn = guest === null && (await findAccountOfPerson(inside, person.id)) !== null;
  if (input.pass && signsIn) throw problem('pass', 'panel.problem.has-account');
  const issued =
    (input.pass || !input.personId) && !signsIn
      ? newPass(needs.passKey, needs.clock.now(), endOf(slot))
      : null;
  const seat = {
    ...newSeat(needs, by, slot, person, input, issued?.pass ?? null),
    roomPassId: door?.roomPassId ?? null,
    admission: door?.admission ?? null,
    ...(conflict ? { conflictAcceptedAt: needs.clock.now(), acceptedConflicts: conflict.keys } : {}),
  };
  await appendAudit(
    inside,
    needs.clock,
    by,
    'seat.set',
    { kind: 'seat', id: seat.id },
    {
      slotId: slot.id,
      personId: person.id,
      role: seat.role,
      chair: seat.chair,
      pass: issued !== null,
      ...(door ? { roomPassId: door.roomPassId } : {}),
      ...(conflict ? { conflict: conflict.state, accepted: conflict.keys, withReason: true } : {}),
    },
  );
  await checkFree(needs, inside, exhibition, slot, person, field, door?.isNamesake ?? false);
  if (guest) await addGuest(needs, inside, guest);
  if (seat.chair) {
    await refuseChairUnseen(inside, slot.id, input.chairNow);
    await removeChair(inside, slot.id);
  }
  try {
    await saveSeat(inside, seat);
    if (conflict)
      await saveSlotReason(inside, slot.id, {
        ...{ at: seat.createdAt, by: by.personId, rules: [seatedWithConflict], reason },
      });
  } catch (error) {
    if (isDuplicate(error)) throw new Conflict('common.problem.stale');
    throw error;
  }
  return { seat, faces: issued?.faces ?? null };
}

const problem = (field: string, message: string) => new InvalidInput([{ field, message }]);

/** Who is to sit here: somebody known, or a guest who is written down with the seat. */
async function findOrName(
  scope: SchoolScope,
  input: SeatInput,
  guestId: string,
): Promise<{ person: Sitter; guest: NewGuest | null }> {
  if (input.personId) {
    const person = await findPerson(scope, input.personId);
    if (!person) throw problem('personId', 'panel.problem.no-such-person');
    return { person, guest: null };
  }
  if (!input.name) throw problem('name', 'panel.problem.name-missing');
  if (!(namedRoles as readonly SeatRole[]).includes(input.role))
    throw problem('role', 'panel.problem.role-needs-person');
  const { name, email } = input;
  const withAddress = email ? await listPeopleByEmail(scope, email) : [];
  const before = withAddress.find((each) => isSameName(each.displayName, name));
  if (before) return { person: before, guest: null };
  // Families share an address: alone it says nothing about who this is, and a pass must not open somebody else's seats.
  if (withAddress.length > 0) throw problem('email', 'panel.problem.email-of-another');
  const guest = {
    id: guestId,
    name: input.name,
    email: input.email ?? null,
    organisation: input.organisation ?? null,
  };
  return { person: { id: guest.id, displayName: guest.name, roles: ['guest'], active: true }, guest };
}

function newSeat(
  needs: SeatNeeds,
  actor: Pick<Actor, 'personId'>,
  slot: Slot,
  person: Sitter,
  input: SeatInput,
  pass: Seat['pass'],
): Seat {
  return {
    id: newId(),
    schoolId: slot.schoolId,
    slotId: slot.id,
    exhibitionId: slot.exhibitionId,
    ...presentedAt(slot),
    personId: person.id,
    name: person.displayName,
    role: input.role,
    chair: input.chair,
    pass,
    createdAt: needs.clock.now(),
    createdBy: actor.personId,
  };
}

/** Of two planners who name a chair at once the later one is asked. @throws StateMissing; Conflict `stale` */
async function refuseChairUnseen(
  inside: SchoolScope,
  slotId: string,
  seen: string | undefined,
): Promise<void> {
  const chair = (await listSeatsOfSlot(inside, slotId)).find((seat) => seat.chair);
  if (!chair || chair.id === seen) return;
  if (seen === undefined) throw new StateMissing('common.problem.state-missing', { field: 'chairNow' });
  throw await staleBecause(
    inside,
    [{ kind: 'seat', id: chair.id, isAbout: (act) => /^seat\.set$/.test(act) }],
    {
      ...{ by: 'panel.problem.chair-since', unnamed: 'panel.problem.chair-since-unnamed' },
      params: { name: chair.name },
    },
  );
}
