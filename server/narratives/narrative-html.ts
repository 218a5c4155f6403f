/**
 * A narrative's Markdown as HTML that is safe on a page and in print: paragraphs, emphasis, lists,
 * quotations, tables, links. Refuses raw HTML, pictures, scripts and addresses other than http(s) and mailto.
 * Headings are numbered below the page's own.
 */
import MarkdownIt from 'markdown-it';
import sanitizeHtml from 'sanitize-html';
import { languageRuns, mainLanguageOf, mainScriptOf } from '../rendering/language-runs.js';
import type { PreferredLanguages } from '../rendering/written-language.js';
import { BELOW_SECTION, withoutGaps } from './narrative-headings.js';

/**
 * Cells that the tables of one text may come to: a page of them takes a moment, tens of thousands stop everybody else.
 */
const MAX_CELLS = 2000;

const withTables = newMarkdown();
/** What would be a table too large stays as it was typed. */
const withoutTables = newMarkdown().disable('table');

/**
 * Straight quotation marks and apostrophes are set as curly ones where all letters are Latin. In Hebrew and
 * others they are part of words, and after a digit they are minutes, feet and inches: there, and everything
 * else, is printed as it was signed.
 */
const curlsQuotes = (text: string): boolean => !/[^\p{Script=Latin}\P{L}]|\d['"]/u.test(text);

function newMarkdown() {
  const markdown = new MarkdownIt({ html: false, linkify: false, typographer: true, breaks: false });
  // `replacements` would make © of "(c)": people signed what they typed.
  markdown.disable(['image', 'code', 'replacements']);
  const keptContents = new WeakMap<object, string>();
  markdown.core.ruler.before('smartquotes', 'keep-quotes', ({ tokens }) => {
    for (const token of tokens.filter(({ type, content }) => type === 'inline' && !curlsQuotes(content))) {
      keptContents.set(token, token.content);
      // The next rule passes over a block without quotation marks; what is rendered are its children.
      token.content = '';
    }
  });
  // What is written in other letters than the page's says its language, for screen readers and for the choice
  // of a font.
  markdown.core.ruler.push('language', ({ tokens, env, Token }) => {
    tokens.forEach((token, index) => {
      if (token.type !== 'inline') return;
      token.content = keptContents.get(token) ?? token.content;
      const { preferred } = env as { preferred: PreferredLanguages };
      const main = mainScriptOf(token.content);
      const language = mainLanguageOf(token.content, preferred);
      if (language) tokens[index - 1]?.attrSet('lang', language);
      token.children = (token.children ?? []).flatMap((child) => {
        if (child.type !== 'text') return [child];
        return languageRuns(child.content, main, preferred).flatMap((run) => {
          const text = new Token('text', '', 0);
          text.content = run.text;
          if (run.language === null) return [text];
          const open = new Token('language_open', 'span', 1);
          open.attrSet('lang', run.language);
          return [open, text, new Token('language_close', 'span', -1)];
        });
      });
    });
  });
  markdown.core.ruler.push('headings', (state) => {
    state.tokens = withoutGaps(state.tokens, (state.env as { topHeading: number }).topHeading);
  });
  return markdown;
}

/** At most: every row of a table has as many cells as its head, however few are typed. A blank line ends a table. */
function countCells(markdown: string): number {
  return markdown.split(/\n[ \t]*\n/).reduce((cells, block) => {
    const rows = block.split('\n').map((line) => line.split('|').length);
    const widest = rows.reduce((most, width) => Math.max(most, width), 0);
    return widest < 2 ? cells : cells + widest * rows.length;
  }, 0);
}

/** Each block finds its own direction: one sentence in Arabic does not turn a whole text in English. */
const headings = ['h2', 'h3', 'h4', 'h5', 'h6'];
const blocks = ['p', 'blockquote', 'ul', 'ol', 'li', ...headings, 'td', 'th'];
const ownDirection = { dir: 'auto' };

const allowed: sanitizeHtml.IOptions = {
  allowedTags: [
    'p',
    'em',
    'strong',
    'blockquote',
    'ul',
    'ol',
    'li',
    ...headings,
    'hr',
    'br',
    'a',
    's',
    ...['code', 'span'],
    ...['table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  allowedAttributes: {
    ...Object.fromEntries(blocks.map((tag) => [tag, ['dir', 'lang']])),
    ...{ a: ['href', 'rel'], span: ['lang'], ol: ['start', 'dir'], th: ['dir', 'lang', 'scope'] },
  },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowProtocolRelative: false,
  transformTags: {
    ...Object.fromEntries(blocks.map((tag) => [tag, sanitizeHtml.simpleTransform(tag, ownDirection)])),
    th: sanitizeHtml.simpleTransform('th', { ...ownDirection, scope: 'col' }),
    a: sanitizeHtml.simpleTransform('a', { rel: 'nofollow noopener' }),
  },
};

/**
 * @param markdown what the author typed
 * @param preferred decides where Chinese characters alone leave it open
 * @param topHeading level of its first heading: one below that of the heading above the text
 */
export function narrativeHtml(
  markdown: string,
  preferred: PreferredLanguages = 'en',
  topHeading = BELOW_SECTION,
): string {
  const rules = countCells(markdown) > MAX_CELLS ? withoutTables : withTables;
  return sanitizeHtml(rules.render(markdown, { preferred, topHeading }), allowed);
}

/** Words of a text in any script: runs between spaces, and each Chinese or Japanese character. */
export function countWords(markdown: string): number {
  return (
    markdown.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}'’-]+/gu)?.length ?? 0
  );
}
