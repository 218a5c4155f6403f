/**
 * Everything between a fresh clone and a running program, behind `npm start` and `npm test` (`--for-tests`): packages,
 * Chromium, mongod, build. Says in a line what it did; the second time there is nothing to do. Needs nothing but Node.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { build, isBuilt } from './build.mjs';
import { findChromium } from '../local/find-chromium.mjs';
import { findMongod } from '../local/find-mongod.mjs';
import { findTestTools } from '../local/find-test-tools.mjs';
import { installPackages } from '../local/install-packages.mjs';
import { readFound, root, say, SetupProblem, writeFound } from '../local/setup-tools.mjs';

const forTests = process.argv.includes('--for-tests');

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new SetupProblem(
    `Node ${process.versions.node} is too old: Vitrine needs Node 20.19 or later.`,
    [],
    ['install a long-term release from https://nodejs.org/', 'with nvm: nvm install 22 && nvm use 22'],
  );
}

async function setUp() {
  checkNode();
  const settings = path.join(root, '.env');
  if (existsSync(settings)) process.loadEnvFile(settings);
  const dataDir = path.resolve(root, process.env.DATA_DIR || '.vitrine');

  const installed = installPackages({ withTests: forTests });
  const found = readFound(dataDir);
  const chromium = findChromium(found.chromium);
  // The tests always start a mongod of their own, also where MONGODB_URI names the school's database.
  const mongod = process.env.MONGODB_URI && !forTests ? null : findMongod(dataDir, found.mongod);
  writeFound(dataDir, { ...found, chromium: chromium.file, ...(mongod ? { mongod: mongod.file } : {}) });
  const tools = forTests && findTestTools();
  const built = !isBuilt();
  if (built) {
    const started = performance.now();
    await build();
    say('build', `done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
  if (!(installed || chromium.changed || mongod?.changed || tools || built)) say('set-up', 'nothing to do');
}

try {
  await setUp();
} catch (error) {
  console.error(error instanceof SetupProblem ? `\n${error.message}\n` : error);
  process.exitCode = 1;
}
