/**
 * `npm run sweep-files [-- --dry-run] [--json]`: removes stored files that no record names and that are older
 * than a day, and the bytes of removed works that are still there. The server does the same once a day. Exit
 * code: 0 done, 1 something could not be removed, 2 wrong call.
 */
import { parseArgs } from 'node:util';
import { removeUnnamedFile, removeWaitingFiles } from '../artifacts/remove-files.js';
import { countFileRemovals } from '../artifacts/file-removal-records.js';
import { sweepUploads } from '../artifacts/sweep-uploads.js';
import { readConfig } from '../config.js';
import { openContext } from '../context.js';
import { findNamedKeys } from '../erasure/named-files.js';
import { sweepFiles } from '../erasure/sweep-files.js';
import { explainProblem } from '../explain-problem.js';
import { createTexts } from '../rendering/texts.js';
import { printHelp } from './print-help.js';

const usage = `npm run sweep-files [-- --dry-run] [--json]
Removes stored files that no record names and that are older than a day. The server does the same once a day.
--dry-run  only says what would be removed
--json     prints one JSON object`;
const texts = createTexts();

function readWanted(): { dryRun: boolean; json: boolean } | null {
  try {
    const flag = { type: 'boolean', default: false } as const;
    const { values } = parseArgs({ options: { 'dry-run': flag, json: flag } });
    return { dryRun: values['dry-run'], json: values.json };
  } catch {
    return null;
  }
}

async function run({ dryRun, json }: { dryRun: boolean; json: boolean }): Promise<number> {
  const context = await openContext(readConfig(), { mode: 'tool' });
  try {
    const { db, clock, config } = context;
    const sweep = await sweepFiles({ ...context, removeUnnamedFile }, dryRun);
    const uploads = dryRun ? 0 : await sweepUploads({ ...context, dataDir: config.dataDir }, clock.now());
    const waiting = dryRun
      ? await countFileRemovals({ db })
      : await removeWaitingFiles({ ...context, findNamedKeys });
    if (json) console.log(JSON.stringify({ dryRun, ...sweep, uploads, waiting }));
    else {
      const said = { ...sweep, uploads, waiting };
      console.log(texts.t('en', `database.sweep.${dryRun ? 'found' : 'done'}`, said));
    }
    return !dryRun && (sweep.failed > 0 || waiting > 0) ? 1 : 0;
  } finally {
    await context.close();
  }
}

const asksForHelp = printHelp(usage);
const wanted = asksForHelp ? null : readWanted();
if (asksForHelp) process.exitCode = 0;
else if (wanted === null) {
  console.error(usage);
  process.exitCode = 2;
} else {
  process.exitCode = await run(wanted).catch((error: unknown) => {
    console.error(explainProblem(error, texts) ?? error);
    return 1;
  });
}
