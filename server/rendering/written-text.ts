/**
 * Gives what people write its own direction, wherever a template shows it or asks for it, so that one
 * sentence in Arabic does not turn a page, and is not turned by it. Done once, to the source of each
 * template: no template can forget it.
 */

/**
 * Fields of views that hold what somebody wrote. A field that a request brings as prose must be among them; a
 * test compares.
 */
export const writtenFields: ReadonlySet<string> = new Set([
  ...[
    'aim',
    'caption',
    'comment',
    'conflictReason',
    'acceptReason',
    'conflictWords',
    'credit',
    'custodyNote',
    'description',
    'descriptor',
    'excerpt',
    'interest',
  ],
  ...['note', 'overallComment', 'prompt', 'reason', 'reflection', 'statement', 'summary', 'text', 'words'],
]);
/** Those that are also part of a line of the product's own: they have a direction where they are the whole block. */
const lineFields: ReadonlySet<string> = new Set(['title']);

/** Elements that hold text alone, or have a direction of their own. */
const bare = new Set(['bdi', 'option', 'script', 'style', 'svg', 'textarea', 'title']);
const empty = new Set(['area', 'br', 'col', 'hr', 'img', 'input', 'link', 'meta', 'source', 'wbr']);
/** What is typed into any other input is no text: a number, a day, an address. */
const textInput = /^<input\b(?![^>]*\btype=(?!["']?(?:text|search)\b))/;

interface Token {
  kind: 'output' | 'open' | 'close' | 'other';
  text: string;
  /** Of an element its name, of an output the last part of its path, '' where it is none. */
  name: string;
}

/** @param source of a template. @returns the same with `dir="auto"`, or `<bdi>` in the middle of other words */
export function withOwnDirection(source: string): string {
  const tokens = tokensOf(source);
  const open: { name: string; at: number; own: boolean }[] = [];
  const result = tokens.map(({ text }) => text);
  tokens.forEach(({ kind, text, name }, at) => {
    if (kind === 'open' && (name === 'textarea' || textInput.test(text))) result[at] = withAuto(result[at]!);
    if (kind === 'open' && !empty.has(name) && !text.endsWith('/>'))
      open.push({ name, at, own: bare.has(name) || /\sdir=/.test(text) });
    if (kind === 'close') {
      const place = open.findLastIndex((each) => each.name === name);
      if (place >= 0) open.splice(place);
    }
    const inner = open.at(-1);
    if (kind !== 'output' || !inner || open.some(({ own }) => own)) return;
    const isWhole = inner.at === nextTo(tokens, at, -1) && tokens[nextTo(tokens, at, 1)]?.kind === 'close';
    if (isWhole && (writtenFields.has(name) || lineFields.has(name)))
      result[inner.at] = withAuto(result[inner.at]!);
    else if (writtenFields.has(name)) result[at] = `<bdi>${text}</bdi>`;
  });
  return result.join('');
}

/** The next token that is not white space alone. */
function nextTo(tokens: readonly Token[], from: number, step: 1 | -1): number {
  let at = from + step;
  while (tokens[at]?.kind === 'other' && tokens[at]!.text.trim() === '') at += step;
  return at;
}

function withAuto(tag: string): string {
  if (/\sdir=/.test(tag)) return tag;
  const inside = tag.slice(0, tag.endsWith('/>') ? -2 : -1).trimEnd();
  return `${inside} dir="auto"${tag.slice(inside.length)}`;
}

/** Where the mustache or the tag that begins at `from` ends; a tag may hold mustaches, and these may hold `>`. */
function endOf(source: string, from: number): number {
  const close = (at: number): number => {
    const braces = source.startsWith('{{{', at) ? '}}}' : '}}';
    const end = source.indexOf(braces, at);
    return end < 0 ? source.length : end + braces.length;
  };
  if (source.startsWith('{{', from)) return close(from);
  let at = from + 1;
  while (at < source.length && source[at] !== '>') at = source.startsWith('{{', at) ? close(at) : at + 1;
  return Math.min(at + 1, source.length);
}

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < source.length;) {
    const isMustache = source.startsWith('{{', at);
    const isTag = /^<\/?[a-z]/i.test(source.slice(at, at + 3));
    const begins = isMustache || isTag;
    const next = source.slice(at + 1).search(/\{\{|<\/?[a-z]/i);
    const end = begins ? endOf(source, at) : next < 0 ? source.length : at + 1 + next;
    tokens.push(tokenOf(source.slice(at, end), isMustache, isTag));
    at = end;
  }
  return tokens;
}

function tokenOf(text: string, isMustache: boolean, isTag: boolean): Token {
  if (isTag) {
    const name = /^<\/?([a-z0-9]+)/i.exec(text)?.[1]?.toLowerCase() ?? '';
    return { kind: text.startsWith('</') ? 'close' : 'open', text, name };
  }
  const path = isMustache ? /^\{\{\s*([@\w./-]+)\s*\}\}$/.exec(text)?.[1] : undefined;
  const name = path?.split(/[./]/).at(-1) ?? '';
  return { kind: path === undefined || path === 'else' ? 'other' : 'output', text, name };
}
