/** Levels of the headings inside a text: without gaps below the page's own heading, whatever levels the writer used. */
import type { Token } from 'markdown-it';

/** Level of the first heading of a text below the title of its section. */
export const BELOW_SECTION = 3;
/** Level of the first heading of a text below the title of its page. */
export const BELOW_PAGE = 2;
const DEEPEST = 6;

/** Whether a heading has anything to read; an empty one gets no tag in print, and the next one would skip its level. */
const saysSomething = (inline: Token | undefined): boolean =>
  (inline?.children ?? []).some(({ content }) => /[^\p{Z}\p{C}]/u.test(content));

/**
 * A heading is one level below the nearest earlier heading that the writer set higher: PDF/UA and screen
 * readers want no level skipped. Beyond the deepest level, headings share it.
 * @param top level of the first heading
 * @returns the tokens without empty headings
 */
export function withoutGaps(tokens: readonly Token[], top: number): Token[] {
  const typedAbove: number[] = [];
  const skipped = new Set<Token>();
  tokens.forEach((open, at) => {
    if (open.type !== 'heading_open') return;
    const [inline, close] = tokens.slice(at + 1, at + 3);
    if (!saysSomething(inline)) {
      for (const token of [open, inline, close]) if (token) skipped.add(token);
      return;
    }
    const typed = Number(open.tag.slice(1));
    while (typedAbove.length > 0 && typedAbove.at(-1)! >= typed) typedAbove.pop();
    const tag = `h${Math.min(DEEPEST, top + typedAbove.length)}`;
    typedAbove.push(typed);
    open.tag = tag;
    if (close) close.tag = tag;
  });
  return tokens.filter((token) => !skipped.has(token));
}
