/**
 * Storage in a bucket that speaks S3 (the only file that knows @aws-sdk). Large bodies go up in parts, which
 * are given up when anything fails. The credentials need s3:ListBucket besides get, put, delete and abort:
 * without it S3 answers "denied" for files that do not exist, and denied is never reported as missing.
 * Processes that are killed half-way leave incomplete multipart uploads, which are swept by age
 * (s3:ListBucketMultipartUploads); a lifecycle rule does the same.
 */
import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  S3ServiceException,
  type ListMultipartUploadsCommandOutput,
  ListObjectsV2Command,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { anchorPath, type AnchorFiles } from './anchor-files.js';
import { checkedBy, failingAsStorage } from './checked-stream.js';
import {
  FileMissing,
  StorageFailure,
  type ByteRange,
  type FileMeta,
  type LinkAnswer,
  type ListedFile,
  type Storage,
  type StoredFile,
  type SweepsUnfinished,
} from './storage.js';
import { isStorageKey, parseStorageKey } from './storage-key.js';

export interface S3Settings {
  bucket: string;
  region: string;
  /** Address of a server other than Amazon's, e.g. `https://s3.school.example`. */
  endpoint?: string;
  /** Left out: found where the AWS tools look (instance role, web identity, shared file). */
  accessKeyId?: string;
  secretAccessKey?: string;
  /** Bucket in the path instead of the host name. Default: yes with `endpoint`, else no. */
  forcePathStyle?: boolean;
  /** Put before every key, e.g. `vitrine/`, where the bucket is shared. */
  prefix?: string;
  /** Whether browsers can reach the bucket, so that `link` may hand out addresses. Default: no. */
  links?: boolean;
}

const MIB = 1024 * 1024;
/** The least that S3 takes; two of them at a time keep a large upload within a few dozen megabytes of memory. */
const SMALLEST_PART = 5 * MIB;
/** S3 takes at most 10,000 parts; some room is left because a stated length may be wrong. */
const MAX_PARTS = 9000;

/**
 * Connects and asks once for the bucket, so that a wrong setting is named at start.
 * @throws StorageFailure when the bucket cannot be reached
 */
export async function openS3Storage(settings: S3Settings): Promise<Storage> {
  const common = settingsOf(settings);
  // A bucket that hangs must not hold up those who wait for an answer. Where bytes come, a reader may be
  // slow: only the beginning of the answer has a limit. Where bytes go, they come from memory, so a
  // connection on which nothing moves is dead.
  const reader = new S3Client({
    ...common,
    requestHandler: {
      connectionTimeout: 2000,
      requestTimeout: 5000,
      throwOnRequestTimeout: true,
      socketTimeout: 60_000,
    },
  });
  const writer = new S3Client({
    ...common,
    requestHandler: { connectionTimeout: 2000, socketTimeout: 6000 },
  });
  const storage = new S3Storage(reader, writer, settings);
  await storage.reachBucket('the bucket cannot be used');
  return storage;
}

function settingsOf(settings: S3Settings): S3ClientConfig {
  return {
    region: settings.region,
    ...(settings.endpoint ? { endpoint: settings.endpoint } : {}),
    ...(settings.accessKeyId && settings.secretAccessKey
      ? { credentials: { accessKeyId: settings.accessKeyId, secretAccessKey: settings.secretAccessKey } }
      : {}),
    forcePathStyle: settings.forcePathStyle ?? settings.endpoint !== undefined,
    // Newer default checksums are not understood by many servers; our own SHA-256 guards the bytes.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 2,
  };
}

/** The same bucket, for the anchors of the audit chains: a few kilobytes a month for each school. */
export function openS3Anchors(settings: S3Settings): AnchorFiles {
  const client = new S3Client({
    ...settingsOf(settings),
    requestHandler: { connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true },
  });
  const Bucket = settings.bucket;
  const folderOf = (owner: string) => `${settings.prefix ?? ''}audit-anchors/${owner}/`;
  const keyOf = (owner: string, name: string) =>
    `${settings.prefix ?? ''}audit-anchors/${anchorPath(owner, name)}.jsonl`;
  return {
    async write(owner, name, text) {
      await client.send(new PutObjectCommand({ Bucket, Key: keyOf(owner, name), Body: text }));
    },
    async read(owner, name) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: keyOf(owner, name) }));
        return (await Body?.transformToString('utf8')) ?? '';
      } catch (error) {
        if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return null;
        throw error;
      }
    },
    async list(owner) {
      const names: string[] = [];
      for (let ContinuationToken: string | undefined; ;) {
        const found = await client.send(
          new ListObjectsV2Command({
            ...{ Bucket, Prefix: folderOf(owner) },
            ...(ContinuationToken ? { ContinuationToken } : {}),
          }),
        );
        for (const { Key = '' } of found.Contents ?? [])
          names.push(Key.slice(folderOf(owner).length).replace(/\.jsonl$/, ''));
        ContinuationToken = found.NextContinuationToken;
        if (!ContinuationToken) return names.sort();
      }
    },
  };
}

class S3Storage implements Storage, SweepsUnfinished {
  constructor(
    private readonly client: S3Client,
    private readonly writer: S3Client,
    private readonly settings: S3Settings,
  ) {}

