/** Content-Disposition for any file name (RFC 6266, RFC 8187). */
import { cleanLine } from '../clean-text.js';

/**
 * @param name any name; what ASCII cannot hold goes into `filename*`, and `filename` carries a readable stand-in
 */
export function contentDisposition(kind: 'inline' | 'attachment', name: string): string {
  // Marks that turn the direction of writing would make `gpj.exe` of `exe.jpg`; controls have no place in a header.
  const whole = cleanLine(name).replace(/[\u200e\u200f]/g, '');
  const plain = whole
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/gu, '_')
    .replace(/["\\%/]/g, '_');
  const needsMore = plain !== whole;
  return `${kind}; filename="${plain}"${needsMore ? `; filename*=UTF-8''${encoded(whole)}` : ''}`;
}

/** encodeURIComponent leaves a few characters that RFC 8187 wants encoded. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(
    /['()*!]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
