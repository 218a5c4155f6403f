/** Reads what somebody brings in: files, an address, a text, or several of them at once. */
import { z } from 'zod';
import { firstOf } from '../clean-text.js';
import { InvalidInput, TooLarge, type AppError } from '../errors.js';
import { optionalText, wholeNumber, optionalLine } from '../http/read-input.js';
import type { Work, WorkWords } from './add-artifact.js';
import { titleFromName } from './artifact.js';
import type { ReceivedFile } from './store-file.js';

const MAX_WORK_TEXT = 50_000;
const MAX_TITLE = 200;
/** In one request. */
export const MAX_FILES = 20;

export const wordsBody = z.object({
  title: optionalLine(MAX_TITLE),
  caption: optionalText(2000),
  altText: optionalText(1000),
});

export const workBody = wordsBody.extend({
  url: optionalLine(2000)
    .refine((value) => !fileName.test(value), 'artifacts.problem.file-name-not-link')
    .transform(withScheme)
    .refine((value) => value === '' || isWebAddress(value), 'artifacts.problem.not-a-link'),
  text: optionalText(MAX_WORK_TEXT),
});

export type WorkBody = z.output<typeof workBody>;

/** Only the web: `javascript:` and the like would run in the reader's browser. */
function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** Endings of files that people bring in; next to nobody has an address that is such a name and nothing else. */
const fileName =
  /^[^/:?#]+\.(?:pdf|docx?|odt|rtf|txt|pages|pptx?|odp|key|xlsx?|ods|csv|numbers|epub|html?|jpe?g|png|gif|webp|heic|svg|mp3|m4a|wav|mp4|mov|avi|webm|zip)$/i;

/**
 * `example.org/creek` as people write it; what names a scheme of its own stays as it is, and so does the name
 * of a file.
 */
function withScheme(text: string): string {
  const isBare = !fileName.test(text) && /^[^\s/:?#@]+\.[a-z]{2,}(?::\d+)?(?:[/?#]\S*)?$/i.test(text);
  return isBare ? `https://${text}` : text;
}

/** Something that was sent: a work to bring in, or a file that cannot be one, and why. */
export type SentWork = { name: string; work: Work } | { name: string; problem: AppError };

/** @param maximum the largest file that is taken, in words */
function problemOf({ name, bytes, refused }: ReceivedFile, maximum: string): AppError | null {
  if (refused === 'too-large') return new TooLarge('artifacts.problem.file-too-large', { name, maximum });
  const refusal = (message: string): AppError =>
    new InvalidInput([{ field: 'files', message, params: { name, maximum: MAX_FILES } }]);
  if (refused === 'too-many') return refusal('artifacts.problem.too-many');
  return bytes === 0 ? refusal('artifacts.problem.empty-file') : null;
}

/**
 * Each file by itself: one that is empty or too large says so, and the others are not touched by it.
 * @throws InvalidInput when there is nothing
 */
export function worksOf(body: WorkBody, files: readonly ReceivedFile[], maximum: string): SentWork[] {
  const sent = files.map((file): SentWork => {
    const problem = problemOf(file, maximum);
    return problem ? { name: file.name, problem } : { name: file.name, work: { kind: 'file', file } };
  });
  if (body.url) sent.push({ name: body.url, work: { kind: 'link', url: body.url } });
  if (body.text) {
    const work = { kind: 'text' as const, text: body.text };
    sent.push({ name: ownTitle(work), work });
  }
  if (sent.length === 0) throw new InvalidInput([{ field: 'files', message: 'artifacts.problem.nothing' }]);
  return sent;
}

/**
 * The words for one of the works that were sent together. A title that was typed for several is numbered, so
 * that it is kept and they can be told apart; without one each has its own. A description belongs to the
 * pictures, where there are any.
 * @param number of this one among those that are taken, from 1
 */
export function workWordsFor(
  body: WorkBody,
  work: Work,
  number: number,
  sent: readonly SentWork[],
): WorkWords {
  const good = sent.flatMap((each) => ('work' in each ? [each.work] : []));
  const alone = good.length === 1;
  return {
    title: body.title ? (alone ? body.title : numbered(body.title, number)) : ownTitle(work),
    caption: body.caption,
    altText: isPicture(work) || !good.some(isPicture) ? body.altText : '',
  };
}

const isPicture = (work: Work): boolean => work.kind === 'file' && work.file.type.startsWith('image/');

const numbered = (title: string, number: number): string =>
  `${firstOf(title, MAX_TITLE - String(number).length - 1).trimEnd()} ${number}`;

function ownTitle(work: Work): string {
  switch (work.kind) {
    case 'file':
      return titleFromName(work.file.name);
    case 'link':
      return new URL(work.url).hostname;
    case 'text':
      return firstOf(work.text.split('\n')[0] ?? '', 80);
  }
}

export const workKinds = ['file', 'link', 'text'] as const;
/** The form that brings work in. */
export const newQuery = z.object({
  kind: z.enum(workKinds).default('file'),
  /** Where to go on afterwards: a page of this app that gathers works. */
  next: z
    .string()
    .max(200)
    .optional()
    .transform((path) => (path && /^\/portfolios\/[0-9A-Za-z-]{1,64}$/.test(path) ? path : undefined)),
});
/** One version of a work, to see or to save. */
export const versionQuery = z.object({
  version: wholeNumber(1, 100_000).optional(),
  download: z.string().max(5).optional(),
  /** A place to mark in it, e.g. `page:3` (place.ts). */
  at: z.string().max(200).optional(),
});
