/**
 * Runs one measurement: `node test/bench/run.mjs transcripts`. Builds the server, translates the measurement
 * (and the programs beside it, in a folder of its name), finds mongod and Chromium where the set-up has noted
 * them, and gives it a data folder of its own.
 */
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as buildServer, isBuilt } from '../../server/cli/build.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const name = process.argv[2] ?? '';
if (!/^[a-z-]+$/.test(name))
  throw new Error('Which measurement? For example: node test/bench/run.mjs transcripts');

const found = JSON.parse(
  readFileSync(path.resolve(root, process.env.DATA_DIR || '.vitrine', 'tools/found.json'), 'utf8'),
);
if (!isBuilt()) await buildServer();
const folder = path.join(root, 'test/bench', name);
const parts = existsSync(folder) ? readdirSync(folder).map((file) => path.join(folder, file)) : [];
await build({
  entryPoints: [`${folder}.ts`, ...parts],
  outdir: path.join(root, '.build/bench'),
  outbase: path.join(root, 'test/bench'),
  bundle: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
});
const dataDir = mkdtempSync(path.join(tmpdir(), 'vitrine-bench-'));
try {
  const { status } = spawnSync(
    process.execPath,
    ['--enable-source-maps', path.join(root, '.build/bench', `${name}.js`), ...process.argv.slice(3)],
    {
      stdio: 'inherit',
      env: {
        ...process.env,
        BENCH_DATA_DIR: dataDir,
        BENCH_MONGOD: process.env.MONGOD_BINARY ?? found.mongod,
        BENCH_CHROMIUM: process.env.PUPPETEER_EXECUTABLE_PATH ?? found.chromium,
      },
    },
  );
  process.exitCode = status ?? 1;
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
