/** A process of its own that opens the embedded database: what the tests of embedded-mongod.test.ts start and kill. */
import { createInterface } from 'node:readline';
import mongoose from 'mongoose';
import { openEmbeddedMongod } from '../../server/local/embedded-mongod.js';

const [dataDir = '', binary = '', mode = 'server'] = process.argv.slice(2);

const say = (value: object): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

try {
  const mongod = await openEmbeddedMongod({ dataDir, binary, mode: mode as 'server' | 'tool' });
  const connection = await mongoose
    .createConnection(mongod.uri, {
      writeConcern: { w: 'majority', journal: true },
      serverSelectionTimeoutMS: 10_000,
    })
    .asPromise();
  say({ uri: mongod.uri });
  createInterface(process.stdin).on('line', (line) => {
    void (async () => {
      if (line === 'stop') {
        await connection.close();
        await mongod.stop();
        say({ stopped: true });
        process.exit(0);
      }
      await connection.collection('notes').insertOne({ text: line });
      say({ written: line });
    })();
  });
} catch (error) {
  say({ error: (error as Error).name, message: (error as Error).message });
  process.exit(3);
}
