/** Installs the packages from the lockfile, and knows in a few milliseconds when there is nothing to install. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, run, say, sayBefore, SetupProblem } from './setup-tools.mjs';

const stampFile = path.join(root, 'node_modules', '.vitrine-installed');

/**
 * @param {{ withTests: boolean }} options the tests' packages are needed too
 * @returns {boolean} whether anything was done
 */
export function installPackages({ withTests }) {
  const lockfile = readFileSync(path.join(root, 'package-lock.json'));
  const hash = createHash('sha256').update(lockfile).digest('hex');
  const stamps = existsSync(stampFile) ? readFileSync(stampFile, 'utf8').split('\n') : [];
  if (stamps.includes(`${hash} all`) || (!withTests && stamps.includes(`${hash} server`))) return false;

  const installed = whatIsInstalled(JSON.parse(lockfile.toString('utf8')));
  if (installed === 'all' || (!withTests && installed === 'server')) {
    writeFileSync(stampFile, `${hash} ${installed}\n`);
    return false;
  }
  const started = performance.now();
  sayBefore('packages', 'installing from package-lock.json, this can take some minutes');
  const npm = npmCommand();
  const done = run(npm.command, [...npm.args, 'ci', '--include=dev', '--no-progress'], {
    seconds: 1800,
    env: { PUPPETEER_SKIP_DOWNLOAD: '1' },
  });
  if (!done.ok) {
    throw new SetupProblem(
      'The packages could not be installed.',
      [`npm ci: ${done.why}`, ...firstErrors(done.output)],
      [
        'check the connection to the package registry (npm ping), then: npm ci',
        'behind a proxy: npm config set proxy http://HOST:PORT',
      ],
    );
  }
  writeFileSync(stampFile, `${hash} all\n`);
  say('packages', `installed in ${Math.round((performance.now() - started) / 1000)} s`);
  return true;
}

/** Compares npm's own note of what stands in node_modules with the lockfile. What stands there besides does no harm. */
function whatIsInstalled(lock) {
  let present;
  try {
    present = JSON.parse(
      readFileSync(path.join(root, 'node_modules', '.package-lock.json'), 'utf8'),
    ).packages;
  } catch {
    return 'nothing';
  }
  let answer = 'all';
  for (const [place, wanted] of Object.entries(lock.packages)) {
    if (place === '') continue;
    const there = present[place];
    if (there && there.version === wanted.version && there.integrity === wanted.integrity) continue;
    if (!there && (wanted.optional || wanted.devOptional)) continue;
    if (!wanted.dev) return 'nothing';
    answer = 'server';
  }
  return answer;
}

/** npm says what is wrong first and how to use it afterwards. */
function firstErrors(output) {
  const lines = output.split('\n').filter((line) => /^npm error \S/.test(line));
  return lines.slice(0, 8);
}

/** The npm that called us, or the one on the PATH. */
function npmCommand() {
  const caller = process.env.npm_execpath;
  if (caller && /npm-cli\.[cm]?js$/.test(caller)) return { command: process.execPath, args: [caller] };
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}
