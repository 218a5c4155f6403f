/**
 * Before all tests: one mongod (a replica set) for the whole run, in a temporary folder and on a port of its
 * own. A person's DATA_DIR is only asked where the programs stand. Jest maps no imports in this file, so it
 * bundles what it needs.
 */
import { build } from 'esbuild';
import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const cache = path.join(root, 'node_modules', '.cache', 'vitrine');
const prefix = 'vitrine-test-';

export default async function startServices() {
  const { openEmbeddedMongod, isAlive } = await loadServerParts();
  const base = temporaryBase();
  sweepKilledRuns(base, isAlive);
  const dataDir = mkdtempSync(path.join(base, `${prefix}${process.pid}-`));
  const found = readFound();
  const binary = mongodOfTests(found.mongod);
  const mongod = await openEmbeddedMongod({ dataDir, binary, mode: 'server' });
  process.env.VITRINE_TEST_MONGODB = mongod.uri;
  process.env.VITRINE_TEST_MONGOD_BINARY = binary;
  process.env.VITRINE_TEST_CHROMIUM = found.chromium ?? '';
  process.env.VITRINE_TEST_BASE = base;
  globalThis.stopVitrineServices = async () => {
    await mongod.stop();
    rmSync(dataDir, { recursive: true, force: true });
    if (binary !== found.mongod) rmSync(binary, { force: true });
  };
}

/**
 * mongod removes expired records by its own clock, which is not the clock of the tests: they run one that
 * leaves them alone. It also keeps the files of a dropped database for five minutes, for reads of the past:
 * the tests drop many and read none. What it writes down about itself every second nobody reads.
 */
function mongodOfTests(binary) {
  if (process.platform === 'win32') return binary;
  const file = path.join(cache, `mongod-${process.pid}`);
  const parameters = [
    'ttlMonitorEnabled=false',
    'minSnapshotHistoryWindowInSeconds=0',
    'diagnosticDataCollectionEnabled=false',
  ];
  const settings = parameters.map((parameter) => `--setParameter ${parameter}`).join(' ');
  writeFileSync(file, `#!/bin/sh\nexec '${binary}' "$@" ${settings}\n`, { mode: 0o755 });
  return file;
}

async function loadServerParts() {
  const outfile = path.join(cache, `services-${process.pid}.mjs`);
  await build({
    stdin: {
      contents:
        "export * from './server/local/embedded-mongod.ts'; export { isAlive } from './server/local/process-lock.ts';",
      resolveDir: root,
    },
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile);
  }
}

/** Memory where there is plenty: tests write much and keep nothing. */
function temporaryBase() {
  try {
    accessSync('/dev/shm', constants.W_OK);
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize > 4e9 && os.freemem() > 4e9) return '/dev/shm';
  } catch {
    // not on this system
  }
  return os.tmpdir();
}

/** A run that was killed could not clean up: its mongod may still live. */
function sweepKilledRuns(base, isAlive) {
  for (const name of readdirSync(base)) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : Number.NaN;
    if (!Number.isInteger(pid) || existsProcess(pid)) continue;
    const note = path.join(base, name, 'run', 'mongod.json');
    const mongod = existsSync(note) ? JSON.parse(readFileSync(note, 'utf8')).process : undefined;
    if (mongod && isAlive(mongod)) process.kill(mongod.pid, 'SIGKILL');
    rmSync(path.join(base, name), { recursive: true, force: true, maxRetries: 5 });
  }
}

function existsProcess(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function readFound() {
  const file = path.join(path.resolve(root, process.env.DATA_DIR || '.vitrine'), 'tools', 'found.json');
  const found = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const mongod = process.env.MONGOD_BINARY || found.mongod;
  if (!mongod) throw new Error('The tests need a mongod: run `npm run setup -- --for-tests` first.');
  return { mongod, chromium: process.env.PUPPETEER_EXECUTABLE_PATH || found.chromium };
}
