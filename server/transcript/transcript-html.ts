/** A frozen snapshot as the one HTML document that is printed. */
import type { Templates } from '../rendering/templates.js';
import { markLanguages } from '../rendering/mark-languages.js';
import { directionOf, type Texts } from '../rendering/texts.js';
import type { PrintJob } from '../rendering/printer.js';
import { printedTexts } from './printed-texts.js';
import { pageLanguages } from './snapshot-languages.js';
import type { TranscriptSnapshot } from './snapshot.js';
import { transcriptView } from './transcript-view.js';

export interface TranscriptLook {
  /** Folder below views/transcript/. */
  template: string;
  pageSize: 'letter' | 'a4';
  /** No number and no code yet, and every page says so. */
  isDraft?: boolean;
}

/** What the printer needs to print this snapshot: the same for the same snapshot and look, on every machine. */
export async function transcriptPrint(
  needs: { templates: Templates; texts: Texts },
  snapshot: TranscriptSnapshot,
  look: TranscriptLook,
): Promise<PrintJob> {
  const t = (key: string, params = {}) => needs.texts.t(snapshot.language, key, params);
  const view = await transcriptView(snapshot, t, look);
  const issuedAt = new Date(snapshot.issued.at);
  const html = needs.templates.render(`transcript/${look.template}/transcript`, view, {
    title: view.documentTitle,
    locale: snapshot.language,
    direction: directionOf(snapshot.language),
    timeZone: snapshot.school.timeZone,
    actor: null,
    school: null,
    nav: [],
    crumbs: [],
    path: '',
    scripts: [],
    now: issuedAt,
    layout: null,
  });
  return {
    html: markLanguages(html, pageLanguages(snapshot)),
    pageSize: look.pageSize,
    title: view.documentTitle,
    language: snapshot.language,
    date: issuedAt,
    texts: printedTexts(snapshot, t, look.isDraft ?? false),
  };
}
