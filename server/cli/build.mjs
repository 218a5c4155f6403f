/**
 * Builds the server (types stripped, one file per source file) and the browser scripts into `.build/`.
 * Type checking is `npm run typecheck`; this step only has to be quick.
 */
import { build } from 'esbuild';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** @param {string} folder @returns {string[]} every .ts file below the folder */
function sourcesBelow(folder) {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => path.join(root, folder, name));
}

export async function buildAll() {
  rmSync(path.join(root, '.build'), { recursive: true, force: true });
  await build({
    entryPoints: [...sourcesBelow('server'), ...sourcesBelow('storage')],
    outdir: path.join(root, '.build'),
    outbase: root,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    logLevel: 'warning',
  });
  const client = path.join(root, 'views/client');
  const scripts = existsSync(client)
    ? readdirSync(client)
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
        .map((name) => path.join(client, name))
    : [];
  if (scripts.length > 0) {
    await build({
      entryPoints: scripts,
      outdir: path.join(root, '.build/client'),
      bundle: true,
      format: 'esm',
      target: 'es2022',
      minify: true,
      sourcemap: true,
      logLevel: 'warning',
    });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll();
