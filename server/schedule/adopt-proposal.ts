/**
 * Makes a proposal true: its slots and seats are added through the acts of their own rooms, in one
 * transaction with the note that it was adopted. Adopted twice, or broken off and begun again, it is there
 * once. Touches no slot that stands.
 */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import { frozen } from '../audit/frozen-record.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput, NotFound } from '../errors.js';
import { mayManageExhibitions } from '../exhibitions/exhibition.js';
import { getExhibition } from '../exhibitions/exhibition-records.js';
import type { SeatWish } from '../exhibitions/seats/set-seats.js';
import { requirePermission } from '../people/person.js';
import { timetableLock, withLocks } from '../db/record-locks.js';
import { gatherProblem } from './gather-problem.js';
import { checkPlannable } from './keep-schedule.js';
import { additionsOf, frozenOfProposal, chairOf, planAfter, type TimetableProposal } from './proposal.js';
import { findProposal, saveProposalAdopted } from './proposal-records.js';
import { findSchedule } from './schedule-records.js';
import { newlyBroken } from './solve.js';
import { checkPlanner } from '../exhibitions/planners/planners.js';
import type { ExhibitionPorts } from '../exhibitions/exhibition-ports.js';
import { addSlots } from '../exhibitions/slots/plan-slots.js';
import { setSeats } from '../exhibitions/seats/set-seats.js';

export interface Adopted {
  proposal: TimetableProposal;
  slots: number;
  seats: number;
}

/** @throws Conflict when the proposal is none, or the day has changed so that it would break a rule now */
export async function adoptProposal(
  needs: ExhibitionPorts & { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  id: string,
): Promise<Adopted> {
  requirePermission(mayManageExhibitions(actor));
  try {
    return await withLocks(scope, [timetableLock], async (inside) => {
      const exhibition = await getExhibition(inside, exhibitionId);
      checkPlanner(actor, exhibition);
      const proposal = await findProposal(inside, exhibitionId, id);
      if (!proposal) throw new NotFound();
      if (proposal.state === 'adopted') return { proposal, slots: 0, seats: 0 };
      checkPlannable(exhibition);
      const adopted = await saveProposalAdopted(inside, id, needs.clock.now());
      if (!adopted) throw new Conflict('schedule.problem.nothing-to-adopt');
      const schedule = await findSchedule(inside, exhibitionId);
      const { problem } = await gatherProblem(needs, inside, exhibition, schedule);
      const additions = additionsOf(proposal, problem.standing);
      const after = planAfter(problem.standing, additions);
      const broken = newlyBroken(problem, after.slots).filter((rule) => rule.kind !== 'not-placed');
      if (broken.length > 0) throw new Conflict('schedule.problem.day-changed');
      const made = additions.filter((each) => !each.standing);
      const slots =
        made.length === 0
          ? []
          : await addSlots(
              needs,
              inside,
              actor,
              exhibitionId,
              made.map(({ slot }) => ({
                studentId: slot.studentId,
                startsAt: new Date(slot.startsAt),
                room: slot.room,
                minutes: slot.minutes,
              })),
            );
      const madeFor = new Map(slots.map((slot) => [slot.studentId, slot.id]));
      const wishes = additions.flatMap((each): SeatWish[] => {
        const slotId = each.standing ? each.slot.id : madeFor.get(each.slot.studentId)!;
        const chair = chairOf(each);
        return each.seats.map((seat) => ({ ...seat, slotId, chair: seat.personId === chair }));
      });
      if (wishes.length > 0) await setSeats(needs, inside, actor, exhibitionId, wishes);
      const counts = { slots: slots.length, seats: wishes.length };
      await appendAudit(
        inside,
        needs.clock,
        actor,
        'schedule.adopt',
        { kind: 'exhibition', id: exhibitionId },
        { proposalId: id, ...counts, ...frozen('timetable', id, frozenOfProposal(adopted)) },
      );
      return { proposal: adopted, ...counts };
    });
  } catch (error) {
    // What the acts refuse was free when it was proposed.
    if (error instanceof InvalidInput) throw new Conflict('schedule.problem.day-changed');
    throw error;
  }
}
