/** Reads of the same moment are one question; whoever asks later gets a later answer. */
import { describe, expect, it } from '@jest/globals';
import { copyOf, batchReads } from '../../server/db/batch/batch-reads.js';

interface Thing {
  id: string;
  value: number;
}

function aShelf() {
  const stored = new Map<string, Thing>([
    ['a', { id: 'a', value: 1 }],
    ['b', { id: 'b', value: 2 }],
  ]);
  const questions: string[][] = [];
  let hold: Promise<void> | null = null;
  const read = batchReads<Thing>(async (ids) => {
    questions.push(ids);
    if (ids.includes('broken')) throw new Error('the line is down');
    await hold;
    return ids.flatMap((id) => (stored.has(id) ? [{ id, found: { ...stored.get(id)! } }] : []));
  });
  return { stored, questions, read, holdUntil: (until: Promise<void>) => (hold = until) };
}

describe('gathered reads', () => {
  it('one question for all who ask at the same moment, an answer of their own for each', async () => {
    const shelf = aShelf();
    const [a, again, b, none] = await Promise.all(['a', 'a', 'b', 'c'].map(shelf.read));
    expect(shelf.questions).toEqual([['a', 'b', 'c']]);
    expect([a, b, none]).toEqual([{ id: 'a', value: 1 }, { id: 'b', value: 2 }, null]);
    expect(again).toEqual(a);
    expect(again).not.toBe(a);
  });

  it('who asks while a question is under way is not answered by it: what was written before is seen', async () => {
    const shelf = aShelf();
    let release: () => void = () => undefined;
    void shelf.holdUntil(new Promise<void>((resolve) => (release = resolve)));
    const first = shelf.read('a');
    while (shelf.questions.length === 0) await new Promise(setImmediate);
    shelf.stored.set('a', { id: 'a', value: 10 });
    const second = shelf.read('a');
    const third = shelf.read('b');
    release();
    await Promise.all([first, third]);
    expect(await second).toEqual({ id: 'a', value: 10 });
    expect(shelf.questions).toEqual([['a'], ['a', 'b']]);
  });

  it('a failed question fails those who asked it, and nobody after them', async () => {
    const shelf = aShelf();
    const outcomes = await Promise.allSettled([shelf.read('a'), shelf.read('broken')]);
    expect(outcomes.map((each) => each.status)).toEqual(['rejected', 'rejected']);
    expect(await shelf.read('a')).toEqual({ id: 'a', value: 1 });
  });
});

describe('a copy', () => {
  it('is equal and shares nothing that can be changed', () => {
    const original = { at: new Date(5), list: [{ x: 1 }], none: null, deep: { text: 'a' } };
    const copy = copyOf(original);
    expect(copy).toEqual(original);
    expect(copy.at).not.toBe(original.at);
    expect(copy.list[0]).not.toBe(original.list[0]);
    expect(copy.deep).not.toBe(original.deep);
  });
});
