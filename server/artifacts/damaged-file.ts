/**
 * Whether a file that came in is a picture or a PDF of which too much is missing to show it: cut off on its
 * way, or by a full memory card. Whoever brought it in is told at once. Calls nothing damaged that it cannot
 * judge.
 */
import { open } from 'node:fs/promises';

/** Pictures that are decoded to see whether they can be. */
const JUDGED_PICTURES = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);
/** Larger ones would take too long. */
const MAX_PIXELS = 120_000_000;
const MAX_SECONDS = 15;
/** Readers of a PDF look for its end in the last part of the file. */
const PDF_END_BYTES = 64 * 1024;

/** @param place of the file on this machine. @param type media type, found by content */
export async function isDamagedFile(place: string, type: string, bytes: number): Promise<boolean> {
  if (type === 'application/pdf') return !(await hasPdfEnd(place, bytes));
  return JUDGED_PICTURES.has(type) && !(await canBeDecoded(place));
}

async function hasPdfEnd(place: string, bytes: number): Promise<boolean> {
  const file = await open(place);
  try {
    const length = Math.min(bytes, PDF_END_BYTES);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, bytes - length);
    return buffer.includes('%%EOF') || buffer.includes('startxref');
  } finally {
    await file.close();
  }
}

/** True also where that cannot be found out: too large, or too slow. */
async function canBeDecoded(place: string): Promise<boolean> {
  // The library of pictures is large and is read when the first one comes in.
  const { default: sharp } = await import('sharp');
  try {
    await sharp(place, { failOn: 'truncated', limitInputPixels: MAX_PIXELS, sequentialRead: true })
      .resize(16, 16, { fit: 'fill' })
      .timeout({ seconds: MAX_SECONDS })
      .raw()
      .toBuffer();
    return true;
  } catch (error) {
    return /pixel limit|timeout/i.test(String(error));
  }
}
