/**
 * The printer on a kept Chromium: as many reused pages as cores, a bounded queue, a deadline per print, one
 * fresh attempt when the browser died. Students wrote part of every page, so scripts are off and no address
 * at all can be reached.
 */
import { mkdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'puppeteer';
import { createBrowserKeeper, type BorrowedPage, type KeptPage } from './browser-keeper.js';
import { writeFontsConf } from './fonts.js';
import { lowerSession, nicely } from './low-priority.js';
import { createPdfFinisher } from './pdf-finish.js';
import { createPrintQueue } from './print-queue.js';
import { PrintFailed, PrintTimedOut, PrinterClosed, paperInches } from './printer.js';
import type { PrintJob, Printer } from './printer.js';

export interface ChromiumPrinterOptions {
  executablePath: string;
  /** fonts.conf and the browser's own files go below it. */
  dataDir: string;
  /** Prints at the same time; as many as cores when left out. */
  pages?: number;
  /** Prints at the same time while people wait for pages; half of `pages` when left out. */
  busyPages?: number;
  /** Whether people wait for pages at this moment. */
  isBusy?: () => boolean;
  /** How far printing steps back for everything else, 0 to 19. */
  nice?: number;
  /** Prints that may wait; the next one is refused. */
  queueLimit?: number;
  printsPerBrowser?: number;
  /** Milliseconds for a print that names no deadline. */
  deadline?: number;
  /** Told once when the browser could only be started without its sandbox. */
  warn?: (message: string) => void;
}

export interface ChromiumPrinter extends Printer {
  /** Process id of the kept browser, once it runs. */
  browserPid(): number | undefined;
}

/** Every request ends at a proxy that does not exist, even one to this machine; names are not resolved at all. */
const refuseNetwork = [
  '--proxy-server=http://127.0.0.1:9',
  '--proxy-bypass-list=<-loopback>',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--disable-background-networking',
];

const appearance = [
  '--font-render-hinting=none',
  '--disable-dev-shm-usage',
  '--hide-scrollbars',
  '--mute-audio',
];

async function launchChromium(options: ChromiumPrinterOptions): Promise<Browser> {
  // Loaded with the first print, not with the server: it takes a third of a second.
  const { default: puppeteer } = await import('puppeteer');
  const home = path.resolve(options.dataDir, 'printer');
  const fontsConf = await writeFontsConf(options.dataDir);
  await mkdir(home, { recursive: true });
  const nice = options.nice ?? 0;
  const { command, before } = nicely(options.executablePath, nice);
  const start = async (sandbox: boolean) => {
    const args = [...refuseNetwork, ...appearance, ...(sandbox ? [] : ['--no-sandbox'])];
    const browser = await puppeteer.launch({
      executablePath: command,
      headless: 'shell',
      pipe: true,
      // All of them stand here, because those of `nice` come first.
      ignoreDefaultArgs: true,
      args: [...before, ...puppeteer.defaultArgs({ headless: 'shell', args })],
      // A short environment of its own: the server's secrets are no business of the browser.
      env: {
        PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
        HOME: home,
        LANG: 'C.UTF-8',
        TZ: 'UTC',
        FONTCONFIG_FILE: fontsConf,
      },
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    await lowerSession(browser.process()?.pid, nice);
    return browser;
  };
  if (process.getuid?.() === 0) return start(false);
  return start(true).catch((error: unknown) => {
    if (!/sandbox/i.test(String(error))) throw error;
    options.warn?.('The printing browser runs without its sandbox, because this machine permits none.');
    return start(false);
  });
}

async function preparePage(page: Page): Promise<KeptPage> {
  await page.setJavaScriptEnabled(false);
  const cdp = await page.createCDPSession();
  await cdp.send('Page.enable');
  const { frameTree } = await cdp.send('Page.getFrameTree');
  return { page, cdp, frameId: frameTree.frame.id };
}

/**
 * The content is set until `load`, without any script's help, then the browser writes its own tagged PDF with
 * an outline.
 */
async function printOn({ cdp, frameId }: KeptPage, job: PrintJob): Promise<Uint8Array> {
  const loaded = new Promise((resolve) => cdp.once('Page.loadEventFired', resolve));
  await cdp.send('Page.setDocumentContent', { frameId, html: job.html });
  await loaded;
  const paper = paperInches[job.pageSize];
  const { data } = await cdp.send('Page.printToPDF', {
    paperWidth: paper.width,
    paperHeight: paper.height,
    printBackground: true,
    preferCSSPageSize: false,
    displayHeaderFooter: false,
    generateTaggedPDF: true,
    generateDocumentOutline: true,
  });
  return Buffer.from(data, 'base64');
}

function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new PrintTimedOut('The page was not printed in time')), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

export function createChromiumPrinter(options: ChromiumPrinterOptions): ChromiumPrinter {
  const atOnce = options.pages ?? Math.max(1, Math.min(8, os.availableParallelism()));
  const keeper = createBrowserKeeper({
    launch: () => launchChromium(options),
    prepare: preparePage,
    printsPerBrowser: options.printsPerBrowser ?? 500,
  });
  const busyPages = options.busyPages ?? Math.max(1, Math.floor(atOnce / 2));
  const places = (): number => (options.isBusy?.() ? Math.min(busyPages, atOnce) : atOnce);
  const finisher = createPdfFinisher(options.nice);
  const queue = createPrintQueue({ places, limit: options.queueLimit ?? 200 });
  const running = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  async function attempt(job: PrintJob, until: number): Promise<Uint8Array> {
    let borrowed: BorrowedPage | undefined;
    let sound = false;
    try {
      borrowed = await keeper.borrow();
      const left = until - performance.now();
      if (left <= 0) throw new PrintTimedOut('The page was not printed in time');
      const printed = printOn(borrowed, job);
      printed.catch(() => undefined);
      const pdf = await inTime(Promise.race([printed, borrowed.lost]), left);
      sound = true;
      return pdf;
    } finally {
      if (sound) await borrowed?.giveBack(true);
      else void borrowed?.giveBack(false);
    }
  }

  async function printNow(job: PrintJob, until: number): Promise<Uint8Array> {
    try {
      return await attempt(job, until);
    } catch (error) {
      if (error instanceof PrintTimedOut || performance.now() >= until) throw asPrintFailure(error);
      return await attempt(job, until).catch((again: unknown) => {
        throw asPrintFailure(again);
      });
    }
  }

  return {
    async print(job) {
      if (closing) throw new PrinterClosed('The printer is closed');
      const until = performance.now() + (job.deadline ?? options.deadline ?? 60_000);
      const owner = job.owner ?? '';
      await queue.enter(owner, until);
      const work = printNow(job, until);
      running.add(work);
      const pdf = await work.finally(() => {
        running.delete(work);
        queue.leave(owner);
      });
      return finisher.finish(pdf, job);
    },
    browserPid: () => keeper.pid(),
    close() {
      closing ??= (async () => {
        queue.close(new PrinterClosed('The printer is closed'));
        await Promise.allSettled(running);
        await Promise.all([keeper.close(), finisher.close()]);
      })();
      return closing;
    },
  };
}

function asPrintFailure(error: unknown): PrintFailed {
  if (error instanceof PrintFailed) return error;
  return new PrintFailed('The page could not be printed', { cause: error });
}
