/** Starts the server: configuration, context, app, listen. Closes everything on SIGTERM and SIGINT. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refuseKnownPasswords } from './sample-school/sample-passwords.js';
import { sampleSchoolWanted } from './sample-school/sample-wanted.js';
import { sendResets } from './access/reset-password.js';
import { removeUnnamedFile, removeWaitingFiles } from './artifacts/remove-files.js';
import { startSweeps } from './artifacts/sweep-uploads.js';
import { findNamedKeys } from './erasure/named-files.js';
import { sweepLateRecords } from './merge/late-records.js';
import { sweepFiles } from './erasure/sweep-files.js';
import { readConfig } from './config.js';
import { openContext } from './context.js';
import { explainProblem } from './explain-problem.js';
import { limitConnections } from './http/limit-connections.js';
import { workInThread } from './jobs/work-in-thread.js';
import { createTexts } from './rendering/texts.js';
import { fillSampleSchool, greet } from './greet.js';

async function start(): Promise<void> {
  const config = readConfig();
  // The code of the features is read while the database starts.
  const [context, { createApp }, { startJobs }] = await Promise.all([
    openContext(config),
    import('./app.js'),
    import('./job-kinds.js'),
  ]);
  const loaded = (await sampleSchoolWanted(context)) ? await fillSampleSchool(context) : null;
  if (!loaded) await refuseKnownPasswords(context);
  const server = createServer(createApp(context));
  if (config.trustProxy === 0) limitConnections(server);
  server.requestTimeout = 0;
  server.headersTimeout = 30_000;
  // Longer than the minute for which proxies keep a connection: none is closed while a request is on its way.
  server.keepAliveTimeout = 75_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, resolve);
  });
  const jobs = startJobs(context, (lease, signal) => workInThread(context, lease, signal));
  const { mailer } = context;
  const stopSweeps = startSweeps({
    ...{ ...context, dataDir: config.dataDir },
    removeWaiting: () => removeWaitingFiles({ ...context, findNamedKeys }),
    sendWaiting: async () => mailer && sendResets({ ...context, mailer }),
    moveLate: () => sweepLateRecords(context),
    sweepUnnamed: async () => {
      const sweep = await sweepFiles({ ...context, removeUnnamedFile }, false);
      if (sweep.unnamed > 0) context.log.info(sweep, 'files that no record names were removed');
    },
  });
  const { port } = server.address() as AddressInfo;
  // PORT=0 lets the system choose; what is printed on passes and transcripts must be the port that was chosen.
  config.port = port;
  let closing = false;
  const close = async () => {
    if (closing) return;
    closing = true;
    server.close();
    server.closeIdleConnections();
    const impatience = setTimeout(() => server.closeAllConnections(), 5000);
    await new Promise((resolve) => server.on('close', resolve));
    clearTimeout(impatience);
    stopSweeps();
    await jobs.stop();
    await context.close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void close());
  process.on('SIGINT', () => void close());
  process.on('SIGHUP', () => void close());
  await greet(context, port, loaded);
}

start().catch((error: unknown) => {
  console.error(explainProblem(error, createTexts()) ?? error);
  process.exit(1);
});
