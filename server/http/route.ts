/**
 * How every feature declares its routes: one route serves people (HTML) and programs (JSON), is gated by `who`,
 * reads its input through zod and appears in /openapi.json by itself. Nothing is served that is not declared here.
 */
import type { Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import type { Actor } from '../access/actor.js';
import type { Who } from '../access/allow.js';
import type { ScopeNeeded } from '../access/token-scopes.js';
import type { Context } from '../context.js';
import type { SchoolScope } from '../db/database.js';
import type { AppError, FieldProblem, MessageParams } from '../errors.js';
import type { TypedFields } from '../forms/typed-fields.js';
import type { Given } from './read-input.js';

type Method = 'get' | 'post' | 'put' | 'delete';

/** One request, read and checked. */
export interface Call<P = Record<string, never>, Q = Record<string, never>, B = undefined> {
  params: P;
  query: Q;
  body: B;
  /** Throws SignInNeeded when nobody is signed in. */
  readonly actor: Actor;
  /** Null on routes for anyone when nobody is signed in. */
  readonly maybeActor: Actor | null;
  /** The actor's school; throws Forbidden for network staff, who must go through a network route. */
  readonly scope: SchoolScope;
  readonly context: Context;
  readonly locale: string;
  /** IANA zone of the school, e.g. `America/New_York`; UTC without a school. */
  readonly timeZone: string;
  readonly wantsJson: boolean;
  readonly request: Request;
  readonly response: Response;
  t(key: string, params?: MessageParams): string;
}

/** Where nothing of parameters, query and body is read. */
export type AnyCall = Call<unknown, unknown, unknown>;

interface Crumb {
  href: string;
  label: string;
}

export interface PageAnswer {
  kind: 'page';
  template: string;
  view: object;
  title: string;
  crumbs: Crumb[];
  status: number;
  scripts: string[];
  /** What was typed, for a form that is shown again. */
  values?: unknown;
  /**
   * The same page with a field for everything that was typed, such as a person who was searched for; left
   * out: it has all of them.
   */
  alsoFor?: (typed: readonly TypedFields[]) => Promise<PageAnswer>;
  /** How the ids of that form's fields begin, where the page has several. */
  form?: string;
  /** Path of a layout other than `main`, or null for a fragment or a whole document. */
  layout?: string | null;
}

export type Answer =
  | PageAnswer
  | {
      kind: 'done';
      location: string;
      view: object;
      status: number;
      notice: string | null;
      noticeParams: MessageParams;
    }
  | { kind: 'raw'; type: string; body: string | Buffer; status: number; headers: Record<string, string> }
  /** The handler wrote the response itself (a stream). */
  | { kind: 'sent' };

export interface PageOptions {
  title: string;
  crumbs?: Crumb[];
  status?: number;
  scripts?: string[];
  values?: unknown;
  layout?: string | null;
  alsoFor?: PageAnswer['alsoFor'];
}

/** A page for people; programs get `view` as JSON. */
export function page(template: string, view: object, options: PageOptions): PageAnswer {
  return {
    kind: 'page',
    template,
    view,
    title: options.title,
    crumbs: options.crumbs ?? [],
    status: options.status ?? 200,
    scripts: options.scripts ?? [],
    ...(options.alsoFor ? { alsoFor: options.alsoFor } : {}),
    ...('values' in options ? { values: options.values } : {}),
    ...('layout' in options && options.layout !== undefined ? { layout: options.layout } : {}),
  };
}

/** After a change: people are sent on to `location` (303) with a notice, programs get `view` with `status`. */
export function done(
  location: string,
  view: object,
  options: { status?: 200 | 201 | 202; notice?: string; noticeParams?: MessageParams } = {},
): Answer {
  return {
    kind: 'done',
    location,
    view,
    status: options.status ?? 200,
    notice: options.notice ?? null,
    noticeParams: options.noticeParams ?? {},
  };
}

export function raw(
  type: string,
  body: string | Buffer,
  options: { status?: number; headers?: Record<string, string> } = {},
): Answer {
  return { kind: 'raw', type, body, status: options.status ?? 200, headers: options.headers ?? {} };
}

/** For handlers that have written `call.response` themselves. */
export const sent: Answer = { kind: 'sent' };

/** A binary field of a multipart body, for /openapi.json. */
export interface FileField {
  /** One line: what it takes. */
  takes: string;
  /** The field may come more than once. */
  several?: true;
}

interface RouteOptions<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  /** One line for /openapi.json. */
  summary: string;
  who: Who;
  params?: P;
  query?: Q;
  body?: B;
  /**
   * What zod can't ask of the body's fields (a code, a password, a day after another): told together with
   * what zod refuses.
   */
  rules?: (given: Given, call: Call<z.output<P>, z.output<Q>, unknown>) => Promise<FieldProblem[]>;
  /**
   * Turns fields as a GET answers them into those of the body, where the two differ: `clockMinutes` into four fields.
   */
  fromAnswer?: (fields: Record<string, unknown>) => Record<string, unknown>;
  /** Which part of what a GET answers is the thing that this body changes; left out: all of it. */
  shownOf?: (answer: Record<string, unknown>, body: Record<string, unknown>) => unknown;
  /** What programs get; goes into /openapi.json. */
  answer?: z.ZodType;
  /** Status of success as documented. Default 200. */
  status?: 200 | 201 | 202;
  /** Media type of a success that is not JSON, e.g. `application/pdf`. */
  answerType?: string;
  /** HTML forms cannot PUT: also register POST on the same path. */
  alsoPost?: boolean;
  /** Runs before the body is read: is this person allowed to send it at all? */
  before?: (call: Call<z.output<P>, z.output<Q>>) => Promise<void>;
  /** Reads a multipart body (multer). Built per request, after `before`. */
  files?: (call: Call<z.output<P>, z.output<Q>>) => RequestHandler;
  /** The binary fields that `files` reads, by name. */
  fileFields?: Record<string, FileField>;
  /** Shows the form again after InvalidInput or Conflict; what was typed is in `values` by itself. */
  again?: (call: Call<z.output<P>, z.output<Q>, unknown>, problem: AppError) => Promise<PageAnswer>;
  /**
   * After so many `failures` in `seconds` (by person, else by device and part of the network) wrong input is
   * slowed down and then refused; what is right never is. `times` counts what succeeds, too, by person: for
   * what costs something.
   */
  limit?:
    { name: string; failures: number; seconds: number } | { name: string; times: number; seconds: number };
  /** What a token must be allowed; left out: reading for GET, else what its part of the product asks for. */
  token?: ScopeNeeded;
  /** Other sites may post here (none so far but health probes need it): skips the same-origin check. */
  crossOrigin?: boolean;
}

