/** Writes answers and errors: a page for people, JSON for programs, from the same view. */
import type { Request, Response } from 'express';
import type { Context } from '../context.js';
import type { AppError } from '../errors.js';
import { InvalidInput, TooMany, Unavailable } from '../errors.js';
import { directionOf } from '../rendering/texts.js';
import type { FormErrors, Frame } from '../rendering/frame.js';
import { navigation } from '../rendering/navigation.js';
import { visitOf, wantsJson } from './call.js';
import { notAChoice } from './read-input.js';
import type { Answer, PageAnswer } from './route.js';

export function writeAnswer(request: Request, response: Response, context: Context, answer: Answer): void {
  switch (answer.kind) {
    case 'sent':
      return;
    case 'raw':
      response.status(answer.status).set(answer.headers).type(answer.type).send(answer.body);
      return;
    case 'done':
      if (wantsJson(request)) {
        response.status(answer.status).set('Location', answer.location).json(answer.view);
        return;
      }
      if (answer.notice && request.session)
        request.session.notice = { key: answer.notice, params: answer.noticeParams };
      response.redirect(303, answer.location);
      return;
    case 'page':
      if (wantsJson(request)) response.status(answer.status).json(answer.view);
      else writePage(request, response, context, answer);
  }
}

function writePage(
  request: Request,
  response: Response,
  context: Context,
  answer: PageAnswer,
  errors?: FormErrors,
): void {
  const { actor, school, locale, network, elsewhere } = visitOf(response);
  const t = (key: string, params?: Record<string, string | number>) => context.texts.t(locale, key, params);
  const notice = request.session?.notice;
  if (notice) delete request.session.notice;
  const frame: Frame = {
    title: answer.title,
    locale,
    direction: directionOf(locale),
    timeZone: school?.timeZone ?? 'UTC',
    actor: actor ? { name: actor.name, account: actor.via === 'session' } : null,
    school: school ? { name: school.name, slug: school.slug, accent: school.accent } : null,
    network: network ?? null,
    elsewhere: actor?.via === 'session' ? (elsewhere ?? []) : [],
    offers: actor?.via === 'session' ? (actor.offers ?? 0) : 0,
    closed: Boolean(actor && school?.closedAt),
    nav: navigation(actor, request.path, t),
    crumbs: answer.crumbs,
    path: request.path,
    scripts: answer.scripts,
    now: context.clock.now(),
    notice: notice ? t(notice.key, notice.params) : null,
    values: (answer.values ?? {}) as Record<string, unknown>,
    ...(errors ? { errors } : {}),
    ...(errors && answer.form !== undefined ? { form: answer.form } : {}),
    ...(answer.layout === undefined ? {} : { layout: answer.layout }),
  };
  response
    .status(answer.status)
    .type('html')
    .send(context.templates.render(answer.template, answer.view, frame));
}

export interface ErrorBody {
  error: { code: string; message: string; fields?: { field: string; message: string }[] };
}

/** The JSON form of an error in the reader's language. */
export function errorBody(context: Context, locale: string, problem: AppError): ErrorBody {
  const t = (key: string, params: Record<string, string | number> = {}) =>
    context.texts.t(locale, key, params);
  return {
    error: {
      code: problem.code,
      message: t(problem.messageKey, problem.params),
      ...(problem instanceof InvalidInput
        ? {
            fields: problem.fields.map(({ field, message, params }) => ({
              field,
              message: t(message, params),
            })),
          }
        : {}),
    },
  };
}

/** The same for a page: values that only programs send are not named to people. */
function pageErrors(context: Context, locale: string, problem: AppError): FormErrors['list'] {
  const t = (key: string, params: Record<string, string | number> = {}) =>
    context.texts.t(locale, key, params);
  if (!(problem instanceof InvalidInput))
    return [{ field: '', message: t(problem.messageKey, problem.params) }];
  return problem.fields.map(({ field, message, params }) =>
    message === notAChoice
      ? { field, message: t('common.problem.choose'), notAChoice: true }
      : { field, message: t(message, params) },
  );
}

/** Shows a form again: what was typed stays, each problem stands beside its field. */
export function writeAgain(
  request: Request,
  response: Response,
  context: Context,
  problem: AppError,
  form: PageAnswer,
): void {
  setRetryAfter(response, problem);
  const list = pageErrors(context, visitOf(response).locale, problem);
  const typed = (request.body ?? {}) as Record<string, unknown>;
  const values = form.values ?? withoutSecrets(typed);
  // `roles.0` also marks the group `roles`.
  const byField = Object.fromEntries(
    [...list].reverse().flatMap(({ field, ...error }) => [
      [field.replace(/\.\d+$/, ''), error],
      [field, error],
    ]),
  );
  writePage(request, response, context, { ...form, values, status: problem.status }, { list, byField });
}

/** When it is worth trying again. */
export function setRetryAfter(response: Response, problem: AppError): void {
  if (problem instanceof TooMany || problem instanceof Unavailable)
    response.set('Retry-After', String(problem.seconds));
}

/** What a form field can show again: texts and lists of texts, never a password. */
const withoutSecrets = (typed: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(typed).filter(
      ([name, value]) =>
        !/password|secret/i.test(name) &&
        (Array.isArray(value) ? value : [value]).every((each) =>
          ['string', 'number', 'boolean'].includes(typeof each),
        ),
    ),
  );

/** Says what happened by status; statuses without words of their own share one title. */
function errorTitle(context: Context, locale: string, status: number): string {
  const own = `common.error.title-${status}`;
  return context.texts.t(locale, context.texts.has(locale, own) ? own : 'common.error.title');
}

/** A calm page (or JSON) for an error that no form can show. Unknown errors say nothing of their inside. */
export function writeError(request: Request, response: Response, context: Context, problem: AppError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  setRetryAfter(response, problem);
  const { locale } = visitOf(response);
  const body = errorBody(context, locale, problem);
  if (wantsJson(request)) {
    response.status(problem.status).json(body);
    return;
  }
  if (problem.status === 401) {
    const next = request.method === 'GET' ? request.originalUrl : '/';
    response.redirect(303, `/sign-in?next=${encodeURIComponent(next)}`);
    return;
  }
  writePage(request, response, context, {
    kind: 'page',
    template: 'errors/error',
    view: {
      status: problem.status,
      message: body.error.message,
      fields: problem instanceof InvalidInput ? pageErrors(context, locale, problem) : [],
    },
    title: errorTitle(context, locale, problem.status),
    crumbs: [],
    scripts: [],
    status: problem.status,
  });
}
