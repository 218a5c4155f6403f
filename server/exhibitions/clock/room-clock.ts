/**
 * The clock of a room: one presentation goes through its phases, started and moved on by the chair or a coordinator.
 * Pure: what everybody in the room sees follows from when the phase began and from the exhibition's minutes.
 */
import type { Actor } from '../../access/actor.js';
import type { Exhibition } from '../exhibition.js';
import { isPlanner } from '../planners/planners.js';
import type { Slot } from '../slots/slot.js';

export const clockPhases = ['present', 'questions', 'scoring', 'feedback'] as const;
type ClockPhase = (typeof clockPhases)[number];
export type ClockMinutes = Record<ClockPhase, number>;

export interface RoomClock {
  phase: ClockPhase | 'over';
  /** When this phase began. */
  since: Date;
  startedAt: Date;
}

/** Without minutes of its own a presentation is divided like this. */
const usualShare: ClockMinutes = { present: 0.4, questions: 0.2, scoring: 0.3, feedback: 0.1 };

/** The exhibition's minutes; left out, the usual shares of the slot, which add up to its length. */
export function clockMinutes(
  exhibition: Pick<Exhibition, 'clockMinutes'>,
  slot: Pick<Slot, 'minutes'>,
): ClockMinutes {
  if (exhibition.clockMinutes) return exhibition.clockMinutes;
  const of = (phase: ClockPhase) => Math.max(1, Math.round(slot.minutes * usualShare[phase]));
  const rest = of('questions') + of('scoring') + of('feedback');
  return {
    present: Math.max(1, slot.minutes - rest),
    questions: of('questions'),
    scoring: of('scoring'),
    feedback: of('feedback'),
  };
}

/** What comes after: the first phase when nothing has begun, null when all is over. */
export function phaseAfter(phase: RoomClock['phase'] | null): RoomClock['phase'] | null {
  if (phase === 'over') return null;
  if (phase === null) return 'present';
  return clockPhases[clockPhases.indexOf(phase) + 1] ?? 'over';
}

export interface ClockFace {
  phase: RoomClock['phase'] | null;
  next: RoomClock['phase'] | null;
  /** When the phase is meant to end; null before and after. */
  endsAt: string | null;
  phases: { name: ClockPhase; minutes: number; state: 'done' | 'now' | 'to-come'; from: string }[];
}

/** The phases with the times at which they begin: those to come follow from the one under way. */
export function clockFace(slot: Pick<Slot, 'startsAt' | 'clock'>, minutes: ClockMinutes): ClockFace {
  const clock = slot.clock ?? null;
  const phase = clock?.phase ?? null;
  const at = phase === null ? -1 : phase === 'over' ? clockPhases.length : clockPhases.indexOf(phase);
  const length = (name: ClockPhase) => minutes[name] * 60_000;
  const begins = (index: number): number => {
    if (clock && at >= 0 && at < clockPhases.length) {
      const between = clockPhases.slice(Math.min(at, index), Math.max(at, index));
      const sum = between.reduce((total, name) => total + length(name), 0);
      return clock.since.getTime() + (index >= at ? sum : -sum);
    }
    const start = (clock?.startedAt ?? slot.startsAt).getTime();
    return start + clockPhases.slice(0, index).reduce((total, name) => total + length(name), 0);
  };
  return {
    phase,
    next: phaseAfter(phase),
    endsAt:
      clock && phase !== 'over' && phase !== null
        ? new Date(clock.since.getTime() + length(phase)).toISOString()
        : null,
    phases: clockPhases.map((name, index) => ({
      name,
      minutes: minutes[name],
      state: index < at ? 'done' : index === at ? 'now' : 'to-come',
      from: new Date(begins(index)).toISOString(),
    })),
  };
}

/** Planners, and the chair of the panel; where nobody has the chair, everybody of the school's staff who sits on it. */
export const mayRunClock = (
  actor: Actor,
  exhibition: Pick<Exhibition, 'createdBy' | 'plannerIds'>,
  seats: readonly { personId: string; chair: boolean; role?: string }[],
): boolean => {
  const isLed = seats.some((seat) => seat.chair);
  const leads = (seat: (typeof seats)[number]) =>
    isLed ? seat.chair : seat.role === 'advisor' || seat.role === 'teacher';
  return (
    isPlanner(actor, exhibition) || seats.some((seat) => seat.personId === actor.personId && leads(seat))
  );
};
