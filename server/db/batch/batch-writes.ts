/**
 * Writes to single documents that are wanted at the same moment are sent together: one command and one wait
 * for the journal for all of them. Each hears of its own alone; when something goes wrong with a command,
 * each is sent again by itself, so whoever uses this must bear that a write is sent twice.
 */

interface Wanted<W, R> {
  write: W;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

export interface Sending<W, R> {
  /** One write. */
  alone: (write: W) => Promise<R>;
  /** Several, of different documents. Answers in their order. */
  together: (writes: W[]) => Promise<R[]>;
  /** Told when nothing is wanted and nothing is under way. */
  idle?: () => void;
}

/** More than this make a command that others wait for. */
const portion = 50;
/** While one command waits for the journal, the next one is already on its way. */
const atOnce = 2;

export function batchWrites<W extends { id: string }, R>(sending: Sending<W, R>): (write: W) => Promise<R> {
  let wanted: Wanted<W, R>[] = [];
  /** Documents of the commands that are under way. */
  const underWay = new Set<string>();
  let commands = 0;
  let isCalled = false;

  /** Of several writes to one document the first goes now and the next when it is done: their order stays. */
  function take(): Wanted<W, R>[] {
    const now: Wanted<W, R>[] = [];
    const later: Wanted<W, R>[] = [];
    for (const each of wanted) {
      if (now.length === portion || underWay.has(each.write.id)) later.push(each);
      else {
        now.push(each);
        underWay.add(each.write.id);
      }
    }
    wanted = later;
    return now;
  }

  const sendAlone = ({ write, resolve, reject }: Wanted<W, R>): Promise<void> =>
    sending.alone(write).then(resolve, reject);

  async function send(now: Wanted<W, R>[]): Promise<void> {
    commands += 1;
    if (now.length === 1) await sendAlone(now[0]!);
    else {
      try {
        const results = await sending.together(now.map(({ write }) => write));
        now.forEach(({ resolve }, at) => resolve(results[at]!));
      } catch {
        await Promise.all(now.map(sendAlone));
      }
    }
    commands -= 1;
    for (const { write } of now) underWay.delete(write.id);
    if (wanted.length > 0) call();
    else if (commands === 0) sending.idle?.();
  }

  function call(): void {
    if (isCalled) return;
    isCalled = true;
    setImmediate(() => {
      isCalled = false;
      while (commands < atOnce) {
        const now = take();
        if (now.length === 0) return;
        void send(now);
      }
    });
  }

  return (write) =>
    new Promise<R>((resolve, reject) => {
      wanted.push({ write, resolve, reject });
      call();
    });
}
