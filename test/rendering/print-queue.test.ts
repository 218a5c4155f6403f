import { describe, expect, it } from '@jest/globals';
import { createPrintQueue } from '../../server/rendering/print-queue.js';
import { PrinterBusy } from '../../server/rendering/printer.js';

/** Enters pages in this order, then gives places back one by one: in which order they got one. */
async function served(owners: string[], places: number): Promise<string[]> {
  const queue = createPrintQueue({ places: () => places, limit: 100 });
  const order: string[] = [];
  const entering = owners.map((owner, at) =>
    queue.enter(owner, performance.now() + 60_000).then(() => order.push(`${owner}${at}`)),
  );
  await Promise.resolve();
  for (let given = 0; given < owners.length; given += 1) {
    await Promise.resolve();
    queue.leave(order[given]![0]!);
    await Promise.resolve();
  }
  await Promise.all(entering);
  return order;
}

describe('who prints next', () => {
  it('of one owner is who came first', async () => {
    expect(await served(['a', 'a', 'a'], 1)).toEqual(['a0', 'a1', 'a2']);
  });

  it('of two places the second is for an owner who has none', async () => {
    expect((await served(['a', 'a', 'a', 'a', 'b'], 2)).slice(0, 4)).toEqual(['a0', 'a1', 'b4', 'a2']);
  });

  it('may be refused where one owner waits with many, and the next owner still comes in', async () => {
    const queue = createPrintQueue({ places: () => 1, limit: 8 });
    const until = performance.now() + 60_000;
    await queue.enter('a', until);
    const waiting = [queue.enter('a', until), queue.enter('a', until)];
    await expect(queue.enter('a', until)).rejects.toBeInstanceOf(PrinterBusy);
    const other = queue.enter('b', until);
    queue.leave('a');
    await other;
    queue.leave('b');
    queue.leave('a');
    await Promise.all(waiting);
  });

  it('is refused when time is up or the queue is closed', async () => {
    const queue = createPrintQueue({ places: () => 1, limit: 8 });
    await queue.enter('a', performance.now() + 60_000);
    await expect(queue.enter('a', performance.now() + 5)).rejects.toThrow(/time was up/);
    const late = queue.enter('a', performance.now() + 60_000);
    queue.close(new Error('closed'));
    await expect(late).rejects.toThrow('closed');
  });
});
