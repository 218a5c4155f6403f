/**
 * Reads that one request, or one transaction, wants at the same moment, sent to MongoDB as one command.
 * Nothing is remembered: what is asked for later is read later. Refuses nothing and narrows nothing: the
 * questions that come in are narrowed to their school already.
 */
import { nextTurn } from '../../next-turn.js';
import { serialize } from 'node:v8';
import { copyOf } from './batch-reads.js';
import { readBatched } from './batched-queries.js';
import type { ClientSession, Database } from '../database.js';
import type { StoredFilter, Stored } from '../collection-queries.js';

type Connection = Database['connection'];
type Stage = Record<string, unknown>;

/** One question, as a command of its own and as a part of a bigger one. */
interface BatchedRead {
  collection: string;
  /** Sends it by itself. */
  alone(): Promise<Stored[]>;
  /** The same as stages of a pipeline. */
  stages(): Stage[];
}

export interface ReadBatch {
  /** The transaction that the questions are asked in. */
  readonly session?: ClientSession;
  /** What the question finds, in its order. */
  read(question: BatchedRead): Promise<Stored[]>;
  /**
   * By id alone; goes with the ids that other requests ask for when this request asks for nothing else at the moment.
   */
  readById(collection: string, always: StoredFilter, id: string): Promise<Stored | null>;
}

interface Wanted {
  question: BatchedRead;
  resolve: (found: Stored[]) => void;
  reject: (error: unknown) => void;
}
interface WantedId {
  collection: string;
  always: StoredFilter;
  id: string;
  resolve: (found: Stored | null) => void;
  reject: (error: unknown) => void;
}

/** Questions in one command: more make it slow to plan. */
const MAX_QUESTIONS = 50;
const MANY_DOCUMENTS = 300;
/** Documents in one piece of the answer; what is longer comes in several. */
export const BATCH_SIZE = 2000;

/**
 * For one request: its questions of one moment wait for each other and for nobody else's.
 * @param session of a transaction: what is asked at one moment is answered as one document, so it must be
 *   short together (16 MB)
 */
export function openReadBatch(connection: Connection, session?: ClientSession): ReadBatch {
  let wanted: Wanted[] = [];
  let ids: WantedId[] = [];
  const call = (): void => {
    if (wanted.length + ids.length === 1) setImmediate(send);
  };
  const send = (): void => {
    const [questions, byId] = [wanted, ids];
    wanted = [];
    ids = [];
    if (questions.length === 0) {
      for (const { collection, always, id, resolve, reject } of byId)
        readBatched(connection, collection, always, id).then(resolve, reject);
      return;
    }
    const all = [...questions, ...questionsOf(connection, byId)];
    for (let at = 0; at < all.length; at += MAX_QUESTIONS)
      void answer(connection, all.slice(at, at + MAX_QUESTIONS), session);
  };
  return {
    ...(session ? { session } : {}),
    read: (question) =>
      new Promise((resolve, reject) => {
        wanted.push({ question, resolve, reject });
        call();
      }),
    readById: (collection, always, id) =>
      new Promise((resolve, reject) => {
        ids.push({ collection, always, id, resolve, reject });
        call();
      }),
  };
}

async function answer(
  connection: Connection,
  wanted: readonly Wanted[],
  session: ClientSession | undefined,
): Promise<void> {
  try {
    if (wanted.length === 1) {
      wanted[0]!.resolve(await wanted[0]!.question.alone());
      return;
    }
    // The same question asked twice is one.
    const parts = new Map<string, Part & { askers: Wanted[] }>();
    for (const each of wanted) {
      const { collection } = each.question;
      const stages = each.question.stages();
      const key = serialize([collection, stages]).toString('latin1');
      const part = parts.get(key) ?? { collection, stages, askers: [] };
      part.askers.push(each);
      parts.set(key, part);
    }
    const all = [...parts.values()];
    const found = await (session ? readInTransaction(connection, all, session) : readParts(connection, all));
    all.forEach(({ askers }, part) =>
      // Each gets an answer of their own, as if they had asked alone.
      askers.forEach(({ resolve }, at) => resolve(at === 0 ? found[part]! : copyOf(found[part]!))),
    );
  } catch (error) {
    for (const { reject } of wanted) reject(error);
  }
}

interface Part {
  collection: string;
  stages: Stage[];
}

/** What each part finds. A transaction refuses `$unionWith`, so each part is a list of one document. */
async function readInTransaction(
  connection: Connection,
  parts: readonly Part[],
  session: ClientSession,
): Promise<Stored[][]> {
  const [found] = await connection
    .db!.aggregate<Record<string, Stored[]>>(
      [
        { $documents: [{}] },
        ...parts.map(({ collection, stages }, part) => ({
          $lookup: { from: collection, pipeline: stages, as: `part${part}` },
        })),
      ],
      { session },
    )
    .toArray();
  return parts.map((_part, at) => found![`part${at}`]!);
}

/** What each part finds; every document is marked with the number of its part. */
async function readParts(connection: Connection, parts: readonly Part[]): Promise<Stored[][]> {
  const marked = parts.map(({ stages }, part) => [
    ...stages,
    { $replaceWith: { part: { $literal: part }, document: '$$ROOT' } },
  ]);
  const found: Stored[][] = parts.map(() => []);
  const cursor = connection
    .collection(parts[0]!.collection)
    .aggregate<{ part: number; document: Stored }>(
      [
        ...marked[0]!,
        ...parts
          .slice(1)
          .map(({ collection }, at) => ({ $unionWith: { coll: collection, pipeline: marked[at + 1]! } })),
      ],
      { batchSize: BATCH_SIZE },
    );
  const answered = await cursor.toArray();
  for (const { part, document } of answered) found[part]!.push(document);
  // Reading so much took its time: before anything is made of it, it is the others' turn.
  if (answered.length > MANY_DOCUMENTS) await nextTurn();
  return found;
}

/** One question for each collection and school. */
function questionsOf(connection: Connection, wanted: readonly WantedId[]): Wanted[] {
  const groups = new Map<string, WantedId[]>();
  for (const each of wanted) {
    const key = JSON.stringify([each.collection, each.always]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].map((askers): Wanted => {
    const { collection, always } = askers[0]!;
    const match = { _id: { $in: [...new Set(askers.map(({ id }) => id))] }, ...always };
    return {
      question: {
        collection,
        alone: () =>
          connection
            .collection<Stored>(collection)
            .find(match as never)
            .toArray(),
        stages: () => [{ $match: match }],
      },
      resolve(found) {
        const known = new Map(found.map((document) => [document._id, document]));
        const given = new Set<string>();
        for (const { id, resolve } of askers) {
          const document = known.get(id) ?? null;
          resolve(document && given.has(id) ? copyOf(document) : document);
          given.add(id);
        }
      },
      reject: (error) => askers.forEach(({ reject }) => reject(error)),
    };
  });
}
