/** What erasing a person would erase, leave without the name, and keep; and what must be done before. Reads only. */
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { presentationIdOf } from '../exhibitions/groups/group.js';
import { listExhibitionsByIds } from '../exhibitions/exhibition-records.js';
import { endOf } from '../exhibitions/slots/slot.js';
import { listSlotsByIds, listSlotsOfStudentSince } from '../exhibitions/slots/slot-records.js';
import { listSeatsOfPerson } from '../exhibitions/seats/seat-records.js';
import type { Person } from '../people/person.js';
import { traceOutcomes, type ErasePart, type ErasedPerson, type TraceOutcome } from '../person-traces.js';
import { listSheetStates } from '../scores/score-sheet-records.js';
import { countKey, type ErasureChoices } from './erasure.js';
import { erasedPersonOf, tracesOf } from './describe-person.js';

interface TraceCount {
  kind: string;
  count: number;
}
export type TraceCounts = Record<TraceOutcome, TraceCount[]>;

/** From the numbers by key; kinds without any are left out, each outcome in the order of `parts`. */
export function countsByOutcome(parts: readonly ErasePart[], counts: Record<string, number>): TraceCounts {
  const listed = (outcome: TraceOutcome): TraceCount[] => {
    const kinds = parts.flatMap((part) =>
      part.outcome === outcome && part.kind !== null ? [part.kind] : [],
    );
    return [...new Set(kinds)].flatMap((kind) => {
      const count = counts[countKey(outcome, kind)] ?? 0;
      return count > 0 ? [{ kind, count }] : [];
    });
  };
  return Object.fromEntries(traceOutcomes.map((each) => [each, listed(each)])) as TraceCounts;
}

/** Numbers by key. @param outcomes only these */
export async function countTraces(
  scope: SchoolScope,
  parts: readonly ErasePart[],
  person: ErasedPerson,
  outcomes: readonly TraceOutcome[] = traceOutcomes,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const part of parts) {
    if (part.kind === null || !outcomes.includes(part.outcome)) continue;
    const key = countKey(part.outcome, part.kind);
    counts[key] = (counts[key] ?? 0) + (await part.count(scope, person));
  }
  return counts;
}

/** Presentations, or panels with a sheet to come, that are not over: somebody is counted on there. */
export interface Unfinished {
  slotId: string;
  exhibitionTitle: string;
  startsAt: Date;
  as: 'presenter' | 'panelist';
}

const MAX_SEATS = 500;

export async function listUnfinished(scope: SchoolScope, personId: string, now: Date): Promise<Unfinished[]> {
  const own = (await listSlotsOfStudentSince(scope, personId, now)).filter((slot) => endOf(slot) >= now);
  const seats = (await listSeatsOfPerson(scope, personId, 1, MAX_SEATS)).items;
  const states = await listSheetStates(
    scope,
    seats.map(({ id }) => id),
  );
  const awaited = seats
    .filter(({ id, setAsideAt }) => states.get(id) !== 'submitted' && !setAsideAt)
    .map(({ slotId }) => slotId);
  const slots = (await listSlotsByIds(scope, awaited)).filter((slot) => endOf(slot) >= now);
  const exhibitions = new Map(
    (
      await listExhibitionsByIds(scope, [...new Set([...own, ...slots].map((slot) => slot.exhibitionId))])
    ).map((each) => [each.id, each]),
  );
  const line = (as: Unfinished['as']) => (slot: (typeof slots)[number]) => {
    const exhibition = exhibitions.get(slot.exhibitionId);
    if (!exhibition || exhibition.phase === 'closed') return [];
    const slotId = presentationIdOf(slot);
    return [{ slotId, exhibitionTitle: exhibition.title, startsAt: slot.startsAt, as }];
  };
  return [...own.flatMap(line('presenter')), ...slots.flatMap(line('panelist'))];
}

export interface ErasurePreview {
  counts: TraceCounts;
  unfinished: Unfinished[];
}

export async function previewErasure(
  { clock, parts }: { clock: Clock; parts: readonly ErasePart[] },
  scope: SchoolScope,
  person: Person,
  choices: ErasureChoices,
): Promise<ErasurePreview> {
  const now = clock.now();
  const asked = { personId: person.id, mark: '', requestedAt: now, ...choices };
  const described = await erasedPersonOf(scope, asked, await tracesOf(scope, person));
  return {
    counts: countsByOutcome(parts, await countTraces(scope, parts, described)),
    unfinished: await listUnfinished(scope, person.id, now),
  };
}
