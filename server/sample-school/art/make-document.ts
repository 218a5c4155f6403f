/**
 * A two-page PDF of a student's work: title page with a picture, then the words. The same bytes for the same content.
 */
import { PDFDocument, rgb, StandardFonts, type PDFFont, type PDFPage } from '@cantoo/pdf-lib';

export interface DocumentContent {
  title: string;
  author: string;
  picture: Buffer;
  /** Heading and paragraphs. */
  sections: { heading: string; text: string }[];
}

const ink = rgb(0.11, 0.1, 0.1);
const soft = rgb(0.35, 0.33, 0.3);
const [wide, margin] = [612, 72];

export async function makeDocument({ title, author, picture, sections }: DocumentContent): Promise<Buffer> {
  const pdf = await PDFDocument.create();
  const when = new Date('2020-01-01T00:00:00Z');
  pdf.setTitle(title);
  pdf.setAuthor(author);
  pdf.setLanguage('en');
  pdf.setCreationDate(when);
  pdf.setModificationDate(when);
  const serif = await pdf.embedFont(StandardFonts.TimesRoman);
  const sans = await pdf.embedFont(StandardFonts.Helvetica);

  const cover = pdf.addPage([wide, 792]);
  const image = await pdf.embedJpg(picture);
  cover.drawImage(image, { x: margin, y: 300, width: 468, height: 351 });
  const below = paragraph(cover, serif, title, { y: 250, size: 28, leading: 34, colour: ink });
  paragraph(cover, sans, author, { y: below - 6, size: 12, leading: 16, colour: soft });

  const page = pdf.addPage([wide, 792]);
  let y = 700;
  for (const { heading, text } of sections) {
    y = paragraph(page, sans, heading, { y, size: 11, leading: 20, colour: soft });
    for (const part of text.split(/\n\n+/)) {
      y = paragraph(page, serif, part, { y, size: 12.5, leading: 18, colour: ink }) - 8;
    }
    y -= 12;
  }
  return Buffer.from(await pdf.save({ useObjectStreams: false }));
}

interface Setting {
  y: number;
  size: number;
  leading: number;
  colour: ReturnType<typeof rgb>;
}

function paragraph(
  page: PDFPage,
  font: PDFFont,
  text: string,
  { y, size, leading, colour }: Setting,
): number {
  let [row, at] = ['', y];
  const put = () => {
    page.drawText(row, { x: margin, y: at, size, font, color: colour });
    at -= leading;
  };
  for (const word of latin(text).split(/\s+/)) {
    const longer = row ? `${row} ${word}` : word;
    if (row && font.widthOfTextAtSize(longer, size) > wide - 2 * margin) {
      put();
      row = word;
    } else row = longer;
  }
  if (row) put();
  return at;
}

/** The standard fonts know Western Europe only: other letters lose their marks, other scripts are left out. */
function latin(text: string): string {
  return [...text.normalize('NFC')]
    .map((letter) =>
      /[\u0020-\u007e\u00a0-\u00ff\u2013\u2014\u2018-\u201d\u2022\u2026]/.test(letter)
        ? letter
        : letter.normalize('NFKD').replace(/[^\u0020-\u007e]/g, ''),
    )
    .join('');
}
