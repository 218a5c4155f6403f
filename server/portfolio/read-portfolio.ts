/** Reads what a form or a program sends for a portfolio. A form names its fields with dots: `entries.2.reflection`. */
import { z } from 'zod';
import { flag, optionalLine, optionalText, several, text, wholeNumber } from '../http/read-input.js';
import { MAX_ENTRIES, moved, type EntryMove, type Portfolio } from './portfolio.js';
import type { PortfolioChange } from './change-portfolio.js';

const id = z.string().min(1).max(64);
const reflection = optionalText(20_000);
const statement = optionalText(5000);
const slug = optionalText(80).transform((value) => value || null);

const entry = z.object({
  id: z
    .string()
    .max(64)
    .nullish()
    .transform((value) => value || null),
  artifactId: id,
  reflection,
  criterionIds: z.preprocess(asList, several(id)),
});

export const newPortfolioBody = z.object({
  title: text(200),
  statement,
  termId: optionalText(64).transform((value) => value || null),
  rubric: slug,
});

export const portfolioBody = z.preprocess(
  nested,
  z.object({
    title: text(200).optional(),
    statement: z
      .string()
      .max(5000)
      .transform((value) => value.replaceAll('\r\n', '\n').trim())
      .optional(),
    /** Slug; empty for none; left out: as before. */
    rubric: z
      .union([z.null(), z.string().max(80), z.looseObject({ slug: z.string().max(80) })])
      .transform((value) => (typeof value === 'object' && value !== null ? value.slug : value) || null)
      .optional(),
    /** In order. Left out: as before. */
    entries: z.preprocess(asList, z.array(entry).max(MAX_ENTRIES)).optional(),
    /** Works to hang at the end. */
    add: z.preprocess(asList, several(id)).optional(),
    /** `up:<entry id>`, `down:…` or `remove:…`, done after everything else. */
    move: z
      .string()
      .regex(/^(up|down|remove):[0-9A-Za-z-]{1,64}$/)
      .optional(),
    /** Somebody was asked about what is lost by it. */
    confirmed: flag,
    /** Where the form's other buttons lead once everything is saved. */
    then: z
      .string()
      .regex(/^(review|add-work|find-works|pins:[0-9A-Za-z-]{1,64})$/)
      .optional(),
    /**
     * `accept:<id>` or `decline:<id>` of a suggestion, done when everything else is saved; `replace:<id>`
     * accepts it although the words were changed since it was made.
     */
    suggestion: z
      .string()
      .regex(/^(accept|replace|decline):[0-9A-Za-z-]{1,64}$/)
      .optional(),
    /** The revision that this was made from. */
    revision: wholeNumber(1, 1_000_000_000),
  }),
);

export const submitBody = z.object({
  revision: wholeNumber(1, 1_000_000_000),
  /** What the review showed, by its hash; left out: whatever it is now. */
  reviewed: optionalLine(64).transform((hash) => hash || null),
});

/** What is to be saved: what was sent, and for what was left out what is there. */
export function changeFrom(portfolio: Portfolio, body: z.output<typeof portfolioBody>): PortfolioChange {
  const sentEntries = body.entries ?? portfolio.entries;
  const there = new Set(sentEntries.map(({ artifactId }) => artifactId));
  const added = (body.add ?? [])
    .filter((artifactId) => !there.has(artifactId))
    .map((artifactId) => ({ id: null, artifactId, reflection: '', criterionIds: [] }));
  const [move, entryId = ''] = (body.move ?? '').split(':');
  const entries = [...sentEntries, ...added].map((each) => ({ ...each, id: each.id ?? '' }));
  return {
    title: body.title ?? portfolio.title,
    statement: body.statement ?? portfolio.statement,
    rubric: body.rubric === undefined ? (portfolio.rubric?.slug ?? null) : body.rubric,
    entries: (move ? moved(entries, entryId, move as EntryMove) : entries).map((each) => ({
      ...each,
      id: each.id || null,
    })),
    revision: body.revision,
  };
}

/** What was typed, however wrong, so that the form can show it again and nothing is lost. */
export function typedDraft(portfolio: Portfolio, body: unknown): Portfolio {
  const typed = nested(body) as Record<string, unknown>;
  const entries = asList(typed['entries']);
  return {
    ...portfolio,
    title: wordsOr(typed['title'], portfolio.title),
    statement: wordsOr(typed['statement'], portfolio.statement),
    entries: Array.isArray(entries)
      ? entries
          .filter((each): each is Record<string, unknown> => typeof each === 'object' && each !== null)
          .slice(0, MAX_ENTRIES)
          .map((each) => ({
            id: wordsOr(each['id'], ''),
            artifactId: wordsOr(each['artifactId'], ''),
            reflection: wordsOr(each['reflection'], ''),
            criterionIds: [asList(each['criterionIds'] ?? [])].flat().map(String),
            pins: portfolio.entries.find(({ id }) => id === each['id'])?.pins,
          }))
      : portfolio.entries,
  };
}

const wordsOr = (value: unknown, otherwise: string): string =>
  typeof value === 'string' ? value : otherwise;

/** `{ 'entries.0.reflection': 'x' }` → `{ entries: { 0: { reflection: 'x' } } }`; JSON passes through. */
function nested(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    const parts = name.split('.');
    const last = parts.pop() ?? name;
    if ([...parts, last].some((part) => part === '__proto__' || part === 'constructor')) continue;
    let at = result;
    for (const part of parts) {
      if (typeof at[part] !== 'object' || at[part] === null) at[part] = {};
      at = at[part] as Record<string, unknown>;
    }
    at[last] = value;
  }
  return result;
}

/** `{ 0: a, 1: b }` → `[a, b]`, in the order of the numbers. */
function asList(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, each]) => each as unknown);
}
