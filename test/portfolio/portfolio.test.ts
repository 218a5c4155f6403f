/** Moving entries, and reading what forms and programs send: pure rules. */
import { describe, expect, it } from '@jest/globals';
import { moved, type Portfolio } from '../../server/portfolio/portfolio.js';
import { changeFrom, portfolioBody, typedDraft } from '../../server/portfolio/read-portfolio.js';

const list = ['a', 'b', 'c'].map((id) => ({ id }));
const ids = (entries: { id: string }[]) => entries.map(({ id }) => id).join('');

it.each([
  ['b', 'up', 'bac'],
  ['b', 'down', 'acb'],
  ['a', 'up', 'abc'],
  ['c', 'down', 'abc'],
  ['b', 'remove', 'ac'],
  ['unknown', 'remove', 'abc'],
] as const)('moves %s %s', (id, move, order) => expect(ids(moved(list, id, move))).toBe(order));

const portfolio = {
  id: 'p',
  title: 'Wood',
  statement: 'What it can do',
  rubric: { slug: 'exhibition', hash: 'h' },
  entries: [{ id: 'e1', artifactId: 'a1', reflection: 'old', criterionIds: ['x'] }],
  revision: 3,
} as unknown as Portfolio;

describe('a form', () => {
  it('becomes entries in the order of their numbers, beyond twenty too', () => {
    const fields = Object.fromEntries(
      Array.from({ length: 25 }, (_, at) => [`entries.${at}.artifactId`, `a${at}`]),
    );
    const change = changeFrom(portfolio, portfolioBody.parse({ ...fields, revision: '3' }));
    expect(change.entries.map(({ artifactId }) => artifactId)).toEqual(Object.values(fields));
  });

  it('reads one tick and several', () => {
    const body = portfolioBody.parse({
      'entries.0.artifactId': 'a1',
      'entries.0.criterionIds': 'x',
      'entries.1.artifactId': 'a2',
      'entries.1.criterionIds': ['x', 'y'],
      revision: '3',
    });
    expect(body.entries?.map(({ criterionIds }) => criterionIds)).toEqual([['x'], ['x', 'y']]);
  });

  it('saves the typed words together with a move, and hangs a work only once', () => {
    const body = portfolioBody.parse({
      'entries.0.id': 'e1',
      'entries.0.artifactId': 'a1',
      'entries.0.reflection': 'new',
      'entries.1.id': 'e2',
      'entries.1.artifactId': 'a2',
      add: ['a1', 'a3'],
      move: 'down:e1',
      revision: '3',
    });
    const change = changeFrom(portfolio, body);
    expect(change.entries.map(({ artifactId, reflection }) => [artifactId, reflection])).toEqual([
      ['a2', ''],
      ['a1', 'new'],
      ['a3', ''],
    ]);
  });

  it('cannot reach into the prototype', () => {
    portfolioBody.parse({
      '__proto__.polluted': 'yes',
      'constructor.prototype.polluted': 'yes',
      revision: 1,
    });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('is shown again however wrong it was', () => {
    const draft = typedDraft(portfolio, {
      title: '',
      'entries.0.artifactId': 'a1',
      'entries.0.reflection': 'x'.repeat(30_000),
    });
    expect([draft.title, draft.entries[0]?.reflection.length]).toEqual(['', 30_000]);
  });
});

it('leaves what a program does not send as it was', () => {
  const change = changeFrom(portfolio, portfolioBody.parse({ title: 'Steel', revision: 3 }));
  expect(change).toMatchObject({
    title: 'Steel',
    statement: 'What it can do',
    rubric: 'exhibition',
    entries: portfolio.entries,
  });
});
