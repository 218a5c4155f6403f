/**
 * What Chromium's tagged PDF lacks for PDF/UA-1, mended in one pass: metadata and title, page numbers and
 * decoration as artifacts, role map, bodies of list items, a description on every link. Dates come from the
 * caller, so that the same page gives the same bytes.
 */
import { PDFDocument } from '@cantoo/pdf-lib';
import { deflateSync, inflateSync } from 'node:zlib';
import { cleanLine } from '../clean-text.js';
import { PdfFile, UnknownPdfForm, reference } from './pdf-file.js';

export interface FinishJob {
  title: string;
  language: string;
  /** ISO 8601; without it the file says 1970, never the moment of printing. */
  date: string | null;
}

/** Chromium writes HTML's words; PDF 1.7 has no such structure types. */
const roleMap = '/RoleMap <</Strong /Span /Em /Span /Sub /Span /Sup /Span /Aside /Note /FENote /Note>>';

/** Names from before input was cleaned may still hold what XML refuses. */
const xml = (text: string) =>
  cleanLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** A PDF text string: UTF-16 with byte order mark, in hex. */
function pdfText(text: string): string {
  return `<FEFF${Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase()}>`;
}

function xmpPacket({ title, language, date }: FinishJob): string {
  const dates = date
    ? `<xmp:CreateDate>${date}</xmp:CreateDate><xmp:ModifyDate>${date}</xmp:ModifyDate>`
    : '';
  return (
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>' +
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"' +
    ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">' +
    `<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${xml(title)}</rdf:li></rdf:Alt></dc:title>` +
    `<dc:language><rdf:Bag><rdf:li>${xml(language)}</rdf:li></rdf:Bag></dc:language>` +
    `<dc:format>application/pdf</dc:format><pdf:Producer>Vitrine</pdf:Producer>${dates}<pdfuaid:part>1</pdfuaid:part>` +
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
  );
}

const pathBegins = / (?:re|m)$/;
const pathClipped = /^(?:W\*? )?n$/;
const pathPainted = /^(?:f|F|f\*|B|B\*|b|b\*|S|s)$/;

/**
 * Marks as artifact what Chromium leaves outside of every tag: the page's margin boxes, which it draws before
 * the first tag, and painted paths (rules, backgrounds, ornaments) anywhere. Relies on its one operator per
 * line.
 */
export function untaggedAsArtifacts(content: string): string {
  const out: string[] = [];
  let depth = 0;
  let tagSeen = false;
  let inMarginBox = false;
  let pathAt = -1;
  for (const line of content.split('\n')) {
    // Inside of a tag, and that is most of a page, only its end is of interest.
    if (depth > 0 && pathAt < 0 && !inMarginBox && !line.endsWith('C')) {
      out.push(line);
      continue;
    }
    // A BDC without MCID is no tag: Chromium writes such a one round letters that need a text of their own
    // (ActualText).
    if (line.endsWith('BDC') || line.endsWith('BMC')) {
      depth += 1;
      tagSeen ||= line.includes('/MCID');
    } else if (line === 'EMC') depth -= 1;
    if (line === 'BT' && depth === 0 && !tagSeen) {
      inMarginBox = true;
      out.push('/Artifact <</Type /Pagination>> BDC');
    }
    if (depth === 0 && pathAt < 0 && pathBegins.test(line)) pathAt = out.length;
    out.push(line);
    if (line === 'ET' && inMarginBox) {
      inMarginBox = false;
      out.push('EMC');
    }
    if (pathAt < 0) continue;
    if (pathPainted.test(line)) {
      out.splice(pathAt, 0, '/Artifact BMC');
      out.push('EMC');
      pathAt = -1;
    } else if (pathClipped.test(line)) pathAt = -1;
  }
  return out.join('\n');
}

function mendContent(file: PdfFile, number: number): void {
  const dictionary = file.dictionary(number);
  const packed = dictionary.includes('/FlateDecode');
  const data = packed ? inflateSync(file.stream(number)) : file.stream(number);
  const mended = deflateSync(Buffer.from(untaggedAsArtifacts(data.toString('latin1')), 'latin1'), {
    level: 1,
  });
  const head = `<</Filter /FlateDecode\n/Length ${mended.length}>>\nstream\n`;
  file.replace(number, Buffer.concat([Buffer.from(head, 'latin1'), mended, Buffer.from('\nendstream\n')]));
}

/** The address of a link's action, as text; for links inside the page its name. */
function linkTarget(dictionary: string): string {
  const written = /\/URI \(((?:[^()\\]|\\.)*)\)/.exec(dictionary)?.[1];
  return written?.replace(/\\(.)/g, '$1') ?? 'link';
}

