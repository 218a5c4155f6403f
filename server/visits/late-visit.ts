/** What a visitor's phone sent after the stand was over: it changes nothing until the office admits it. Pure. */
import { runsSchool, type Actor } from '../access/actor.js';
import type { Answer, ShortScore, Visit } from './visit.js';

/** The seal of a visit does not cover it. */
export interface LateVisit {
  /** Every sending that is in it: sent twice, it counts once. */
  operationIds: string[];
  /** Only the halves that were sent. */
  feedback?: Answer[];
  score?: ShortScore;
  /** When the server got the last of it. */
  at: Date;
  state: 'waiting' | 'admitted' | 'declined';
  decidedAt: Date | null;
  decidedBy: string | null;
}

/** The office, but nobody about their own visit. */
export const mayDecideLateVisit = (actor: Actor, visit: Pick<Visit, 'personId'>): boolean =>
  actor.seatIds === null && runsSchool(actor) && actor.personId !== visit.personId;

/** Together with what waits already; what was decided stays decided. */
export function lateWith(
  before: LateVisit | null | undefined,
  operationId: string,
  sent: Pick<Partial<Visit>, 'feedback' | 'score'>,
  at: Date,
): LateVisit {
  const waiting = before?.state === 'waiting' ? before : null;
  const feedback = sent.feedback ?? waiting?.feedback;
  const score = sent.score ?? waiting?.score;
  return {
    operationIds: [...(before?.operationIds ?? []), operationId],
    ...(feedback ? { feedback } : {}),
    ...(score ? { score } : {}),
    ...{ at, state: 'waiting', decidedAt: null, decidedBy: null },
  };
}

/** What the visit becomes once it is admitted. */
export const admittedFields = (visit: Visit, { feedback, score, at }: LateVisit): Partial<Visit> => ({
  ...(feedback ? { feedback, feedbackAt: visit.feedbackAt ?? at } : {}),
  ...(score ? { score, scoreAt: visit.scoreAt ?? at } : {}),
  leftAt: visit.leftAt ?? at,
});
