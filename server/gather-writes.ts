/**
 * Writes to single documents that are wanted at the same moment are sent together: one command and one wait for the journal for all
 * of them. Each hears of its own alone; when something goes wrong with a command, each is sent again by itself, so whoever uses this
 * must bear that a write is sent twice.
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
const portion = 100;

export function gatherWrites<W extends { id: string }, R>(sending: Sending<W, R>): (write: W) => Promise<R> {
  let wanted: Wanted<W, R>[] = [];
  let busy = false;

  /** Of several writes to one document the first goes now and the next with the next command: their order stays. */
  function take(): Wanted<W, R>[] {
    const now = new Map<string, Wanted<W, R>>();
    const later: Wanted<W, R>[] = [];
    for (const each of wanted) {
      if (now.size < portion && !now.has(each.write.id)) now.set(each.write.id, each);
      else later.push(each);
    }
    wanted = later;
    return [...now.values()];
  }

  const sendAlone = ({ write, resolve, reject }: Wanted<W, R>): Promise<void> =>
    sending.alone(write).then(resolve, reject);

  async function send(): Promise<void> {
    const now = take();
    if (now.length === 1) await sendAlone(now[0]!);
    else {
      try {
        const results = await sending.together(now.map(({ write }) => write));
        now.forEach(({ resolve }, at) => resolve(results[at]!));
      } catch {
        await Promise.all(now.map(sendAlone));
      }
    }
    busy = false;
    if (wanted.length > 0) call();
    else sending.idle?.();
  }

  function call(): void {
    if (busy) return;
    busy = true;
    setImmediate(() => void send());
  }

  return (write) =>
    new Promise<R>((resolve, reject) => {
      wanted.push({ write, resolve, reject });
      call();
    });
}
