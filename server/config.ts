/**
 * The only reader of the environment. Turns it into a typed Config once, at start, and refuses contradictions by name.
 * `.env.example` explains every variable; a test keeps the two equal.
 */
import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { projectRoot } from './project-root.js';
import { readOrMakeSecret } from './local/secret-file.js';
import { isLoopbackHost, isReachable } from './reachable.js';

const flag = z.enum(['true', 'false', '1', '0', '']).transform((value) => value === 'true' || value === '1');

const environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
  DATA_DIR: z.string().default('.vitrine'),
  SETUP_CODE: z
    .string()
    .trim()
    .min(16, 'must have at least 16 characters')
    .max(100, 'must have at most 100 characters')
    .optional(),
  SESSION_DAYS: z.coerce.number().int().min(1).max(90).default(7),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/[^\s]+$/, 'must start with smtp:// or smtps://')
    .optional(),
  MAIL_FROM: z.string().max(320).optional(),
  SECRET_KEY: z.string().min(32, 'must have at least 32 characters').optional(),
  SECRET_KEY_PREVIOUS: z
    .string()
    .transform((text) => text.split(',').map((key) => key.trim()))
    .refine((keys) => keys.every((key) => key.length >= 32), 'each key must have at least 32 characters')
    .optional(),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'must start with mongodb:// or mongodb+srv://')
    .optional(),
  MONGOD_BINARY: z.string().optional(),
  MONGOD_PORT: z.coerce.number().int().min(1024).max(65_535).optional(),
  STORAGE: z.enum(['disk', 's3']).default('disk'),
  S3_BUCKET: z.string().optional(),
  S3_REGION: z.string().optional(),
  S3_ENDPOINT: z.url().optional(),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  S3_FORCE_PATH_STYLE: flag.optional(),
  UPLOAD_MAX_MB: z.coerce.number().int().min(1).max(100_000).default(2048),
  UPLOAD_STALL_SECONDS: z.coerce.number().int().min(1).max(3600).default(30),
  STUDENT_QUOTA_MB: z.coerce.number().int().min(1).max(100_000_000).default(20_480),
  SCHOOL_QUOTA_MB: z.coerce.number().int().min(1).max(1_000_000_000).default(1_048_576),
  PUPPETEER_EXECUTABLE_PATH: z.string().optional(),
  PRINTER_PAGES: z.coerce.number().int().min(1).max(64).optional(),
  PRINTER_BUSY_PAGES: z.coerce.number().int().min(1).max(64).optional(),
  PRINTER_NICE: z.coerce.number().int().min(0).max(19).default(10),
  SAMPLE_SCHOOL: flag.optional(),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
});

export type Environment = z.input<typeof environment>;
export const variableNames = Object.keys(environment.shape) as (keyof Environment)[];

type StorageConfig =
  | { kind: 'disk'; folder: string }
  | {
      kind: 's3';
      bucket: string;
      region: string;
      endpoint?: string;
      accessKeyId?: string;
      secretAccessKey?: string;
      forcePathStyle: boolean;
    };

