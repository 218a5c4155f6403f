/** What start-services.mjs started for this run: the database, one per test file, and the programs that were found. */
import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import { databaseName } from './database-names.mjs';

/** Set by database-environment.mjs: the name of the database that the running test file has, the same at every call. */
declare const borrowDatabase: () => string;

function fromRun(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(`${name} is missing: tests run under jest with this repository's configuration`);
  return value;
}

/**
 * Connection address of a database that belongs to the running test file alone.
 * @param purpose where one file needs several, or one without any collection: a word for each
 */
export function testDatabaseUri(purpose = ''): string {
  const file = expect.getState().testPath ?? 'unknown';
  const uri = new URL(fromRun('VITRINE_TEST_MONGODB'));
  uri.pathname = `/${purpose ? databaseName(file, purpose) : borrowDatabase()}`;
  return uri.href;
}

export const mongodBinary = (): string => fromRun('VITRINE_TEST_MONGOD_BINARY');
export const chromiumPath = (): string => fromRun('VITRINE_TEST_CHROMIUM');

/** An empty folder; whoever asks removes it. Swept by a later run if this one is killed. */
export function temporaryFolder(): string {
  return mkdtempSync(path.join(fromRun('VITRINE_TEST_BASE'), `vitrine-test-${process.pid}-`));
}