/**
 * Chromium writes the text of a heading twice into the outline when the heading was moved to the next page
 * while the pages were laid out.
 * @param dictionary of an outline entry; comes back with its title once
 */
export function titleOnce(dictionary: string): string {
  return dictionary.replace(
    /(\/Title (?:\(|<FEFF))((?:[^()\\>]|\\.)*)(?=[)>])/i,
    (whole, before: string, title: string) => {
      const half = title.slice(0, title.length / 2);
      return half.length > 3 && half + half === title ? before + half : whole;
    },
  );
}

const kidsOf = /\/K (?:\[([\d R]*)\]|(\d+ 0 R))/;

/** Chromium writes what a list item says beside its label (Lbl); PDF/UA wants all of it inside one body (LBody). */
function wrapListBody(file: PdfFile, item: number): void {
  const dictionary = file.dictionary(item);
  const [whole = '', several, one = ''] = kidsOf.exec(dictionary) ?? [];
  const kids = [...(several ?? one).matchAll(/\b(\d{1,10}) 0 R/g)].map((found) => Number(found[1]));
  const said = kids.filter((kid) => !/\/S \/(?:Lbl|LBody)\b/.test(file.dictionary(kid)));
  if (said.length === 0) return;
  const referencesTo = (numbers: readonly number[]) => numbers.map((number) => `${number} 0 R`).join(' ');
  const body = file.add(`<</Type /StructElem\n/S /LBody\n/P ${item} 0 R\n/K [${referencesTo(said)}]>>`);
  for (const kid of said) file.replace(kid, file.dictionary(kid).replace(/\/P \d+ 0 R/, `/P ${body} 0 R`));
  const labels = kids.filter((kid) => !said.includes(kid));
  file.replace(item, dictionary.replace(whole, `/K [${referencesTo([...labels, body])}]`));
}

function mend(file: PdfFile, job: FinishJob): Uint8Array {
  const date = (job.date ?? '1970-01-01T00:00:00').slice(0, 19).replace(/\D/g, '');
  const dates = `/CreationDate (D:${date}+00'00')\n/ModDate (D:${date}+00'00')`;
  file.replace(
    file.info,
    `<</Title ${pdfText(cleanLine(job.title))}\n/Creator (Vitrine)\n/Producer (Vitrine)\n${dates}>>`,
  );
  const xmp = Buffer.from(xmpPacket(job), 'utf8');
  const head = `<</Type /Metadata\n/Subtype /XML\n/Length ${xmp.length}>>\nstream\n`;
  const metadata = file.add(Buffer.concat([Buffer.from(head), xmp, Buffer.from('\nendstream\n')]));
  const catalog = file.dictionary(file.root);
  const language = catalog.includes('/Lang') ? '' : `\n/Lang ${pdfText(job.language)}`;
  const shown = catalog.includes('/DisplayDocTitle') ? '' : '\n/ViewerPreferences <</DisplayDocTitle true>>';
  file.extend(file.root, `/Metadata ${metadata} 0 R${language}${shown}`);
  file.extend(reference(catalog, 'StructTreeRoot'), roleMap);
  for (const number of file.numbers()) {
    const dictionary = file.dictionary(number);
    if (/\/Type \/Page\b/.test(dictionary)) {
      mendContent(file, reference(dictionary, 'Contents'));
      if (!dictionary.includes('/Tabs')) file.extend(number, '/Tabs /S');
    } else if (/\/Subtype \/Link\b/.test(dictionary) && !dictionary.includes('/Contents')) {
      file.extend(number, `/Contents ${pdfText(linkTarget(dictionary))}`);
    } else if (/\/S \/LI\b/.test(dictionary)) {
      wrapListBody(file, number);
    } else if (/\/SE \d/.test(dictionary) && titleOnce(dictionary) !== dictionary) {
      file.replace(number, titleOnce(dictionary));
    }
  }
  return file.save();
}

/** @returns the mended file; the input is not changed */
export async function finishPdf(pdf: Uint8Array, job: FinishJob): Promise<Uint8Array> {
  try {
    return mend(new PdfFile(pdf), job);
  } catch (error) {
    if (!(error instanceof UnknownPdfForm)) throw error;
    // A browser that writes PDF in another form: brought into the plain one first, at ten times the cost.
    const document = await PDFDocument.load(pdf, { updateMetadata: false });
    return mend(
      new PdfFile(
        await document.save({
          useObjectStreams: false,
          addDefaultPage: false,
          updateFieldAppearances: false,
        }),
      ),
      job,
    );
  }
}
