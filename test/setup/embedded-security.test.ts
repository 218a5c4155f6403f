/**
 * Other users of the machine read neither the embedded database nor the files beside it; data of earlier
 * versions is kept.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { openEmbeddedMongod, type EmbeddedMongod } from '../../server/local/embedded-mongod.js';
import { identifyProcess, isAlive, type ProcessIdentity } from '../../server/local/process-lock.js';
import { secureDataFolder } from '../../server/local/secure-data-folder.js';
import { mongodBinary, temporaryFolder } from '../harness/services.js';

const nobody = 65_534;
let dataDir: string;
let open: EmbeddedMongod | null;
let early: ProcessIdentity | null;

beforeEach(() => {
  dataDir = temporaryFolder();
  open = early = null;
});
afterEach(async () => {
  await open?.stop();
  if (early && isAlive(early)) process.kill(early.pid, 'SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

const start = async (): Promise<EmbeddedMongod> =>
  (open = await openEmbeddedMongod({ dataDir, binary: mongodBinary(), mode: 'server' }));
const withoutPassword = ({ uri }: EmbeddedMongod): string =>
  uri.replace(/\/\/[^@]*@/, '//').replace(/&authSource=\w+/, '');

async function readNotes(uri: string): Promise<string[]> {
  const connection = await mongoose.createConnection(uri, { serverSelectionTimeoutMS: 5000 }).asPromise();
  try {
    return (await connection.collection('notes').find({}).toArray()).map(({ text }) => String(text));
  } finally {
    await connection.close();
  }
}

/** A database as earlier versions ran it: everybody on this machine may connect. */
async function startEarlier(): Promise<number> {
  const [dbPath, runFolder] = ['database', 'run'].map((name) => path.join(dataDir, name)) as [string, string];
  for (const folder of [dbPath, runFolder]) mkdirSync(folder, { recursive: true });
  const port = 20_000 + (process.pid % 10_000);
  const args = ['--dbpath', dbPath, '--port', String(port), '--bind_ip', '127.0.0.1', '--replSet', 'vitrine'];
  const child = spawn(mongodBinary(), [...args, '--nounixsocket', '--oplogSize', '64'], { stdio: 'ignore' });
  early = identifyProcess(child.pid!);
  const host = `127.0.0.1:${port}`;
  const connection = await mongoose
    .createConnection(`mongodb://${host}/vitrine?directConnection=true`)
    .asPromise();
  const admin = connection.db!.admin();
  await admin.command({ replSetInitiate: { _id: 'vitrine', members: [{ _id: 0, host }] } });
  while (!(await admin.command({ hello: 1 })).isWritablePrimary)
    await new Promise((go) => setTimeout(go, 20));
  await connection.collection('notes').insertOne({ text: 'years of data' });
  await connection.close();
  writeFileSync(path.join(runFolder, 'mongod.json'), JSON.stringify({ port, process: early }));
  return port;
}

describe('the embedded database', () => {
  it('takes nobody without its password', async () => {
    await expect(readNotes(withoutPassword(await start()))).rejects.toThrow('requires authentication');
    expect(await readNotes(open!.uri)).toEqual([]);
  });

  it('of an earlier version that stopped gets a password, and keeps its data', async () => {
    await startEarlier();
    process.kill(early!.pid, 'SIGTERM');
    while (isAlive(early!)) await new Promise((go) => setTimeout(go, 20));
    expect(await readNotes((await start()).uri)).toEqual(['years of data']);
    await expect(readNotes(withoutPassword(open!))).rejects.toThrow('requires authentication');
  });

  it('of an earlier version that still runs is started again with a password', async () => {
    await startEarlier();
    expect(await readNotes((await start()).uri)).toEqual(['years of data']);
    expect(isAlive(early!)).toBe(false);
    await expect(readNotes(withoutPassword(open!))).rejects.toThrow('requires authentication');
  });

  it('gets a new password when the old one is lost', async () => {
    const { uri } = await start();
    await open!.stop();
    rmSync(path.join(dataDir, 'keys'), { recursive: true });
    expect((await start()).uri).not.toBe(uri);
    expect(await readNotes(open!.uri)).toEqual([]);
  });
});

