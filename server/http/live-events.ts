/**
 * Server-sent events. One change stream of the database per instance feeds everybody who listens there, so
 * all instances tell the same. The position of a change is the stream's resume token (sent out by
 * `seal-position.ts` alone): whoever was cut off says the last one they saw and gets what came since, from
 * memory or, on an instance that has not seen it, from the database's own log. Says states and places only;
 * what was scored never passes through here.
 */
import type { ServerResponse } from 'node:http';
import type { Database } from '../db/database.js';

/** One change of a school's data, as the stream tells it: never a document. */
export interface LiveChange {
  id: string;
  schoolId: string;
  collection: string;
  /** The few fields that were asked for; those that are absent were not there. */
  facts: Record<string, unknown>;
}

export interface Watched {
  collection: string;
  /** Fields of the document that may be told. */
  fields: readonly string[];
  /** On updates only when one of these fields has changed; left out: on every update. */
  onlyWhen?: readonly string[];
  /** Not when a document is new. */
  updatesOnly?: boolean;
  /** Not on updates in which this field has changed. */
  exceptWhen?: string;
  /** Only documents in which this field has one of these values. */
  where?: { field: string; in: readonly string[] };
}

interface RawChange {
  _id: { _data: string };
  ns: { coll: string };
  fullDocument?: Record<string, unknown> | null;
}

const remembered = 2000;
/**
 * How far back the database's log is read, in seconds: longer than one line lasts. Whoever was away for
 * longer asks for everything again.
 */
const MAX_BEHIND = 20 * 60;
/** Seconds since 1970 at which a position was given: its second to fifth byte. */
const secondsOf = (position: string): number => Number.parseInt(position.slice(2, 10), 16);

/** Whether the changes from one position to another are few enough to be read from the database's log. */
export const isNear = (after: string, until: string): boolean =>
  secondsOf(until) - secondsOf(after) <= MAX_BEHIND;

type Listener = (change: LiveChange | 'ended') => void;

export interface LiveEvents {
  /**
   * Hears every change from now on; `after` asks for those since an earlier one as well, in order and without a gap.
   * @returns how to stop, whether everything since `after` could be told, and the position from which it goes on
   */
  listen(
    after: string | null,
    hear: (change: LiveChange) => void,
    ended: () => void,
  ): Promise<{ complete: boolean; position: string; stop(): void }>;
}

export function openLiveEvents(db: Database, watched: readonly Watched[]): LiveEvents {
  const pipeline = pipelineOf(watched);
  const open = (resume?: string) =>
    db.connection.db!.watch<Record<string, unknown>, RawChange>(pipeline, {
      fullDocument: 'updateLookup',
      ...(resume ? { resumeAfter: { _data: resume }, maxAwaitTimeMS: 50 } : {}),
    });
  let stream: ReturnType<typeof open> | null = null;
  let ready: Promise<void> | null = null;
  let recent: LiveChange[] = [];
  let since = '';
  const listeners = new Set<Listener>();

  const end = () => {
    const old = stream;
    stream = ready = null;
    recent = [];
    since = '';
    void old?.close().catch(() => undefined);
    for (const listener of [...listeners]) listener('ended');
    listeners.clear();
  };

  async function start(): Promise<void> {
    const fresh = (stream = open());
    // Whatever happens from here on is in the stream: only then is anybody told that they are connected.
    const first = await fresh.tryNext();
    if (first) take(first);
    since = positionOf(fresh);
    void (async () => {
      try {
        for (;;) take(await fresh.next());
      } catch {
        if (stream === fresh) end();
      }
    })();
  }

  function take(raw: RawChange): void {
    const change = changeOf(raw);
    if (!change) return;
    recent.push(change);
    if (recent.length > remembered) since = recent.shift()!.id;
    for (const listener of listeners) listener(change);
  }

  /** From the database's log: everything after `after`, at least up to where memory begins. */
  async function drain(after: string, until: string): Promise<LiveChange[] | null> {
    const old = open(after);
    const found: LiveChange[] = [];
    let before = '';
    try {
      for (;;) {
        const raw = await old.tryNext();
        const change = raw && changeOf(raw);
        if (change) found.push(change);
        if (found.length > remembered) return null;
        if (raw) continue;
        // A position that stands still with nothing to tell: the end of the log is reached.
        const position = positionOf(old);
        if (position >= until || position === before) return found;
        before = position;
      }
    } catch {
      return null;
    } finally {
      await old.close().catch(() => undefined);
    }
  }

  return {
    async listen(after, hear, ended) {
      let last = after ?? '';
      let held: LiveChange[] | null = [];
      const tell = (change: LiveChange) => {
        // Tokens are ordered: nothing is told twice.
        if (change.id <= last) return;
        last = change.id;
        hear(change);
      };
      const listener: Listener = (change) => {
        if (change === 'ended') ended();
        else if (held) held.push(change);
        else tell(change);
      };
      listeners.add(listener);
      const stop = () => {
        listeners.delete(listener);
        if (listeners.size === 0 && stream) end();
      };
      try {
        await (ready ??= start());
      } catch (error) {
        ready = null;
        stop();
        throw error;
      }
      const newest = recent.at(-1)?.id ?? since;
      const known = after === null || (since !== '' && after >= since && after <= newest);
      const missed = known
        ? recent.filter((change) => after !== null && change.id > after)
        : isNear(after, since)
          ? await drain(after, since)
          : null;
      if (!missed) last = '';
      for (const change of missed ? [...missed, ...(known ? [] : recent), ...held] : held) tell(change);
      held = null;
      return { complete: missed !== null, position: last || recent.at(-1)?.id || since, stop };
    },
  };
}

