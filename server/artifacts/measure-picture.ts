/** Finds out how large a picture is. */
import type { PictureSize } from './picture-size.js';

/** Reads the head of the file alone. Null for what is no picture, or one that cannot be read. */
export async function pictureSize(place: string, type: string): Promise<PictureSize | null> {
  if (!type.startsWith('image/')) return null;
  try {
    // The library of pictures is large and is read when the first one comes in.
    const { default: sharp } = await import('sharp');
    const { autoOrient } = await sharp(place, { failOn: 'none', limitInputPixels: false }).metadata();
    const { width, height } = autoOrient;
    return width > 0 && height > 0 ? { width, height } : null;
  } catch {
    return null;
  }
}
