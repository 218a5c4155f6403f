/**
 * What this room asks of the timetable's rules, which come later in the order of the data: which of them the slots break, and
 * which a move would break besides. app.ts hands the answers in.
 */
import type { SchoolScope } from '../database.js';
import type { MessageParams } from '../errors.js';
import type { Exhibition } from './exhibition.js';
import type { PanelDoor, SeatFact } from './seats/panel-door.js';
import type { SignUpPort } from './sign-up-port.js';
import type { Slot } from './slots/slot.js';

export interface BrokenRuleFact {
  /** E.g. `steps`. */
  rule: string;
  /** The slots that break it. */
  slotIds: string[];
  message: string;
  params: MessageParams;
}

export interface RulesDoor {
  /**
   * What the slots break as they stand.
   * @param known all presentations of the exhibition and their seats, where they were read already
   */
  listBrokenRules(
    scope: SchoolScope,
    exhibition: Exhibition,
    known?: { slots: readonly Slot[]; seats: readonly SeatFact[] },
  ): Promise<BrokenRuleFact[]>;
  /** What these slots would break there that they do not break now; double bookings are not among them, they are refused. */
  listRulesBrokenBy(
    scope: SchoolScope,
    exhibition: Exhibition,
    moved: readonly Pick<Slot, 'id' | 'startsAt' | 'minutes' | 'room'>[],
  ): Promise<BrokenRuleFact[]>;
}

/** Everything that the day asks of later rooms. */
export type DayDoors = PanelDoor & RulesDoor & SignUpPort;
