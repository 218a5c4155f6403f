/**
 * Starts, joins and stops the one mongod process of a data folder. Callers hold the folder's lock. The process is
 * detached: a Ctrl-C meant for the server does not reach it, and a killed server leaves it healthy.
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverConnection, type Credentials, type ServerConnection } from '../db/database.js';
import type { MongodSecrets } from './mongod-secrets.js';
import { identifyProcess, isAlive, type ProcessIdentity } from './process-lock.js';

export interface MongodPlace {
  binary: string;
  dataFolder: string;
  /** Where the port, the process and mongod's log are noted. */
  runFolder: string;
  port?: number | undefined;
  secrets: MongodSecrets;
}

export interface RunningMongod {
  port: number;
  process: ProcessIdentity;
}

/** Why the database does not run, in words for whoever starts the server. */
export class DatabaseProblem extends Error {
  override name = 'DatabaseProblem';
}

const replicaSet = 'vitrine';
const startSeconds = 60;
const stopSeconds = 40;
const exitDataFolderInUse = 100;
const lowestPort = 20_000;
const highestPort = 32_000;
const MAX_LOG_BYTES = 10 * 1024 * 1024;

/** Joins the mongod that runs on this folder, or starts one and waits until it takes writes. */
export async function runMongod(place: MongodPlace): Promise<RunningMongod> {
  const noted = readNote(place);
  // One that an earlier version left behind takes everybody: it is started again.
  if (noted?.process && !noted.secured) await endProcess(noted.process);
  else if (noted?.process && isAlive(noted.process)) {
    const process = noted.process;
    const deadline = performance.now() + startSeconds * 1000;
    while (isAlive(process) && performance.now() < deadline) {
      if (await isOurs(place, noted.port)) {
        await becomePrimary(place, noted.port, () => isAlive(process));
        return { port: noted.port, process };
      }
      await sleep(100);
    }
    await endProcess(process);
  }
  return startMongod(place, await choosePort(place, noted?.port));
}

/** @throws DatabaseProblem when others still use a mongod that an earlier version has started without a password */
export function refuseOpenMongod(place: MongodPlace): void {
  const noted = readNote(place);
  if (noted?.process && !noted.secured && isAlive(noted.process))
    throw new DatabaseProblem(
      'An earlier version of Vitrine still uses the database of this data folder. Stop it, then start this one.',
    );
}

/** Stops it in good order and keeps its port for the next start. */
export async function stopMongod(place: MongodPlace): Promise<void> {
  const noted = readNote(place);
  if (!noted?.process) return;
  await endProcess(noted.process);
  writeNote(place, { port: noted.port });
}

async function startMongod(place: MongodPlace, port: number): Promise<RunningMongod> {
  const log = path.join(place.runFolder, 'mongod.log');
  if (existsSync(log) && statSync(log).size > MAX_LOG_BYTES) rmSync(log);
  const args = [
    '--dbpath',
    place.dataFolder,
    '--port',
    String(port),
    '--bind_ip',
    '127.0.0.1',
    '--replSet',
    replicaSet,
  ];
  args.push('--auth', '--keyFile', place.secrets.keyFile);
  args.push('--logpath', log, '--logappend', '--oplogSize', '512');
  args.push('--setParameter', 'diagnosticDataCollectionEnabled=false');
  if (process.platform !== 'win32') args.push('--nounixsocket');
  const child = spawn(place.binary, args, { stdio: 'ignore', detached: true, windowsHide: true });
  let ended: string | null = null;
  child.on('error', (error) => (ended = `${place.binary} cannot be run: ${error.message}`));
  child.on('exit', (code) => (ended ??= describeEnd(place, log, code)));
  child.unref();
  const identity = child.pid === undefined ? null : identifyProcess(child.pid);
  if (identity) writeNote(place, { port, process: identity, secured: true });
  try {
    await becomePrimary(place, port, () => ended === null);
  } catch (error) {
    if (identity) await endProcess(identity);
    throw new DatabaseProblem(ended ?? `mongod did not come up within ${startSeconds} s; see ${log}`, {
      cause: error,
    });
  }
  if (!identity) throw new DatabaseProblem(ended ?? 'mongod ended while it was starting');
  return { port, process: identity };
}

/**
 * Makes the replica set on the first start, mends its address after the port changed, waits until it is
 * primary and knows its owner. All of that as the member of the set that it is: the user exists only
 * afterwards, or not yet in data of an earlier version.
 */
