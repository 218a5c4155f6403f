/**
 * Runs as a process of its own: writes a stream of so many bytes into the storage that the settings name,
 * reads it back, and prints by how much its memory grew above what it was before the first byte. Arguments:
 * settings as JSON, number of bytes.
 */
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { openStorage, type StorageSettings } from '../../storage/open-storage.js';
import { storageKey } from '../../storage/storage-key.js';

const CHUNK = 64 * 1024;
const noise = randomBytes(CHUNK);

/** Fresh buffers, as from a network; every chunk differs. */
function* muchBytes(total: number): Generator<Buffer> {
  for (let at = 0; at < total; at += CHUNK) {
    const chunk = Buffer.from(noise.subarray(0, Math.min(CHUNK, total - at)));
    chunk.writeUInt32BE(at / CHUNK, 0);
    yield chunk;
  }
}

async function measure(settings: StorageSettings, bytes: number) {
  const storage = await openStorage(settings);
  const hash = createHash('sha256');
  for (const chunk of muchBytes(bytes)) hash.update(chunk);
  const key = storageKey('much', hash.digest('hex'));

  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let highest = before;
  const watch = setInterval(() => (highest = Math.max(highest, process.memoryUsage.rss())), 5);
  await storage.write(key, Readable.from(muchBytes(bytes), { objectMode: false }), {
    type: 'application/octet-stream',
    bytes,
  });
  const growthWriting = highest - before;
  let read = 0;
  for await (const chunk of await storage.read(key)) read += (chunk as Buffer).length;
  clearInterval(watch);
  return { bytes, read, growthWriting, growth: Math.max(highest, process.memoryUsage.rss()) - before };
}

const [settings = '', bytes = ''] = process.argv.slice(2);
measure(JSON.parse(settings) as StorageSettings, Number(bytes)).then(
  (figures) => console.log(JSON.stringify(figures)),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
