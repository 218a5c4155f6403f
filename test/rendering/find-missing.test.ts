/**
 * A line that goes over to the next page is found, also where something else stands first there; what was cut
 * off is not.
 */
import { describe, expect, it } from '@jest/globals';
import { findMissing } from '../../server/rendering/find-missing.js';
import { lettersOf } from '../../server/rendering/printed-letters.js';
import type { PrintedLetters } from '../../server/rendering/printed-places.js';

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
      'over three pages, beside something on each',
      printed(
        ['Presented in a group of three', '1 of 3'],
        ['96 hours', 'and scored for all', 'of them together:', '2 of 3'],
        ['Internship', 'Clarity, Evidence, Organization', '3 of 3'],
      ),
      [],
    ],
    [
      'over four pages',
      printed(
        ['Presented in'],
        ['a', 'group of three and'],
        ['b', 'scored for all of them'],
        ['c', 'together: Clarity, Evidence, Organization'],
      ),
      [],
    ],
    [
      'over three pages, cut off at the end of the second',
      printed(
        ['Presented in a group of three'],
        ['96 hours', 'and scored for all'],
        ['together:', 'Clarity'],
      ),
      ['and'],
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

describe('a line over two pages has letters of its own there', () => {
  const pages = printed(beginning, ['96 hours', 'Evidence, Organization', 'Clarity']);
  const cut = 'Organization of all evidence';
  it.each<[string, string[], PrintedLetters, string[]]>([
    [
      'its beginning is not counted for a shorter one',
      [sentence, 'scored for all'],
      pages,
      ['scored for all'],
    ],
    ['nor its rest', [sentence, 'Evidence, Organization'], pages, ['Evidence Organization']],
    ['nor both of them for the same line again', [sentence, sentence], pages, ['Evidence']],
    ['what stands twice is found twice', [sentence, 'Clarity'], pages, []],
    [
      'a line that is cut off is not found in the words of another one on the next page',
      [`${beginning.join(' ')} Evidence`, 'Evidence', 'All of it'],
      printed([...beginning, 'All of it'], ['96 hours', 'Evidence']),
      ['Evidence'],
    ],
    [
      'nor in a line there that is needed itself',
      [cut, 'of all evidence and more'],
      printed(['Organization'], ['96 hours', 'of all evidence and more']),
      ['of all evidence and more'],
    ],
    [
      'the same two lines, both there',
      [cut, cut],
      printed(['x', 'Organization'], ['y', 'of all evidence', cut]),
      [],
    ],
    ['a word that is parted itself', ['Organization'], printed(['Organi'], ['96 hours', 'zation']), []],
    [
      'a line that could stand elsewhere makes room',
      ['Evidence, Organization', 'Evidence', 'Organization'],
      printed(['Evidence'], ['Organization', 'Evidence, Organization']),
      [],
    ],
  ])('%s', (_name, texts, where, missing) => {
    expect(findMissing(texts, where)).toEqual(missing);
  });

  const [one, other] = ['We spoke of all the evidence today', 'Proof of all the evidence again'];
  it.each<[string, string[], string[], string[]]>([
    ['two equal ones', ['clear evidence', 'clear evidence', 'evidence'], [], ['evidence']],
    ['two that each have two places', [one, one, other, other, 'all the evidence'], [], ['all the evidence']],
    ['two, and it stands beside them', ['clear evidence', 'clear evidence', 'evidence'], ['evidence'], []],
  ])('a line whose words are in longer lines that need them: %s', (_name, texts, beside, missing) => {
    expect(findMissing(texts, printed([...texts.slice(0, -1), ...beside]))).toEqual(missing);
  });

  it('a line makes room for one that makes room for another', () => {
    const texts = ['level of evidence', 'of evidence', 'evidence'];
    expect(findMissing(texts, printed(['level of evidence', 'of evidence', 'no evidence']))).toEqual([]);
  });

  it('is looked for in time, whatever is written', () => {
    const many = (count: number) => Array.from({ length: count }, () => 'a a a a a a a a a a a a a a a a');
    const where = printed(many(60), many(60), many(60));
    const endless = [...many(100), 'b'].join(' ');
    expect(findMissing([endless, endless], where)).toEqual(['b']);
  });
});
