/**
 * The one composition root: opens everything the features need, in order, and closes it in the opposite order.
 * Tests pass overrides; nothing else in the program opens a database, a storage or a browser.
 */
import path from 'node:path';
import { createTemplates, type Templates } from './rendering/templates.js';
import { createTexts, type Texts } from './rendering/texts.js';
import { createAssets, type Assets } from './rendering/assets.js';
import { createExtentReader, type ExtentReader } from './rendering/file-extent.js';
import { createChromiumPrinter } from './rendering/chromium-printer.js';
import type { Printer } from './rendering/printer.js';
import { openAuditAnchors, type AuditAnchors } from './audit/audit-anchors.js';
import { openAuditChain, type AuditChain } from './audit/audit-chain.js';
import { auditKeysOf } from './audit/audit-entry.js';
import { openRubricLibrary, type RubricLibrary } from './rubrics/rubric-library.js';
import type { AnchorFiles } from '../storage/anchor-files.js';
import { openAnchorFiles, openStorage } from '../storage/open-storage.js';
import { createActivity, type Activity } from './http/activity.js';
import type { Storage } from '../storage/storage.js';
import { systemClock, type Clock } from './clock.js';
import { collections } from './collections.js';
import type { Config } from './config.js';
import { openDatabase, type Database, type OpenOptions } from './db/database.js';
import type { Say } from './db/migration.js';
import { migrations } from './db/migrations/list.js';
import { checkRoomToStart, freeBytes } from './disk-space.js';
import { openEmbeddedMongod } from './local/embedded-mongod.js';
import { openLog, type Log } from './log.js';
import { openMailer, type Mailer } from './mailer.js';
import { projectRoot } from './project-root.js';
import { secureDataFolder } from './local/secure-data-folder.js';

export interface Context {
  config: Config;
  db: Database;
  /** Where the database is, with its password: for a thread of this process. */
  databaseUri: string;
  /** Gives audit entries their place in the chain of their school. */
  audit: AuditChain;
  /** Says outside of the database where the chains end. */
  anchors: AuditAnchors;
  anchorFiles: AnchorFiles;
  storage: Storage;
  /** Finds how long stored files are. */
  extents: ExtentReader;
  printer: Printer;
  /** Null: this installation sends no e-mail. */
  mailer: Mailer | null;
  rubrics: RubricLibrary;
  clock: Clock;
  log: Log;
  texts: Texts;
  /** How busy people keep this instance. */
  activity: Activity;
  templates: Templates;
  assets: Assets;
  /** Bytes that the disk of the data folder has left. */
  freeBytes(): Promise<number>;
  close(): Promise<void>;
}

export interface ContextOverrides {
  clock?: Clock;
  log?: Log;
  printer?: Printer;
  storage?: Storage;
  /** Bytes that the disk of a folder has left. */
  freeBytes?: (folder: string) => Promise<number>;
  /** `tool` joins the mongod of a running server instead of refusing. */
  mode?: 'server' | 'tool';
  /** Told what is done to the database at the start. Default: the log. */
  say?: Say;
}

/** @throws ConfigError, AppError `database-not-a-replica-set`, or what the part that could not be opened says */
export async function openContext(config: Config, overrides: ContextOverrides = {}): Promise<Context> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const log = overrides.log ?? openLog(config.logLevel);
    const clock = overrides.clock ?? systemClock;
    const free = overrides.freeBytes ?? freeBytes;
    if (overrides.mode !== 'tool') await checkRoomToStart(config.dataDir, free);
    const texts = createTexts({ missing: config.strictTexts ? 'throw' : 'show' });
    if (overrides.mode !== 'tool') {
      const open = await secureDataFolder(config.dataDir);
      if (open.length > 0)
        log.warn({ open: open.slice(0, 10) }, texts.t('en', 'database.open-files', { count: open.length }));
    }
    const server = await openDatabaseServer(config, overrides.mode ?? 'server');
    closers.push(() => server.close());
    // A command keeps its standard output for its answer.
    const tell = overrides.mode === 'tool' ? console.error : (text: string) => log.info(text);
    const say = overrides.say ?? ((key, params) => tell(texts.t('en', key, params)));
    const db = await openDatabase(server.uri, {
      ...databaseOptions(config, say, clock),
      // Somebody waits for an answer; a command may take as long as it takes.
      ...(overrides.mode === 'tool' ? {} : { queryMilliseconds: 10_000 }),
    });
    closers.push(() => db.close());
    const keys = auditKeysOf(config.keysFor('audit'));
    const anchorFiles = await openAnchorFiles(config.storage);
    const anchors = openAuditAnchors({ db, keys, files: anchorFiles, clock, log });
    closers.push(() => anchors.close());
    const audit = openAuditChain({ db, keys, log, grown: anchors.note });
    closers.push(() => audit.close());
    const storage = overrides.storage ?? (await openStorage(config.storage));
    const extents = createExtentReader(storage);
    closers.push(() => extents.close());
    const rubrics = await openRubricLibrary({ db, clock, folder: path.join(projectRoot, 'rubrics') });
    const assets = createAssets({ projectRoot });
    const templates = createTemplates({
      ...{ texts, projectRoot, assetUrl: assets.url },
      reload: config.reloadTemplates,
    });
    const activity = createActivity();
    const printer = overrides.printer ?? openPrinter(config, log, activity);
    closers.push(() => printer.close());
    const mailer = config.mail ? openMailer(config.mail) : null;
    closers.push(async () => mailer?.close());
    const left = () => free(config.dataDir);
    return {
      config,
      db,
      databaseUri: server.uri,
      audit,
      anchors,
      anchorFiles,
      storage,
      extents,
      printer,
      mailer,
      rubrics,
      clock,
      log,
      texts,
      templates,
      assets,
      freeBytes: left,
      activity,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What opening the database needs beside its address. */
export const databaseOptions = (config: Config, say: Say, clock: Clock = systemClock): OpenOptions => ({
  ...{ collections, migrations, clock, say },
  keyFor: (purpose) => config.keyFor(purpose),
});

export interface DatabaseServer {
  uri: string;
  close(): Promise<void>;
}

/** The database server that the configuration names, or the embedded one, which is started or joined. */
export async function openDatabaseServer(config: Config, mode: 'server' | 'tool'): Promise<DatabaseServer> {
  if (config.database.kind === 'external') {
    return { uri: config.database.uri, close: () => Promise.resolve() };
  }
  const { binary, port } = config.database;
  const mongod = await openEmbeddedMongod({
    dataDir: config.dataDir,
    binary: binary ?? 'mongod',
    ...(port === null ? {} : { port }),
    mode,
  });
  return { uri: mongod.uri, close: () => mongod.stop() };
}

function openPrinter(config: Config, log: Log, activity: Activity): Printer {
  return createChromiumPrinter({
    executablePath: config.chromium ?? 'chromium-headless-shell',
    dataDir: config.dataDir,
    ...(config.printerPages === null ? {} : { pages: config.printerPages }),
    ...(config.printerBusyPages === null ? {} : { busyPages: config.printerBusyPages }),
    isBusy: activity.isBusy,
    nice: config.printerNice,
    warn: (message) => log.warn(message),
  });
}
