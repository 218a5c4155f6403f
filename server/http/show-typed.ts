/** Shows on a page what its reader had typed there: drafts that were kept, and a form that was refused a moment ago. */
import type { Request } from 'express';
import type { Context } from '../context.js';
import { fillForms, type FilledForm, type Filling } from '../forms/fill-form.js';
import type { OpenDraft } from '../forms/keep-draft.js';
import { hasWords, type TypedFields } from '../forms/typed-fields.js';
import type { Frame } from '../rendering/frame.js';
import { comesBack, withoutKept } from './kept-address.js';

type Rendering = Pick<Context, 'templates'>;

const part = ({ templates }: Rendering, name: string, view: object, frame: Frame): string =>
  templates.render(`forms/${name}`, view, { ...frame, layout: null });

/** What is saved, beside what was typed instead. */
const besideOf =
  (rendering: Rendering, frame: Frame) =>
  (saved: string, { newer }: FilledForm): string =>
    part(rendering, 'saved-text', { saved, newer }, frame);

/** At the beginning of the page's content. */
const withNotice = (html: string, notice: string): string =>
  html.replace(/<main\b[^>]*>/, (main) => `${main}\n${notice}`);

/** The page with these drafts in its forms; each says when it was typed, and can be discarded. */
export function withDrafts(
  rendering: Rendering,
  html: string,
  frame: Frame,
  drafts: readonly OpenDraft[],
  request: Request,
): string {
  const page = withoutKept(request.originalUrl);
  const fillings = drafts.map((draft, at): Filling => ({
    ...{ action: draft.action, form: draft.form ?? null, fields: draft.fields, began: draft.began },
    files: draft.files.length,
    note: (filled) => part(rendering, 'draft-note', { ...viewOf(draft), ...filled, page, at }, frame),
    beside: besideOf(rendering, frame),
  }));
  const done = fillForms(html, fillings);
  const back = drafts.flatMap((draft, at) => {
    const isHere = draft.refused && draft.page.split('?')[0] === page.split('?')[0];
    return isHere && (done.filled[at] === null || done.filled[at]?.differs)
      ? [{ ...viewOf(draft), at, inForm: done.filled[at] !== null }]
      : [];
  });
  const newest = back[0];
  return comesBack(request) && newest
    ? withNotice(done.html, part(rendering, 'kept-notice', newest, frame))
    : done.html;
}

const viewOf = ({ action, form = null, savedAt, refused, files, fields }: OpenDraft) => ({
  ...{ action, form, savedAt, refused, files, filesAlone: files.length > 0 && !hasWords(fields) },
});

/**
 * The page with a refused form as it was sent; null where the page has no such form.
 * @param fresh whether the page has the form as it is saved
 * @param keepsSeen whether the state that they had seen stays in the form
 * @param saved whether long texts that are saved otherwise are shown, too
 * @param elsewhere whether another form for the same text will do: what was to be made is there meanwhile
 */
export function withSent(
  rendering: Rendering,
  html: string,
  frame: Frame,
  {
    action,
    form,
    fields,
    fresh,
    keepsSeen,
    saved,
    elsewhere = false,
  }: {
    action: string;
    form: string | null;
    fields: TypedFields;
    fresh: boolean;
    keepsSeen: boolean;
    saved: boolean;
    elsewhere?: boolean;
  },
): string | null {
  const filling: Filling = {
    ...{ action, form, fields, began: null, elsewhere, sent: true },
    note: ({ left }) => (left.length > 0 ? part(rendering, 'left-words', { left }, frame) : ''),
    ...(fresh ? { fresh } : {}),
    ...(keepsSeen ? { keepsSeen } : {}),
    ...(saved ? { beside: besideOf(rendering, frame) } : {}),
  };
  const { html: shown, filled } = fillForms(html, [filling]);
  return filled[0] ? shown : null;
}
