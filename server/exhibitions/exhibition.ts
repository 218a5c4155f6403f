/**
 * An exhibition: some days on which students present to panels, scored by one pinned rubric.
 * Its life is the one table `moves` below; nothing else decides what may follow what.
 */
import { hasRole, runsSchool, type Actor } from '../access/actor.js';
import { Conflict, InvalidInput } from '../errors.js';
import type { Bar } from './bar/bar.js';
import type { ClockMinutes } from './clock/room-clock.js';
import type { RubricRef } from '../rubrics/rubric.js';

export const phases = ['draft', 'open', 'scoring', 'closed'] as const;
export type Phase = (typeof phases)[number];

/** `panel`: one room, one panel, 50 to 60 minutes. `gallery`: many short visits, stands side by side. */
export const formats = ['panel', 'gallery'] as const;
export type Format = (typeof formats)[number];

/** What visitors are asked for at the stands of a gallery. */
export const visitKinds = ['feedback', 'feedback-and-score'] as const;
export type VisitKind = (typeof visitKinds)[number];
/** More prompts than this are no short visit. */
export const MAX_PROMPTS = 5;
export const promptLength = 120;

export interface Exhibition {
  id: string;
  schoolId: string;
  termId: string;
  /** Unique within the term. */
  slug: string;
  title: string;
  format: Format;
  rubric: RubricRef;
  /** What a presentation has to reach; left out or null: nothing. */
  bar?: Bar | null;
  phase: Phase;
  startsAt: Date;
  place: string;
  /** Length of a slot when none is given. */
  slotMinutes: number;
  /** How a presentation is divided by the clock of its room; left out: in the usual shares. */
  clockMinutes?: ClockMinutes | null;
  /** At a gallery: how visitors' feedback is prompted; left out or empty: as usual. */
  visitPrompts?: string[];
  /** At a gallery; left out: both. */
  visitorsLeave?: VisitKind;
  /** Advisors who may plan it beside the office and whoever created it. */
  plannerIds?: string[];
  /** When it was closed the last time; left out and null while it is not closed. */
  closedAt?: Date | null;
  /**
   * Why it moved where that had to be said, the newest last; left out while nothing was. The audit chain says
   * only that.
   */
  moveReasons?: MoveReason[];
  createdAt: Date;
  createdBy: string;
}

/** Words that somebody typed for an act of theirs. They stand in the record of the act, where an erasure finds them. */
export interface TypedReason {
  at: Date;
  by: string;
  reason: string;
}
/** Why an exhibition went to another phase, or why one of its slots moved against rules. */
export type MoveReason = TypedReason & { verb?: MoveVerb; rules?: string[]; slotId?: string };

/** What a move may depend on. */
export interface PhaseFacts {
  slots: number;
  seats: number;
  /** Sheets with something in them that are not submitted. */
  sheetsInDraft: number;
  sheetsSubmitted: number;
  /** Sheets with something in them that count nowhere. */
  sheetsNotCounted?: number;
  /** Stands have visitors instead of, or beside, a panel. */
  gallery?: boolean;
  /** Visits in which something was left. */
  visits?: number;
}

export const moveVerbs = ['open', 'score', 'close', 'withdraw', 'pause', 'reopen'] as const;
export type MoveVerb = (typeof moveVerbs)[number];

export interface PhaseMove {
  verb: MoveVerb;
  from: Phase;
  to: Phase;
  /** A step back: always says why, and the reason stays in the exhibition. */
  back: boolean;
  /** Message key of what is missing, or null when the move may happen. */
  missing(facts: PhaseFacts): string | null;
  /** Whether a step forward needs a reason, too. */
  needsReason(facts: PhaseFacts): boolean;
}

/** What stays in the record whether it counts or not. */
const withWords = (facts: PhaseFacts): number =>
  facts.sheetsSubmitted + (facts.sheetsNotCounted ?? 0) + (facts.visits ?? 0);