const positionOf = (stream: { resumeToken: unknown }): string =>
  (stream.resumeToken as { _data: string } | undefined)?._data ?? '';

function changeOf(raw: RawChange): LiveChange | null {
  const document = raw.fullDocument;
  if (!document || typeof document['schoolId'] !== 'string') return null;
  const { schoolId, _id, ...facts } = document;
  return { id: raw._id._data, schoolId, collection: raw.ns.coll, facts: { id: _id, ...facts } };
}

/**
 * What a change must be is asked first and of the change alone: as long as nothing asks for the document, the
 * database finds it (for an update, it reads it again) for the few changes that are told, and not for every
 * tap on a score sheet.
 */
function pipelineOf(watched: readonly Watched[]): Record<string, unknown>[] {
  const fields = new Set(watched.flatMap((each) => each.fields));
  const choices = watched.filter(({ where }) => where);
  return [
    {
      $match: {
        $or: watched.map(({ collection, onlyWhen, updatesOnly, exceptWhen }) => ({
          'ns.coll': collection,
          $or: [
            { operationType: { $in: updatesOnly ? ['replace'] : ['insert', 'replace'] } },
            {
              operationType: 'update',
              ...(exceptWhen
                ? { [`updateDescription.updatedFields.${exceptWhen}`]: { $exists: false } }
                : {}),
              ...(onlyWhen
                ? {
                    $or: onlyWhen.map((field) => ({
                      [`updateDescription.updatedFields.${field}`]: { $exists: true },
                    })),
                  }
                : {}),
            },
          ],
        })),
      },
    },
    ...choices.map(({ collection, where }) => ({
      $match: {
        $or: [{ 'ns.coll': { $ne: collection } }, { [`fullDocument.${where!.field}`]: { $in: where!.in } }],
      },
    })),
    {
      $project: {
        operationType: 1,
        ns: 1,
        'fullDocument._id': 1,
        'fullDocument.schoolId': 1,
        ...Object.fromEntries([...fields].map((field) => [`fullDocument.${field}`, 1])),
      },
    },
  ];
}

/** Anything that a proxy or a sleeping phone would take for a dead line is noticed after this. */
export const heartbeatSeconds = 15;
/** After this the line is taken up anew, and with it the question whether the listener may still listen. */
const MAX_STREAM_MINUTES = 15;

/** Writes events to one listener. */
export function eventStream(response: ServerResponse) {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'private, no-store, no-transform',
    'X-Accel-Buffering': 'no',
  });
  response.write('retry: 2000\n\n');
  const beat = setInterval(() => response.write(': \n\n'), heartbeatSeconds * 1000);
  const limit = setTimeout(() => response.end(), MAX_STREAM_MINUTES * 60_000);
  response.on('close', () => {
    clearInterval(beat);
    clearTimeout(limit);
  });
  return {
    send(event: string, data: object, id?: string) {
      response.write(`${id ? `id: ${id}\n` : ''}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    end: () => response.end(),
  };
}
