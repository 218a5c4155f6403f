/**
 * Writes down what a program asks of its database, by MongoDB's own profiler: how each question was answered,
 * and how much was read for it.
 */
import type { Database } from '../../server/db/database.js';

/** All questions of one shape; the figures are of the one that read the most beyond its answer. */
export interface Asked {
  collection: string;
  /** `seats find personId,schoolId sort createdAt,_id` */
  question: string;
  /** `IXSCAN { _id: 1 }`, `COLLSCAN` … */
  plan: string;
  /** Documents, or keys of an index where those were more. */
  read: number;
  /** Documents that the question was for: found, counted, changed or removed. */
  answered: number;
}

type Fields = Record<string, unknown>;
interface Profiled {
  op: string;
  ns: string;
  command: Fields;
  planSummary: string;
  docsExamined?: number;
  keysExamined?: number;
  nreturned?: number;
  nMatched?: number;
  ndeleted?: number;
  cursorid?: unknown;
}

/** Of one shape so many different questions are asked again. */
const MAX_ASKED_AGAIN = 80;
const profileBytes = 256 * 1024 * 1024;

/** Begins to write down; what it returns ends that and tells. Nobody else may profile this database. */
export async function watchQuestions({ connection, name }: Database): Promise<() => Promise<Asked[]>> {
  const raw = connection.db!;
  const askedAgain = new Map<string, Set<string>>();

  async function figuresOf(collection: string, entry: Profiled) {
    const { command } = entry;
    const figures = {
      plan: entry.planSummary,
      read: Math.max(entry.docsExamined ?? 0, entry.keysExamined ?? 0),
      answered: entry.nreturned ?? entry.nMatched ?? entry.ndeleted ?? 0,
    };
    if (figures.read <= figures.answered) return figures;
    if ('pipeline' in command)
      return { ...figures, answered: await raw.collection(collection).countDocuments(narrowedTo(command)) };
    if (!('find' in command)) return figures;
    // Asked once more by itself: MongoDB remembers the plan of another question of the same shape, that was wider.
    const { find, filter, sort, skip, limit, projection } = command;
    const asked = Object.entries({ find, filter, sort, skip, limit, projection });
    const explain = Object.fromEntries(asked.filter(([, value]) => value !== undefined));
    const { executionStats } = (await raw.command({ explain, verbosity: 'executionStats' })) as {
      executionStats: { totalDocsExamined: number; totalKeysExamined: number; nReturned: number };
    };
    const { totalDocsExamined, totalKeysExamined, nReturned } = executionStats;
    return { plan: figures.plan, read: Math.max(totalDocsExamined, totalKeysExamined), answered: nReturned };
  }

  await raw.createCollection('system.profile', { capped: true, size: profileBytes });
  await raw.command({ profile: 2 });
  return async () => {
    await raw.command({ profile: 0 });
    const entries = await raw
      .collection('system.profile')
      .find({ planSummary: { $exists: true } })
      .toArray();
    await raw.dropCollection('system.profile');
    const shapes = new Map<string, Asked>();
    for (const entry of wholeCursors(entries as unknown as Profiled[])) {
      const collection = entry.ns.slice(name.length + 1);
      if (collection.startsWith('system.')) continue;
      if (isBatch(entry.command)) {
        for (const part of partsOf(entry.command)) await noteDown(shapes, part.collection, part.command);
        continue;
      }
      const question = `${collection} ${shapeOf(entry.command)}`;
      keepWorst(shapes, { collection, question, ...(await figuresOf(collection, entry)) });
    }
    return [...shapes.values()];
  };

  /** A part of a batch, asked once more by itself. */
  async function noteDown(shapes: Map<string, Asked>, collection: string, command: Fields): Promise<void> {
    const question = `${collection} ${shapeOf(command)}`;
    const key = JSON.stringify([question, command]);
    const often = askedAgain.get(question) ?? new Set();
    if (often.has(key) || often.size >= MAX_ASKED_AGAIN) return;
    askedAgain.set(question, often.add(key));
    const { filter, sort, skip, limit, projection } = command;
    const asked = Object.entries({ find: collection, filter, sort, skip, limit, projection });
    const explain = Object.fromEntries(asked.filter(([, value]) => value !== undefined));
    const { queryPlanner, executionStats } = (await raw.command({
      explain,
      verbosity: 'executionStats',
    })) as {
      queryPlanner: { winningPlan: unknown };
      executionStats: { totalDocsExamined: number; totalKeysExamined: number; nReturned: number };
    };
    const { totalDocsExamined, totalKeysExamined, nReturned } = executionStats;
    const read = Math.max(totalDocsExamined, totalKeysExamined);
    keepWorst(shapes, {
      collection,
      question,
      plan: planOf(queryPlanner.winningPlan),
      read,
      answered: nReturned,
    });
  }
}