const nothing = () => null;
const never = () => false;
const always = () => true;

/** Every permitted move, the address `POST /exhibitions/:id/<verb>` included. */
export const moves: readonly PhaseMove[] = [
  {
    verb: 'open',
    from: 'draft',
    to: 'open',
    back: false,
    needsReason: never,
    missing: (facts) => (facts.slots === 0 ? 'exhibition.problem.open-needs-slot' : null),
  },
  {
    verb: 'score',
    from: 'open',
    to: 'scoring',
    back: false,
    needsReason: never,
    missing: (facts) => (facts.seats === 0 && !facts.gallery ? 'exhibition.problem.score-needs-seat' : null),
  },
  // Sheets that were begun and not submitted will not count: whoever closes over them says why.
  {
    verb: 'close',
    from: 'scoring',
    to: 'closed',
    back: false,
    missing: nothing,
    needsReason: (facts) => facts.sheetsInDraft > 0,
  },
  {
    verb: 'withdraw',
    from: 'open',
    to: 'draft',
    back: true,
    needsReason: always,
    missing: (facts) =>
      facts.sheetsInDraft + withWords(facts) > 0 ? 'exhibition.problem.withdraw-has-sheets' : null,
  },
  {
    verb: 'pause',
    from: 'scoring',
    to: 'open',
    back: true,
    needsReason: always,
    missing: (facts) => (withWords(facts) > 0 ? 'exhibition.problem.pause-has-sheets' : null),
  },
  { verb: 'reopen', from: 'closed', to: 'scoring', back: true, missing: nothing, needsReason: always },
];

export const movesFrom = (phase: Phase): PhaseMove[] => moves.filter((move) => move.from === phase);

/**
 * The move that `verb` means here.
 * @throws Conflict when the phase does not allow it or something is missing
 * @throws InvalidInput on `reason` when it must say why
 */
export function permitMove(phase: Phase, verb: MoveVerb, facts: PhaseFacts, reason: string): PhaseMove {
  const move = moves.find((each) => each.verb === verb && each.from === phase);
  if (!move) throw new Conflict(`exhibition.problem.no-${verb}-from-${phase}`);
  const missing = move.missing(facts);
  if (missing) throw new Conflict(missing);
  if (move.needsReason(facts) && reason.trim() === '') {
    throw new InvalidInput([
      {
        field: 'reason',
        message: move.back ? 'exhibition.problem.reason-missing' : 'exhibition.problem.reason-for-drafts',
        params: { count: facts.sheetsInDraft },
      },
    ]);
  }
  return move;
}

/** Title, rubric, format, place and times of the exhibition itself change only before it opens. */
export const mayChangeSettings = (exhibition: Pick<Exhibition, 'phase'>): boolean =>
  exhibition.phase === 'draft';

/** Slots and seats may be added until it closes: somebody always comes late. */
export const mayPlan = (exhibition: Pick<Exhibition, 'phase'>): boolean => exhibition.phase !== 'closed';

/** Sheets take scores only in this phase. */
export const isScoring = (exhibition: Pick<Exhibition, 'phase'>): boolean => exhibition.phase === 'scoring';

/** Known to everybody who takes part and not over yet. */
export const isRunning = (exhibition: Pick<Exhibition, 'phase'>): boolean =>
  exhibition.phase === 'open' || exhibition.phase === 'scoring';

/** Exhibitions are a matter of the whole school: its coordinators are advisors, so every advisor may run one. */
export const mayManageExhibitions = (actor: Actor): boolean => runsSchool(actor) || hasRole(actor, 'advisor');

/** Drafts are seen by those who plan; from `open` on the day is known to everybody who takes part. */
export const maySeeExhibition = (actor: Actor, exhibition: Pick<Exhibition, 'phase'>): boolean =>
  mayManageExhibitions(actor) || exhibition.phase !== 'draft';
