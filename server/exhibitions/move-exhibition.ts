/** Moves an exhibition from phase to phase. Opening it pins each student's newest submitted portfolio to the slot. */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict } from '../errors.js';
import { requirePermission } from '../people/person.js';
import { listNewestSnapshots } from '../portfolio/portfolio-records.js';
import { exhibitionLock, timetableLock, withLocks } from '../db/record-locks.js';
import {
  mayManageExhibitions,
  permitMove,
  type Exhibition,
  type MoveVerb,
  type Phase,
} from './exhibition.js';
import { getExhibition, saveExhibitionChange } from './exhibition-records.js';
import { presentationIdOf } from './groups/group.js';
import { confirmMissingPortfolios, type AskedOpening } from './portfolios/missing-portfolios.js';
import type { Slot } from './slots/slot.js';
import {
  listMemberSlotsOfExhibition,
  listSlotsOfExhibition,
  saveSlotSnapshot,
} from './slots/slot-records.js';
import { checkPlanner } from './planners/planners.js';
import type { ExhibitionPorts } from './exhibition-ports.js';
import { factsOfDay, listSeatFacts } from './seats/seat-facts.js';

/**
 * @param reason why, for a step back; kept in the exhibition, and the audit record says that there is one
 * @throws MissingPortfoliosUnconfirmed on opening, until it is said that somebody presents without a portfolio
 * @throws Conflict when the phase does not allow it or something is missing; InvalidInput on `reason`
 */
export async function moveExhibition(
  needs: ExhibitionPorts & {
    clock: Clock;
    /** It reopens for the next attempt of one student, and whoever plans that was asked who may. */
    forAttempt?: true;
    /** Left out: nobody is there to be asked who presents without a portfolio. */
    opening?: AskedOpening;
  },
  scope: SchoolScope,
  actor: Actor,
  id: string,
  verb: MoveVerb,
  reason: string,
): Promise<Exhibition> {
  requirePermission(mayManageExhibitions(actor));
  return withLocks(scope, [timetableLock, exhibitionLock(id)], async (inside) => {
    const exhibition = await getExhibition(inside, id);
    if (!needs.forAttempt) checkPlanner(actor, exhibition);
    const [slots, ofEveryMember] = await Promise.all([
      listSlotsOfExhibition(inside, id),
      listMemberSlotsOfExhibition(inside, id),
    ]);
    const slotIds = slots.map((slot) => slot.id);
    const seats = await listSeatFacts(needs, inside, slotIds);
    const facts = await factsOfDay(needs, inside, exhibition, slots, seats);
    const move = permitMove(exhibition.phase, verb, facts, reason);
    if (verb === 'open' && needs.opening) await confirmMissingPortfolios(inside, exhibition, needs.opening);
    const begun = new Set(seats.filter((seat) => seat.sheet !== 'not-started').map((seat) => seat.slotId));
    const untouched = ofEveryMember.filter(
      (slot) => slot.snapshotId === null || !begun.has(presentationIdOf(slot)),
    );
    if (!move.back) await pinSnapshots(inside, untouched, move.to);
    const isClosing = move.to === 'closed';
    const now = needs.clock.now();
    const why = reason.trim();
    const told = { at: now, by: actor.personId, reason: why, verb };
    const after = await saveExhibitionChange(inside, id, move.from, {
      phase: move.to,
      closedAt: isClosing ? now : null,
      ...(why ? { moveReasons: [...(exhibition.moveReasons ?? []), told] } : {}),
    });
    if (!after) throw new Conflict('common.problem.stale');
    const signUps = isClosing ? await needs.removeUnacceptedSignUps(inside, id) : 0;
    await appendAudit(
      inside,
      needs.clock,
      actor,
      `exhibition.${verb}`,
      { kind: 'exhibition', id },
      {
        from: move.from,
        to: move.to,
        ...facts,
        ...(signUps > 0 ? { signUpsRemoved: signUps } : {}),
        ...(why ? { withReason: true } : {}),
      },
    );
    return after;
  });
}

/**
 * Until scoring starts the panel sees the newest submitted work; once a sheet was begun what was pinned stays, because
 * sheets refer to it. Slots (all of one exhibition) without a submitted portfolio stay empty until there is one.
 */
export async function pinSnapshots(scope: SchoolScope, slots: readonly Slot[], phase: Phase): Promise<void> {
  if (phase === 'draft' || phase === 'closed') return;
  const termId = slots[0]?.termId;
  if (!termId) return;
  const students = slots.map((slot) => slot.studentId);
  const newest = new Map(
    (await listNewestSnapshots(scope, students, termId)).map((each) => [each.studentId, each.id]),
  );
  for (const slot of slots) {
    const snapshotId = newest.get(slot.studentId);
    if (snapshotId && snapshotId !== slot.snapshotId) await saveSlotSnapshot(scope, slot.id, snapshotId);
  }
}
