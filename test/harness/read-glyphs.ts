/**
 * Every glyph that a PDF draws: those that are the box for a missing letter, those outside the page, and the
 * fonts they come from.
 */
import { getDocument, OPS } from 'pdfjs-dist/legacy/build/pdf.mjs';

export interface ReadGlyphs {
  /** `page: text around it` of each box. */
  missing: string[];
  /** Text runs that begin or end outside the page box. */
  outside: string[];
  fonts: string[];
  /** Where each piece of text begins, in points from the left edge. */
  starts: { text: string; x: number }[];
}

export async function readGlyphs(bytes: Uint8Array): Promise<ReadGlyphs> {
  const task = getDocument({ data: new Uint8Array(bytes), verbosity: 0, isEvalSupported: false });
  const document = await task.promise;
  const read: ReadGlyphs = { missing: [], outside: [], fonts: [], starts: [] };
  const fonts = new Set<string>();
  try {
    for (let number = 1; number <= document.numPages; number += 1) {
      const page = await document.getPage(number);
      const { fnArray, argsArray } = await page.getOperatorList();
      fnArray.forEach((operation, index) => {
        if (operation === OPS.setFont) {
          const id = (argsArray[index] as string[])[0]!;
          fonts.add((page.commonObjs.get(id) as { name: string }).name);
        }
        if (operation !== OPS.showText) return;
        const glyphs = (argsArray[index] as [unknown[]])[0];
        for (const glyph of glyphs)
          if (typeof glyph === 'object' && (glyph as { originalCharCode: number }).originalCharCode === 0)
            read.missing.push(
              `${number}: ${glyphs.map((g) => (g as { unicode?: string }).unicode ?? '').join('')}`,
            );
      });
      const [, , width, height] = page.view;
      for (const item of (await page.getTextContent()).items) {
        if (!('str' in item) || !item.str.trim()) continue;
        const left = item.transform[4] as number;
        const right = left + item.width;
        read.starts.push({ text: item.str, x: left });
        const bottom = item.transform[5] as number;
        if (left < 0 || right > width! || bottom < 0 || bottom + item.height > height!)
          read.outside.push(`${number}: ${item.str}`);
      }
    }
  } finally {
    await task.destroy();
  }
  read.fonts = [...fonts].sort();
  return read;
}
