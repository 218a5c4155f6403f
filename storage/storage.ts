/**
 * The contract of the storage room: where the bytes of artifacts and transcripts lie. Six methods, the same
 * behaviour on every backend (test/storage/storage-contract.test.ts proves it). Knows nothing of schools,
 * people or file names.
 */
import type { Readable } from 'node:stream';

/** What a writer knows about the bytes. The caller's own record keeps it; storage only uses it. */
export interface FileMeta {
  /** Media type, e.g. `application/pdf`. Kept by backends that answer a link themselves. */
  type: string;
  /** Length in bytes where it is known beforehand; only chooses the size of the parts of a large body. */
  bytes?: number;
  /**
   * A file of this machine with the same bytes, whose SHA-256 the caller found while it wrote the file, and which it
   * changes no more. A backend on this machine may take it over instead of reading `body`; to remove it harms nothing.
   */
  place?: string;
}

/** First and last byte, counted from 0, both included, as in HTTP. */
export interface ByteRange {
  start: number;
  end: number;
}

export interface StoredFile {
  bytes: number;
}

export interface ListedFile extends StoredFile {
  key: string;
  /** When these bytes were written last. */
  writtenAt: Date;
}

/** How a browser that follows a link should treat the file. */
export interface LinkAnswer {
  type: string;
  /** A complete Content-Disposition value. */
  disposition: string;
}

/** A backend that can clear away what uploads left which never ended: a process was killed, a gateway died. */
export interface SweepsUnfinished {
  /** Removes unfinished uploads that began before this moment, and says how many. @throws StorageFailure */
  sweepUnfinished(before: Date): Promise<number>;
}

export const sweepsUnfinished = (storage: object): storage is SweepsUnfinished =>
  'sweepUnfinished' in storage;

export interface Storage {
  /**
   * Stores the whole stream under `key` (see storage-key.ts), or nothing at all: until the promise is
   * fulfilled a reader finds either what was there before or the complete new file, also after a crash or a
   * power cut. The bytes are hashed on their way; a stream that does not give the SHA-256 named in the key
   * (cut short, damaged) is refused. Writing the same key again is harmless. Memory stays bounded however
   * long the stream is. Always consumes or destroys `body`.
   * @throws StorageFailure, with the reason as `cause`; nothing of the attempt stays behind.
   */
  write(key: string, body: Readable, meta: FileMeta): Promise<void>;

  /**
   * Opens the file, or the part of it named by `range`: `start` must lie inside the file, `end` may lie behind its last
   * byte. The caller must read the stream to its end or destroy it. If reading breaks off later, the stream fails with
   * StorageFailure; it never just ends early.
   * @throws FileMissing when there is no such file; StorageFailure for anything else.
   */
  read(key: string, range?: ByteRange): Promise<Readable>;

  /**
   * Says how long the stored file is.
   * @throws FileMissing when there is no such file; StorageFailure for anything else.
   */
  stat(key: string): Promise<StoredFile>;

  /**
   * Removes the file for good. Silent when there is none.
   * @throws StorageFailure.
   */
  remove(key: string): Promise<void>;

  /**
   * Every stored file, in no order, read bit by bit: memory stays bounded however many there are. What is
   * written or removed meanwhile may be there or not. Leaves out whatever is no file of ours.
   * @throws StorageFailure.
   */
  list(): AsyncIterable<ListedFile>;

  /**
   * An address from which anyone who has it may fetch the file for so many seconds, without asking the app.
   * Does not check that the file exists. `null` means: this backend gives no addresses, stream it yourself
   * with `read`.
   * @throws StorageFailure.
   */
  link(key: string, seconds: number, answer?: LinkAnswer): Promise<string | null>;
}

/** The backend says for certain that there is no such file. Access denied is never reported like this. */
export class FileMissing extends Error {
  constructor(
    readonly key: string,
    options?: { cause?: unknown },
  ) {
    super(`no file is stored under ${key}`, options);
    this.name = 'FileMissing';
  }
}

/** The backend could not do it, or could not say. `cause` holds the reason. */
export class StorageFailure extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StorageFailure';
  }
}
