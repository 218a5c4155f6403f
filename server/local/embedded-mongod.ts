/**
 * The database of an installation that names none: one mongod as a one-node replica set on the loopback
 * address, its data in DATA_DIR/database. It is a process of its own that outlives a killed server: the next
 * start joins it. One server per data folder; command-line tools join; whoever leaves last stops it. Everyone
 * who uses it is noted in DATA_DIR/run, and starting and stopping happen under a lock, so that they cannot
 * cross. It takes nobody who does not know the password in DATA_DIR/keys.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newId } from '../ids.js';
import { readMongodSecrets } from './mongod-secrets.js';
import {
  DatabaseProblem,
  refuseOpenMongod,
  runMongod,
  stopMongod,
  type MongodPlace,
  type RunningMongod,
} from './mongod-process.js';
import { isAlive, thisProcess, whileLocked, type ProcessIdentity } from './process-lock.js';

export interface EmbeddedMongodOptions {
  dataDir: string;
  /** The mongod program. */
  binary: string;
  /** A fixed port; without it the port of the last start, or a free one. */
  port?: number | undefined;
  /** `server`: only one at a time. `tool`: joins whatever runs. */
  mode: 'server' | 'tool';
  /** Told when mongod ended by itself and was started again. */
  onRestart?: () => void;
}

export interface EmbeddedMongod {
  /** Connection address with the database `vitrine`. */
  uri: string;
  /** Leaves; stops mongod when nobody else uses it. */
  stop(): Promise<void>;
}

/** The data folder serves another running server. */
class DataFolderInUse extends DatabaseProblem {
  override name = 'DataFolderInUse';
  constructor(dataDir: string, pid: number) {
    super(
      `Another Vitrine server (process ${pid}) already uses the data folder ${dataDir}.\n` +
        'Stop that one first, or give this one a folder of its own: DATA_DIR=/another/folder',
    );
  }
}

const lockSeconds = 90;
const watchMilliseconds = 2000;

interface User extends ProcessIdentity {
  mode: 'server' | 'tool';
}

/**
 * @throws DataFolderInUse when mode is `server` and another server runs on this folder
 * @throws Error in plain words when mongod does not start
 */
export async function openEmbeddedMongod(options: EmbeddedMongodOptions): Promise<EmbeddedMongod> {
  const place: MongodPlace = {
    binary: options.binary,
    dataFolder: path.join(options.dataDir, 'database'),
    runFolder: path.join(options.dataDir, 'run'),
    port: options.port,
    secrets: readMongodSecrets(path.join(options.dataDir, 'keys')),
  };
  mkdirSync(place.dataFolder, { recursive: true, mode: 0o700 });
  mkdirSync(place.runFolder, { recursive: true, mode: 0o700 });
  const lock = path.join(place.runFolder, 'lock');
  const myFile = path.join(place.runFolder, `user-${newId()}.json`);

  let running = await whileLocked(lock, lockSeconds, async () => {
    const server = livingUsers(place.runFolder).find((user) => user.mode === 'server');
    if (options.mode === 'server' && server) throw new DataFolderInUse(options.dataDir, server.pid);
    if (livingUsers(place.runFolder).length > 0) refuseOpenMongod(place);
    const started = await runMongod(place);
    writeFileSync(myFile, JSON.stringify({ ...thisProcess(), mode: options.mode } satisfies User));
    return started;
  });

  let stopped = false;
  let restarting: Promise<void> | null = null;
  const restart = async (): Promise<void> => {
    running = await whileLocked(lock, lockSeconds, () => runMongod({ ...place, port: running.port }));
    options.onRestart?.();
  };
  const watch = setInterval(() => {
    if (stopped || restarting || isAlive(running.process)) return;
    restarting = restart()
      .catch(() => undefined)
      .finally(() => (restarting = null));
  }, watchMilliseconds);
  watch.unref();

  return {
    uri: uriOf(place, running),
    async stop() {
      if (stopped) return;
      stopped = true;
      clearInterval(watch);
      await restarting;
      await whileLocked(lock, lockSeconds, async () => {
        rmSync(myFile, { force: true });
        if (livingUsers(place.runFolder).length === 0) await stopMongod(place);
      });
    },
  };
}

function uriOf({ secrets: { owner } }: MongodPlace, { port }: RunningMongod): string {
  return `mongodb://${owner.username}:${owner.password}@127.0.0.1:${port}/vitrine?replicaSet=vitrine&authSource=${owner.source}`;
}

/** Also sweeps the notes of processes that died without a farewell. */
function livingUsers(runFolder: string): User[] {
  const living: User[] = [];
  for (const name of readdirSync(runFolder)) {
    if (!name.startsWith('user-')) continue;
    const file = path.join(runFolder, name);
    const user = parseUser(readFileSync(file, 'utf8'));
    if (user && isAlive(user)) living.push(user);
    else rmSync(file, { force: true });
  }
  return living;
}

function parseUser(text: string): User | null {
  try {
    return JSON.parse(text) as User;
  } catch {
    return null;
  }
}
