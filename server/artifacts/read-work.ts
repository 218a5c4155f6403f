/** Reads what somebody brings in: files, an address, a text, or several of them at once. */
import { z } from 'zod';
import { InvalidInput, type FieldProblem } from '../errors.js';
import { optionalText, wholeNumber, optionalLine } from '../http/read-input.js';
import type { Work, Words } from './add-artifact.js';
import { titleFromName } from './artifact.js';
import type { ReceivedFile } from './receive-file.js';

const longestText = 50_000;

export const wordsBody = z.object({
  title: optionalLine(200),
  caption: optionalText(2000),
  altText: optionalText(1000),
});

export const workBody = wordsBody.extend({
  url: optionalLine(2000).refine(
    (value) => value === '' || isWebAddress(value),
    'artifacts.problem.not-a-link',
  ),
  text: optionalText(longestText),
});

export type WorkBody = z.output<typeof workBody>;

/** Only the web: `javascript:` and the like would run in the reader's browser. */
function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** @throws InvalidInput when there is nothing, or a file without a single byte */
export function worksOf(body: WorkBody, files: readonly ReceivedFile[]): Work[] {
  const problems: FieldProblem[] = files
    .filter((file) => file.bytes === 0)
    .map(({ name }) => ({ field: 'files', message: 'artifacts.problem.empty-file', params: { name } }));
  if (problems.length > 0) throw new InvalidInput(problems);
  const works: Work[] = files.map((file) => ({ kind: 'file', file }));
  if (body.url) works.push({ kind: 'link', url: body.url });
  if (body.text) works.push({ kind: 'text', text: body.text });
  if (works.length === 0) throw new InvalidInput([{ field: 'files', message: 'artifacts.problem.nothing' }]);
  return works;
}

/** One work carries the words that were typed; of several, each gets a title of its own. */
export function wordsFor(body: WorkBody, work: Work, alone: boolean): Words {
  const own = ownTitle(work);
  return {
    title: alone && body.title ? body.title : own,
    caption: body.caption,
    altText: alone ? body.altText : '',
  };
}

function ownTitle(work: Work): string {
  switch (work.kind) {
    case 'file':
      return titleFromName(work.file.name);
    case 'link':
      return new URL(work.url).hostname;
    case 'text':
      return (work.text.split('\n')[0] ?? '').slice(0, 80);
  }
}

export const kinds = ['file', 'link', 'text'] as const;
/** The form that brings work in. */
export const newQuery = z.object({
  kind: z.enum(kinds).default('file'),
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
