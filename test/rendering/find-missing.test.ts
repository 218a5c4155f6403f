/** A line that goes over to the next page is found, also where something else stands first there; what was cut off is not. */
import { describe, expect, it } from '@jest/globals';
import { findMissing, type PrintedLetters } from '../../server/rendering/find-missing.js';
import { lettersOf } from '../../server/rendering/printed-letters.js';

/** @param pages their lines, in the order in which the PDF has them */
function printed(...pages: string[][]): PrintedLetters {
  let letters = '';
  const [edges, lineEdges, pageEdges] = [new Set([0]), new Set([0]), [0]];
  for (const lines of pages) {
    for (const line of lines) {
      for (const word of line.split(' ')) {
        letters += lettersOf(word);
        edges.add(letters.length);
      }
      lineEdges.add(letters.length);
    }
    pageEdges.push(letters.length);
  }
  return { letters, edges, lineEdges, pageEdges, raw: pages.flat().join('\n') };
}

const sentence =
  'Presented in a group of three and scored for all of them together: Clarity, Evidence, Organization';
const beginning = ['Presented in a group of three and', 'scored for all of them together: Clarity,'];

describe('a line of a text on printed pages', () => {
  it.each<[string, PrintedLetters, string[]]>([
    ['on one page', printed([...beginning, 'Evidence, Organization']), []],
    ['over two pages', printed(beginning, ['Evidence, Organization', 'Clarity']), []],
    ['over two pages, beside something', printed(beginning, ['96 hours', 'Evidence, Organization']), []],
    ['cut off at the end of a page', printed(beginning, ['96 hours', 'Evidence']), ['Evidence']],
    [
      'with its rest in the middle of a line',
      printed(beginning, ['No Evidence, Organization']),
      ['Evidence'],
    ],
    [
      'with its rest two pages later',
      printed(beginning, ['96 hours'], ['Evidence, Organization']),
      ['Evidence'],
    ],
  ])('%s', (_name, pages, missing) => {
    expect(findMissing([sentence], pages)).toEqual(missing);
  });
});
