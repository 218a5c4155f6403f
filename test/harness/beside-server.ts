/** Work on a running server's own database, beside the server, as a command-line tool would do it. */
import { openEmbeddedMongod } from '../../server/local/embedded-mongod.js';
import { mongodBinary } from './services.js';
import { startApp, type TestApp } from './start-app.js';
import { serverSecret } from './start-server.js';

export async function besideServer<T>(dataDir: string, work: (app: TestApp) => Promise<T>): Promise<T> {
  const tool = await openEmbeddedMongod({ dataDir, binary: mongodBinary(), mode: 'tool' });
  const app = await startApp({
    databaseUri: tool.uri,
    dataDir,
    jobs: false,
    environment: { SECRET_KEY: serverSecret },
  });
  try {
    return await work(app);
  } finally {
    await app.close();
    await tool.stop();
  }
}
