/**
 * Streams that keep the contract's two promises: wrong bytes never become a file, a broken read never looks complete.
 */
import { createHash } from 'node:crypto';
import { PassThrough, Transform, type Readable } from 'node:stream';
import { StorageFailure } from './storage.js';

/** Passes bytes on and fails at the end, before the receiver sees the end, when their SHA-256 is another one. */
export function checkedBy(sha256: string): Transform {
  const hash = createHash('sha256');
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      const found = hash.digest('hex');
      done(found === sha256 ? null : new Error(`the bytes have SHA-256 ${found}, the key says ${sha256}`));
    },
  });
}

/** The same bytes; whatever goes wrong in `source` arrives as StorageFailure. */
export function failingAsStorage(source: Readable, key: string): Readable {
  const outlet = new PassThrough();
  const broken = (cause?: unknown) =>
    outlet.destroy(new StorageFailure(`reading ${key} broke off`, cause === undefined ? {} : { cause }));
  source.on('error', broken);
  source.on('close', () => {
    if (!source.readableEnded) broken();
  });
  outlet.on('close', () => source.destroy());
  source.pipe(outlet);
  return outlet;
}
