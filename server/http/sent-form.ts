/**
 * A form that a page sent: its mark is taken out of the body before any route sees it. Where a request is
 * refused before its body was read, the fields can be read afterwards, so that nothing typed is lost; files
 * never are. What is read is bounded, and of an upload nothing is without a sign that a page of ours sent it:
 * a session, or the mark of its writer.
 */
import express, { type Request, type Response } from 'express';
import type multer from 'multer';
import { openGate } from '../access/gate.js';
import { subnetOf } from '../access/subnet.js';
import { cleanInput } from '../clean-text.js';
import type { Context } from '../context.js';
import { SignInNeeded } from '../errors.js';
import { openedField, hasWords, withoutSecrets, type TypedFields } from '../forms/typed-fields.js';
import { isLocalAddress, readOpened, type OpenedForm } from '../forms/opened-form.js';
import { wantsJson } from './call.js';
import { formReader } from './form-reader.js';
import { run } from './run-handler.js';

/**
 * Of the files of an upload that was refused and is read for its fields alone, where only a session says whose it is.
 */
const MAX_READ_UNMARKED = 64 * 1024 * 1024;
/** Of one that a page of ours sent for a person: so many times the largest file, then it is enough. */
const MAX_READ_SHARE = 4;
/** Requests without a session that are read after they were refused, at once from one part of the network. */
const unknownReads = openGate({ width: 16, waiting: 400, milliseconds: 30_000 });

/** Whether a page sent a form, in contrast to a program. */
export const isSentForm = (request: Request): boolean =>
  request.method === 'POST' &&
  !wantsJson(request) &&
  Boolean(request.is(['application/x-www-form-urlencoded', 'multipart/form-data']));

/** What the form says of itself; null where it says nothing. */
export const openedOf = (response: Response): OpenedForm | null =>
  (response.locals.openedForm as OpenedForm | undefined) ?? null;

export function setOpened(response: Response, opened: OpenedForm | null): void {
  if (opened) response.locals.openedForm = opened;
}

type MarkContext = Pick<Context, 'config' | 'clock'>;

/** Takes the mark out of a body that has been read. */
export function takeOpened(request: Request, response: Response, { config, clock }: MarkContext): void {
  const body = request.body as Record<string, unknown> | undefined;
  if (request.is('application/json')) return;
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, openedField)) return;
  const { [openedField]: mark, ...rest } = body;
  request.body = rest;
  const opened = readOpened(config.keysFor('form'), mark, clock.now());
  setOpened(response, opened);
}

/**
 * Streams of files end here: nothing of them is kept, and the fields behind them arrive. The form's mark
 * comes before every file.
 */
function discarding({ config, clock }: MarkContext, hasSession: boolean): multer.StorageEngine {
  let read = 0;
  return {
    _handleFile(request, file, done) {
      const mark = (request.body as Record<string, unknown> | undefined)?.[openedField];
      const isOurs = readOpened(config.keysFor('form'), mark, clock.now())?.writer != null;
      if (!isOurs && !hasSession) {
        done(unknownSender());
        return;
      }
      const most = isOurs ? config.uploadMaxBytes * MAX_READ_SHARE : MAX_READ_UNMARKED;
      file.stream.on('data', (chunk: Buffer) => {
        read += chunk.length;
        if (read > most) file.stream.destroy(new Error('too much to be read for its fields'));
      });
      file.stream.on('end', () => done(null, {}));
      file.stream.on('error', done);
    },
    _removeFile: (_request, _file, done) => done(null),
  };
}
const unknownSender = () => new SignInNeeded();

function fieldsOnly(context: MarkContext, hasSession: boolean) {
  let isOurs = hasSession;
  return formReader({
    storage: discarding(context, hasSession),
    defParamCharset: 'utf8',
    limits: { fields: 200, fieldSize: 1024 * 1024 },
    // The mark comes first in every form of ours.
    checkField(name, value) {
      const mark = name === openedField ? value : null;
      isOurs ||= readOpened(context.config.keysFor('form'), mark, context.clock.now())?.writer != null;
      return isOurs ? null : unknownSender();
    },
  }).any();
}
const readForm = express.urlencoded({ limit: '2mb', extended: true, parameterLimit: 5000 });

/** Reads the body of a refused request for its fields; leaves it alone where it cannot be read any more. */
async function readFields(request: Request, response: Response, context: MarkContext): Promise<void> {
  if (request.body !== undefined || request.readableEnded || request.destroyed) return;
  const isUpload = Boolean(request.is('multipart/form-data'));
  const hasSession = Boolean(request.session?.personId ?? request.session?.guest);
  const reader = isUpload ? fieldsOnly(context, hasSession) : readForm;
  const read = () => run(reader, request, response);
  const subnet = subnetOf(request.ip ?? '');
  await (hasSession ? read() : unknownReads.run(subnet, subnet, read)).catch((error: unknown) => {
    if (error instanceof SignInNeeded) request.body = {};
  });
  request.body = cleanInput(request.body);
}

export interface SentForm {
  opened: OpenedForm | null;
  fields: TypedFields;
  /** Names of the files that came with it. */
  files: string[];
  /** There is something in it that somebody would have to type again. */
  typed: boolean;
}

/** Where somebody finds what they typed on a page that nobody knows. */
export const unknownPage = '/drafts';

/**
 * Of a form without a writer's mark (a page from before there were marks, or one that nobody had to sign in
 * for): the page from which it was sent, as the browser says, and whoever the session is of, also one that is
 * too old to be signed in.
 */
function openedBefore(request: Request, marked: OpenedForm | null, typed: boolean): OpenedForm | null {
  const { personId, schoolId = null } = request.session ?? {};
  // What somebody else typed there days ago is not theirs.
  const isTheirs = !marked?.writer || marked.writer.personId === personId;
  const writer = personId && isTheirs ? { personId, schoolId } : null;
  const page = marked?.page ?? referringPage(request) ?? (writer && unknownPage);
  if (page === null) return null;
  return { ...{ action: '', form: null, typed, secrets: [] }, ...marked, page, writer, recent: true };
}

function referringPage({ headers: { referer = '', host } }: Request): string | null {
  if (!URL.canParse(referer)) return null;
  const from = new URL(referer);
  const address = from.pathname + from.search;
  return from.host === host && isLocalAddress(address) ? address : null;
}

/** What a form brought, without secrets. */
export async function sentFormOf(
  request: Request,
  response: Response,
  context: MarkContext,
): Promise<SentForm> {
  try {
    await readFields(request, response, context);
  } catch {
    // Nested too deeply: no page of ours sends that.
    request.body = {};
  }
  takeOpened(request, response, context);
  const marked = openedOf(response);
  const fields = withoutSecrets(request.body, marked?.secrets);
  const opened = marked?.writer && marked.recent ? marked : openedBefore(request, marked, hasWords(fields));
  setOpened(response, opened);
  const several = Array.isArray(request.files) ? request.files : Object.values(request.files ?? {}).flat();
  const files = [...(request.file ? [request.file] : []), ...several].map(({ originalname }) => originalname);
  const hasFields = Object.keys(fields).length > 0;
  return { opened, fields, files, typed: hasFields && (opened?.typed ?? hasWords(fields)) };
}
