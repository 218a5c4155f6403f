/**
 * What somebody has seen of a result before they act on it. Every action on a result sends that along; where something else has been
 * added or has changed since, the action is refused and says what. Pure: no clock, no database.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../canonical.js';
import { Conflict, StateMissing } from '../errors.js';
import type { SlotPanel, Talk } from './gather-result.js';
import { frozenAt, type FrozenSheet } from './result.js';

export const changeKinds = [
  'sheet',
  'counting',
  'visits',
  'revision',
  'consensus',
  'moderation',
  'panel',
  'published',
  'corrected',
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** One thing of which a result is made. */
export interface StateChange {
  what: ChangeKind;
  /** Id of the criterion; null where it concerns the whole result. */
  criterionId: string | null;
  /** Null where it is nobody's act, or nobody is named. */
  who: string | null;
  at: Date | null;
}

interface StatePart extends StateChange {
  digest: string;
}

/** Said of one change; a result that has changed in more ways says how many more. */
export const MAX_CHANGES = 8;
/** Longer texts are no state. */
export const MAX_STATE_LENGTH = 20_000;

const digestOf = (content: unknown): string =>
  createHash('sha256').update(canonicalJson(content)).digest('base64url').slice(0, 10);

type StateFacts = { sheets: readonly FrozenSheet[]; talk: Talk };

function partsOf(panel: SlotPanel, { sheets, talk }: StateFacts): StatePart[] {
  const part = (change: StateChange, content: unknown): StatePart => ({
    ...change,
    digest: digestOf([change.what, content]),
  });
  const whole = { criterionId: null };
  const visits = sheets.filter((sheet) => sheet.visit);
  const nameOf = (seatId: string) => sheets.find((sheet) => sheet.seatId === seatId)?.panelistName ?? null;
  const awaited = panel.awaitedSeats.map(({ id }) => id);
  const { result } = panel;
  return [
    part({ ...whole, what: 'panel', who: null, at: null }, awaited.sort()),
    ...sheets
      .filter((sheet) => !sheet.visit)
      .map((sheet) =>
        part({ ...whole, what: 'sheet', who: sheet.panelistName, at: sheet.submittedAt }, [
          sheet.seatId,
          sheet.hash,
        ]),
      ),
    ...sheets.flatMap(({ seatId, panelistName, notCounted }) =>
      notCounted
        ? [
            part({ ...whole, what: 'counting', who: panelistName, at: notCounted.at ?? null }, [
              seatId,
              notCounted,
            ]),
          ]
        : [],
    ),
    ...(visits.length > 0
      ? [part({ ...whole, what: 'visits', who: null, at: null }, visits.map(({ hash }) => hash).sort())]
      : []),
    ...talk.revisions.map(({ id, seatId, criterionId, at }) =>
      part({ what: 'revision', criterionId, who: nameOf(seatId), at }, id),
    ),
    ...talk.decisions.map(({ id, kind, criterionId, decidedByName, at }) =>
      part({ what: kind, criterionId, who: decidedByName, at }, id),
    ),
    ...(result
      ? [
          result.correction
            ? part(
                { ...whole, what: 'corrected', who: result.correction.byName, at: frozenAt(result) },
                result.hash,
              )
            : part({ ...whole, what: 'published', who: null, at: result.publishedAt }, result.hash),
        ]
      : []),
  ];
}

/** The state as pages and programs get it and send it back: a digest of each part, of no meaning but for comparing. */
export const stateOf = (panel: SlotPanel, facts: StateFacts): string =>
  partsOf(panel, facts)
    .map(({ digest }) => digest)
    .sort()
    .join('.');

/**
 * What has come since, the latest last.
 * @param criterionId for an action on one row: what was said about other rows does not matter to it
 */
export function changesSince(
  panel: SlotPanel,
  facts: StateFacts,
  seen: string,
  criterionId: string | null = null,
): StateChange[] {
  const known = new Set(seen.split('.'));
  const parts = partsOf(panel, facts);
  const fresh = parts.filter(({ digest }) => !known.has(digest));
  const gone = known.size > parts.length - fresh.length;
  const concerns = (change: StateChange) =>
    criterionId === null || change.criterionId === criterionId || change.criterionId === null;
  // A sheet that is in is awaited no more: said once. Who is awaited matters to the whole result alone.
  const isSaid = (change: StateChange, _at: number, all: StateChange[]) =>
    concerns(change) &&
    (change.what !== 'panel' || (criterionId === null && !all.some(({ what }) => what === 'sheet')));
  const found = fresh.filter(isSaid).map(({ what, who, at, ...change }) => ({
    ...{ what, who, at, criterionId: change.criterionId },
  }));
  if (fresh.length === 0 && gone) return [{ what: 'panel', criterionId: null, who: null, at: null }];
  return found.sort((a, b) => (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0));
}

/** 409: the result is another one than its sender has seen. Its words are said by the route, which knows the reader's language. */
export class StaleResult extends Conflict {
  constructor(readonly changes: readonly StateChange[]) {
    super('results.problem.stale', { count: changes.length, changes: '' }, 'stale');
  }
}

/**
 * @param seen what the sender has seen
 * @throws StateMissing where nothing was sent, StaleResult where it is not what the result is made of now
 */
export function requireSeen(
  panel: SlotPanel,
  facts: StateFacts,
  seen: string | undefined,
  criterionId: string | null = null,
): void {
  if (!seen) throw new StateMissing('results.problem.state-missing');
  const changes = changesSince(panel, facts, seen, criterionId);
  if (changes.length > 0) throw new StaleResult(changes);
}
