import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeAll, afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import mongoose from 'mongoose';
import { openEmbeddedMongod, type EmbeddedMongod } from '../../server/local/embedded-mongod.js';
import { identifyProcess, isAlive } from '../../server/local/process-lock.js';
import { projectRoot } from '../../server/project-root.js';
import { mongodBinary, temporaryFolder } from '../harness/services.js';

interface Answer {
  uri?: string;
  written?: string;
  stopped?: boolean;
  error?: string;
  message?: string;
}

/** Another process that uses the embedded database. */
interface Other {
  process: ChildProcess;
  ask(line: string): Promise<Answer>;
  next(): Promise<Answer>;
  killed(): Promise<void>;
}

const program = path.join(projectRoot, 'node_modules', '.cache', 'vitrine', `use-mongod-${process.pid}.mjs`);
let dataDir: string;
let others: Other[];

beforeAll(() =>
  build({
    entryPoints: [path.join(projectRoot, 'test/setup/use-mongod.ts')],
    outfile: program,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  }),
);
afterAll(() => rmSync(program));

beforeEach(() => {
  dataDir = temporaryFolder();
  others = [];
});

afterEach(async () => {
  for (const other of others) await other.killed();
  const mongod = existsSync(path.join(dataDir, 'run', 'mongod.json')) ? readNote().process : undefined;
  if (mongod && isAlive(mongod)) process.kill(mongod.pid, 'SIGKILL');
  while (mongod && isAlive(mongod)) await new Promise((resolve) => setTimeout(resolve, 20));
  rmSync(dataDir, { recursive: true, force: true });
});

