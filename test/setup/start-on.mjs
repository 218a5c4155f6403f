/**
 * Starts the built app on other releases of Node, each with a database of its own, and asks whether it is ready:
 * `npm run other-nodes`. The releases come from npm, as packages that hold the program alone.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const found = JSON.parse(readFileSync(path.join(root, '.vitrine/tools/found.json'), 'utf8'));

function nodeOf(version) {
  const name = `node-${process.platform}-${process.arch}@${version}`;
  const order = ['exec', '--yes', `--package=${name}`, '--', 'node', '-p', 'process.execPath'];
  return execFileSync('npm', order, { cwd: os.tmpdir(), encoding: 'utf8' }).trim();
}

async function startOn(version) {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'vitrine-start-'));
  const app = spawn(nodeOf(version), [path.join(root, '.build/server/main.js')], {
    env: {
      ...process.env,
      ...{ DATA_DIR: dataDir, HOST: '127.0.0.1', PORT: '0', MONGODB_URI: '', SAMPLE_SCHOOL: 'false' },
      ...{ MONGOD_BINARY: found.mongod, PUPPETEER_EXECUTABLE_PATH: found.chromium },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = new Promise((resolve) => app.once('exit', resolve));
  try {
    const address = await new Promise((resolve, reject) => {
      const read = (chunk) => {
        output += chunk;
        const port = /open at http:\/\/localhost:(\d+)/.exec(output)?.[1];
        if (port) resolve(`http://127.0.0.1:${port}`);
      };
      app.stdout.on('data', read);
      app.stderr.on('data', read);
      void ended.then((code) => reject(new Error(`it ended with ${code}`)));
      setTimeout(() => reject(new Error('it did not start within two minutes')), 120_000).unref();
    });
    const ready = await fetch(`${address}/readyz`);
    if (!ready.ok) throw new Error(`/readyz answers ${ready.status}: ${await ready.text()}`);
    app.kill('SIGTERM');
    const code = await ended;
    if (code !== 0) throw new Error(`it ended with ${code} after SIGTERM`);
    console.log(`Node ${version}: starts, is ready and ends`);
  } catch (error) {
    console.error(`Node ${version}: ${error.message}\n${output}`);
    process.exitCode = 1;
  } finally {
    app.kill('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  }
}

for (const version of process.argv.slice(2)) await startOn(version);
