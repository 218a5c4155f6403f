/**
 * Answers a form that was refused, so that nothing typed is lost: on its own page with what was typed, or,
 * where that page cannot be made, on the page that says what went wrong. Without a sign-in it is kept for its
 * writer, who finds it in the form after signing in.
 */
import type { Request, Response } from 'express';
import type { Who } from '../access/allow.js';
import { readCaller } from '../access/device.js';
import { limitAttempts } from '../access/limit-attempts.js';
import type { Context } from '../context.js';
import { AppError, Conflict, SignInNeeded } from '../errors.js';
import { keepDraft } from '../forms/keep-draft.js';
import { textsByName, type TypedFields } from '../forms/typed-fields.js';
import type { FormErrors } from '../rendering/frame.js';
import { pageErrors, setRetryAfter } from './answer.js';
import { visitOf } from './call.js';
import type { VisitSources } from './find-visit.js';
import { isOtherWriter, OtherSchool, withCurrentWriter, writerProblem } from './form-writer.js';
import { withKept } from './kept-address.js';
import { refusedOf, setRefused, type RefusedForm } from './refused-form.js';
import type { PageAnswer } from './route.js';
import { isSentForm, openedOf, sentFormOf, setOpened, unknownPage, type SentForm } from './sent-form.js';
import { withSent } from './show-typed.js';
import { renderPage, sendHtml } from './write-page.js';

export interface Refusal {
  request: Request;
  response: Response;
  context: Context;
  sources: Pick<VisitSources, 'currentIds'>;
  /** Who may use the route. */
  who: Who;
  problem: AppError;
  /** The page that the route shows for what it refuses; null where it has none. */
  again: (() => Promise<PageAnswer>) | null;
  /** Answers the request as one for this page. */
  showPage: (address: string) => Promise<void>;
}

/**
 * @returns false where nothing was typed, or no page can show it: the error page does the rest
 * @throws Conflict when the form is not one of whoever sends it, whatever it was refused for
 */
export async function answerRefused(refusal: Refusal): Promise<boolean> {
  const { request, response, context, sources, who, problem, again, showPage } = refusal;
  if (!isSentForm(request) || refusedOf(response)) return false;
  const found = await sentFormOf(request, response, context);
  const visit = visitOf(response);
  const sent = { ...found, opened: await withCurrentWriter(context, sources, visit, found.opened) };
  setOpened(response, sent.opened);
  const otherWriter = isOtherWriter(problem) ? problem : writerProblem(who, visit, sent.opened);
  if (otherWriter) throw await keptElsewhere(refusal, sent, otherWriter);
  if (problem instanceof SignInNeeded && (await keepForWriter(refusal, sent))) {
    const next = withKept(sent.opened?.page ?? '/');
    const isGuest = sent.opened?.writer?.via === 'pass';
    response.redirect(303, isGuest ? withKept('/pass') : `/sign-in?next=${encodeURIComponent(next)}`);
    return true;
  }
  const { opened, fields, typed } = sent;
  if (problem instanceof SignInNeeded && !typed) return false;
  const refused: RefusedForm = { problem, action: request.originalUrl, fields, opened };
  const isOwnForm = ![401, 403, 404].includes(problem.status) && problem.status < 500;
  if (again && isOwnForm && (await showAgain(refusal, refused, again))) return true;
  if (!typed) return false;
  setRefused(response, refused);
  // Where the database does not answer, no page can be made; what nobody foresaw is told by the error page.
  if (!opened || opened.page === unknownPage || problem instanceof SignInNeeded || problem.status >= 500)
    return false;
  await showPage(opened.page);
  return true;
}

/**
 * What somebody else typed is kept for them and nothing for whoever is signed in now; the same person gets it
 * to copy where it cannot be kept.
 */
async function keptElsewhere(refusal: Refusal, sent: SentForm, problem: AppError): Promise<AppError> {
  const canReturn = problem instanceof OtherSchool && problem.membership !== null;
  const isKept = (canReturn || !(problem instanceof OtherSchool)) && (await keepForWriter(refusal, sent));
  if (!(problem instanceof OtherSchool)) return problem;
  if (isKept && sent.opened) return problem.kept(withKept(sent.opened.page));
  const { request, response } = refusal;
  if (sent.typed) setRefused(response, { ...sent, problem, action: request.originalUrl });
  return problem;
}

