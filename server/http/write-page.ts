/** One page as HTML: its frame, the marks of its forms, and what its reader had typed into them before. */
import type { Request, Response } from 'express';
import { nextTurn } from '../next-turn.js';
import type { Actor } from '../access/actor.js';
import type { Context } from '../context.js';
import { listOpenDrafts, listOpenDraftsOf } from '../forms/keep-draft.js';
import { deviceKey, longForms, markForms, writerMark, writtenForms } from '../forms/opened-form.js';
import type { FormErrors, Frame } from '../rendering/frame.js';
import { navigation } from '../rendering/navigation.js';
import { directionOf } from '../rendering/texts.js';
import { visitOf } from './call.js';
import { comesBack, withoutKept } from './kept-address.js';
import { openedOf } from './sent-form.js';
import type { PageAnswer } from './route.js';
import { withDrafts } from './show-typed.js';
import type { MessageParams } from '../errors.js';

/** The page as it is rendered. @param errors of the form that is shown again */
export function renderPage(
  request: Request,
  response: Response,
  context: Context,
  answer: PageAnswer,
  errors?: FormErrors,
): { html: string; frame: Frame } {
  const { actor, school, locale, network, elsewhere } = visitOf(response);
  const t = (key: string, params?: MessageParams) => context.texts.t(locale, key, params);
  const { session } = request;
  const notice = session?.notice;
  if (notice) delete session.notice;
  const saved = session?.savedForms;
  if (saved) delete session.savedForms;
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
    ...(actor && typesOnPages.has(actor.via) ? { typing: typingOf(context, actor, saved ?? []) } : {}),
    ...(errors ? { errors } : {}),
    ...(errors && answer.form !== undefined ? { form: answer.form } : {}),
    ...(answer.layout === undefined ? {} : { layout: answer.layout }),
  };
  return { html: context.templates.render(answer.template, answer.view, frame), frame };
}

/** People at a page: with an account, or as a guest with a pass, who has long texts to write, too. */
const typesOnPages: ReadonlySet<Actor['via']> = new Set(['session', 'pass'] as const);

/** What the script needs to keep copies on the device that nobody else who signs in there can read. */
const typingOf = ({ config }: Context, actor: Actor, saved: readonly string[]) => ({
  writer: writerMark(config.keyFor('form'), actor),
  deviceKey: deviceKey(config.keyFor('form-device'), actor.personId),
  saved: saved.join('\n'),
  signInAt: actor.via === 'pass' ? '/pass' : '/sign-in',
});

/** Sends a page. Its forms know from now on who opened them. @param forms of the page, where they are known */
export function sendHtml(
  request: Request,
  response: Response,
  { config, clock }: Pick<Context, 'config' | 'clock'>,
  status: number,
  html: string,
  forms = writtenForms(html),
): void {
  const { actor } = visitOf(response);
  const opener = actor && { writer: actor, key: config.keyFor('form'), now: clock.now() };
  // A form that is shown again after it was refused is still one of the page on which it began.
  const page = request.method === 'GET' ? request.originalUrl : openedOf(response)?.page;
  response
    .status(status)
    .type('html')
    .send(markForms(html, opener, withoutKept(page ?? request.originalUrl), forms));
}

/** In characters. */
const LARGE_PAGE = 100_000;

/** A page for somebody who reads, with what they had typed on it and not saved. */
export async function sendPage(
  request: Request,
  response: Response,
  context: Context,
  answer: PageAnswer,
): Promise<void> {
  const { actor } = visitOf(response);
  // A large page takes as long as many small ones: between its steps it is the others' turn.
  await nextTurn();
  const { html, frame } = renderPage(request, response, context, answer);
  if (html.length > LARGE_PAGE) await nextTurn();
  const isBack = comesBack(request);
  const own = withoutKept(request.originalUrl);
  const forms = writtenForms(html);
  const typed = longForms(forms).map(({ action, form }) => ({ action: action || own, form }));
  const drafts = await (actor === null
    ? []
    : isBack
      ? listOpenDrafts(context, actor.personId)
      : listOpenDraftsOf(context, actor.personId, typed));
  if (drafts.length === 0) {
    sendHtml(request, response, context, answer.status, html, forms);
    return;
  }
  const { view } = (await answer.alsoFor?.(drafts.map(({ fields }) => fields))) ?? answer;
  const whole = view === answer.view ? html : context.templates.render(answer.template, view, frame);
  const shown = withDrafts(context, whole, frame, drafts, request);
  sendHtml(request, response, context, answer.status, shown);
}
