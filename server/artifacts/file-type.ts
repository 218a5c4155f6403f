/**
 * What a file is, by its first bytes. The name and the type that a browser claims are never believed: a page of HTML called
 * photo.jpg is a page of HTML. What has no magic bytes is text, SVG, HTML or just bytes.
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
  const found = await fileTypeFromBuffer(head);
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

/** By the byte order mark, or by the null beside a leading `<`. The mark of UTF-16 is also how some sound files begin. */
function encodingOf([first, second]: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be';
  return 'utf-8';
}

// eslint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

/** Declaration, document type and comments may stand before the root element. */
const prologue = /^\s*(?:<\?[^>]*\?>|<!--[\s\S]*?-->|<!doctype\s[^>[]*(?:\[[^\]]*\])?[^>]*>|\s)*/i;

const looksLikeSvg = (text: string): boolean =>
  /^<(?:[a-z][\w-]*:)?svg[\s/>]/i.test(text.replace(prologue, ''));

const looksLikeHtml = (text: string): boolean =>
  /^\s*<!doctype\s+html/i.test(text) ||
  /<(?:html|head|body|script|iframe|object|embed|form|meta|style|title|table|div|h1|a|p|br|img)[\s/>]/i.test(
    text.slice(0, 1024),
  );
