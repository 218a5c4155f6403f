/**
 * Counts what a program asks of its database, by MongoDB's own profiler: commands, and how many documents and
 * keys each read.
 */
import type { Database } from '../../server/db/database.js';

export interface Command {
  /** `find`, `aggregate`, `getMore`, `update` … */
  name: string;
  collection: string;
  /** Documents that were looked at. */
  documents: number;
  /** Keys of indexes that were looked at. */
  keys: number;
  returned: number;
  /** What was asked, as it was sent. */
  command: Record<string, unknown>;
}

interface Profiled {
  op: string;
  ns: string;
  command: Record<string, unknown>;
  docsExamined?: number;
  keysExamined?: number;
  nreturned?: number;
}

const profileBytes = 16 * 1024 * 1024;

/** Begins to count; what it returns ends that and tells. Nobody else may profile this database meanwhile. */
export async function watchCommands({ connection, name }: Database): Promise<() => Promise<Command[]>> {
  const raw = connection.db!;
  await raw.command({ profile: 0 });
  await raw.collection('system.profile').drop();
  await raw.createCollection('system.profile', { capped: true, size: profileBytes });
  await raw.command({ profile: 2 });
  return async () => {
    await raw.command({ profile: 0 });
    const entries = (await raw.collection('system.profile').find().toArray()) as unknown as Profiled[];
    return entries
      .filter(
        ({ ns }) => ns.startsWith(`${name}.`) && !ns.startsWith(`${name}.system.`) && ns !== `${name}.$cmd`,
      )
      .map((entry) => ({
        name: nameOf(entry),
        collection: entry.ns.slice(name.length + 1),
        documents: entry.docsExamined ?? 0,
        keys: entry.keysExamined ?? 0,
        returned: entry.nreturned ?? 0,
        command: entry.command,
      }));
  };
}

const nameOf = ({ op, command }: Profiled): string =>
  op === 'command' || op === 'query' || op === 'getmore' ? (Object.keys(command)[0] ?? op) : op;
