/** A form that is saved: by whoever opened it, and what was kept of it while it was typed ends. */
import type { Request, Response } from 'express';
import type { Who } from '../access/allow.js';
import type { Context } from '../context.js';
import { endDraft } from '../forms/keep-draft.js';
import { visitOf, wantsJson } from './call.js';
import type { VisitSources } from './find-visit.js';
import { withCurrentWriter, writerProblem } from './form-writer.js';
import type { Answer } from './route.js';
import { openedOf, setOpened } from './sent-form.js';

/** @throws Conflict when the form was opened by somebody else, or in another school of the same account */
export async function checkWriter(
  context: Pick<Context, 'db'>,
  sources: Pick<VisitSources, 'currentIds'>,
  who: Who,
  response: Response,
): Promise<void> {
  const visit = visitOf(response);
  const opened = await withCurrentWriter(context, sources, visit, openedOf(response));
  setOpened(response, opened);
  const problem = writerProblem(who, visit, opened);
  if (problem) throw problem;
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
  if (!wantsJson(request)) tellDevice(request, action, form);
}

/** The page that comes next tells the device to forget its own copy, which would come back into the form. */
export function tellDevice({ session }: Request, action: string, form: string | null): void {
  if (!session) return;
  const ended = form ? `${action} ${form}` : action;
  session.savedForms = [...(session.savedForms ?? []), ended].slice(-20);
}
