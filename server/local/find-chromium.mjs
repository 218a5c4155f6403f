/**
 * Finds or obtains the browser that prints transcripts. Order: PUPPETEER_EXECUTABLE_PATH, puppeteer's cache, a system
 * browser, puppeteer's download, Debian's package. The headless shell is preferred: it prints 1.6 times as fast.
 */
import { existsSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  installDebianPackages,
  isProgram,
  mayInstallDebianPackages,
  onPath,
  root,
  run,
  say,
  sayBefore,
  SetupProblem,
} from './setup-tools.mjs';

const downloadSeconds = 300;

/** @param {string | undefined} known found by an earlier run @returns {{ file: string, changed: boolean }} */
export function findChromium(known) {
  const given = process.env.PUPPETEER_EXECUTABLE_PATH;
  if (given) {
    if (isProgram(given)) return { file: given, changed: given !== known };
    throw new SetupProblem(
      `PUPPETEER_EXECUTABLE_PATH names ${given}, which is not a program that can be run.`,
      [],
      ['correct PUPPETEER_EXECUTABLE_PATH', 'or remove it, then a browser is looked for'],
    );
  }
  if (known && isProgram(known)) return { file: known, changed: false };

  const tried = ['PUPPETEER_EXECUTABLE_PATH: not set'];
  const steps = [
    ['puppeteer’s cache', fromCache],
    ['a browser of this machine', fromSystem],
    ['puppeteer’s download', download],
    ['Debian’s package chromium-headless-shell', fromDebian],
  ];
  for (const [name, step] of steps) {
    const { file, why } = step();
    const broken = file ? whyItDoesNotStart(file) : why;
    if (file && !broken) {
      say('Chromium', `${file} (${name})`);
      return { file, changed: true };
    }
    tried.push(`${name}: ${file ? `${file} does not start: ${broken}` : broken}`);
  }
  throw new SetupProblem(
    'No Chromium was found, and none could be obtained. It prints the transcripts.',
    tried,
    [
      'on Debian or Ubuntu: sudo apt-get install chromium-headless-shell   (or chromium)',
      'npx puppeteer browsers install chrome-headless-shell',
      'PUPPETEER_EXECUTABLE_PATH=/path/to/chrome in the environment or in .env',
    ],
  );
}

/** Chrome on Windows opens a window for --version, so there only its presence counts. */
function whyItDoesNotStart(file) {
  if (process.platform === 'win32') return '';
  const done = run(file, ['--version'], { seconds: 30 });
  return done.ok ? '' : done.why;
}

function cacheFolder() {
  return process.env.PUPPETEER_CACHE_DIR ?? path.join(os.homedir(), '.cache', 'puppeteer');
}

function fromCache() {
  const names =
    process.platform === 'win32'
      ? ['chrome-headless-shell.exe', 'chrome.exe']
      : ['chrome-headless-shell', 'chrome'];
  if (process.platform === 'darwin') names.push('Google Chrome for Testing');
  for (const kind of ['chrome-headless-shell', 'chrome']) {
    const folder = path.join(cacheFolder(), kind);
    const versions = existsSync(folder)
      ? readdirSync(folder).sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
      : [];
    for (const version of versions) {
      const file = programBelow(path.join(folder, version), names, 5);
      if (file) return { file };
    }
  }
  return { why: `nothing in ${cacheFolder()}` };
}

/** Looks `depth` folders deep, because macOS keeps the program inside an application folder. */
function programBelow(folder, names, depth) {
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const name of names) {
    if (
      entries.some((entry) => entry.name === name && entry.isFile()) &&
      isProgram(path.join(folder, name))
    ) {
      return path.join(folder, name);
    }
  }
  if (depth === 0) return null;
  for (const entry of entries.filter((each) => each.isDirectory())) {
    const found = programBelow(path.join(folder, entry.name), names, depth - 1);
    if (found) return found;
  }
  return null;
}

function fromSystem() {
  const found = onPath(
    'chromium-headless-shell',
    'chrome-headless-shell',
    'chromium',
    'chromium-browser',
    'google-chrome-stable',
    'google-chrome',
  );
  if (found) return { file: found };
  const usual =
    process.platform === 'darwin'
      ? [
          '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
          '/Applications/Chromium.app/Contents/MacOS/Chromium',
        ]
      : process.platform === 'win32'
        ? [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
            .filter(Boolean)
            .map((folder) => path.join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'))
        : [];
  const file = usual.find(isProgram);
  return file ? { file } : { why: 'no chromium-headless-shell, chromium or Chrome' };
}

function download() {
  const program = path.join(root, 'node_modules', 'puppeteer', 'lib', 'cjs', 'puppeteer', 'node', 'cli.js');
  if (!existsSync(program)) return { why: 'puppeteer is not installed' };
  sayBefore('Chromium', `downloading chrome-headless-shell (at most ${downloadSeconds / 60} minutes)`);
  const done = run(process.execPath, [program, 'browsers', 'install', 'chrome-headless-shell'], {
    seconds: downloadSeconds,
  });
  return done.ok ? fromCache() : { why: done.why };
}

function fromDebian() {
  if (!mayInstallDebianPackages()) return { why: 'only for root on Debian or Ubuntu' };
  sayBefore('Chromium', 'installing Debian’s package chromium-headless-shell');
  const done = installDebianPackages(['chromium-headless-shell']);
  return done.ok ? fromSystem() : { why: done.why };
}
