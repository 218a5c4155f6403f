/**
 * The day as it happens: whoever may read the board hears that something on it has changed, and asks for the
 * board again. Those who plan are told which sheet went in; the panel, students and families never are, not
 * even that one did.
 */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { limitAttempts } from '../../access/limit-attempts.js';
import { keepStream } from '../../access/open-streams.js';
import type { Request } from 'express';
import { hasRole, type Actor } from '../../access/actor.js';
import type { Context } from '../../context.js';
import type { Database, SchoolScope } from '../../db/database.js';
import { Forbidden, TooMany } from '../../errors.js';
import { idParams } from '../../http/read-input.js';
import {
  eventStream,
  heartbeatSeconds,
  openLiveEvents,
  type LiveChange,
  type LiveEvents,
} from '../../http/live-events.js';
import { raw, routes, sent, type FeatureRoutes, type AnyCall } from '../../http/route.js';
import { openPosition, sealPosition } from '../../http/seal-position.js';
import { mayManageExhibitions } from '../exhibition.js';
import { readableExhibition } from '../exhibition-pages.js';
import { readers } from '../exhibition-routes.js';
import { openLiveBoard, type LiveBoard, type BoardChange } from './live-board.js';
import { listSeatsByIds } from '../seats/seat-records.js';
import { watchedOfDay } from './watched-of-day.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';

/** What a listener is told: kinds, ids and states, never what stands on a sheet. */
export interface DayEvent {
  kind: 'exhibition' | 'slot' | 'seat' | 'sheet' | 'result' | 'visit' | 'stand' | 'removed' | 'day';
  slotId?: string;
  /** Of a sheet: `draft` or `submitted`. */
  state?: string;
}

const kinds: Record<string, DayEvent['kind']> = {
  exhibitions: 'exhibition',
  slots: 'slot',
  seats: 'seat',
  scoresheets: 'sheet',
  reveals: 'result',
  visits: 'visit',
  standstops: 'stand',
  auditpending: 'removed',
};

/**
 * Null when the change is of another day, or not for this listener.
 * @param day.readsResults whether the listener may be of a panel, or of the staff; students and families hear
 *   nothing of what panels do
 * @param day.studentIds whose stand's visits the listener reads: their own and their children's
 */
export function dayEventOf(
  change: Pick<LiveChange, 'schoolId' | 'collection' | 'facts'>,
  day: {
    schoolId: string;
    exhibitionId: string;
    plans: boolean;
    readsResults?: boolean;
    studentIds?: readonly string[];
  },
): DayEvent | null {
  const kind = kinds[change.collection];
  if (!kind || change.schoolId !== day.schoolId) return null;
  const { id, exhibitionId, slotId, studentId, state, detail } = change.facts;
  const of =
    kind === 'exhibition' ? id : (exhibitionId ?? (detail as { exhibitionId?: unknown })?.exhibitionId);
  if (of !== day.exhibitionId) return null;
  if (kind === 'result') return day.readsResults ? { kind, slotId: String(id) } : null;
  if (!day.plans && kind === 'visit')
    return (day.studentIds ?? []).includes(String(studentId)) ? { kind: 'day' } : null;
  if (!day.plans) return kind === 'sheet' ? null : { kind: 'day' };
  const slot = kind === 'slot' ? id : slotId;
  return {
    kind,
    ...(typeof slot === 'string' ? { slotId: slot } : {}),
    ...(kind === 'sheet' && typeof state === 'string' ? { state } : {}),
  };
}

/** How often one person is told in a minute what they missed; beyond that they are told to ask for everything. */
const MAX_RESUMED = 60;

async function isSeldom({ db, clock }: Context, personId: string): Promise<boolean> {
  const limit = { what: 'live-resumed', whom: personId, most: MAX_RESUMED, seconds: 60 };
  try {
    await limitAttempts(db, limit, clock.now());
    return true;
  } catch (error) {
    if (error instanceof TooMany) return false;
    throw error;
  }
}