  async write(key: string, body: Readable, meta: FileMeta): Promise<void> {
    try {
      const checked = checkedBy(parseStorageKey(key).sha256);
      // The upload hears of a failure by reading; without a listener a late one would end the process.
      checked.on('error', () => undefined);
      body.on('error', (cause) => checked.destroy(cause));
      body.on('close', () => {
        if (!body.readableEnded) checked.destroy(new Error('the source was closed before its end'));
      });
      if (body.destroyed) throw body.errored ?? new Error('the source is closed');
      const upload = new Upload({
        client: this.writer,
        params: { ...this.at(key), Body: body.pipe(checked), ContentType: meta.type },
        partSize: Math.max(SMALLEST_PART, Math.ceil((meta.bytes ?? 0) / MAX_PARTS)),
        queueSize: 2,
      });
      await upload.done();
    } catch (cause) {
      body.destroy();
      throw asFailure(`writing ${key} failed`, cause);
    }
  }

  async read(key: string, range?: ByteRange): Promise<Readable> {
    const at = this.at(key);
    try {
      const answer = await this.client.send(
        new GetObjectCommand(range ? { ...at, Range: `bytes=${range.start}-${range.end}` } : at),
      );
      return failingAsStorage(answer.Body as Readable, key);
    } catch (cause) {
      // NoSuchBucket is also a 404, and is a failure: only this one name speaks of the file.
      if (cause instanceof S3ServiceException && cause.name === 'NoSuchKey')
        throw new FileMissing(key, { cause });
      throw asFailure(`reading ${key} failed`, cause);
    }
  }

  async stat(key: string): Promise<StoredFile> {
    const at = this.at(key);
    try {
      const { ContentLength } = await this.client.send(new HeadObjectCommand(at));
      if (ContentLength === undefined) throw new StorageFailure(`the server does not say how long ${key} is`);
      return { bytes: ContentLength };
    } catch (cause) {
      if (!(cause instanceof S3ServiceException) || cause.$metadata.httpStatusCode !== 404) {
        throw asFailure(`looking up ${key} failed`, cause);
      }
      // The answer to HEAD has no body: a lost bucket looks just like a lost file, so ask for the bucket as well.
      await this.reachBucket(`looking up ${key} failed`);
      throw new FileMissing(key, { cause });
    }
  }

  async remove(key: string): Promise<void> {
    const at = this.at(key);
    try {
      await this.client.send(new DeleteObjectCommand(at));
    } catch (cause) {
      if (cause instanceof S3ServiceException && cause.name === 'NoSuchKey') return;
      throw asFailure(`removing ${key} failed`, cause);
    }
  }

  async link(key: string, seconds: number, answer?: LinkAnswer): Promise<string | null> {
    const at = this.at(key);
    if (!this.settings.links) return null;
    try {
      const command = new GetObjectCommand({
        ...at,
        ...(answer
          ? { ResponseContentType: answer.type, ResponseContentDisposition: answer.disposition }
          : {}),
      });
      return await getSignedUrl(this.client, command, { expiresIn: seconds });
    } catch (cause) {
      throw asFailure(`no link to ${key} could be made`, cause);
    }
  }

  async *list(): AsyncIterable<ListedFile> {
    const { prefix = '' } = this.settings;
    try {
      for await (const page of paginateListObjectsV2({ client: this.client }, this.everything())) {
        for (const { Key, Size, LastModified } of page.Contents ?? [])
          if (Key && LastModified && this.isOurs(Key))
            yield { key: Key.slice(prefix.length), bytes: Size ?? 0, writtenAt: LastModified };
      }
    } catch (cause) {
      throw asFailure('listing the stored files failed', cause);
    }
  }

  /** The whole bucket below our prefix, page by page: other programs' uploads are left alone. */
  async sweepUnfinished(before: Date): Promise<number> {
    const where = this.everything();
    let removed = 0;
    try {
      for (let from: { KeyMarker?: string; UploadIdMarker?: string } | null = {}; from;) {
        const page: ListMultipartUploadsCommandOutput = await this.client.send(
          new ListMultipartUploadsCommand({ ...where, ...from }),
        );
        for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
          if (!Key || !UploadId || !Initiated || Initiated >= before || !this.isOurs(Key)) continue;
          await this.client.send(new AbortMultipartUploadCommand({ Bucket: where.Bucket, Key, UploadId }));
          removed += 1;
        }
        from = page.IsTruncated
          ? {
              ...(page.NextKeyMarker ? { KeyMarker: page.NextKeyMarker } : {}),
              ...(page.NextUploadIdMarker ? { UploadIdMarker: page.NextUploadIdMarker } : {}),
            }
          : null;
      }
      return removed;
    } catch (cause) {
      throw asFailure('clearing away unfinished uploads failed', cause);
    }
  }

  private everything(): { Bucket: string; Prefix?: string } {
    const { bucket, prefix } = this.settings;
    return { Bucket: bucket, ...(prefix ? { Prefix: prefix } : {}) };
  }

  private isOurs(key: string): boolean {
    return isStorageKey(key.slice((this.settings.prefix ?? '').length));
  }

  async reachBucket(message: string): Promise<void> {
    try {
      await this.client.send(new HeadBucketCommand({ Bucket: this.settings.bucket }));
    } catch (cause) {
      throw asFailure(`${message} (bucket ${this.settings.bucket})`, cause);
    }
  }

  private at(key: string): { Bucket: string; Key: string } {
    parseStorageKey(key);
    return { Bucket: this.settings.bucket, Key: `${this.settings.prefix ?? ''}${key}` };
  }
}

function asFailure(message: string, cause: unknown): StorageFailure {
  if (cause instanceof StorageFailure) return cause;
  const status = cause instanceof S3ServiceException ? cause.$metadata.httpStatusCode : undefined;
  const denied = status === 401 || status === 403;
  return new StorageFailure(denied ? `${message}: access denied` : message, { cause });
}
