/**
 * What a file is, by its first bytes. The name and the type that a browser claims are never believed: a page
 * of HTML called photo.jpg is a page of HTML. What has no magic bytes is text, SVG, HTML or just bytes.
 */
import { fileTypeFromBuffer } from 'file-type';

/** How many of the first bytes are looked at. */
export const HEAD_BYTES = 64 * 1024;

/** @param head the first HEAD_BYTES of the file, or all of a shorter one */
export async function typeOfContent(head: Buffer): Promise<string> {
  const text = asText(head);
  if (text !== null) {
    if (looksLikeSvg(text)) return 'image/svg+xml';
    if (looksLikeHtml(text)) return 'text/html';
  }
  // A malformed file is just bytes: it never costs the others that came with it.
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  if (found) return found.mime === 'application/xml' ? 'text/xml' : found.mime;
  return text === null || head.length === 0 ? 'application/octet-stream' : 'text/plain';
}

/** The head as text, or null when it is none: neither UTF-8 nor UTF-16, or with control characters that no text has. */
function asText(head: Buffer): string | null {
  try {
    // A character may be cut in two at the end of the head: `stream` leaves it out instead of failing.
    const text = new TextDecoder(encodingOf(head), { fatal: true }).decode(head, { stream: true });
    return controls.test(text) ? null : text;
  } catch {
    return null;
  }
}

/**
 * By the byte order mark, or by the null beside a leading `<`. The mark of UTF-16 is also how some sound files begin.
 */
function encodingOf([first, second]: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be';
  return 'utf-8';
}

// eslint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

/**
 * Where the root element begins: behind blanks, declarations, comments and a document type. One pass,
 * whatever the text is.
 */
function rootAt(text: string): number {
  let at = 0;
  for (;;) {
    while (at < text.length && /\s/.test(text[at]!)) at += 1;
    const end = text.startsWith('<?', at)
      ? endAfter(text, '?>', at)
      : text.startsWith('<!--', at)
        ? endAfter(text, '-->', at)
        : /^<!doctype\s/i.test(text.slice(at, at + 10))
          ? endOfDoctype(text, at)
          : -1;
    if (end < 0) return at;
    at = end;
  }
}

const endAfter = (text: string, mark: string, from: number): number => {
  const found = text.indexOf(mark, from);
  return found < 0 ? -1 : found + mark.length;
};

/** A document type may carry declarations in brackets, and they may hold `>`. */
function endOfDoctype(text: string, from: number): number {
  const bracket = text.slice(from).search(/[[>]/);
  if (bracket < 0) return -1;
  if (text[from + bracket] === '>') return from + bracket + 1;
  const inner = text.indexOf(']', from + bracket);
  return inner < 0 ? -1 : endAfter(text, '>', inner);
}

/** Long enough for the name of an element. */
const tagLength = 200;

const looksLikeSvg = (text: string): boolean => {
  const root = rootAt(text);
  return /^<(?:[a-z][\w-]*:)?svg[\s/>]/i.test(text.slice(root, root + tagLength));
};

const looksLikeHtml = (text: string): boolean =>
  /^<!doctype\s+html/i.test(text.trimStart().slice(0, tagLength)) ||
  /<(?:html|head|body|script|iframe|object|embed|form|meta|style|title|table|div|h1|a|p|br|img)[\s/>]/i.test(
    text.slice(0, 1024),
  );
