/**
 * What somebody has seen of a result before they act on it. Every action on a result sends that along; where
 * something else has been added or has changed since, the action is refused and says what. Pure: no clock, no
 * database.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../canonical.js';
import { Conflict, StateMissing } from '../errors.js';
import type { SlotPanel, Talk } from './gather-result.js';
import { frozenAt, type FrozenSheet } from './result.js';

type ChangeKind =
  | 'sheet'
  | 'counting'
  | 'counts-again'
  | 'visits'
  | 'revision'
  | 'consensus'
  | 'moderation'
  | 'panel'
  | 'published'
  | 'corrected';

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
  /** What it is, of whom, and its content: `placeOf` is the first two. */
  digest: string;
}

/**
 * A letter for each kind, so that of a part that is gone it can be said what it was. What takes the place of
 * another has its letter.
 */
const LETTERS: Readonly<Record<ChangeKind, string>> = {
  sheet: 's',
  counting: 'c',
  'counts-again': 'c',
  visits: 'v',
  revision: 'r',
  consensus: 'd',
  moderation: 'd',
  panel: 'p',
  published: 'f',
  corrected: 'f',
};
const PLACE_LENGTH = 6;

/** Said of one change; a result that has changed in more ways says how many more. */
export const MAX_CHANGES = 8;
/** Longer texts are no state. */
export const MAX_STATE_LENGTH = 20_000;

const digestOf = (content: unknown, length: number): string =>
  createHash('sha256').update(canonicalJson(content)).digest('base64url').slice(0, length);
const placeFor = (what: ChangeKind, of: string): string =>
  `${LETTERS[what]}${digestOf(of, PLACE_LENGTH - 1)}`;
const placeOf = (digest: string): string => digest.slice(0, PLACE_LENGTH);

/** Scores of visitors, and how many visits wait for the office. */
const visitsOf = (visits: readonly FrozenSheet[], late: number): string[] => [
  ...visits.map(({ hash }) => hash).sort(),
  ...(late > 0 ? [`late ${late}`] : []),
];

type StateFacts = { sheets: readonly FrozenSheet[]; talk: Talk };

function partsOf(panel: SlotPanel, { sheets, talk }: StateFacts): StatePart[] {
  const part = (change: StateChange, of: string, content: unknown): StatePart => ({
    ...change,
    digest: `${placeFor(change.what, of)}${digestOf([change.what, of, content], 10)}`,
  });
  const whole = { criterionId: null };
  const visits = sheets.filter((sheet) => sheet.visit);
  const nameOf = (seatId: string) => sheets.find((sheet) => sheet.seatId === seatId)?.panelistName ?? null;
  const awaited = panel.awaitedSeats.map(({ id }) => id);
  // With when they came in: another phone that says to be them is not the one that was seen.
  const unadmitted = panel.unadmittedSeats.map(
    ({ id, admission }) => `${id} ${admission?.askedAt.toISOString() ?? ''}`,
  );
  const late = panel.lateSeats.map(({ seat }) => seat.id).sort();
  const { result } = panel;
  const made = [awaited.sort(), unadmitted.sort(), ...(late.length > 0 ? [late] : [])];
  return [
    part({ ...whole, what: 'panel', who: null, at: null }, '', made),
    ...sheets
      .filter((sheet) => !sheet.visit)
      .map((sheet) =>
        part(
          { ...whole, what: 'sheet', who: sheet.panelistName, at: sheet.submittedAt },
          sheet.seatId,
          sheet.hash,
        ),
      ),
    ...sheets.flatMap(({ seatId, panelistName, notCounted }) =>
      notCounted
        ? [
            part(
              { ...whole, what: 'counting', who: panelistName, at: notCounted.at ?? null },
              seatId,
              notCounted,
            ),
          ]
        : [],
    ),
    ...(visits.length + panel.lateVisits > 0
      ? [part({ ...whole, what: 'visits', who: null, at: null }, '', visitsOf(visits, panel.lateVisits))]
      : []),
    ...talk.revisions.map(({ id, seatId, criterionId, at }) =>
      part({ what: 'revision', criterionId, who: nameOf(seatId), at }, id, id),
    ),
    ...talk.decisions.map(({ id, kind, criterionId, decidedByName, at }) =>
      part({ what: kind, criterionId, who: decidedByName, at }, id, id),
    ),
    ...(result
      ? [
          result.correction
            ? part(
                { ...whole, what: 'corrected', who: result.correction.byName, at: frozenAt(result) },
                '',
                result.hash,
              )
            : part({ ...whole, what: 'published', who: null, at: result.publishedAt }, '', result.hash),
        ]
      : []),
  ];
}

/** The state as pages and programs get it and send it back: a digest of each part, of no meaning but for comparing. */
export const resultStateOf = (panel: SlotPanel, facts: StateFacts): string =>
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
  const concerns = (change: StateChange) =>
    criterionId === null || change.criterionId === criterionId || change.criterionId === null;
  // A sheet that is in is awaited no more: said once. Who is awaited matters to the whole result alone.
  const isSaid = (change: StateChange, _at: number, all: StateChange[]) =>
    concerns(change) &&
    (change.what !== 'panel' || (criterionId === null && !all.some(({ what }) => what === 'sheet')));
  const found = fresh.filter(isSaid).map(({ what, who, at, ...change }) => ({
    ...{ what, who, at, criterionId: change.criterionId },
  }));
  // What is there no more concerns every row: of what it was nothing but its kind is known.
  found.push(...goneSince(known, parts, fresh, facts));
  return found.sort((a, b) => (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0));
}

/**
 * Parts that were seen and are gone, with nothing in their place: a voice that counts again, or whatever else
 * the panel was made of.
 */
function goneSince(
  known: ReadonlySet<string>,
  parts: readonly StatePart[],
  fresh: readonly StatePart[],
  { sheets }: StateFacts,
): StateChange[] {
  const now = new Set(parts.map(({ digest }) => digest));
  const taken = new Set(fresh.map(({ digest }) => placeOf(digest)));
  const gone = [...known].filter((digest) => !now.has(digest) && !taken.has(placeOf(digest)));
  const whole = { criterionId: null, at: null };
  const again = sheets
    .filter(({ seatId }) => gone.some((digest) => placeOf(digest) === placeFor('counting', seatId)))
    .map(({ panelistName }) => ({ ...whole, what: 'counts-again' as const, who: panelistName }));
  const others = gone.length - again.length;
  const isUnsaid = gone.some(isPart) || fresh.length + again.length === 0;
  return others > 0 && isUnsaid ? [...again, { ...whole, what: 'panel', who: null }] : again;
}

/** Whether it can be from a state at all: what a sender made up says nothing about what has changed. */
const isPart = (digest: string): boolean => Object.values(LETTERS).includes(digest.slice(0, 1));

/**
 * 409: the result is another one than its sender has seen. Its words are said by the route, which knows the
 * reader's language.
 */
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
