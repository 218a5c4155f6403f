/** Writes of the same moment are one command; each hears of its own alone, and none of a failure that is another's. */
import { describe, expect, it } from '@jest/globals';
import { batchWrites } from '../../server/db/batch/batch-writes.js';

interface Note {
  id: string;
  text: string;
}

function aBook() {
  const written: Note[] = [];
  const commands: string[][] = [];
  let hold: Promise<void> | null = null;
  let isDown = false;
  async function take(notes: Note[]): Promise<string[]> {
    commands.push(notes.map(({ text }) => text));
    await hold;
    if (isDown && notes.length > 1) throw new Error('the line is down');
    const bad = notes.find(({ text }) => text === 'bad');
    if (bad) throw new Error('it says bad');
    written.push(...notes);
    return notes.map(({ text }) => `${text} is written`);
  }
  const write = batchWrites<Note, string>({
    alone: async (note) => (await take([note]))[0]!,
    together: take,
  });
  return {
    written,
    commands,
    write,
    holdUntil: (until: Promise<void>) => (hold = until),
    goDown: () => (isDown = true),
  };
}

const note = (id: string, text: string): Note => ({ id, text });

describe('gathered writes', () => {
  it('one command for all of a moment, its own answer for each', async () => {
    const book = aBook();
    const answers = await Promise.all([note('a', '1'), note('b', '2'), note('c', '3')].map(book.write));
    expect(book.commands).toEqual([['1', '2', '3']]);
    expect(answers).toEqual(['1 is written', '2 is written', '3 is written']);
  });

  it('is not answered before its command is', async () => {
    const book = aBook();
    let release: () => void = () => undefined;
    void book.holdUntil(new Promise<void>((resolve) => (release = resolve)));
    let isAnswered = false;
    const first = book.write(note('a', '1')).then(() => (isAnswered = true));
    while (book.commands.length === 0) await new Promise(setImmediate);
    const second = book.write(note('b', '2'));
    while (book.commands.length === 1) await new Promise(setImmediate);
    const [third, fourth] = [book.write(note('c', '3')), book.write(note('d', '4'))];
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    expect([isAnswered, book.commands]).toEqual([false, [['1'], ['2']]]);
    release();
    await Promise.all([first, second, third, fourth]);
    expect(book.commands).toEqual([['1'], ['2'], ['3', '4']]);
  });

  it('to a document that is being written waits for that, also where another command could go', async () => {
    const book = aBook();
    let release: () => void = () => undefined;
    void book.holdUntil(new Promise<void>((resolve) => (release = resolve)));
    const first = book.write(note('a', '1'));
    while (book.commands.length === 0) await new Promise(setImmediate);
    const [second, other] = [book.write(note('a', '2')), book.write(note('b', '3'))];
    while (book.commands.length === 1) await new Promise(setImmediate);
    release();
    await Promise.all([first, second, other]);
    expect(book.commands).toEqual([['1'], ['3'], ['2']]);
  });

  it('to one document go one after another, in their order', async () => {
    const book = aBook();
    await Promise.all([note('a', '1'), note('a', '2'), note('b', '3'), note('a', '4')].map(book.write));
    expect(book.commands).toEqual([['1', '3'], ['2'], ['4']]);
    expect(book.written.filter(({ id }) => id === 'a').map(({ text }) => text)).toEqual(['1', '2', '4']);
  });

  it('what is wrong with one is its own trouble', async () => {
    const book = aBook();
    const outcomes = await Promise.allSettled(
      [note('a', '1'), note('b', 'bad'), note('c', '3')].map(book.write),
    );
    expect(outcomes).toEqual([
      { status: 'fulfilled', value: '1 is written' },
      { status: 'rejected', reason: new Error('it says bad') },
      { status: 'fulfilled', value: '3 is written' },
    ]);
    expect(await book.write(note('d', '4'))).toBe('4 is written');
  });

  it('a command that failed is sent again, each by itself', async () => {
    const book = aBook();
    book.goDown();
    await Promise.all([note('a', '1'), note('b', '2')].map(book.write));
    expect(book.commands).toEqual([['1', '2'], ['1'], ['2']]);
  });

  it('a command has an end: a crowd is served in portions', async () => {
    const book = aBook();
    await Promise.all(Array.from({ length: 250 }, (_, at) => book.write(note(`n${at}`, `${at}`))));
    expect(book.commands.map((texts) => texts.length)).toEqual([50, 50, 50, 50, 50]);
    expect(book.written).toHaveLength(250);
  });
});
