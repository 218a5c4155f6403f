/** The rules of .github/ARCHITECTURE.md, checked by scanning imports and sources. */
import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../server/project-root.js';

/** The features in the order in which data flows through them. */
const order = [
  'school',
  'people',
  'plan',
  'artifacts',
  'portfolio',
  'rubrics',
  'exhibitions',
  'calendar',
  'schedule',
  'scores',
  'visits',
  'results',
  // Reads everything that an exhibition has brought.
  'downloads',
  'narratives',
  'transcript',
  // After everything that counts: no feature before it can read a rehearsal.
  'rehearsals',
  // Reads all that a school has of a student, and copies it to another school.
  'handover',
  // Knows every record that belongs to a person or names a file.
  'erasure',
  // Moves every record that belongs to a person.
  'merge',
  'home',
];
const foundations = ['access', 'audit', 'jobs', 'http', 'forms', 'rendering', 'db', 'local'];
const outside = ['cli', 'sample-school'];
const compositionRoot = ['app.ts', 'ports.ts', 'job-kinds.ts', 'context.ts', 'main.ts', 'greet.ts'];

interface Import {
  /** Path below the project, e.g. `server/scores/score-sheet.ts`. */
  file: string;
  /** A path below the project, or a package. */
  target: string;
  typeOnly: boolean;
  /** What is imported as a value; types are left out. */
  values: string[];
}

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name.split(path.sep).join('/')}`);
}

function importsOf(file: string): Import[] {
  const source = readFileSync(path.join(projectRoot, file), 'utf8');
  const found = source.matchAll(
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:([^'";]*?)\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/g,
  );
  return [...found].map((match) => {
    const name = match[3] ?? match[4] ?? '';
    const named = /\{([^}]*)\}/.exec(match[2] ?? '')?.[1]?.split(',') ?? [];
    const values = match[1]
      ? []
      : named.map((each) => each.trim()).filter((each) => each && !each.startsWith('type '));
    const target = name.startsWith('.')
      ? path.posix.join(path.posix.dirname(file), name).replace(/\.js$/, '.ts')
      : name;
    return { file, target, typeOnly: match[1] !== undefined, values };
  });
}

const serverFiles = filesBelow('server');
const imports = [...serverFiles, ...filesBelow('storage')].flatMap(importsOf);
const featureOf = (file: string): string | null => /^server\/([^/]+)\//.exec(file)?.[1] ?? null;
const isFeature = (name: string | null): name is string => name !== null && order.includes(name);
const shown = (list: Import[]) => list.map(({ file, target }) => `${file} → ${target}`);

describe('the layout of the code', () => {
  it('reads real files', () => {
    expect(serverFiles.length).toBeGreaterThan(40);
    expect(imports.length).toBeGreaterThan(200);
  });

  it('has no folder that no rule names', () => {
    const folders = new Set(serverFiles.map(featureOf).filter((name) => name !== null));
    expect([...folders].filter((name) => ![...order, ...foundations, ...outside].includes(name))).toEqual([]);
  });

  it('features import upstream features only', () => {
    const wrong = imports.filter(({ file, target }) => {
      const [from, to] = [featureOf(file), featureOf(target)];
      return isFeature(from) && isFeature(to) && order.indexOf(to) > order.indexOf(from);
    });
    expect(shown(wrong)).toEqual([]);
  });

  it('no files import each other in a circle, other than for types', () => {
    const targets = new Map<string, string[]>(serverFiles.map((file) => [file, []]));
    for (const { file, target, typeOnly, values } of imports)
      if (!typeOnly && values.length > 0) targets.get(file)?.push(target);
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (file: string, from: readonly string[]): void => {
      if (from.includes(file)) circles.push([...from.slice(from.indexOf(file)), file].join(' → '));
      if (done.has(file)) return;
      done.add(file);
      for (const target of targets.get(file) ?? []) walk(target, [...from, file]);
    };
    for (const file of targets.keys()) walk(file, []);
    expect(circles).toEqual([]);
  });

  it("nothing imports another feature's routes, views or writing records", () => {
    const wrong = imports.filter(({ file, target }) => {
      const [from, to] = [featureOf(file), featureOf(target)];
      if (!isFeature(from) || !isFeature(to) || from === to) return false;
      return /-(routes|pages?)\.ts$/.test(target) || (from !== 'home' && /-view\.ts$/.test(target));
    });
    expect(shown(wrong)).toEqual([]);
    const writing = imports.filter(({ file, target, values }) => {
      const [from, to] = [featureOf(file), featureOf(target)];
      if (!isFeature(from) || !isFeature(to) || from === to || !target.endsWith('-records.ts')) return false;
      return values.some((name) => /^(save|append|remove)[A-Z]/.test(name));
    });
    expect(shown(writing)).toEqual([]);
  });

  it('acts receive what they need, never the whole context', () => {
    const served = /-(routes|pages?)\.ts$/;
    const wrong = imports.filter(
      ({ file, target }) =>
        target === 'server/context.ts' &&
        isFeature(featureOf(file)) &&
        featureOf(file) !== 'home' &&
        !served.test(file),
    );
    expect(shown(wrong)).toEqual([]);
  });

  it('what serves every feature imports none', () => {
    const wrong = imports.filter(
      ({ file, target }) => foundations.includes(featureOf(file) ?? '') && isFeature(featureOf(target)),
    );
    expect(shown(wrong)).toEqual([]);
  });

  it('nobody but the composition root and the tools imports home', () => {
    const wrong = imports.filter(
      ({ file, target }) =>
        featureOf(target) === 'home' &&
        featureOf(file) !== 'home' &&
        !outside.includes(featureOf(file) ?? '') &&
        !compositionRoot.includes(path.basename(file)),
    );
    expect(shown(wrong)).toEqual([]);
  });

  it.each([
    ['types', /^export (?:declare )?(?:type|interface|(?:abstract )?class|enum) (\w+)/gm],
    ['functions and constants', /^export (?:async )?(?:function|const) (\w+)/gm],
  ])('no two exported %s have the same name', (_kind, declared) => {
    const files = [...serverFiles, ...filesBelow('storage'), ...filesBelow('views/client')];
    const names = files.flatMap((file) =>
      [...readFileSync(path.join(projectRoot, file), 'utf8').matchAll(declared)].map((match) => match[1]!),
    );
    expect(names.length).toBeGreaterThan(500);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it('no line of a comment is longer than 120 characters', () => {
    const files = [...serverFiles, ...['storage', 'views/client', 'test'].flatMap(filesBelow)];
    const long = files.flatMap((file) =>
      readFileSync(path.join(projectRoot, file), 'utf8')
        .split('\n')
        .filter((line) => line.length > 120 && /^\s*(\/\/|\/?\*)/.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(long).toEqual([]);
  });

  it('storage imports nothing from the server', () => {
    expect(
      shown(
        imports.filter(({ file, target }) => file.startsWith('storage/') && target.startsWith('server/')),
      ),
    ).toEqual([]);
  });

  it('browser scripts take of the server only files that import nothing', () => {
    const taken = filesBelow('views/client')
      .flatMap(importsOf)
      .filter(({ target }) => target.startsWith('server/'));
    expect(taken.length).toBeGreaterThan(0);
    expect(shown(taken.filter(({ target }) => importsOf(target).length > 0))).toEqual([]);
  });

  it.each<[string, RegExp, (file: string) => boolean]>([
    ['mongoose', /^(mongoose|mongodb)$/, (file) => /^server\/db\/|-records\.ts$/.test(file)],
    ['express', /^express$/, (file) => /-routes\.ts$|^server\/http\/|^server\/app\.ts$/.test(file)],
    ['handlebars', /^handlebars$/, (file) => file === 'server/rendering/templates.ts'],
    ['puppeteer', /^puppeteer(-core)?$/, (file) => file.startsWith('server/rendering/')],
    ['the S3 client', /^@aws-sdk\//, (file) => file === 'storage/s3-storage.ts'],
  ])('%s is used in one place', (_name, technology, mayUse) => {
    const wrong = imports.filter(
      ({ file, target, typeOnly }) =>
        technology.test(target) && (!typeOnly || technology.test('mongoose')) && !mayUse(file),
    );
    expect(shown(wrong)).toEqual([]);
  });

  it('only config.ts reads the environment', () => {
    const readers = [...serverFiles, ...filesBelow('storage')].filter((file) =>
      /process\.env/.test(readFileSync(path.join(projectRoot, file), 'utf8')),
    );
    expect(readers).toEqual(['server/config.ts']);
  });

  it('tests that start the app take their days from the clock of the tests, and none asks the machine', () => {
    const read = (file: string) => readFileSync(path.join(projectRoot, file), 'utf8');
    const tests = filesBelow('test').filter((file) => !/^test\/(bench|harness\/test-clock)/.test(file));
    const onTheApp = tests.filter(
      (file) => /harness\/|permission-rows/.test(file) || /start-app\.js/.test(read(file)),
    );
    expect(onTheApp.length).toBeGreaterThan(60);
    expect(onTheApp.filter((file) => /['"`]20\d\d-\d\d-\d\d/.test(read(file)))).toEqual([]);
    // What the machine dates: files, and the sessions of express-session.
    const dated = ['test/access/session-store.test.ts', 'test/storage/disk-storage.test.ts'];
    const asking = tests.filter((file) =>
      /\bnew Date\(\)|\bDate\.now\(\)|DateTime\.now\(\)/.test(read(file)),
    );
    expect(asking.filter((file) => !dated.includes(file) && file !== 'test/architecture.test.ts')).toEqual(
      [],
    );
  });
});
