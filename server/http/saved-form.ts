/** A form that is saved: by whoever opened it, and what was kept of it while it was typed ends. */
import type { Request, Response } from 'express';
import type { Actor } from '../access/actor.js';
import type { Who } from '../access/allow.js';
import type { Context } from '../context.js';
import { Conflict } from '../errors.js';
import { endDraft } from '../forms/keep-draft.js';
import { wantsJson } from './call.js';
import type { Answer } from './route.js';
import { openedOf } from './sent-form.js';

const otherWriter = 'other-writer';
export const isOtherWriter = ({ code }: { code: string }): boolean => code === otherWriter;

/** @throws Conflict when the form was opened by somebody else: in another tab somebody else has signed in since */
export function checkWriter(who: Who, actor: Actor | null, response: Response): void {
  const opened = openedOf(response);
  if (who === 'anyone' || !actor || !opened?.writer) return;
  if (opened.writer.personId !== actor.personId)
    throw new Conflict('forms.problem.other-writer', {}, otherWriter);
}

/** What was saved is no draft any more, and the page that comes next tells the device. */
export async function endSavedDraft(
  request: Request,
  response: Response,
  context: Context,
  answer: Answer,
): Promise<void> {
  const opened = openedOf(response);
  const isSaved = request.method !== 'GET' && !(answer.kind === 'page' && answer.status >= 400);
  if (!isSaved || !opened?.typed || !opened.writer) return;
  const action = opened.action || request.originalUrl;
  const { form } = opened;
  await endDraft(context, { personId: opened.writer.personId, action, form });
  const saved = form ? `${action} ${form}` : action;
  if (request.session && !wantsJson(request))
    request.session.savedForms = [...(request.session.savedForms ?? []), saved].slice(-20);
}
