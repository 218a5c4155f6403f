/**
 * `npm run dev`: the server with an inspector, started again when a source, a text or a style changes.
 * Templates are read for every page, so a change of one needs a reload of the page only. A source that does
 * not build leaves the running server alone.
 */
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import path from 'node:path';
import { build } from './build.mjs';
import { root, say } from '../local/setup-tools.mjs';

/** Editors write a file in several steps. */
const quietMilliseconds = 150;
const folders = ['server', 'storage', 'views', 'rubrics'];

let server = start();
/** @type {Set<string>} */
const changed = new Set();
let timer;
let working = Promise.resolve();

function start() {
  const flags = ['--inspect', '--enable-source-maps', path.join(root, '.build/server/main.js')];
  return spawn(process.execPath, flags, {
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'development' },
  });
}

async function stop() {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await ended;
}

async function takeUpChanges() {
  const files = [...changed];
  changed.clear();
  if (files.every((file) => file.endsWith('.hbs'))) return;
  say('changed', files.slice(0, 3).join(', ') + (files.length > 3 ? ` and ${files.length - 3} more` : ''));
  try {
    if (files.some((file) => file.endsWith('.ts'))) await build();
  } catch {
    say('build', 'failed as said above; the server goes on with the last build');
    return;
  }
  await stop();
  server = start();
}

for (const folder of folders) {
  watch(path.join(root, folder), { recursive: true }, (_event, name) => {
    if (!name || /(^|[/\\])\.|~$/.test(name)) return;
    changed.add(`${folder}/${name}`);
    clearTimeout(timer);
    timer = setTimeout(() => {
      working = working.then(takeUpChanges);
    }, quietMilliseconds);
  });
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void stop().then(() => process.exit(0)));
