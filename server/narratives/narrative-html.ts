/**
 * A narrative's Markdown as HTML that is safe on a page and in print: paragraphs, emphasis, lists, quotations, links. Refuses raw HTML,
 * pictures, scripts and addresses other than http(s) and mailto. Headings sink below the page's own.
 */
import MarkdownIt from 'markdown-it';
import sanitizeHtml from 'sanitize-html';

const markdownIt = new MarkdownIt({ html: false, linkify: false, typographer: true, breaks: false }).disable([
  'image',
  'table',
  'code',
]);

const allowed: sanitizeHtml.IOptions = {
  allowedTags: [
    'p',
    'em',
    'strong',
    'blockquote',
    'ul',
    'ol',
    'li',
    'h4',
    'h5',
    'hr',
    'br',
    'a',
    's',
    'code',
  ],
  allowedAttributes: { a: ['href', 'rel'], ol: ['start'] },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowProtocolRelative: false,
  transformTags: {
    h1: 'h4',
    h2: 'h4',
    h3: 'h5',
    h4: 'h5',
    h6: 'h5',
    a: sanitizeHtml.simpleTransform('a', { rel: 'nofollow noopener' }),
  },
};

/** @param markdown what the author typed */
export function narrativeHtml(markdown: string): string {
  return sanitizeHtml(markdownIt.render(markdown), allowed);
}

/** Words of a text in any script: runs between spaces, and each Chinese or Japanese character. */
export function countWords(markdown: string): number {
  return (
    markdown.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}'’-]+/gu)?.length ?? 0
  );
}
