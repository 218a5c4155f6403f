/**
 * What the set-up steps share: running commands, speaking in one line per step, the file of found programs.
 * Needs nothing but Node, because it runs before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Something that cannot be had. Says what was tried and what mends it, each in a line. */
export class SetupProblem extends Error {
  /** @param {string} what @param {string[]} tried @param {string[]} mend */
  constructor(what, tried, mend) {
    super(
      [
        what,
        ...(tried.length > 0 ? ['', 'Tried:', ...tried.map((line) => `  - ${line}`)] : []),
        ...(mend.length > 0 ? ['', 'What mends it (one of):', ...mend.map((line) => `  - ${line}`)] : []),
      ].join('\n'),
    );
  }
}

/**
 * One line per step: `step` is a word, `text` says what was done. Standard output belongs to the program that
 * starts afterwards.
 */
export function say(step, text) {
  console.error(`${step.padEnd(10)} ${text}`);
}

/** Prints the line of a step that takes long before it starts. */
export function sayBefore(step, text) {
  console.error(`${step.padEnd(10)} ${text} …`);
}

/**
 * Runs a program to its end.
 * @param {string} command @param {string[]} args
 * @param {{ seconds?: number, env?: Record<string, string>, cwd?: string }} [options] `seconds` is the time
 *   limit (default 60)
 * @returns {{ ok: boolean, output: string, why: string }} `why` is one line for the list of what was tried
 */
export function run(command, args, { seconds = 60, env = {}, cwd = root } = {}) {
  const done = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    timeout: seconds * 1000,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = `${done.stdout ?? ''}${done.stderr ?? ''}`.trim();
  if (done.error) {
    const code = /** @type {NodeJS.ErrnoException} */ (done.error).code;
    const why =
      code === 'ETIMEDOUT'
        ? `no answer within ${seconds} s`
        : code === 'ENOENT'
          ? 'not found'
          : done.error.message;
    return { ok: false, output, why };
  }
  return {
    ok: done.status === 0,
    output,
    why: lastLine(output) || `ended with ${done.status ?? done.signal}`,
  };
}

function lastLine(output) {
  const telling = output.split('\n').filter((line) => /error|fail|cannot|unable|not /i.test(line));
  return (telling.at(-1) ?? output.split('\n').at(-1) ?? '').trim().slice(0, 200);
}

/** True when `file` is there and may be executed. */
export function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The first of `names` that stands on the PATH, or null. */
export function onPath(...names) {
  const endings = process.platform === 'win32' ? ['.exe', ''] : [''];
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(path.delimiter).filter(Boolean)) {
      for (const ending of endings) {
        const file = path.join(folder, name + ending);
        if (isProgram(file)) return file;
      }
    }
  }
  return null;
}

/** Whether Debian packages can be installed here and now. */
export function mayInstallDebianPackages() {
  return existsSync('/etc/debian_version') && process.getuid?.() === 0 && onPath('apt-get') !== null;
}

let listsAreFresh = false;

/** @param {string[]} packages @returns {{ ok: boolean, output: string, why: string }} */
export function installDebianPackages(packages) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  if (!listsAreFresh) {
    const updated = run('apt-get', ['update', '-q'], { seconds: 300, env });
    if (!updated.ok) return updated;
    listsAreFresh = true;
  }
  return run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], {
    seconds: 900,
    env,
  });
}

/** @param {string} dataDir @returns {{ chromium?: string, mongod?: string }} programs found by an earlier run */
export function readFound(dataDir) {
  try {
    return JSON.parse(readFileSync(foundFile(dataDir), 'utf8'));
  } catch {
    return {};
  }
}

/** @param {string} dataDir @param {{ chromium?: string, mongod?: string }} found */
export function writeFound(dataDir, found) {
  const file = foundFile(dataDir);
  const text = `${JSON.stringify(found, null, 2)}\n`;
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
}

function foundFile(dataDir) {
  return path.join(dataDir, 'tools', 'found.json');
}