export interface Config {
  host: string;
  port: number;
  /** The address people use; null until the server listens on this machine only. */
  publicUrl: string | null;
  /** How many proxies in front may be believed about the caller's address, and about http or https. */
  trustProxy: number;
  /** Whether people beyond this machine reach the server, directly or through a proxy. */
  reachable: boolean;
  /** Opens an empty installation, for scripts; null: only the code that the start prints does. */
  setupCode: string | null;
  /** How long a sign-in lasts at most, milliseconds, however often it is used. */
  sessionMilliseconds: number;
  /** The server that sends e-mail, and the sender; null: none is sent. */
  mail: { url: string; from: string } | null;
  dataDir: string;
  /** Derives a key of 32 bytes for one purpose from the installation's secret. */
  keyFor(purpose: string): Buffer;
  /**
   * The same, followed by those from earlier secrets: what they signed is still recognized, nothing new is
   * signed with them.
   */
  keysFor(purpose: string): Buffer[];
  database:
    { kind: 'embedded'; binary: string | null; port: number | null } | { kind: 'external'; uri: string };
  storage: StorageConfig;
  uploadMaxBytes: number;
  /** A body of which less than a kilobyte arrives in so many seconds is ended. */
  uploadStallSeconds: number;
  /** What the files of one student, and of one school, may take unless the school says otherwise. */
  studentQuotaBytes: number;
  schoolQuotaBytes: number;
  chromium: string | null;
  /** Pages that print at the same time; null means as many as cores. */
  printerPages: number | null;
  /** The same while people wait for pages; null means half as many. */
  printerBusyPages: number | null;
  /** How far printing steps back for everything else on the machine, 0 to 19. */
  printerNice: number;
  /** Load the sample school into an empty embedded database. */
  sampleSchool: boolean;
  logLevel: string;
  /** A text that is missing is an error (tests) instead of showing its key. */
  strictTexts: boolean;
  /** Templates are read again for every page, while somebody works on them. */
  reloadTemplates: boolean;
}

