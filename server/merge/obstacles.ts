/**
 * What speaks against a merge: two records that cannot belong to one person. Each has a plain reason and what
 * to do about it. Pure.
 */
import type { MessageParams } from '../errors.js';

export const obstacleKinds = [
  'kinds',
  'guardian',
  'same-slot',
  'same-exhibition',
  'same-panel',
  'own-panel',
  'same-stand',
  'own-stand',
  'rehearsal',
  'attempt-choices',
  'transcript',
  'preparing',
  'plans',
  'handover',
  'job',
] as const;
type ObstacleKind = (typeof obstacleKinds)[number];

export interface Obstacle {
  kind: ObstacleKind;
  /** Of what it is about: an exhibition, a term. */
  params: MessageParams;
  /** Where something can be done about it. */
  href: string | null;
}

interface SlotFact {
  id: string;
  exhibitionId: string;
  attempt: number;
  partOf?: string | null;
}
interface SeatFact {
  slotId: string;
  exhibitionId: string;
}
interface VisitFact extends SeatFact {
  studentId: string;
  personId: string;
}

/** One of the two, as far as the rules look. */
export interface SideFacts {
  id: string;
  isStudent: boolean;
  guardianIds: readonly string[];
  slots: readonly SlotFact[];
  seats: readonly SeatFact[];
  /** Of their stand, and theirs at other stands. */
  visits: readonly VisitFact[];
  rehearsals: readonly { id: string; studentId: string; personIds: readonly string[] }[];
  /** Exhibitions for which somebody chose which attempt counts. */
  choiceExhibitionIds: readonly string[];
  transcripts: readonly { id: string; termId: string; termName: string; state: string }[];
}

/** @param names titles of exhibitions, by id */
export function obstaclesOf(
  into: SideFacts,
  from: SideFacts,
  names: ReadonlyMap<string, string>,
): Obstacle[] {
  const found: Obstacle[] = [];
  const say = (kind: ObstacleKind, params: MessageParams = {}, href: string | null = null): void => {
    if (!found.some((each) => each.kind === kind && each.href === href)) found.push({ kind, params, href });
  };
  const about = (exhibitionId: string): MessageParams => ({ exhibition: names.get(exhibitionId) ?? '' });
  if (into.isStudent !== from.isStudent) say('kinds');
  if (into.guardianIds.includes(from.id) || from.guardianIds.includes(into.id)) say('guardian');
  const presentation = ({ id, partOf }: SlotFact): string => partOf ?? id;
  for (const a of into.slots)
    for (const b of from.slots) {
      if (presentation(a) === presentation(b))
        say('same-slot', about(a.exhibitionId), `/slots/${presentation(a)}`);
      else if (a.exhibitionId === b.exhibitionId && a.attempt === b.attempt)
        say('same-exhibition', about(a.exhibitionId), `/exhibitions/${a.exhibitionId}`);
    }
  const seated = new Set(into.seats.map(({ slotId }) => slotId));
  for (const { slotId, exhibitionId } of from.seats)
    if (seated.has(slotId)) say('same-panel', about(exhibitionId), `/slots/${slotId}`);
  for (const [one, other] of [
    [into, from],
    [from, into],
  ] as const) {
    const own = new Set(one.slots.flatMap((slot) => [slot.id, presentation(slot)]));
    for (const { slotId, exhibitionId } of other.seats)
      if (own.has(slotId)) say('own-panel', about(exhibitionId), `/slots/${slotId}`);
    for (const { slotId, exhibitionId, studentId, personId } of one.visits)
      if (studentId === one.id && personId === other.id)
        say('own-stand', about(exhibitionId), `/slots/${slotId}`);
  }
  const visited = new Set(into.visits.filter((one) => one.personId === into.id).map(({ slotId }) => slotId));
  for (const { slotId, exhibitionId, personId } of from.visits)
    if (personId === from.id && visited.has(slotId))
      say('same-stand', about(exhibitionId), `/slots/${slotId}`);
  for (const { id, studentId, personIds } of [...into.rehearsals, ...from.rehearsals]) {
    const here = [studentId, ...personIds];
    if (here.includes(into.id) && here.includes(from.id)) say('rehearsal', {}, `/rehearsals/${id}`);
  }
  for (const id of from.choiceExhibitionIds)
    if (into.choiceExhibitionIds.includes(id)) say('attempt-choices', about(id), `/exhibitions/${id}`);
  for (const a of into.transcripts)
    for (const b of from.transcripts)
      if (a.termId === b.termId && a.state === b.state)
        say(
          a.state === 'issued' ? 'transcript' : 'preparing',
          { term: a.termName },
          a.state === 'issued' ? `/transcripts/${b.id}` : null,
        );
  return found;
}
