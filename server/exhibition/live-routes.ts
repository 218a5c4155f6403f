/**
 * The day as it happens: whoever may read the board hears that something on it has changed, and asks for the board again.
 * Those who plan are told which sheet went in; the panel, students and families never are, not even that one did.
 */
import { z } from 'zod';
import { keepStream } from '../access/open-streams.js';
import type { Database, SchoolScope } from '../database.js';
import { Forbidden } from '../errors.js';
import { idParams } from '../http/read-input.js';
import {
  eventStream,
  heartbeatSeconds,
  openLiveEvents,
  type Change,
  type LiveEvents,
  type Watched,
} from '../http/live-events.js';
import { raw, routes, sent, type RoomRoutes } from '../http/route.js';
import { openPosition, sealPosition } from '../http/seal-position.js';
import { mayManageExhibitions } from './exhibition.js';
import { readableExhibition } from './exhibition-pages.js';
import { readers } from './exhibition-routes.js';

/** What a listener is told: kinds, ids and states, never what stands on a sheet. */
export interface DayEvent {
  kind: 'exhibition' | 'slot' | 'seat' | 'sheet' | 'visit' | 'removed' | 'day';
  slotId?: string;
  /** Of a sheet: `draft` or `submitted`. */
  state?: string;
}

const kinds: Record<string, DayEvent['kind']> = {
  exhibitions: 'exhibition',
  slots: 'slot',
  seats: 'seat',
  scoresheets: 'sheet',
  visits: 'visit',
  auditpending: 'removed',
};

/**
 * Null when the change is of another day, or not for this listener.
 * @param day.studentIds whose stand's visits the listener reads: their own and their children's
 */
export function dayEventOf(
  change: Pick<Change, 'schoolId' | 'collection' | 'facts'>,
  day: { schoolId: string; exhibitionId: string; plans: boolean; studentIds?: readonly string[] },
): DayEvent | null {
  const kind = kinds[change.collection];
  if (!kind || change.schoolId !== day.schoolId) return null;
  const { id, exhibitionId, slotId, studentId, state, detail } = change.facts;
  const of =
    kind === 'exhibition' ? id : (exhibitionId ?? (detail as { exhibitionId?: unknown })?.exhibitionId);
  if (of !== day.exhibitionId) return null;
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

type SitsInExhibition = (
  scope: SchoolScope,
  seatIds: readonly string[],
  exhibitionId: string,
) => Promise<boolean>;

/**
 * @param watched what of the day lies in which collection; the later rooms' are known to app.ts
 * @param sitsInExhibition whether one of a guest's seats is of this exhibition
 */
export function makeLiveRoutes(watched: readonly Watched[], sitsInExhibition: SitsInExhibition): RoomRoutes {
  const room = routes('exhibition');
  const open = new WeakMap<Database, LiveEvents>();
  const liveOf = (db: Database): LiveEvents => {
    const live = open.get(db) ?? openLiveEvents(db, watched);
    open.set(db, live);
    return live;
  };

  room.get(
    '/exhibitions/:id/events',
    {
      summary: 'Server-sent events of the day (Accept: text/event-stream); resumes by Last-Event-ID',
      who: [...readers, 'guest'],
      params: idParams,
      answer: z.object({ heartbeatSeconds: z.number() }),
    },
    async (call) => {
      const { scope, actor, request, response, params } = call;
      await readableExhibition(scope, actor, params.id);
      if (actor.seatIds && !(await sitsInExhibition(scope, actor.seatIds, params.id))) throw new Forbidden();
      if (!(request.headers.accept ?? '').includes('text/event-stream'))
        return raw('application/json', JSON.stringify({ heartbeatSeconds }));
      const key = call.context.config.keyFor('live-events');
      const after = openPosition(key, request.headers['last-event-id']);
      const day = {
        schoolId: scope.schoolId,
        exhibitionId: params.id,
        plans: mayManageExhibitions(actor),
        studentIds: [actor.personId, ...actor.childIds],
      };
      const forget = keepStream(scope.db, request, () => response.end());
      const events = eventStream(response);
      let stop: (() => void) | null = null;
      let gone = false;
      response.on('close', () => {
        gone = true;
        forget();
        stop?.();
      });
      const heard = await liveOf(scope.db).listen(
        after,
        (change) => {
          const event = dayEventOf(change, day);
          if (event) events.send('change', event, sealPosition(key, change.id));
        },
        () => events.end(),
      );
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
  return room;
}
