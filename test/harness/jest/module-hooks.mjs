/**
 * Hooks of Node's module loader (they run in a thread of their own): TypeScript, and what belongs to one test
 * file alone.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

const tests = new URL('../../', import.meta.url).href;
const globals = new URL('./globals.mjs', import.meta.url).href;
const quickArgon2 = new URL('../quick-argon2.mjs', import.meta.url).href;

const queryOf = (url) => (url?.startsWith(tests) ? new URL(url).search : '');

export async function resolve(name, context, next) {
  const query = queryOf(context.parentURL);
  if (name === '@jest/globals') return { url: globals + query, shortCircuit: true };
  if (name === '@node-rs/argon2') return { url: quickArgon2, shortCircuit: true };
  if (!/^(\.{1,2}\/|file:)/.test(name)) return next(name, context);
  const isTypeScript = context.parentURL?.split('?')[0].endsWith('.ts');
  const wanted = isTypeScript ? name.replace(/^([^?]+)\.js($|\?)/, '$1.ts$2') : name;
  let found;
  try {
    found = await next(wanted, context);
  } catch (error) {
    if (wanted === name || error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    found = await next(name, context);
  }
  const own = found.url.startsWith(tests) && query && !found.url.includes('?');
  return own ? { ...found, url: found.url + query } : found;
}

export async function load(url, context, next) {
  const [file] = url.split('?');
  if (!file.startsWith('file:') || !file.endsWith('.ts')) return next(url, context);
  const filename = fileURLToPath(file);
  const { code } = await transform(await readFile(filename, 'utf8'), {
    filename,
    swcrc: false,
    sourceMaps: 'inline',
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
  });
  return { format: 'module', source: code, shortCircuit: true };
}
