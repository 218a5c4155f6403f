/**
 * The real server as a process of its own, with its own embedded database: what tests start, kill with -9 and
 * start again.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../server/project-root.js';
import { chromiumPath, mongodBinary } from './services.js';
import { clockOfProcess } from './test-clock.js';

/** Shared with `startApp({ environment })`, so that both understand each other's sessions. */
export const serverSecret = 'a-secret-for-restart-tests-0123456789';

export interface RunningServer {
  url: string;
  process: ChildProcess;
  /** What it printed so far. */
  output(): string;
  /** SIGKILL, and gone when this resolves. */
  kill(): Promise<void>;
  /** SIGTERM: closes in good order. Resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Builds when the sources are newer than `.build/`. */
export function buildOnce(): void {
  const program =
    "import('./server/cli/build.mjs').then(async ({ isBuilt, build }) => isBuilt() || (await build()))";
  execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: projectRoot,
    stdio: 'inherit',
  });
}

/** Starts `.build/server/main.js` on a free port and waits until it says its address. */
export async function startServer(
  dataDir: string,
  environment: Record<string, string> = {},
): Promise<RunningServer> {
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', path.join(projectRoot, '.build/server/main.js')],
    {
      env: {
        ...process.env,
        DATA_DIR: dataDir,
        HOST: '127.0.0.1',
        PORT: '0',
        MONGODB_URI: '',
        MONGOD_BINARY: mongodBinary(),
        PUPPETEER_EXECUTABLE_PATH: chromiumPath(),
        SECRET_KEY: serverSecret,
        SAMPLE_SCHOOL: 'false',
        LOG_LEVEL: 'error',
        NODE_ENV: 'production',
        ...clockOfProcess(),
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const port = /open at http:\/\/localhost:(\d+)/.exec(output)?.[1];
      if (port) resolve(`http://127.0.0.1:${port}`);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then((code) => reject(new Error(`the server ended with ${code ?? 'a signal'}:\n${output}`)));
  });
  return {
    url,
    process: child,
    output: () => output,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** The mongod of a data folder, as its note says; null when none runs. */
export function mongodPid(dataDir: string): number | null {
  const note = path.join(dataDir, 'run', 'mongod.json');
  if (!existsSync(note)) return null;
  return (JSON.parse(readFileSync(note, 'utf8')) as { process?: { pid: number } }).process?.pid ?? null;
}