/** What the later features answer. */
export interface ListenerPorts {
  /** Who a listener is by now; null when they are no longer signed in. */
  actorNow(context: Context, request: Request): Promise<Actor | null>;
}

/** Guests hear of the days on which they sit on a panel. */
const sitsInExhibition = async (scope: SchoolScope, seatIds: readonly string[], exhibitionId: string) =>
  (await listSeatsByIds(scope, seatIds)).some((seat) => seat.exhibitionId === exhibitionId);

/** What of a change a board has to draw again. */
export function boardMark(
  { collection, facts }: Pick<LiveChange, 'collection' | 'facts'>,
  exhibitionId: string,
): BoardChange | null {
  const kind = kinds[collection];
  const detail = facts['detail'] as { exhibitionId?: unknown } | undefined;
  const of = kind === 'exhibition' ? facts['id'] : (facts['exhibitionId'] ?? detail?.exhibitionId);
  // What a panel does with its voices is on no board.
  if (!kind || kind === 'result' || of !== exhibitionId) return null;
  const slotId = kind === 'slot' ? (facts['partOf'] ?? facts['id']) : facts['slotId'];
  const whole = kind === 'exhibition' || kind === 'removed' || typeof slotId !== 'string';
  return {
    slotId: whole ? null : slotId,
    plan: whole || kind === 'slot' || kind === 'seat',
    plannersOnly: kind === 'sheet' || kind === 'visit',
  };
}

/** @param listeners who listens by now, which sessions know */
export function makeLiveRoutes(ports: ExhibitionPorts, { actorNow }: ListenerPorts): FeatureRoutes {
  const router = routes('exhibition');
  const boards = new WeakMap<Database, Map<string, LiveBoard>>();
  const boardOf = (call: AnyCall, exhibitionId: string): LiveBoard => {
    const { scope, context, locale, timeZone } = call;
    const ofDatabase = boards.get(scope.db) ?? new Map<string, LiveBoard>();
    boards.set(scope.db, ofDatabase);
    const known = ofDatabase.get(exhibitionId);
    if (known) return known;
    const fresh = openLiveBoard(context, ports, scope, exhibitionId, { locale, timeZone });
    ofDatabase.set(exhibitionId, fresh);
    return fresh;
  };
  const open = new WeakMap<Database, LiveEvents>();
  const liveOf = (db: Database): LiveEvents => {
    const live = open.get(db) ?? openLiveEvents(db, watchedOfDay);
    open.set(db, live);
    return live;
  };

  const dropBoard = (db: Database, exhibitionId: string): void => {
    const ofDatabase = boards.get(db);
    if (ofDatabase?.get(exhibitionId)?.empty) ofDatabase.delete(exhibitionId);
  };

  router.get(
    '/exhibitions/:id/events',
    {
      summary:
        'Server-sent events of the day (Accept: text/event-stream), with ?show=board its changed cards; resumes by Last-Event-ID',
      who: [...readers, 'guest'],
      params: idParams,
      query: z.object({ show: z.literal('board').optional() }),
      answer: z.object({ heartbeatSeconds: z.number() }),
    },
    async (call) => {
      const { scope, actor, request, response, params } = call;
      await readableExhibition(scope, actor, params.id);
      if (actor.seatIds && !(await sitsInExhibition(scope, actor.seatIds, params.id))) throw new Forbidden();
      if (!(request.headers.accept ?? '').includes('text/event-stream'))
        return raw('application/json', JSON.stringify({ heartbeatSeconds }));
      const key = call.context.config.keyFor('live-events');
      const said = openPosition(key, request.headers['last-event-id']);
      const mayResume = said !== null && (await isSeldom(call.context, actor.personId));
      const after = mayResume ? said : null;
      const day = {
        schoolId: scope.schoolId,
        exhibitionId: params.id,
        plans: mayManageExhibitions(actor),
        readsResults: !hasRole(actor, 'student', 'guardian'),
        studentIds: [actor.personId, ...actor.childIds],
      };
      const forget = keepStream(call.context, request, () => response.end());
      const events = eventStream(response);
      const again = async () => {
        const now = await actorNow(call.context, request);
        const stays = now && (!now.seatIds || (await sitsInExhibition(scope, now.seatIds, params.id)));
        return stays ? now : null;
      };
      const hear = call.query.show
        ? hearBoard(boardOf(call, params.id), params.id, {
            actor,
            again,
            day,
            events,
            key,
          })
        : hearChanges(day, events, key);
      let stop: (() => void) | null = null;
      let gone = false;
      response.on('close', () => {
        gone = true;
        forget();
        stop?.();
        hear.leave();
        dropBoard(scope.db, params.id);
      });
      // Who has left the school or a panel, or has other roles or children, hears nothing more from that
      // moment on, whichever instance they listen at. A page asks again by itself, as whoever they are by
      // now.
      const change = (each: LiveChange): void => {
        if (isAbout(each, actor, params.id))
          void again().then(
            (now) => (isSame(now, actor) ? undefined : events.end()),
            () => events.end(),
          );
        hear.change(each);
      };
      const heard = await liveOf(scope.db).listen(after, change, () => events.end());
      stop = heard.stop;
      if (gone) stop();
      // Whoever comes new, or was away for too long, asks for the whole board once; from then on nothing is missed.
      else {
        const position = heard.position ? sealPosition(key, heard.position) : undefined;
        events.send(after !== null && heard.complete ? 'resumed' : 'whole', {}, position);
      }
      return sent;
    },
  );
  return router;
}

