/** Marks by which several people beside each other can be told apart. Pure. */
import { initialsOf, wordsOfName } from './person.js';

/** As people read letters: a letter with its accents is one. */
const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const beginning = (word: string, count: number): string => {
  const [first = '', ...rest] = [...letters.segment(word)].slice(0, count).map(({ segment }) => segment);
  return first.toLocaleUpperCase() + rest.join('');
};

/** More letters of the first name, and then of the last one. */
const longer = [1, 2].map((ofLast) => (name: string) => {
  const [first = '', ...others] = wordsOfName(name);
  return beginning(first, 2) + beginning(others.at(-1) ?? '', ofLast);
});

const repeatedIn = (marks: readonly string[]): Set<string> =>
  new Set(marks.filter((mark, at) => marks.indexOf(mark) !== at));

/**
 * The initials of each name, in the order given. Those that would be the same get more letters, and where
 * that does not help a number: two people of one name are two.
 */
export function distinctInitials(names: readonly string[]): string[] {
  let marks = names.map(initialsOf);
  for (const way of longer) {
    const repeated = repeatedIn(marks);
    marks = marks.map((mark, at) => (repeated.has(mark) ? way(names[at]!) : mark));
  }
  const repeated = repeatedIn(marks);
  const count = new Map<string, number>();
  return marks.map((mark) => {
    if (!repeated.has(mark)) return mark;
    count.set(mark, (count.get(mark) ?? 0) + 1);
    return `${mark}${count.get(mark)}`;
  });
}
