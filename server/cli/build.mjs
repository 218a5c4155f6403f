/**
 * Builds the server (types stripped, one file per source file) and the browser scripts into `.build/`.
 * Type checking is `npm run typecheck`; this step only has to be quick. Imports esbuild late, because the set-up
 * script asks `isBuilt()` before anything is installed.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const target = path.join(root, '.build');
const stampFile = path.join(target, 'built-from');

/** @param {string} folder @returns {string[]} every source below the folder, as absolute paths */
function sourcesBelow(folder) {
  const place = path.join(root, folder);
  if (!existsSync(place)) return [];
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => path.join(place, name))
    .sort();
}

/** Changes whenever a source appears, disappears or is written. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const file of [
    ...['server', 'storage', 'views/client'].flatMap(sourcesBelow),
    fileURLToPath(import.meta.url),
  ]) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${path.relative(root, file)} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

/** Whether `.build/` stands for the sources as they are now. */
export function isBuilt() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprint();
}

/** Builds beside the old build and then changes places, so that a failed build leaves the old one. */
export async function build() {
  const { build: bundle } = await import('esbuild');
  const from = fingerprint();
  const fresh = `${target}.${process.pid}`;
  try {
    await bundle({
      entryPoints: [...sourcesBelow('server'), ...sourcesBelow('storage')],
      outdir: fresh,
      outbase: root,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: true,
      logLevel: 'warning',
    });
    const client = path.join(root, 'views/client');
    const scripts = sourcesBelow('views/client').filter((file) => path.dirname(file) === client);
    if (scripts.length > 0) {
      await bundle({
        entryPoints: scripts,
        outdir: path.join(fresh, 'client'),
        bundle: true,
        format: 'esm',
        target: 'es2022',
        minify: true,
        sourcemap: true,
        logLevel: 'warning',
      });
    }
    writeFileSync(path.join(fresh, 'built-from'), from);
    rmSync(target, { recursive: true, force: true });
    renameSync(fresh, target);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await build();