function keepWorst(shapes: Map<string, Asked>, asked: Asked): void {
  const key = `${asked.question} ${asked.plan}`;
  const worst = shapes.get(key);
  if (!worst || asked.read - asked.answered > worst.read - worst.answered) shapes.set(key, asked);
}

/** `SORT FETCH IXSCAN schoolId_1_startsAt_1`, from the outside in. */
const planOf = (plan: unknown): string =>
  [...JSON.stringify(plan).matchAll(/"(?:stage|indexName)":"([^"]+)"/g)].map(([, name]) => name).join(' ');

/** Reads of one moment that were sent as one command. */
const isBatch = (command: Fields): boolean =>
  ((command['pipeline'] ?? []) as Fields[]).some((stage) => '$unionWith' in stage);

/**
 * Each question of a batch as the find that it would be alone; what only counts or groups, as the find of
 * what it looks at.
 */
function partsOf(command: Fields): { collection: string; command: Fields }[] {
  const pipeline = command['pipeline'] as Fields[];
  const others = pipeline.flatMap((stage) => {
    const union = stage['$unionWith'] as { coll: string; pipeline: Fields[] } | undefined;
    return union ? [{ collection: union.coll, stages: union.pipeline }] : [];
  });
  const first = {
    collection: command['aggregate'] as string,
    stages: pipeline.filter((stage) => !('$unionWith' in stage)),
  };
  return [first, ...others].map(({ collection, stages }) => {
    const of = (name: string) => stages.find((stage) => name in stage)?.[name];
    const matches = stages.flatMap((stage) => ('$match' in stage ? [stage['$match'] as Fields] : []));
    const filter = matches.length === 1 ? matches[0] : { $and: matches };
    const isList = !of('$group') && !of('$count');
    const list = { sort: of('$sort'), skip: of('$skip'), limit: of('$limit'), projection: of('$project') };
    return { collection, command: { find: collection, filter, ...(isList ? list : {}) } };
  });
}

/** A long answer comes in several batches: they are one question. */
function wholeCursors(entries: Profiled[]): Profiled[] {
  const whole = new Map<string, Profiled>();
  for (const entry of entries) {
    const cursor = String(entry.cursorid ?? 0);
    const first = cursor === '0' ? undefined : whole.get(cursor);
    if (first) {
      for (const figure of ['docsExamined', 'keysExamined', 'nreturned'] as const)
        first[figure] = (first[figure] ?? 0) + (entry[figure] ?? 0);
    } else if (entry.op !== 'getmore')
      whole.set(cursor === '0' ? `alone ${whole.size}` : cursor, { ...entry });
  }
  return [...whole.values()];
}

/** What an aggregate narrows itself to: what passes that, it has to read. */
const narrowedTo = (command: Fields): Fields => ({
  $and: (command['pipeline'] as Fields[]).flatMap((stage) => ('$match' in stage ? [stage['$match']] : [])),
});

/** The question without its values. */
function shapeOf(command: Fields): string {
  const [verb, filter] =
    'pipeline' in command
      ? ['aggregate', narrowedTo(command)]
      : 'find' in command
        ? ['find', command['filter']]
        : ['write', command['query'] ?? command['q']];
  const sort = Object.keys(command['sort'] ?? {});
  return `${verb} ${keysOf(filter)}${sort.length > 0 ? ` sort ${sort.join(',')}` : ''}`;
}

function keysOf(value: unknown): string {
  if (Array.isArray(value)) return [...new Set(value.map(keysOf))].filter(Boolean).join(' ');
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return '';
  return Object.entries(value)
    .map(([key, inner]) => (keysOf(inner) ? `${key}{${keysOf(inner)}}` : key))
    .sort()
    .join(',');
}
