import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { InvalidInput } from '../../server/errors.js';
import { knownBody, unknownFields } from '../../server/http/read-body.js';
import { optionalText, several, text } from '../../server/http/read-input.js';

const body = z.object({
  title: text(20),
  note: optionalText(20),
  tags: several(),
  open: z.looseObject({ a: z.string() }).optional(),
  entries: z.array(z.object({ id: z.string(), words: z.string() })).default([]),
  kind: z.union([z.object({ page: z.number() }), z.object({ second: z.number() })]).optional(),
});

describe('what the schema does not know', () => {
  it.each<[string, object, string[]]>([
    ['nothing', { title: 'A', note: null, tags: 'x', entries: [] }, []],
    ['a field', { title: 'A', colour: 'red' }, ['colour']],
    ['a field of an item', { entries: [{ id: '1', words: '', pins: [] }] }, ['entries.0.pins']],
    ['a field of an open object', { open: { a: '', b: '' } }, []],
    ['one of either', { kind: { page: 1 } }, []],
    ['none of either', { kind: { page: 1, line: 2 } }, ['kind.line']],
    ['a name of every object', { title: 'A', constructor: 1 }, ['constructor']],
  ])('%s', (_case, value, unknown) => {
    expect(unknownFields(body, value)).toEqual(unknown);
  });
});

describe('a body', () => {
  const now = {
    thing: { id: 't', title: 'A', note: '', tags: [], entries: [{ id: 'e', words: 'w', pins: [1] }] },
    mayEdit: true,
  };
  const read = (value: object) => knownBody(body, value, () => Promise.resolve(now));

  it.each<[string, object]>([
    ['as it is shown', now],
    ['the thing alone', now.thing],
  ])('%s is taken without what cannot be changed', async (_case, value) => {
    expect(await read(value)).toEqual({
      ...{ title: 'A', note: '', tags: [], entries: [{ id: 'e', words: 'w' }] },
    });
  });

  it.each<[string, object, { field: string; message: string }]>([
    ['unknown', { title: 'A', colour: 'red' }, { field: 'colour', message: 'common.problem.unknown-field' }],
    ['fixed', { title: 'A', id: 'other' }, { field: 'id', message: 'common.problem.read-only-field' }],
    [
      'fixed in an item',
      { entries: [{ id: 'e', words: 'w', pins: [] }] },
      { field: 'entries.0.pins', message: 'common.problem.read-only-field' },
    ],
  ])('with a field that is %s is refused by its name', async (_case, value, problem) => {
    const refused = await read(value).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InvalidInput);
    expect((refused as InvalidInput).fields).toEqual([problem]);
  });
});