describe('the data folder', () => {
  const modes = (): string[] =>
    ['.', ...(readdirSync(dataDir, { recursive: true }) as string[])]
      .map((name) => [name, statSync(path.join(dataDir, name)).mode & 0o777] as const)
      .filter(([, mode]) => (mode & 0o077) !== 0)
      .map(([name, mode]) => `${name} ${mode.toString(8)}`);

  it('is closed to others by a start, whatever it was before; programs stay programs', async () => {
    for (const folder of ['files/a', 'keys', 'tools'])
      mkdirSync(path.join(dataDir, folder), { recursive: true });
    for (const file of ['files/a/work', 'keys/secret', 'tools/mongod'])
      writeFileSync(path.join(dataDir, file), '');
    for (const name of ['.', 'files', 'files/a', 'keys', 'tools', 'tools/mongod'])
      chmodSync(path.join(dataDir, name), 0o755);
    for (const name of ['files/a/work', 'keys/secret']) chmodSync(path.join(dataDir, name), 0o644);
    expect(await secureDataFolder(dataDir)).toEqual([]);
    expect(modes()).toEqual([]);
    expect(statSync(path.join(dataDir, 'tools/mongod')).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['no password', withoutPassword],
    ['another password', ({ uri }) => uri.replace(/:[^:@/]*@/, ':another@')],
    ['another user', ({ uri }) => uri.replace(/\/\/[^:]*:/, '//__system:')],
  ] satisfies [string, (database: EmbeddedMongod) => string][])(
    'lets its owner alone in, and the port nobody with %s',
    async (_secret, wrong) => {
      await start();
      await secureDataFolder(dataDir);
      expect(modes()).toEqual([]);
      expect(statSync(dataDir).mode & 0o777).toBe(0o700);
      for (const name of ['database-key', 'database-password'])
        expect([name, statSync(path.join(dataDir, 'keys', name)).mode & 0o777]).toEqual([name, 0o600]);
      await expect(readNotes(wrong(open!))).rejects.toThrow(/authentication/i);
      expect(await readNotes(open!.uri)).toEqual([]);
    },
  );

  it('and the port are closed to another program, and the files to another user where the tests can become one', async () => {
    const { uri } = await start();
    await secureDataFolder(dataDir);
    const driver = pathToFileURL(createRequire(import.meta.url).resolve('mongodb')).href;
    const files = [path.join(dataDir, 'keys/database-password'), path.join(dataDir, 'database/WiredTiger')];
    expect(files.filter((file) => existsSync(file) && readFileSync(file).length > 0)).toEqual(files);
    const program = `
      import { readFileSync } from 'node:fs';
      const { default: { MongoClient } } = await import(${JSON.stringify(driver)});
      const tried = ${JSON.stringify(files)}.map((file) => {
        try { readFileSync(file); return 'read'; } catch (error) { return error.code; }
      });
      const client = new MongoClient(${JSON.stringify(withoutPassword({ uri } as EmbeddedMongod))});
      tried.push(await client.db().collection('notes').countDocuments().then(() => 'read', (error) => error.codeName));
      await client.close();
      console.log(JSON.stringify([process.getuid(), ...tried]));`;
    const own = process.getuid!();
    // Only root can become another user; for everybody else the rights of the files, above, say what others can read.
    const user = own === 0 ? { uid: nobody, gid: nobody } : {};
    const done = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      ...{ ...user, cwd: '/', encoding: 'utf8', timeout: 60_000 },
    });
    const seen = own === 0 ? [nobody, 'EACCES', 'EACCES'] : [own, 'read', 'read'];
    expect([done.stderr, JSON.parse(done.stdout || 'null')]).toEqual(['', [...seen, 'Unauthorized']]);
  });
});