/** Says by name which variables are wrong or contradict each other. */
export class ConfigError extends Error {
  constructor(readonly problems: string[]) {
    super(`The configuration cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** @throws ConfigError listing everything that is wrong at once */
export function readConfig(variables: Record<string, string | undefined> = ownEnvironment()): Config {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  }
  const env = parsed.data;
  const reachable = isReachable(env.HOST, env.PUBLIC_URL, env.TRUST_PROXY);
  const problems = contradictions(env);
  if (problems.length > 0) throw new ConfigError(problems);
  const dataDir = path.resolve(projectRoot, env.DATA_DIR);
  const found = readFound(dataDir);
  const secret = env.SECRET_KEY ?? localSecret(dataDir);
  return {
    host: env.HOST,
    port: env.PORT,
    publicUrl: env.PUBLIC_URL?.replace(/\/$/, '') ?? null,
    trustProxy: env.TRUST_PROXY,
    reachable,
    setupCode: env.SETUP_CODE ?? null,
    sessionMilliseconds: env.SESSION_DAYS * 24 * 60 * 60 * 1000,
    mail: env.SMTP_URL && env.MAIL_FROM ? { url: env.SMTP_URL, from: env.MAIL_FROM } : null,
    dataDir,
    keyFor: (purpose) => derived(secret, purpose),
    keysFor: (purpose) => [secret, ...(env.SECRET_KEY_PREVIOUS ?? [])].map((each) => derived(each, purpose)),
    database: env.MONGODB_URI
      ? { kind: 'external', uri: env.MONGODB_URI }
      : {
          kind: 'embedded',
          binary: env.MONGOD_BINARY ?? found.mongod ?? null,
          port: env.MONGOD_PORT ?? null,
        },
    storage: readStorage(env, dataDir),
    uploadMaxBytes: env.UPLOAD_MAX_MB * 1024 * 1024,
    uploadStallSeconds: env.UPLOAD_STALL_SECONDS,
    studentQuotaBytes: env.STUDENT_QUOTA_MB * 1024 * 1024,
    schoolQuotaBytes: env.SCHOOL_QUOTA_MB * 1024 * 1024,
    chromium: env.PUPPETEER_EXECUTABLE_PATH ?? found.chromium ?? null,
    printerPages: env.PRINTER_PAGES ?? null,
    printerBusyPages: env.PRINTER_BUSY_PAGES ?? null,
    printerNice: env.PRINTER_NICE,
    // Nobody should put accounts of a made-up school on the network by leaving a setting out.
    sampleSchool: env.SAMPLE_SCHOOL ?? (!env.MONGODB_URI && !reachable),
    logLevel: env.LOG_LEVEL,
    strictTexts: variables['NODE_ENV'] === 'test',
    reloadTemplates: variables['NODE_ENV'] === 'development',
  };
}

const derived = (secret: string, purpose: string): Buffer =>
  createHmac('sha256', secret).update(purpose).digest();

/** The environment, completed from `.env` in the project's folder; what is set already wins. */
function ownEnvironment(): Record<string, string | undefined> {
  const file = path.join(projectRoot, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
  return process.env;
}

function contradictions(env: z.output<typeof environment>): string[] {
  const problems: string[] = [];
  if (env.STORAGE === 's3' && !env.S3_BUCKET) problems.push('S3_BUCKET is missing although STORAGE=s3');
  if (env.STORAGE === 's3' && !env.S3_REGION && !env.S3_ENDPOINT)
    problems.push('S3_REGION is missing although STORAGE=s3');
  if (Boolean(env.S3_ACCESS_KEY_ID) !== Boolean(env.S3_SECRET_ACCESS_KEY)) {
    problems.push('S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY go together: set both or neither');
  }
  if (env.SMTP_URL && !env.MAIL_FROM) problems.push('MAIL_FROM is missing although SMTP_URL is set');
  if (env.MAIL_FROM && !env.SMTP_URL) problems.push('SMTP_URL is missing although MAIL_FROM is set');
  if (env.STORAGE === 'disk' && env.S3_BUCKET)
    problems.push('S3_BUCKET is set although STORAGE=disk: set STORAGE=s3 or remove it');
  if (env.PUBLIC_URL?.startsWith('https:') && env.TRUST_PROXY === 0) {
    problems.push(
      `TRUST_PROXY is 0 although PUBLIC_URL=${env.PUBLIC_URL}: TLS ends at a proxy in front, and while no proxy is trusted every request looks like http, so that nobody can sign in. Set TRUST_PROXY to the number of proxies (usually 1), and let the proxy send X-Forwarded-Proto`,
    );
  }
  if (!isLoopbackHost(env.HOST) && !env.PUBLIC_URL) {
    problems.push(
      `PUBLIC_URL is missing although HOST=${env.HOST}: passes and transcripts carry the address that people use, for example PUBLIC_URL=http://192.168.1.20:3000`,
    );
  }
  if (env.MONGODB_URI && env.MONGOD_BINARY)
    problems.push(
      'MONGODB_URI and MONGOD_BINARY contradict each other: the binary is for the embedded database',
    );
  if (env.MONGODB_URI && env.MONGOD_PORT)
    problems.push('MONGODB_URI and MONGOD_PORT contradict each other: the port is for the embedded database');
  if (env.MONGODB_URI && env.SAMPLE_SCHOOL)
    problems.push('SAMPLE_SCHOOL cannot be true with MONGODB_URI: its accounts have a known password');
  if (env.MONGODB_URI && !env.SECRET_KEY) {
    problems.push(
      'SECRET_KEY is missing although MONGODB_URI is set: all instances must share one (make it with: openssl rand -hex 32)',
    );
  }
  return problems;
}

function readStorage(env: z.output<typeof environment>, dataDir: string): StorageConfig {
  if (env.STORAGE === 'disk') return { kind: 'disk', folder: path.join(dataDir, 'files') };
  return {
    kind: 's3',
    bucket: env.S3_BUCKET!,
    region: env.S3_REGION ?? 'us-east-1',
    ...(env.S3_ENDPOINT ? { endpoint: env.S3_ENDPOINT } : {}),
    ...(env.S3_ACCESS_KEY_ID
      ? { accessKeyId: env.S3_ACCESS_KEY_ID, secretAccessKey: env.S3_SECRET_ACCESS_KEY! }
      : {}),
    forcePathStyle: env.S3_FORCE_PATH_STYLE ?? Boolean(env.S3_ENDPOINT),
  };
}

/** What the set-up script found on this machine. */
function readFound(dataDir: string): { chromium?: string; mongod?: string } {
  const file = path.join(dataDir, 'tools', 'found.json');
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { chromium?: string; mongod?: string };
  } catch {
    return {};
  }
}

/** One machine needs no SECRET_KEY: a random one is kept beside its data. */
function localSecret(dataDir: string): string {
  return readOrMakeSecret(path.join(dataDir, 'keys', 'secret'));
}
