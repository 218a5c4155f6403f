/** Every field that names a person is decided on: it moves with a merge, or somebody wrote down why it stays. */
import { describe, expect, it } from '@jest/globals';
import { collections } from '../../server/collections.js';
import { createTexts } from '../../server/rendering/texts.js';
import { obstacleKinds } from '../../server/merge/obstacles.js';
import { keptReferences, movedKinds, references } from '../../server/merge/references.js';

/** How fields with ids of people are called; `Id` of other things is left out by name. */
const namesPerson =
  /(^|[a-z])(student|person|panelist|guardian|advisor|author|planner)Ids?$|^(createdBy|changedBy|submittedBy|publishedBy|decidedBy|chosenBy|answeredBy|signedBy|issuedBy|supersededBy|takenBy|by|actorId|createdById|unreadBy)$/i;
/** Lists and free parts in which there are ids of people. */
const parts = ['accounts.memberships', 'accounts.offers', 'enrollments.advisors'];

const decided = new Set([
  ...references.map(({ collection, field }) => `${collection}.${field.split('.')[0]!}`),
  ...references.map(({ collection, field }) => `${collection}.${field}`),
  ...Object.entries(keptReferences).flatMap(([collection, fields]) =>
    Object.keys(fields).map((field) => `${collection}.${field}`),
  ),
]);

describe('fields that name a person', () => {
  const named = collections.flatMap(({ name, schema }) =>
    Object.keys(schema.paths)
      .filter((path) => namesPerson.test(path))
      .map((path) => `${name}.${path}`),
  );

  it('are found', () => expect(named.length).toBeGreaterThan(50));
  it('are all decided on', () => {
    expect([...named, ...parts].filter((field) => !decided.has(field))).toEqual([]);
  });
  it('are fields that there are', () => {
    const known = new Map(collections.map(({ name, schema }) => [name, new Set(Object.keys(schema.paths))]));
    const missing = [...decided].filter((field) => {
      const [collection, path] = field.split('.', 2);
      return !known.get(collection!)?.has(path!);
    });
    expect(missing).toEqual([]);
  });
  it('can keep what they were sealed with', () => {
    const sealed = new Set(references.filter((each) => each.sealed).map(({ collection }) => collection));
    const without = collections.filter(({ name, schema }) => sealed.has(name) && !schema.path('sealedAs'));
    expect(without.map(({ name }) => name)).toEqual([]);
  });
});

it('every kind and every obstacle has its words', () => {
  const { has } = createTexts();
  const keys = [
    ...movedKinds.map((kind) => `merge.kind.${kind}`),
    ...obstacleKinds.flatMap((kind) => [`merge.obstacle.${kind}`, `merge.todo.${kind}`]),
  ];
  expect(keys.filter((key) => !has('en', key))).toEqual([]);
});
