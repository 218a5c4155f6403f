/**
 * Makes the passes of stands, one or all of a gallery in one go, or takes one away. Their faces stand on the
 * signs and are kept nowhere.
 */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, isDuplicate, type SchoolScope } from '../db/database.js';
import { Conflict } from '../errors.js';
import { isRunning, type Exhibition } from '../exhibitions/exhibition.js';
import { getExhibition } from '../exhibitions/exhibition-records.js';
import type { Slot } from '../exhibitions/slots/slot.js';
import { getSlot, listSlotsOfExhibition } from '../exhibitions/slots/slot-records.js';
import { newId } from '../ids.js';
import { newPassUntil, passState, type PassFaces } from '../exhibitions/passes/pass.js';
import { mayManageSeats } from '../exhibitions/seats/seat.js';
import { requirePermission } from '../people/person.js';
import { listStandPasses, saveStandPasses, saveStandPassRevoked } from './stand-pass-records.js';
import { endOfStand } from './visit.js';
import { checkActsFor } from '../exhibitions/planners/planners.js';

export interface StandNeeds {
  clock: Clock;
  passKey: Buffer;
  timeZone: string;
}

export interface MadeSign {
  slot: Slot;
  faces: PassFaces;
  expiresAt: Date;
}

/** Which stands get a sign: one (again), those that have none that works, or all. */
export type Wanted = { slotId: string } | 'missing' | 'all';

/**
 * A pass opens its stand on the stand's day and ends with it. An older sign of the same stand stops working.
 * @throws Conflict when it is no gallery, is not open, or no stand is left that a sign could be made for
 */
export async function issueStandPasses(
  needs: StandNeeds,
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  wanted: Wanted,
): Promise<{ exhibition: Exhibition; signs: MadeSign[] }> {
  requirePermission(mayManageSeats(actor));
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await inTransaction(scope, (inside) => issue(needs, inside, actor, exhibitionId, wanted));
    } catch (error) {
      // Two codes of six characters that happen to be the same: others are drawn.
      if (!isDuplicate(error) || scope.session || attempt >= 5) throw error;
    }
  }
}

async function issue(
  needs: StandNeeds,
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  wanted: Wanted,
): Promise<{ exhibition: Exhibition; signs: MadeSign[] }> {
  const now = needs.clock.now();
  const exhibition = await getExhibition(scope, exhibitionId);
  if (exhibition.format !== 'gallery') throw new Conflict('visits.problem.not-a-gallery');
  if (!isRunning(exhibition)) throw new Conflict('visits.problem.not-open');
  const works = new Set(
    (await listStandPasses(scope, exhibitionId))
      .filter(({ pass }) => passState(pass, now) === 'valid')
      .map(({ slotId }) => slotId),
  );
  const slots = (await listSlotsOfExhibition(scope, exhibitionId))
    .filter((slot) => endOfStand(slot, needs.timeZone) > now)
    .filter((slot) =>
      typeof wanted === 'object' ? slot.id === wanted.slotId : wanted === 'all' || !works.has(slot.id),
    );
  if (slots.length === 0)
    throw new Conflict(wanted === 'missing' ? 'visits.problem.all-signs-made' : 'visits.problem.day-over');
  await checkActsFor(scope, actor, exhibition, slots);
  const made = slots.map((slot) => ({
    slot,
    ...newPassUntil(needs.passKey, now, endOfStand(slot, needs.timeZone)),
  }));
  await saveStandPasses(
    scope,
    made.map(({ slot, pass }) => ({
      id: newId(),
      schoolId: scope.schoolId,
      exhibitionId,
      slotId: slot.id,
      pass,
      createdAt: now,
      createdBy: actor.personId,
    })),
  );
  await appendAudit(
    scope,
    needs.clock,
    actor,
    'stand-pass.issue',
    { kind: 'exhibition', id: exhibitionId },
    { slotIds: slots.map((slot) => slot.id) },
  );
  return {
    exhibition,
    signs: made.map(({ slot, faces, pass }) => ({ slot, faces, expiresAt: pass.expiresAt })),
  };
}

/**
 * Nobody new comes in by the sign. Whoever is at the stand already may finish.
 * @throws Conflict when there is nothing to revoke
 */
export async function revokeStandPass(
  needs: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  slotId: string,
): Promise<Slot> {
  requirePermission(mayManageSeats(actor));
  return inTransaction(scope, async (inside) => {
    const slot = await getSlot(inside, slotId);
    await checkActsFor(inside, actor, await getExhibition(inside, slot.exhibitionId), [slot]);
    const revoked = await saveStandPassRevoked(inside, slotId, needs.clock.now());
    if (!revoked) throw new Conflict('visits.problem.no-sign');
    await appendAudit(inside, needs.clock, actor, 'stand-pass.revoke', { kind: 'slot', id: slotId });
    return slot;
  });
}