function start(mode: 'server' | 'tool'): Other {
  const child = spawn(process.execPath, [program, dataDir, mongodBinary(), mode], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<Answer> => JSON.parse((await lines.next()).value as string) as Answer;
  const other: Other = {
    process: child,
    next,
    ask(line) {
      child.stdin.write(`${line}\n`);
      return next();
    },
    async killed() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
  others.push(other);
  return other;
}

function readNote(): { port: number; process?: { pid: number; started: string } } {
  return JSON.parse(readFileSync(path.join(dataDir, 'run', 'mongod.json'), 'utf8')) as ReturnType<
    typeof readNote
  >;
}

async function notesAt(mongod: EmbeddedMongod): Promise<string[]> {
  const connection = await mongoose.createConnection(mongod.uri).asPromise();
  try {
    const notes = await connection.collection('notes').find({}).toArray();
    return notes.map((note) => String(note.text));
  } finally {
    await connection.close();
  }
}

const open = (mode: 'server' | 'tool'): Promise<EmbeddedMongod> =>
  openEmbeddedMongod({ dataDir, binary: mongodBinary(), mode });

describe('the embedded database', () => {
  it('is a replica set that carries transactions, on the loopback address alone', async () => {
    const mongod = await open('server');
    expect(mongod.uri).toMatch(
      /^mongodb:\/\/vitrine:[0-9a-f]{64}@127\.0\.0\.1:\d+\/vitrine\?replicaSet=vitrine&authSource=admin$/,
    );
    const connection = await mongoose.createConnection(mongod.uri).asPromise();
    await connection.collection('notes').insertOne({ text: 'before' });
    await expect(
      connection.transaction(async (session) => {
        await connection.collection('notes').insertOne({ text: 'inside' }, { session });
        throw new Error('undo');
      }),
    ).rejects.toThrow('undo');
    await connection.close();
    expect(await notesAt(mongod)).toEqual(['before']);
    await mongod.stop();
  });

  it('keeps data and port over a stop, and leaves no process behind', async () => {
    const first = start('server');
    const { uri } = await first.next();
    await first.ask('kept');
    const { process: mongodProcess } = readNote();
    expect(await first.ask('stop')).toEqual({ stopped: true });
    expect(isAlive(mongodProcess!)).toBe(false);

    const again = await open('server');
    expect(again.uri).toBe(uri);
    expect(await notesAt(again)).toEqual(['kept']);
    await again.stop();
  });

  it('joins the mongod that a killed server left behind', async () => {
    const first = start('server');
    const { uri } = await first.next();
    await first.ask('acknowledged');
    await first.killed();
    const orphan = readNote().process!;

    const again = await open('server');
    expect(again.uri).toBe(uri);
    expect(readNote().process).toEqual(orphan);
    expect(await notesAt(again)).toEqual(['acknowledged']);
    await again.stop();
    expect(isAlive(orphan)).toBe(false);
  });

  it('loses nothing acknowledged when server and mongod are both killed', async () => {
    const first = start('server');
    await first.next();
    for (const line of ['one', 'two', 'three']) await first.ask(line);
    process.kill(readNote().process!.pid, 'SIGKILL');
    await first.killed();

    const again = await open('server');
    expect((await notesAt(again)).sort()).toEqual(['one', 'three', 'two']);
    await again.stop();
  });

  it('starts mongod again when it dies under a running server', async () => {
    let restarted: () => void = () => undefined;
    const restart = new Promise<void>((resolve) => (restarted = resolve));
    const mongod = await openEmbeddedMongod({
      dataDir,
      binary: mongodBinary(),
      mode: 'server',
      onRestart: restarted,
    });
    const first = readNote().process!;
    process.kill(first.pid, 'SIGKILL');
    await restart;
    expect(readNote().process!.pid).not.toBe(first.pid);
    expect(await notesAt(mongod)).toEqual([]);
    await mongod.stop();
  });

  it('refuses a second server on the same folder and says by which process it is used', async () => {
    const first = start('server');
    await first.next();
    const refused = await start('server').next();
    expect(refused.error).toBe('DataFolderInUse');
    expect(refused.message).toContain(`process ${first.process.pid}`);
    expect(refused.message).toContain(dataDir);
    expect(await first.ask('still works')).toEqual({ written: 'still works' });
  });

  it('lets exactly one of two servers through that start at the same time', async () => {
    const answers = await Promise.all([
      start('server').next(),
      start('server').next(),
      start('server').next(),
    ]);
    expect(answers.filter((answer) => answer.uri)).toHaveLength(1);
    expect(answers.filter((answer) => answer.error === 'DataFolderInUse')).toHaveLength(2);
  });

  it('lets tools join a running server, and a server join the mongod of a tool', async () => {
    const tool = start('tool');
    const { uri } = await tool.next();
    const server = start('server');
    expect(await server.next()).toEqual({ uri });
    await tool.ask('stop');
    expect(await server.ask('after the tool left')).toEqual({ written: 'after the tool left' });

    const secondTool = await open('tool');
    expect(secondTool.uri).toBe(uri);
    await server.ask('stop');
    expect(await notesAt(secondTool)).toEqual(['after the tool left']);
    await secondTool.stop();
    expect(readNote().process).toBeUndefined();
  });

  it('moves to another port when the old one was taken meanwhile', async () => {
    const first = await open('server');
    await first.stop();
    const thief = net.createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => thief.listen(readNote().port, '127.0.0.1', resolve));
    const again = await open('server');
    expect(again.uri).not.toBe(first.uri);
    expect(await notesAt(again)).toEqual([]);
    await again.stop();
    await new Promise((resolve) => thief.close(resolve));
  });

  it('says in plain words that a fixed port is taken, or that the program does not run', async () => {
    const thief = net.createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => thief.listen(0, '127.0.0.1', resolve));
    const { port } = thief.address() as net.AddressInfo;
    await expect(
      openEmbeddedMongod({ dataDir, binary: mongodBinary(), mode: 'server', port }),
    ).rejects.toThrow(`Port ${port} is taken by another program: set MONGOD_PORT`);
    await new Promise((resolve) => thief.close(resolve));
    await expect(openEmbeddedMongod({ dataDir, binary: '/no/mongod', mode: 'server' })).rejects.toThrow(
      'cannot be run',
    );
    await expect(openEmbeddedMongod({ dataDir, binary: process.execPath, mode: 'server' })).rejects.toThrow(
      'ended while starting',
    );
  });
});

describe('a process identity', () => {
  it('is not confused by a number that is used again', () => {
    const mine = identifyProcess(process.pid)!;
    expect(isAlive(mine)).toBe(true);
    expect(isAlive({ ...mine, started: `${mine.started}0` })).toBe(process.platform === 'win32');
    expect(identifyProcess(2 ** 22 + 1)).toBeNull();
  });
});