export interface RouteEntry {
  feature: string;
  method: Method;
  path: string;
  options: RouteOptions<z.ZodType, z.ZodType, z.ZodType>;
  handle: (call: Call<never, never, never>) => Promise<Answer>;
}

type Register = <
  P extends z.ZodType = z.ZodType<Record<string, never>>,
  Q extends z.ZodType = z.ZodType<Record<string, never>>,
  B extends z.ZodType = z.ZodType<undefined>,
>(
  path: string,
  options: RouteOptions<P, Q, B>,
  handle: (call: Call<z.output<P>, z.output<Q>, z.output<B>>) => Promise<Answer>,
) => void;

export interface FeatureRoutes {
  readonly feature: string;
  readonly entries: readonly RouteEntry[];
  get: Register;
  post: Register;
  put: Register;
  delete: Register;
}

/** A feature's empty list of routes. */
export function routes(feature: string): FeatureRoutes {
  const entries: RouteEntry[] = [];
  const register =
    (method: Method): Register =>
    (path, options, handle) => {
      const entry = { feature, method, path, options: options as never, handle: handle as never };
      entries.push(entry);
      if (options.alsoPost) entries.push({ ...entry, method: 'post' });
    };
  return {
    feature,
    entries,
    get: register('get'),
    post: register('post'),
    put: register('put'),
    delete: register('delete'),
  };
}
