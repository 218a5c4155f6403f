/** Reads a real PDF as a stranger's program would: text by page, tags, title, language, bookmarks. */
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

export interface ReadPdf {
  title: string | null;
  language: string | null;
  tagged: boolean;
  bookmarks: string[];
  /** Text of each page, white space made one. */
  pages: string[];
  /** Width and height of the first page in points. */
  size: [number, number];
  /** Structure types that occur, e.g. H1, P, Figure, Link. */
  tags: Set<string>;
  /** Which structure type has which parts, e.g. `LI: Lbl LBody`, each once. */
  nesting: Set<string>;
  /** Alternative texts of all figures. */
  alternatives: string[];
}

interface TagNode {
  role?: string;
  alt?: string;
  children?: TagNode[];
}

export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const task = getDocument({
    data: new Uint8Array(bytes),
    verbosity: 0,
    isEvalSupported: false,
    useSystemFonts: false,
  });
  const document = await task.promise;
  try {
    const { info } = (await document.getMetadata()) as unknown as {
      info: { Title?: string; Language?: string };
    };
    const outline = (await document.getOutline()) as { title: string; items: { title: string }[] }[] | null;
    const mark = (await document.getMarkInfo()) as { Marked?: boolean } | null;
    const pages: string[] = [];
    const tags = new Set<string>();
    const nesting = new Set<string>();
    const alternatives: string[] = [];
    const walk = (node: TagNode) => {
      if (node.role) {
        tags.add(node.role);
        const parts = (node.children ?? []).flatMap(({ role }) => role ?? []);
        nesting.add(`${node.role}: ${parts.join(' ')}`);
      }
      if (node.alt) alternatives.push(node.alt);
      node.children?.forEach(walk);
    };
    let size: [number, number] = [0, 0];
    for (let number = 1; number <= document.numPages; number += 1) {
      const page = await document.getPage(number);
      if (number === 1) size = [page.view[2]!, page.view[3]!];
      const content = await page.getTextContent();
      pages.push(
        content.items
          .map((item) => ('str' in item ? item.str + (item.hasEOL ? ' ' : '') : ''))
          .join('')
          .replace(/\s+/g, ' '),
      );
      walk(((await page.getStructTree()) ?? {}) as TagNode);
    }
    const flat = (outline ?? []).flatMap((entry) => [entry.title, ...entry.items.map((item) => item.title)]);
    return {
      title: info.Title ?? null,
      language: info.Language ?? null,
      tagged: mark?.Marked === true,
      bookmarks: flat,
      pages,
      size,
      tags,
      nesting,
      alternatives,
    };
  } finally {
    await task.destroy();
  }
}
