/** What a visitor's phone sent after the stand was over: it changes nothing until the office admits it. Pure. */
import { runsSchool, type Actor } from '../access/actor.js';
import type { VisitorAnswer, Left, ShortScore, Visit } from './visit.js';

/** The seal of a visit does not cover it. */
export interface LateVisit {
  /** Every sending that is in it: sent twice, it counts once. */
  operationIds: string[];
  /**
   * Everything that was sent, in the order in which the server took it, whatever became of it. Left out by
   * those from before.
   */
  journal?: (Left & { at: Date })[];
  /** Only the halves that were sent and wait. */
  feedback?: VisitorAnswer[];
  score?: ShortScore;
  /** When the server got the last of it. */
  at: Date;
  /** `replaced`: left in the usual way after all, as where the gallery was opened again. */
  state: 'waiting' | 'admitted' | 'declined' | 'replaced';
  decidedAt: Date | null;
  decidedBy: string | null;
}

/** The office, but nobody about their own visit. */
export const mayDecideLateVisit = (actor: Actor, visit: Pick<Visit, 'personId'>): boolean =>
  actor.seatIds === null && runsSchool(actor) && actor.personId !== visit.personId;

type Halves = Pick<Partial<Visit>, 'feedback' | 'score'>;
const halvesOf = ({ feedback, score }: Halves): Halves => ({
  ...(feedback ? { feedback } : {}),
  ...(score ? { score } : {}),
});

/** Of those from before there was a journal, what is still there. */
const journalOf = (late: LateVisit): NonNullable<LateVisit['journal']> => {
  const halves = halvesOf(late);
  const isThere = Object.keys(halves).length > 0;
  return (
    late.journal ?? (isThere ? [{ operationId: late.operationIds.at(-1)!, ...halves, at: late.at }] : [])
  );
};

/** Together with what waits already; what was decided stays decided. */
export function lateWith(
  before: LateVisit | null | undefined,
  operationId: string,
  sent: Halves,
  at: Date,
): LateVisit {
  const waiting = before?.state === 'waiting' ? halvesOf(before) : {};
  return {
    operationIds: [...(before?.operationIds ?? []), operationId],
    journal: [...(before ? journalOf(before) : []), { operationId, ...halvesOf(sent), at }],
    ...{ ...waiting, ...halvesOf(sent) },
    ...{ at, state: 'waiting', decidedAt: null, decidedBy: null },
  };
}

/** What waits once these halves were left in the usual way: the other one goes on waiting. */
export function lateWithout(late: LateVisit, left: Halves): LateVisit {
  const { feedback, score, ...rest } = late;
  const waiting = halvesOf({
    ...(left.feedback || !feedback ? {} : { feedback }),
    ...(left.score || !score ? {} : { score }),
  });
  const state = Object.keys(waiting).length > 0 ? late.state : 'replaced';
  return { ...rest, journal: journalOf(late), ...waiting, state };
}

/** What the visit becomes once it is admitted. */
export const admittedFields = (visit: Visit, { feedback, score, at }: LateVisit): Partial<Visit> => ({
  ...(feedback ? { feedback, feedbackAt: visit.feedbackAt ?? at } : {}),
  ...(score ? { score, scoreAt: visit.scoreAt ?? at } : {}),
  leftAt: visit.leftAt ?? at,
});
