/**
 * The printer's contract: one HTML page in, one finished PDF out. Whoever prints knows nothing of the browser
 * behind it. Refuses when too much is waiting (PrinterBusy), when time is up (PrintTimedOut), and after
 * close() (PrinterClosed).
 */
export type PageSize = 'letter' | 'a4';

export interface PrintJob {
  /** A whole document; everything it needs stands in it, because nothing is ever fetched. */
  html: string;
  pageSize: PageSize;
  /** Shown in the reader's title bar and read aloud first. */
  title: string;
  /** BCP 47 tag of the main language, e.g. `en` or `zh-Hans`. */
  language: string;
  /** Whose it is, e.g. the id of a school: those who wait take turns. */
  owner?: string;
  /** Milliseconds that waiting and printing may take together. */
  deadline?: number;
  /** Written into the file as its date, so that the same page printed twice gives the same bytes. */
  date?: Date;
  /**
   * Texts of which every line must be found on the printed pages, in one piece. @throws PrintedWrong when one
   * is not, or is off the page
   */
  texts?: readonly string[];
}

export interface Printer {
  print(job: PrintJob): Promise<Uint8Array>;
  /** Finishes what is running, refuses what waits, ends the browser. May be called twice. */
  close(): Promise<void>;
}

/** Paper in inches, as Chromium wants it. */
export const paperInches: Record<PageSize, { width: number; height: number }> = {
  letter: { width: 8.5, height: 11 },
  a4: { width: 210 / 25.4, height: 297 / 25.4 },
};

export class PrintFailed extends Error {
  override name = 'PrintFailed';
}
/** The page was printed, but words of it are missing or reach over the edge. */
export class PrintedWrong extends PrintFailed {
  override name = 'PrintedWrong';

  constructor(
    readonly missing: readonly string[],
    readonly outside: readonly string[],
  ) {
    super(`Printed wrong: missing ${JSON.stringify(missing)}, off the page ${JSON.stringify(outside)}`);
  }
}
export class PrintTimedOut extends PrintFailed {
  override name = 'PrintTimedOut';
}
export class PrinterBusy extends PrintFailed {
  override name = 'PrinterBusy';
}
export class PrinterClosed extends PrintFailed {
  override name = 'PrinterClosed';
}
