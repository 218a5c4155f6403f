/**
 * `npm run migrate [-- --dry-run]`: makes the database what this version expects, as every start does:
 * migrations, then indexes. With --dry-run it says what would be done and writes nothing. Exit code: 0 done,
 * 1 not possible, 2 wrong call.
 */
import { parseArgs } from 'node:util';
import { readConfig } from '../config.js';
import { databaseOptions, openDatabaseServer } from '../context.js';
import { openDatabase, previewDatabase } from '../db/database.js';
import { explainProblem } from '../explain-problem.js';
import { createTexts } from '../rendering/texts.js';
import { printHelp } from './print-help.js';

const usage = `npm run migrate [-- --dry-run]
Prepares the database for this version, as every start does: migrations, then indexes.
--dry-run  only says what would be done`;
const texts = createTexts();

function readDryRun(): boolean | null {
  try {
    return parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } }).values['dry-run'];
  } catch {
    return null;
  }
}

async function run(dryRun: boolean): Promise<void> {
  const config = readConfig();
  const server = await openDatabaseServer(config, 'tool');
  let said = 0;
  const options = databaseOptions(config, (key, params) => {
    said += 1;
    console.log(texts.t('en', key, params));
  });
  try {
    if (dryRun) await previewDatabase(server.uri, options);
    else {
      await (await openDatabase(server.uri, options)).close();
      if (said === 0) console.log(texts.t('en', 'database.nothing-to-do'));
    }
  } finally {
    await server.close();
  }
}

const asksForHelp = printHelp(usage);
const dryRun = asksForHelp ? null : readDryRun();
if (asksForHelp) process.exitCode = 0;
else if (dryRun === null) {
  console.error(usage);
  process.exitCode = 2;
} else {
  await run(dryRun).catch((error: unknown) => {
    console.error(explainProblem(error, texts) ?? error);
    process.exitCode = 1;
  });
}
