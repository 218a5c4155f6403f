/** Writes answers and errors: a page for people, JSON for programs, from the same view. */
import type { Request, Response } from 'express';
import type { Context } from '../context.js';
import type { AppError, MessageParams } from '../errors.js';
import { Conflict, ConflictWithPage, InvalidInput, TooMany, Unavailable } from '../errors.js';
import { flatFields, isWords } from '../forms/typed-fields.js';
import type { FormErrors } from '../rendering/frame.js';
import { visitOf, wantsJson } from './call.js';
import { OtherSchool } from './form-writer.js';
import { notAChoice } from './read-input.js';
import { refusedOf, type RefusedForm } from './refused-form.js';
import type { Answer } from './route.js';
import { pageBefore } from './same-origin.js';
import { openedOf } from './sent-form.js';
import { renderPage, sendHtml, sendPage } from './write-page.js';

export async function writeAnswer(
  request: Request,
  response: Response,
  context: Context,
  answer: Answer,
): Promise<void> {
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
      else await sendPage(request, response, context, answer);
  }
}

interface ErrorBody {
  error: { code: string; message: string; fields?: { field: string; message: string }[] };
}

/** The JSON form of an error in the reader's language. */
function errorBody(context: Context, locale: string, problem: AppError): ErrorBody {
  const t = (key: string, params: MessageParams = {}) => context.texts.t(locale, key, params);
  return {
    error: {
      code: problem.code,
      message: t(problem.messageKey, problem.params),
      ...(problem instanceof Conflict ? problem.detail : {}),
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
export function pageErrors(context: Context, locale: string, problem: AppError): FormErrors['list'] {
  const t = (key: string, params: MessageParams = {}) => context.texts.t(locale, key, params);
  if (!(problem instanceof InvalidInput))
    return [{ field: '', message: t(problem.messageKey, problem.params) }];
  return problem.fields.map(({ field, message, params }) =>
    message === notAChoice
      ? { field, message: t('common.problem.choose'), notAChoice: true }
      : { field, message: t(message, params) },
  );
}

/** When it is worth trying again. */
export function setRetryAfter(response: Response, problem: AppError): void {
  if (problem instanceof TooMany || problem instanceof Unavailable)
    response.set('Retry-After', String(problem.seconds));
}

/**
 * Says what happened by the code of the error, else by its status; statuses without words of their own share one title.
 */
function errorTitle(context: Context, locale: string, { status, code }: AppError): string {
  const own = [code, String(status)]
    .map((each) => `common.error.title-${each}`)
    .find((key) => context.texts.has(locale, key));
  return context.texts.t(locale, own ?? 'common.error.title');
}

/** A calm page (or JSON) for an error that no form can show. Unknown errors say nothing of their inside. */
export function writeError(request: Request, response: Response, context: Context, problem: AppError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const refused = refusedOf(response);
  const told = refused?.problem ?? problem;
  setRetryAfter(response, told);
  const { locale } = visitOf(response);
  const body = errorBody(context, locale, told);
  if (wantsJson(request)) {
    response.status(told.status).json(body);
    return;
  }
  if (told.status === 401 && !refused) {
    const next = request.method === 'GET' ? request.originalUrl : (openedOf(response)?.page ?? '/');
    response.redirect(303, `/sign-in?next=${encodeURIComponent(next)}`);
    return;
  }
  const onward =
    told instanceof ConflictWithPage
      ? { href: told.page.href, label: context.texts.t(locale, told.page.label, told.page.params) }
      : null;
  const { html } = renderPage(request, response, context, {
    kind: 'page',
    template: 'errors/error',
    view: {
      status: told.status,
      message: body.error.message,
      fields: told instanceof InvalidInput ? pageErrors(context, locale, told) : [],
      typed: refused ? typedView(refused) : null,
      otherSchool: told instanceof OtherSchool ? otherSchoolView(told) : null,
      back: onward ? null : openedOf(response)?.page || pageBefore(request),
      onward,
    },
    title: errorTitle(context, locale, told),
    crumbs: [],
    scripts: [],
    status: told.status,
  });
  sendHtml(request, response, context, told.status, html);
}

const otherSchoolView = ({ membership, next, isKept }: OtherSchool) =>
  membership && { ...membership, next, isKept };

/** Refusals after which the same may be sent once more as it is. */
const worthRepeating = new Set([401, 408, 429, 500, 503, 507]);

/** What was typed, on a page without its form: to be sent again where that can help, else to be copied. */
function typedView({ problem, action, fields, opened }: RefusedForm) {
  const all = flatFields(fields);
  const mayRepeat = worthRepeating.has(problem.status);
  return {
    action: mayRepeat ? action : null,
    page: opened?.page ?? null,
    words: all.filter(({ value }) => isWords(value)).map((each, at) => ({ ...each, number: at + 1 })),
    others: mayRepeat ? all.filter(({ value }) => !isWords(value)) : [],
  };
}
