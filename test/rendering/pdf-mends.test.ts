import { describe, expect, it } from '@jest/globals';
import { PDFDocument } from '@cantoo/pdf-lib';
import { PdfFile, UnknownPdfForm } from '../../server/rendering/pdf-file.js';
import { untaggedAsArtifacts, titleOnce } from '../../server/rendering/pdf-mends.js';

const lines = (...all: string[]) => all.join('\n');

describe('what stands outside of every tag becomes an artifact', () => {
  it('margin boxes before the first tag, also with letters that carry a text of their own', () => {
    const box = lines('q', 'BT', '/Span <</ActualText <FEFF0041>>> BDC', '<0001> Tj', 'EMC', 'ET', 'Q');
    const tagged = lines('/P <</MCID 0 >>BDC', 'BT', '<0002> Tj', 'ET', 'EMC');
    const mended = untaggedAsArtifacts(lines(box, tagged));
    expect(mended).toContain(lines('/Artifact <</Type /Pagination>> BDC', 'BT'));
    expect(mended.match(/BDC|BMC/g)).toHaveLength(mended.match(/^EMC$/gm)!.length);
    expect(mended.endsWith(tagged)).toBe(true);
  });

  it('painted paths, but not clips and nothing inside a tag', () => {
    const content = lines(
      '0 0 10 10 re',
      'W* n',
      '/P <</MCID 0 >>BDC',
      '1 1 2 2 re',
      'f',
      'EMC',
      '3 3 4 4 re',
      'f',
    );
    expect(untaggedAsArtifacts(content)).toBe(
      lines(
        '0 0 10 10 re',
        'W* n',
        '/P <</MCID 0 >>BDC',
        '1 1 2 2 re',
        'f',
        'EMC',
        '/Artifact BMC',
        '3 3 4 4 re',
        'f',
        'EMC',
      ),
    );
  });
});

describe('a PDF opened for small changes', () => {
  it('refuses a form that it does not know, instead of guessing', async () => {
    const document = await PDFDocument.create();
    document.addPage();
    const packed = await document.save({ useObjectStreams: true });
    expect(() => new PdfFile(packed)).toThrow(UnknownPdfForm);
  });
});

describe('the title of an outline entry', () => {
  it.each([
    ['/Title (ExhibitionsExhibitions)\n/SE 5 0 R', '/Title (Exhibitions)\n/SE 5 0 R'],
    ['/Title (Growth, goal by goalGrowth, goal by goal)', '/Title (Growth, goal by goal)'],
    ['/Title <FEFF006200F600620062006200F600620062>', '/Title <FEFF006200F600620062>'],
    ['/Title (Exhibitions)', '/Title (Exhibitions)'],
    ['/Title (Learning \\(goals\\))', '/Title (Learning \\(goals\\))'],
  ])('%s is said once', (written, once) => expect(titleOnce(written)).toBe(once));
});