async function becomePrimary(place: MongodPlace, port: number, lives: () => boolean): Promise<void> {
  const client = await connect(place, port, lives);
  try {
    const admin = client.db('admin');
    const address = `127.0.0.1:${port}`;
    const config = await client.db('local').collection('system.replset').findOne({});
    if (!config) {
      const members = [{ _id: 0, host: address }];
      await admin.command({ replSetInitiate: { _id: replicaSet, members } });
    } else if ((config.members as { host: string }[])[0]?.host !== address) {
      const members = [{ ...(config.members as object[])[0], host: address }];
      await admin.command({
        replSetReconfig: { ...config, members, version: Number(config.version) + 1 },
        force: true,
      });
    }
    const deadline = performance.now() + startSeconds * 1000;
    while (!(await admin.command({ hello: 1 })).isWritablePrimary) {
      if (!lives() || performance.now() > deadline) throw new Error('mongod did not become primary');
      await sleep(20);
    }
    await saveOwner(client, place.secrets.owner);
  } finally {
    await client.close();
  }
}

async function saveOwner(
  client: ServerConnection,
  { username, password, source }: Credentials,
): Promise<void> {
  const owners = client.db(source);
  const { users } = await owners.command({ usersInfo: username });
  const facts = { pwd: password, roles: [{ role: 'root', db: 'admin' }] };
  const isThere = (users as unknown[]).length > 0;
  await owners.command(isThere ? { updateUser: username, ...facts } : { createUser: username, ...facts });
}

async function connect(place: MongodPlace, port: number, lives: () => boolean): Promise<ServerConnection> {
  const deadline = performance.now() + startSeconds * 1000;
  for (;;) {
    const client = serverConnection(port, 300, place.secrets.member);
    try {
      return await client.connect();
    } catch (error) {
      await client.close();
      if (!lives() || performance.now() > deadline) throw error;
    }
  }
}

/** Whether the mongod that answers on `port` is the one of this data folder. */
async function isOurs(place: MongodPlace, port: number): Promise<boolean> {
  const client = serverConnection(port, 1000, place.secrets.member);
  try {
    await client.connect();
    const options = await client.db('admin').command({ getCmdLineOpts: 1 });
    const parsed = options.parsed as { storage?: { dbPath?: string } };
    return realpathSync(parsed.storage?.dbPath ?? '') === realpathSync(place.dataFolder);
  } catch {
    return false;
  } finally {
    await client.close();
  }
}

async function endProcess(identity: ProcessIdentity): Promise<void> {
  const deadline = performance.now() + stopSeconds * 1000;
  if (isAlive(identity)) process.kill(identity.pid, 'SIGTERM');
  while (isAlive(identity)) {
    if (performance.now() > deadline) process.kill(identity.pid, 'SIGKILL');
    await sleep(20);
  }
}

async function choosePort(place: MongodPlace, last: number | undefined): Promise<number> {
  if (place.port !== undefined) {
    if (await isFree(place.port)) return place.port;
    throw new DatabaseProblem(
      `Port ${place.port} is taken by another program: set MONGOD_PORT to a free one, or remove it`,
    );
  }
  return last !== undefined && (await isFree(last)) ? last : freePort();
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/**
 * A port below the range from which systems lend ports to outgoing connections (32768 up on Linux, 49152 up elsewhere):
 * nobody else's connection sits on it at the next start.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(lowestPort, highestPort);
    if (await isFree(port)) return port;
  }
}

/** mongod's exit in our words, with the last complaint of its log. */
function describeEnd(place: MongodPlace, log: string, code: number | null): string {
  if (code === exitDataFolderInUse) {
    return `The data folder ${place.dataFolder} is in use by another mongod. Stop that one, or set DATA_DIR to another folder.`;
  }
  const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(-200) : [];
  const complaint = lines.filter((line) => /"s":"[FE]"/.test(line)).at(-1);
  return `mongod (${place.binary}) ended while starting, code ${code ?? 'none'}; its log is ${log}${complaint ? `\n${complaint}` : ''}`;
}

interface Note {
  port: number;
  process?: ProcessIdentity;
  /** Whether it was started so that it takes nobody without a password. */
  secured?: boolean;
}

function readNote(place: MongodPlace): Note | null {
  try {
    return JSON.parse(readFileSync(path.join(place.runFolder, 'mongod.json'), 'utf8')) as Note;
  } catch {
    return null;
  }
}

function writeNote(place: MongodPlace, note: Note): void {
  writeFileSync(path.join(place.runFolder, 'mongod.json'), JSON.stringify(note), { mode: 0o600 });
}
