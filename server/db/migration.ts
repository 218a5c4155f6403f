/**
 * What a migration is: one change of stored data that a newer program needs, made once per database. It
 * speaks to the driver and names collections and fields as they were when it was written, so that it still
 * works when the declarations have moved on.
 */
import type mongoose from 'mongoose';
import type { Clock } from '../clock.js';
import type { MessageParams } from '../errors.js';

export type Db = mongoose.mongo.Db;

/** Tells whoever watches what is done, by the key of a text in `database.json`. */
export type Say = (messageKey: string, params?: MessageParams) => void;

export interface MigrationContext {
  readonly db: Db;
  readonly clock: Clock;
  /** Derives a key of 32 bytes for one purpose from the installation's secret. */
  readonly keyFor: (purpose: string) => Buffer;
  /** True: says what would be done and writes nothing. */
  readonly dryRun: boolean;
  readonly say: Say;
  /** Runs `work` in one transaction with majority write concern. */
  transaction<R>(work: (session: mongoose.mongo.ClientSession) => Promise<R>): Promise<R>;
  /**
   * To be asked before each portion of a long work.
   * @throws Error when this process was silent for so long that another instance has taken over
   */
  stillOurs(): Promise<void>;
}

export interface Migration {
  /** `NN-what-it-does`, the name of its file; never changed once it was released. */
  readonly name: string;
  /** May be killed at any moment and is then run again from its start, so every portion must be safe to repeat. */
  run(context: MigrationContext): Promise<void>;
}
