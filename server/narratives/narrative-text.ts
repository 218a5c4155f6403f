/**
 * What is read of a narrative on paper: its words without Markdown's marks and without the addresses behind its links.
 */
import sanitizeHtml from 'sanitize-html';
import { narrativeHtml } from './narrative-html.js';

/** One line per block; letters that were typed by their number are the letters themselves. */
export const narrativeText = (markdown: string, language?: string): string =>
  sanitizeHtml(
    inCells(narrativeHtml(markdown, language)).replace(/<(?:br|\/(?:p|li|h\d|t[dh]))\b/g, '\n$&'),
    {
      allowedTags: [],
      allowedAttributes: {},
    },
  ).replace(/&(amp|lt|gt|quot);/g, (_entity, name: string) => signs[name]!);

/**
 * The cells of a row stand beside each other, also where they go on over the page: there, words are looked
 * for one by one.
 */
const inCells = (html: string): string =>
  html.replace(/<t[dh]\b[^>]*>[^]*?<\/t[dh]>/g, (cell) =>
    cell.replace(/>[^<]*/g, (text) => text.replaceAll(' ', '\n')),
  );

const signs: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };
