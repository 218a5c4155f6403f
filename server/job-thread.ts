/** The thread of one large job (`jobs/work-in-thread.ts`): opens what the job needs, works on it, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { readConfig, type Config } from './config.js';
import { openContext } from './context.js';
import type { StopReason } from './jobs/run-jobs.js';
import { workOn } from './jobs/work-on-job.js';
import { lowerThread } from './rendering/low-priority.js';
import type { ThreadOrder } from './jobs/work-in-thread.js';

/** Of 0 to 19. */
const NICE = 5;

const { job, owner, lease, databaseUri } = workerData as ThreadOrder;
const stopping = new AbortController();
parentPort!.on('message', (reason: StopReason) => stopping.abort(reason));
lowerThread(NICE);
// An embedded database is started and stopped by the server alone.
const config: Config = { ...readConfig(), database: { kind: 'external', uri: databaseUri } };
const [context, { jobKinds }] = await Promise.all([
  openContext(config, { mode: 'tool', say: () => undefined }),
  import('./job-kinds.js'),
]);
try {
  const { db, clock, log } = context;
  await workOn({ db, clock, log, owner, lease, run: jobKinds(context)[job.kind]!.run, stopping }, job);
  parentPort!.postMessage('over');
} finally {
  await context.close();
  parentPort!.close();
}
