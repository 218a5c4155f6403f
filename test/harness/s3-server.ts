/**
 * A real S3 server (versitygw) on a free loopback port, for the storage tests. Its program comes from
 * VERSITYGW_BINARY, the PATH, or `tools/` in the folder of local state, where it is built with Go once (two
 * minutes) and kept.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { access, constants, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { projectRoot } from '../../server/project-root.js';
import type { S3Settings } from '../../storage/s3-storage.js';

const PROGRAM = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0';
const run = promisify(execFile);

export type S3Program = { program: string } | { missing: string };

export interface S3Server {
  settings: S3Settings & Required<Pick<S3Settings, 'endpoint'>>;
  client: S3Client;
  stop(): Promise<void>;
}

/** Finds or builds the server's program; otherwise says why not and which command mends it. */
export async function findS3Program(): Promise<S3Program> {
  const tools = path.resolve(projectRoot, process.env.DATA_DIR ?? '.vitrine', 'tools');
  const candidates = [process.env.VERSITYGW_BINARY, ...onPath('versitygw'), path.join(tools, 'versitygw')];
  for (const candidate of candidates)
    if (candidate && (await isProgram(candidate))) return { program: candidate };
  const mend = `GOBIN=${path.relative(projectRoot, tools)} go install ${PROGRAM}`;
  try {
    await mkdir(tools, { recursive: true });
    // Two test files may build at the same time: each builds apart, and nobody ever starts half a program.
    const apart = await mkdtemp(path.join(tools, 'building-'));
    await run('go', ['install', PROGRAM], { env: { ...process.env, GOBIN: apart }, timeout: 15 * 60_000 });
    await rename(path.join(apart, 'versitygw'), path.join(tools, 'versitygw'));
    await rm(apart, { recursive: true, force: true });
    return { program: path.join(tools, 'versitygw') };
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'Go is not installed' : 'the build with Go failed';
    return { missing: `no S3 server: ${reason}; mend with: ${mend}` };
  }
}

/**
 * Where no server can be had and none is demanded (CI unset), this one line stands for the tests in a bucket:
 * it prints how to get the server, and throws where the reason names no command.
 */
export function tellHowToGetS3(missing: string): void {
  if (!missing.includes(`go install ${PROGRAM}`))
    throw new Error(`no way to an S3 server is named: ${missing}`);
  process.stderr.write(`\n${missing}\n`);
}

/** Starts the server with one empty bucket in a folder of its own; `stop` removes both. */
export async function startS3Server(program: string): Promise<S3Server> {
  const folder = await mkdtemp(path.join(tmpdir(), 'vitrine-s3-'));
  const port = await freePort();
  const credentials = { accessKeyId: 'vitrine', secretAccessKey: 'vitrine-secret' };
  const server = spawn(program, ['--port', `127.0.0.1:${port}`, '--region', 'us-east-1', 'posix', folder], {
    env: { ROOT_ACCESS_KEY: credentials.accessKeyId, ROOT_SECRET_KEY: credentials.secretAccessKey },
    stdio: 'ignore',
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
  try {
    await answers(endpoint, server);
    await client.send(new CreateBucketCommand({ Bucket: 'vitrine' }));
  } catch (error) {
    await stopProcess(server);
    throw error;
  }
  return {
    settings: {
      bucket: 'vitrine',
      region: 'us-east-1',
      endpoint,
      ...credentials,
      forcePathStyle: true,
      links: true,
    },
    client,
    stop: async () => {
      client.destroy();
      await stopProcess(server);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function onPath(name: string): string[] {
  return (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, name));
}

async function isProgram(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Any HTTP answer will do: without a signature the server refuses, and so shows that it is up. */
async function answers(endpoint: string, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (server.exitCode !== null) throw new Error(`the S3 server ended with code ${server.exitCode}`);
    const up = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the S3 server did not answer within 10 seconds');
}

async function stopProcess(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  const force = setTimeout(() => server.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(force);
}
