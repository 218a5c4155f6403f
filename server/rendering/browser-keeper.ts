/**
 * Keeps one browser and its pages between prints: started when first needed, replaced after so many prints,
 * and replaced at once when it died. A page that failed is never handed out again.
 */
import type { Browser, CDPSession, Page } from 'puppeteer';

export interface KeptPage {
  page: Page;
  cdp: CDPSession;
  frameId: string;
}

export interface BorrowedPage extends KeptPage {
  /** Rejects when the browser dies while the page is lent; never resolves. */
  lost: Promise<never>;
  /** Hands the page back; `sound: false` when it failed or hangs. */
  giveBack(sound: boolean): Promise<void>;
}

export interface BrowserKeeper {
  borrow(): Promise<BorrowedPage>;
  /** Process id of the running browser, for the log and for tests. */
  pid(): number | undefined;
  close(): Promise<void>;
}

export interface KeeperOptions {
  launch: () => Promise<Browser>;
  /** Makes a new page ready: scripts off, network refused. */
  prepare: (page: Page) => Promise<KeptPage>;
  printsPerBrowser: number;
}

/**
 * The whole process group: some systems start the browser through a script, and the script's end is not the browser's.
 */
function kill(browser: Browser): void {
  const pid = browser.process()?.pid;
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    browser.process()?.kill('SIGKILL');
  }
}

/** One browser from its start to its end. */
class Generation {
  readonly idle: KeptPage[] = [];
  lent = 0;
  lentInAll = 0;
  broken = false;
  retired = false;
  running: Browser | undefined;
  readonly browser: Promise<Browser>;
  readonly lost: Promise<never>;

  constructor(launch: () => Promise<Browser>) {
    let lose: (error: Error) => void = () => undefined;
    this.lost = new Promise<never>((_, reject) => (lose = reject));
    this.lost.catch(() => undefined);
    this.browser = launch().then(
      (browser) => {
        this.running = browser;
        browser.once('disconnected', () => {
          this.broken = true;
          lose(new Error('The printing browser has ended'));
        });
        return browser;
      },
      (error: unknown) => {
        this.broken = true;
        throw error;
      },
    );
  }

  async retire(): Promise<void> {
    this.retired = true;
    if (this.lent === 0) await this.end();
  }

  async end(): Promise<void> {
    const browser = await this.browser.catch(() => undefined);
    if (!browser) return;
    const closed = browser.close().catch(() => undefined);
    const timer = setTimeout(() => kill(browser), 3000);
    await closed;
    clearTimeout(timer);
  }
}

const seconds = (n: number) => new Promise<false>((resolve) => setTimeout(resolve, n * 1000, false).unref());

export function createBrowserKeeper({ launch, prepare, printsPerBrowser }: KeeperOptions): BrowserKeeper {
  let current: Generation | undefined;
  const ending = new Set<Promise<void>>();

  function later(work: Promise<void>): void {
    ending.add(work);
    void work.finally(() => ending.delete(work));
  }

  function generation(): Generation {
    if (!current || current.broken || current.lentInAll >= printsPerBrowser) {
      if (current) later(current.retire());
      current = new Generation(launch);
    }
    return current;
  }

  async function takeIn(from: Generation, kept: KeptPage, sound: boolean): Promise<void> {
    from.lent -= 1;
    if (sound && !from.broken && !from.retired) from.idle.push(kept);
    else if (!from.broken) {
      const closed = await Promise.race([
        kept.page.close().then(
          () => true,
          () => false,
        ),
        seconds(2),
      ]);
      // A page that cannot even be closed hangs in its renderer: the whole browser goes.
      if (!closed) {
        from.broken = true;
        if (from.running) kill(from.running);
      }
    }
    if (from.retired && from.lent === 0) later(from.end());
  }

  return {
    async borrow() {
      const from = generation();
      from.lent += 1;
      from.lentInAll += 1;
      try {
        const browser = await from.browser;
        const kept = from.idle.pop() ?? (await Promise.race([browser.newPage().then(prepare), from.lost]));
        return { ...kept, lost: from.lost, giveBack: (sound) => takeIn(from, kept, sound) };
      } catch (error) {
        from.lent -= 1;
        if (from.retired && from.lent === 0) later(from.end());
        throw error;
      }
    },
    pid: () => current?.running?.process()?.pid,
    async close() {
      if (current) later(current.retire());
      current = undefined;
      await Promise.all(ending);
    },
  };
}
