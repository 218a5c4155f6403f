/**
 * Parts of the suite. The fast half is what `.ci/run` repeats at other moments: `TEST_PART=fast npm test`.
 * The unit tests are what `npm run test:unit` runs without a database, a server or a browser. The rule of the
 * fast half: a test file is slow when it, or what it imports from test/, drives a real browser, prints,
 * starts processes or an S3 server, when it is named below, or when it was in the slower half of a run of
 * everything whose results `TEST_TIMES` names. Every other file, also a new one, is in.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const tests = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const slowImports =
  /^(puppeteer|esbuild|pdfjs-dist.*|node:child_process)$|\/(start-server|s3-server|read-pdf)\.js$/;
/** They calculate for long, print through HTTP or fill a whole school, and their other tests know no dates. */
const slowFiles = [
  'schedule/solve.test.ts',
  'unit/adversarial-inputs.test.ts',
  'people/roster-limits.test.ts',
  'sample/load-sample-school.test.ts',
];

/** Those that take more than half a minute, longest first. */
export const longestTests = [
  'journeys/accessibility.test.ts',
  'access/permission-matrix.test.ts',
  'sample/load-sample-school.test.ts',
  'db/database-indexes.test.ts',
  'journeys/restart.test.ts',
  'scores/seal.test.ts',
  'http/hostile-input.test.ts',
];

/** What reaches for the database, the browser or a folder of the run. */
const serviceImports = /\/(services|start-app)\.js$/;

/** @param {RegExp} wanted @returns whether a file of test/ imports it, itself or through files of test/ */
function importing(wanted) {
  const known = new Map();
  const imports = (file) => {
    if (known.has(file)) return known.get(file);
    known.set(file, false);
    const source = readFileSync(file, 'utf8');
    const imported = [...source.matchAll(/(?:^|\n)(?:import|export)\s(?!type\s)[^;]*?'([^']+)';/g)].map(
      (found) => found[1],
    );
    const found = imported.some((name) => {
      if (wanted.test(name)) return true;
      const target = name.startsWith('.')
        ? path.resolve(path.dirname(file), name.replace(/\.js$/, '.ts'))
        : '';
      return target.startsWith(tests) && existsSync(target) && imports(target);
    });
    known.set(file, found);
    return found;
  };
  return imports;
}

const isSlow = importing(slowImports);
const needsServices = importing(serviceImports);

const testFiles = () =>
  readdirSync(tests, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => name.split(path.sep).join('/'));

/** Paths of the test files that need no database, no server and no browser, and do not calculate for long. */
export function unitTests() {
  return testFiles()
    .map((name) => path.join(tests, name))
    .filter((file) => !slowFiles.some((slow) => file.endsWith(path.normalize(`/${slow}`))))
    .filter((file) => !isSlow(file) && !needsServices(file));
}

/**
 * Test files by how long they took in an earlier run, longest first; empty without such a run. @param {string
 * | undefined} results
 */
function byDuration(results) {
  if (!results || !existsSync(results)) return [];
  const files = JSON.parse(readFileSync(results, 'utf8')).testResults;
  return files
    .map(({ name, startTime, endTime }) => ({
      name: path.relative(tests, name).split(path.sep).join('/'),
      took: endTime - startTime,
    }))
    .sort((a, b) => b.took - a.took)
    .map(({ name }) => name);
}

/**
 * Patterns of the test files that the fast half leaves out.
 * @param {string | undefined} results of an earlier run of everything: of its files the slower half is left out, too
 */
export function slowTests(results = process.env.TEST_TIMES) {
  const longest = byDuration(results);
  const slower = new Set(longest.slice(0, Math.floor(longest.length / 2)));
  return testFiles()
    .filter((name) => slower.has(name) || slowFiles.includes(name) || isSlow(path.join(tests, name)))
    .map((name) => `/test/${name.replaceAll('.', '\\.')}$`);
}
