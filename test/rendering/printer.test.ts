import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createChromiumPrinter, type ChromiumPrinter } from '../../server/rendering/chromium-printer.js';
import {
  PrintedWrong,
  PrintTimedOut,
  PrinterBusy,
  PrinterClosed,
  type PrintJob,
} from '../../server/rendering/printer.js';
import { chromiumPath, temporaryFolder } from '../harness/services.js';
import { readPdf } from '../harness/read-pdf.js';

const dataDir = temporaryFolder();
const open: ChromiumPrinter[] = [];
function aPrinter(options: object = {}): ChromiumPrinter {
  const printer = createChromiumPrinter({ executablePath: chromiumPath(), dataDir, ...options });
  open.push(printer);
  return printer;
}
const aJob = (body: string, change: Partial<PrintJob> = {}): PrintJob => ({
  html: `<!DOCTYPE html><html lang="en"><head><title>T</title></head><body>${body}</body></html>`,
  pageSize: 'letter',
  title: 'A title',
  language: 'en',
  date: new Date('2026-06-22T14:05:00Z'),
  ...change,
});

afterAll(async () => {
  await Promise.all(open.map((printer) => printer.close()));
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the Chromium printer', () => {
  let printer: ChromiumPrinter;
  beforeAll(() => {
    printer = aPrinter({ pages: 2 });
  });

  it('prints tagged pages with title, language and bookmarks, on the paper asked for', async () => {
    const html = '<h1>First</h1><p>One</p><h2 style="break-before: page">Second</h2><p>Two</p>';
    const letter = await readPdf(await printer.print(aJob(html)));
    expect(letter).toMatchObject({
      title: 'A title',
      language: 'en',
      tagged: true,
      bookmarks: ['First', 'Second'],
      size: [612, 792],
    });
    expect(letter.pages[1]).toContain('Two');
    const a4 = await readPdf(await printer.print(aJob(html, { pageSize: 'a4' })));
    expect(Math.abs(a4.size[0] - 595.28)).toBeLessThan(1);
    expect(Math.abs(a4.size[1] - 841.89)).toBeLessThan(1);
  });

  it('puts what a list item says into its body, however it is written', async () => {
    const list =
      '<ul><li>short</li><li><p>one</p><p>two</p></li><li><h2>Head</h2><ol><li><p>inner</p></li></ol></li></ul>';
    const { nesting, pages } = await readPdf(await printer.print(aJob(`<h1>Lists</h1>${list}`)));
    expect([...nesting].filter((each) => each.startsWith('LI:'))).toEqual(['LI: Lbl LBody']);
    expect([...nesting].filter((each) => each.startsWith('LBody:')).sort()).toEqual([
      'LBody: H2 L',
      'LBody: NonStruct',
      'LBody: P',
      'LBody: P P',
    ]);
    expect(pages[0]).toMatch(/short.*one.*two.*Head.*inner/);
  });

  it('gives the same bytes for the same page', async () => {
    const [one, other] = [
      await printer.print(aJob('<h1>Same</h1>')),
      await printer.print(aJob('<h1>Same</h1>')),
    ];
    expect(Buffer.from(one).equals(Buffer.from(other))).toBe(true);
  });

  const wrongOf = (body: string, texts: string[]) =>
    printer.print(aJob(body, { texts })).then(
      () => ({ missing: [] as readonly string[], outside: [] as readonly string[] }),
      (error: unknown) => {
        expect(error).toBeInstanceOf(PrintedWrong);
        return error as PrintedWrong;
      },
    );

  it.each([
    ['ligatures and case', '<p style="font-variant-caps: small-caps">Office flights</p>', 'office FLIGHTS'],
    ['accents in either form', '<p>Zoe\u0308 Nguyễn</p>', 'Zoë Nguye\u0302\u0303n'],
    ['Chinese, Japanese and Korean', '<p>山田 さくら 박준호 王小明</p>', '山田 さくら 박준호 王小明'],
    [
      'characters that share a glyph with a radical',
      '<p lang="zh-Hans">西青 王民 长车马龙</p><p lang="ja">戸亀竜歯</p>',
      '西青 王民 长车马龙\n戸亀竜歯',
    ],
    ['signs made of letters', '<p>First 1️⃣ then ① and Ⓐ, done</p>', 'First 1️⃣ then ① and Ⓐ, done'],
    [
      'a word over two lines',
      `<p style="width: 40px; overflow-wrap: anywhere">${'rivermouth'.repeat(3)}</p>`,
      'rivermouth'.repeat(3),
    ],
    [
      'a word over two pages',
      `<p style="font-size: 300px; overflow-wrap: anywhere">abcdefghi</p>`,
      'abcdefghi',
    ],
    [
      'Hebrew, Georgian, Armenian, Thai and Lao',
      '<p dir="rtl">אורי לוי כתב, with שָׁלוֹם</p><p>გიორგი ბერიძე Արմեն և Մեսրոպ</p><p>รหิมา ใจดี ນ້ຳ ເຂົ້າ</p>',
      'אורי לוי כתב, with שָׁלוֹם\nგიორგი ბერიძე Արմեն և Մեսրոպ\nรหิมา ใจดี ນ້ຳ ເຂົ້າ',
    ],
    [
      'short names in scripts of which a PDF names only some letters',
      '<p dir="rtl">فاطمة علي</p><p>प्रिया</p><p>క్షమా শ্রী</p><p>ꦗꦮꦶ ᠮᠣᠩᠭᠣᠯ ꯃꯩꯇꯩ</p><p dir="rtl">𐴌𐴟𐴇𐴥𐴝</p>',
      'فاطمة علي\nप्रिया\nక్షమా শ্রী\nꦗꦮꦶ ᠮᠣᠩᠭᠣᠯ ꯃꯩꯇꯩ\n𐴌𐴟𐴇𐴥𐴝',
    ],
    ['scripts that a PDF keeps as shapes', '<p dir="rtl">محمد رضائی</p><p>আরিফ</p>', 'محمد رضائی আরিফ'],
  ])('finds every word: %s', async (_what, body, text) => {
    expect(await wrongOf(body, [text])).toEqual({ missing: [], outside: [] });
  });

  it('tells which words are missing, hidden or off the page', async () => {
    const missing = async (body: string, text: string) => (await wrongOf(body, [text])).missing;
    expect(await missing('<p>Here</p>', 'Here and not there')).toEqual(['and']);
    expect(await missing('<p>Here <span style="display: none">hidden</span></p>', 'Here\nhidden')).toEqual([
      'hidden',
    ]);
    expect(
      await missing('<p style="position: relative; left: -60px">Begins too far left</p>', 'Begins'),
    ).toEqual(['Begins']);
    // Its words stand elsewhere on the page, but the line does not.
    const wide = 'One long line without an end. '.repeat(20);
    expect(
      await missing(`<p>One long line</p><p style="white-space: nowrap">${wide}</p>`, wide),
    ).toHaveLength(1);
    // As often as it is in the texts: what was cut off is not found in the words of another line.
    expect(await missing('<p>Meets</p><p>Meets all</p>', 'Meets\nMeets all\nMeets')).toEqual(['Meets']);
    expect(await missing('<p>Meets</p><p>Meets all</p>', 'Meets all\nMeets')).toEqual([]);
    expect(await missing('<p>გიორგი</p>', 'გიორგი ბერიძე')).toEqual(['ბერიძე']);
    expect(await missing('<p dir="rtl">אורי</p>', 'אורי לוי')).toEqual(['לוי']);
    // A short name, also beside letters of other scripts that do not name themselves.
    expect(await missing('<p>प्रिया शर्मा</p>', 'प्रिया शर्मा\nمحمد علي')).toEqual(['علي']);
    expect(await missing('<p dir="rtl">محمد</p>', 'محمد علي')).toEqual(['علي']);
    for (const name of ['ᱥᱟᱱᱛᱟᱲᱤ', 'ᐃᓄᒃᑎᑐᑦ', 'ⵜⴰⵎⴰⵣⵉⵖⵜ', 'ꕙꔤ', 'ᠮᠣᠩᠭᠣᠯ', 'ꦗꦮꦶ', 'ꯃꯩꯇꯩ', '𐴌𐴟𐴇𐴥𐴝', 'आरव', 'រហ'])
      expect([name, await missing('<p>Here</p>', name)]).toEqual([name, [name]]);
    // Of joined letters the shapes are counted.
    const arabic = 'محمد عبد الرحمن كتب رسالة طويلة إلى صديقه';
    expect(await missing(`<p dir="rtl">${arabic}</p>`, arabic)).toEqual([]);
    expect(await missing(`<p dir="rtl">محمد</p>`, arabic)).toEqual(['صديقه']);
    const margin = `<style>@page { margin: 20mm; @bottom-left { content: "${'a'.repeat(300)}"; white-space: nowrap } }</style><p>Here</p>`;
    expect((await wrongOf(margin, ['Here'])).outside).toHaveLength(1);
  });

  describe('a line that goes over to the next page beside something else', () => {
    const line =
      'Presented in a group of three and scored for all of them together: Clarity, Evidence, Order';
    /** A float beside the line goes on there as well: the page has it before the rest of the line. */
    const pages = (rest: string, more = '') =>
      `<style>@page { margin: 20mm } body { margin: 0; font: 16px/20px serif } .when { float: left; width: 200px }
        .what { margin-left: 220px; width: 240px; orphans: 1; widows: 1 }</style>
      <div style="height: 880px">Above</div>
      <div><p class="when" style="margin: 0">May 5<br>Room 4<br>96 hours<br>Harbor</p><div class="what">${rest}</div></div>
      ${more}`;
    const texts = (...others: string[]) => [line, 'May 5', 'Room 4', '96 hours', 'Harbor', ...others];
    const missingOf = async (body: string, of: string[]) => (await wrongOf(body, of)).missing;

    it('is found', async () => {
      const { pages: read } = await readPdf(await printer.print(aJob(pages(line))));
      // The case that is meant: something else comes first on the second page.
      expect(read.map((each) => each.replace(/^Above /, ''))).toEqual([
        'Presented in a group of three',
        `May 5 Room 4 96 hours Harbor ${line.slice(30)}`,
      ]);
      expect(await missingOf(pages(line), texts())).toEqual([]);
    });

    it('is not found where it is cut off and its words stand elsewhere', async () => {
      const [beginning, rest] = [line.slice(0, 29), line.slice(30)];
      // All that follows is another text of its own, at the beginning of a line.
      const cut = pages(beginning, `<p style="clear: both">${rest}</p>`);
      expect(await missingOf(cut, texts(rest))).toEqual([rest.replaceAll(/[,:]/g, '').slice(0, 40)]);
      expect(await missingOf(cut, texts())).toEqual([]);
      const headless = pages(`${beginning}<br>${rest}`);
      expect(await missingOf(headless, texts(beginning))).toEqual([beginning]);
      // Once over two pages is not twice.
      expect(await missingOf(headless, texts(line))).not.toEqual([]);
    });

    it('is found where it is one long word', async () => {
      const long = 'rivermouth'.repeat(17);
      const body = pages(`<p style="margin: 0; overflow-wrap: anywhere">${long}</p>`);
      expect(await missingOf(body, [long, ...texts().slice(1)])).toEqual([]);
    });
  });

  it('runs no script of the page', async () => {
    const body =
      '<p id="p">as written</p><script>document.getElementById("p").textContent = "changed"</script>';
    const pdf = await readPdf(await printer.print(aJob(body)));
    expect(pdf.pages[0]).toContain('as written');
  });

  it('reaches no address, not even one of this machine', async () => {
    let asked = 0;
    const server: Server = createServer((_request, response) => {
      asked += 1;
      response.end('');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const address = `http://127.0.0.1:${port}`;
    const body = `<p>text</p><img src="${address}/a.png"><link rel="stylesheet" href="http://localhost:${port}/b.css"><iframe src="${address}/c"></iframe><img src="file:///etc/hostname">`;
    const pdf = await readPdf(await printer.print(aJob(body, { deadline: 20_000 })));
    server.close();
    expect(pdf.pages[0]).toContain('text');
    expect(asked).toBe(0);
  });

  it('keeps the browser from print to print and replaces it after so many', async () => {
    const few = aPrinter({ pages: 1, printsPerBrowser: 2 });
    const pids: (number | undefined)[] = [];
    for (let count = 0; count < 4; count += 1) {
      await few.print(aJob(`<p>${count}</p>`));
      pids.push(few.browserPid());
    }
    expect(pids[0]).toBe(pids[1]);
    expect(pids[2]).toBe(pids[3]);
    expect(pids[1]).not.toBe(pids[2]);
  });

  it('prints on after the browser was killed, also what was being printed', async () => {
    await printer.print(aJob('<p>warm</p>'));
    const before = printer.browserPid()!;
    const long = Array.from({ length: 3000 }, (_, at) => `<p>Line ${at}</p>`).join('');
    const underway = printer.print(aJob(long));
    await new Promise((resolve) => setTimeout(resolve, 30));
    process.kill(-before, 'SIGKILL');
    expect((await readPdf(await underway)).pages.at(-1)).toContain('Line 2999');
    expect((await readPdf(await printer.print(aJob('<p>afterwards</p>')))).pages[0]).toContain('afterwards');
    expect(printer.browserPid()).not.toBe(before);
  });

  it('refuses what does not fit into the queue, what takes too long, and everything after it was closed', async () => {
    const small = aPrinter({ pages: 1, queueLimit: 1 });
    const first = small.print(aJob('<p>1</p>'));
    const second = small.print(aJob('<p>2</p>'));
    await expect(small.print(aJob('<p>3</p>'))).rejects.toBeInstanceOf(PrinterBusy);
    await Promise.all([first, second]);
    const long = Array.from({ length: 20_000 }, (_, at) => `<p>Line ${at}</p>`).join('');
    await expect(small.print(aJob(long, { deadline: 50 }))).rejects.toBeInstanceOf(PrintTimedOut);
    expect((await readPdf(await small.print(aJob('<p>still there</p>')))).pages[0]).toContain('still there');
    await small.close();
    await expect(small.print(aJob('<p>4</p>'))).rejects.toBeInstanceOf(PrinterClosed);
  });

  it.each([
    ['Arabic', 'محمد عبد الرحمن'],
    ['Chinese', '王小明'],
    ['Amharic', 'ደስታ ኃይሌ'],
    ['Hebrew', 'נועה לוי'],
    ['Vietnamese', 'Nguyễn Thị Ánh'],
  ])('has letters for %s: the text comes out of the PDF again', async (_script, name) => {
    const pdf = await readPdf(await printer.print(aJob(`<p dir="auto">${name}</p>`)));
    const letters = (text: string) => [...text.normalize('NFKC').replace(/\s/g, '')].sort().join('');
    expect(letters(pdf.pages[0]!)).toBe(letters(name));
  });
});
