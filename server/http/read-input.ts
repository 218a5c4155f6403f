/**
 * Reads requests through zod and turns what zod says into field problems with message keys.
 * Forms send text only, so the building blocks here accept both what a form and what a program sends.
 */
import { z } from 'zod';
import { cleanLine } from '../clean-text.js';
import { InvalidInput, type FieldProblem } from '../errors.js';
import { isLocalAddress } from '../forms/opened-form.js';

/** Its `choices` are the values that programs send; a page names them by the labels of its own field. */
export const notAChoice = 'common.problem.not-a-choice';
const messageKey = /^[a-z][a-z-]*(\.[a-z0-9-]+)+$/;

/** @throws InvalidInput naming each field (`entries.2.reflection`) */
export function readInput<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  throw new InvalidInput(result.error.issues.map(toFieldProblem));
}

/** What was sent as a field of a body, as text; '' when it is missing or no text. */
export type Given = (field: string) => string;

/**
 * The same, together with what a route's own rules say of what was sent, so that a form tells everything at once.
 * @param rules asked of fields that zod accepts as well as of those beside fields that it refuses
 * @throws InvalidInput with one problem for each field, zod's first
 */
export async function readWithRules<T extends z.ZodType>(
  schema: T,
  value: unknown,
  rules: (given: Given) => Promise<FieldProblem[]>,
): Promise<z.output<T>> {
  const result = schema.safeParse(value ?? {});
  const sent = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const broken = await rules((field) => (typeof sent[field] === 'string' ? sent[field] : ''));
  const refused = result.success ? [] : result.error.issues.map(toFieldProblem);
  const problems = [
    ...refused,
    ...broken.filter(({ field }) => !refused.some((other) => other.field === field)),
  ];
  if (result.success && problems.length === 0) return result.data;
  throw new InvalidInput(problems);
}

/** What several checks find wrong; whatever else they throw is thrown. */
export async function gatherProblems(...checks: readonly (() => unknown)[]): Promise<FieldProblem[]> {
  const problems: FieldProblem[] = [];
  for (const check of checks) {
    try {
      await check();
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      problems.push(...error.fields);
    }
  }
  return problems;
}

function toFieldProblem(issue: z.core.$ZodIssue): FieldProblem {
  const field = issue.path.join('.');
  if (messageKey.test(issue.message)) return { field, message: issue.message };
  switch (issue.code) {
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1
        ? { field, message: 'common.problem.required' }
        : { field, message: 'common.problem.too-small', params: { minimum: Number(issue.minimum) } };
    case 'too_big':
      return {
        field,
        message: issue.origin === 'string' ? 'common.problem.too-long' : 'common.problem.too-big',
        params: { maximum: Number(issue.maximum) },
      };
    case 'invalid_type':
      return {
        field,
        message: issue.input === undefined ? 'common.problem.required' : 'common.problem.wrong-kind',
      };
    case 'invalid_value':
      return {
        field,
        message: notAChoice,
        params: { choices: issue.values.map(String).join(', ') },
      };
    case 'unrecognized_keys':
      return { field: issue.keys[0] ?? field, message: 'common.problem.unknown-field' };
    default:
      return { field, message: 'common.problem.wrong-kind' };
  }
}

/** Required text of one line (a name, a title), trimmed, at most `maximum` characters. */
export const text = (maximum: number) => z.string().overwrite(cleanLine).trim().min(1).max(maximum);

/** Text of one line that may be left out, null or empty; becomes ''. */
export const optionalLine = (maximum: number) =>
  z
    .string()
    .overwrite(cleanLine)
    .trim()
    .max(maximum)
    .nullable()
    .default('')
    .transform((value) => value ?? '');

/** Required text of one or more lines, trimmed. */
export const prose = (maximum: number) => z.string().trim().min(1).max(maximum);

/** Text of one or more lines that may be left out, null or empty; becomes ''. Line breaks of forms (CRLF) become LF. */
export const optionalText = (maximum: number) =>
  z
    .string()
    .max(maximum)
    .nullable()
    .default('')
    .transform((value) => (value ?? '').replaceAll('\r\n', '\n').trim());

/** Text of something that exists: left out, it stays as it is (undefined). */
export const keptText = (maximum: number) =>
  z
    .string()
    .max(maximum)
    .nullable()
    .transform((value) => (value ?? '').replaceAll('\r\n', '\n').trim())
    .optional();

/** The same of one line. */
export const keptLine = (maximum: number) =>
  z
    .string()
    .overwrite(cleanLine)
    .trim()
    .max(maximum)
    .nullable()
    .transform((value) => value ?? '')
    .optional();

/** A checkbox: absent is false; 'on', 'yes', 'true', '1' and true are true. */
export const flag = z
  .union([z.boolean(), z.string().max(100)])
  .optional()
  .transform((value) => value === true || ['on', 'yes', 'true', '1'].includes(String(value)));

/** A whole number, as number or digits. */
export const wholeNumber = (minimum: number, maximum: number) =>
  z.coerce.number().int().min(minimum).max(maximum);

/**
 * One or several texts: a form sends a lone value for a single tick, and an empty one for each choice that
 * was left open.
 */
export const several = (each: z.ZodType<string> = z.string().max(200)) =>
  z.preprocess(
    (value) =>
      (value === undefined ? [] : Array.isArray(value) ? (value as unknown[]) : [value]).filter(
        (each) => each !== '',
      ),
    z.array(each).max(2000),
  );

/** A calendar day `YYYY-MM-DD`. */
export const day = z.iso.date({ error: 'common.problem.not-a-day' });

/** `/:id` */
export const idParams = z.object({ id: z.string().min(1).max(64) });

/** Where a list begins when nobody says otherwise. */
export const firstPage = { page: 1, perPage: 50 } as const;

/** `?page=2&perPage=50` */
export const pageQuery = z.object({
  page: wholeNumber(1, 100_000).default(firstPage.page),
  perPage: wholeNumber(1, 200).default(firstPage.perPage),
});

/** A list answer's schema around the schema of one item. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    page: z.number(),
    pages: z.number(),
    perPage: z.number(),
    total: z.number(),
  });

/**
 * Only a path of this site, in the characters that an address has; anything else leads home and is no reason
 * to refuse a form.
 */
export const localPath = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'string' && isLocalAddress(value) ? value : '/'));
