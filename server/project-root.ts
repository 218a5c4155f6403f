/** Where views/, rubrics/ and package.json stand: the nearest folder above this file that holds package.json. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

function findRoot(from: string): string {
  if (existsSync(path.join(from, 'package.json'))) return from;
  const above = path.dirname(from);
  if (above === from) throw new Error('package.json was not found above the program files');
  return findRoot(above);
}

export const projectRoot: string = findRoot(path.dirname(fileURLToPath(import.meta.url)));

/** The version in package.json, the only place where it is written. */
export const productVersion: string = (
  JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as { version: string }
).version;