/** Whether a change is of the listener, of whoever is their child, or of a seat by which they came in. */
function isAbout(
  { collection, schoolId, facts }: Pick<LiveChange, 'collection' | 'schoolId' | 'facts'>,
  { personId, childIds, seatIds, schoolId: own }: Actor,
  exhibitionId: string,
): boolean {
  if (schoolId !== own) return false;
  if (collection === 'people') return [personId, ...childIds].includes(String(facts['id']));
  if (seatIds === null) return false;
  if (collection === 'seats') return seatIds.includes(String(facts['id']));
  return collection === 'auditpending' && boardMark({ collection, facts }, exhibitionId) !== null;
}

const isSame = (now: Actor | null, { roles, childIds, seatIds }: Actor): boolean =>
  now !== null &&
  isDeepStrictEqual(
    [now.roles, [...now.childIds].sort(), [...(now.seatIds ?? [])].sort()],
    [roles, [...childIds].sort(), [...(seatIds ?? [])].sort()],
  );

interface Hearing {
  change(change: LiveChange): void;
  leave(): void;
}
type Day = Parameters<typeof dayEventOf>[1];
type Events = ReturnType<typeof eventStream>;

/** For programs, and for pages that ask for themselves again: each change by its name. */
const hearChanges = (day: Day, events: Events, key: Buffer): Hearing => ({
  change(change) {
    const event = dayEventOf(change, day);
    if (event) events.send('change', event, sealPosition(key, change.id));
  },
  leave: () => undefined,
});

/** For boards: what has changed, drawn. */
function hearBoard(
  board: LiveBoard,
  exhibitionId: string,
  of: { actor: Actor; again: () => Promise<Actor | null>; day: Day; events: Events; key: Buffer },
): Hearing {
  const { actor, again, day, events, key } = of;
  const member = board.join({
    actor,
    again,
    send: (event, data, position) =>
      events.send(event, data, position ? sealPosition(key, position) : undefined),
    end: () => events.end(),
  });
  return {
    change(change) {
      if (change.schoolId !== day.schoolId) return;
      if (change.collection === 'people') {
        board.doubt(String(change.facts['id']));
        return;
      }
      const mark = boardMark(change, exhibitionId);
      if (!mark) return;
      // What was left at a stand is told to those whose stand it is, too.
      const theirs = change.collection === 'visits' && dayEventOf(change, day) !== null;
      member.mark(theirs ? { ...mark, plannersOnly: false } : mark, change.id);
    },
    leave: member.leave,
  };
}
