/** Reads a Range header (RFC 9110) for a file of known length. */
import type { ByteRange } from '../../storage/storage.js';

/**
 * The one range that is asked for; `null` for the whole file (no header, a header in another form, several
 * ranges at once, all of which a server may answer with everything); `unsatisfiable` when it begins behind
 * the last byte.
 */
export function readRange(header: string | undefined, bytes: number): ByteRange | null | 'unsatisfiable' {
  const parts = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header ?? '');
  if (!parts || (parts[1] === '' && parts[2] === '')) return null;
  if (parts[1] === '') {
    const last = Number(parts[2]);
    if (last === 0 || bytes === 0) return 'unsatisfiable';
    return { start: Math.max(0, bytes - last), end: bytes - 1 };
  }
  const start = Number(parts[1]);
  const end = parts[2] === '' ? bytes - 1 : Number(parts[2]);
  if (parts[2] !== '' && end < start) return null;
  return start >= bytes ? 'unsatisfiable' : { start, end: Math.min(end, bytes - 1) };
}