/** What is kept without a sign-in in an hour: from one device, and for one person. */
const inAnHour = { seconds: 60 * 60 };
const MAX_KEPT_BY = 300;
const MAX_KEPT_FOR = 60;

/** Whether it was kept: only for whoever opened the form, and only what can be kept. */
async function keepForWriter({ request, context }: Refusal, sent: SentForm): Promise<boolean> {
  const { opened, fields, files, typed } = sent;
  // Files cannot be kept; their writer is told which they were.
  if (!opened?.writer || (!typed && files.length === 0)) return false;
  const { personId, schoolId } = opened.writer;
  const { device, subnet } = readCaller(request, context.config.keyFor('device'));
  const typing = {
    ...{ personId, schoolId },
    action: opened.action || request.originalUrl,
    form: opened.form,
    page: opened.page,
    content: { fields, began: null, refused: true, files },
  };
  const keep = async () => {
    const [{ db }, now] = [context, context.clock.now()];
    const by = device ?? `none ${subnet}`;
    await limitAttempts(db, { ...inAnHour, what: 'kept-by', whom: by, most: MAX_KEPT_BY }, now);
    await limitAttempts(db, { ...inAnHour, what: 'kept-for', whom: personId, most: MAX_KEPT_FOR }, now);
    await keepDraft(context, typing);
  };
  return keep().then(
    () => true,
    (error: unknown) => {
      if (!(error instanceof AppError)) context.log.error({ err: error }, 'typed text could not be kept');
      return false;
    },
  );
}

/** Problems by field, as the page shows them. */
function errorsOf(context: Context, response: Response, problem: AppError): FormErrors {
  const list = pageErrors(context, visitOf(response).locale, problem);
  // `roles.0` also marks the group `roles`.
  const byField = Object.fromEntries(
    [...list].reverse().flatMap(({ field, ...error }) => [
      [field.replace(/\.\d+$/, ''), error],
      [field, error],
    ]),
  );
  return { list, byField };
}

const forTyped =
  (fields: TypedFields) =>
  async (page: PageAnswer): Promise<PageAnswer> =>
    page.alsoFor ? { ...page, ...(await page.alsoFor([fields])) } : page;

/** Shows the form that the route has for this; false where it cannot be made. */
async function showAgain(
  { request, response, context, problem }: Refusal,
  { action, fields }: RefusedForm,
  again: () => Promise<PageAnswer>,
): Promise<boolean> {
  const form = await again()
    .then(forTyped(fields))
    .catch(() => null);
  if (!form) return false;
  const errors = errorsOf(context, response, problem);
  const show = (values: unknown) =>
    renderPage(request, response, context, { ...form, values, status: problem.status }, errors);
  const opened = openedOf(response);
  const to = { action: opened?.action || action, form: opened?.form ?? null };
  const fill = ({ html, frame }: ReturnType<typeof show>, fresh: boolean) =>
    withSent(context, html, frame, {
      ...{ ...to, fields, fresh, saved: fresh, elsewhere: fresh },
      keepsSeen: !(problem instanceof Conflict),
    });
  let html: string | null = null;
  // A page that has put what was typed into its view knows better where it belongs.
  if (form.values !== undefined) {
    const shown = show(form.values);
    html = fill(shown, false) ?? shown.html;
  }
  // After a conflict the page is made as the record is now, so that both can be shown.
  else if (problem instanceof Conflict) html = fill(show({}), true);
  if (html === null) {
    const shown = show(textsByName(fields));
    html = fill(shown, false) ?? shown.html;
  }
  setRetryAfter(response, problem);
  sendHtml(request, response, context, problem.status, html);
  return true;
}

/** The page of a form that was refused, with what was typed. Part of answering a page. */
export async function showRefused(
  request: Request,
  response: Response,
  context: Context,
  { problem, action, fields, opened }: RefusedForm,
  page: PageAnswer,
): Promise<boolean> {
  const errors = errorsOf(context, response, problem);
  const { html, frame } = renderPage(request, response, context, await forTyped(fields)(page), errors);
  const shown = withSent(context, html, frame, {
    ...{ action: opened?.action || action, form: opened?.form ?? null, fields },
    fresh: true,
    keepsSeen: !(problem instanceof Conflict),
    saved: problem instanceof Conflict,
  });
  if (shown === null) return false;
  setRetryAfter(response, problem);
  sendHtml(request, response, context, problem.status, shown);
  return true;
}
