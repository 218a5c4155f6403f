/** What people write has its own direction, in every template: shown, and while it is typed. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../server/project-root.js';
import { withOwnDirection, writtenFields } from '../../server/rendering/written-text.js';

const filesBelow = (folder: string, ending: string): [file: string, text: string][] =>
  readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => [name, readFileSync(path.join(projectRoot, folder, name), 'utf8')]);

describe('the source of a template', () => {
  it.each([
    ['a block', '<p class="lede">{{this.reason}}</p>', '<p class="lede" dir="auto">{{this.reason}}</p>'],
    ['with spaces', '<dd>\n  {{ comment }}\n</dd>', '<dd dir="auto">\n  {{ comment }}\n</dd>'],
    ['between other words', '<p>{{name}}: {{../note}}</p>', '<p>{{name}}: <bdi>{{../note}}</bdi></p>'],
    [
      'one of two',
      '<p>{{#if text}}{{text}}{{else}}{{t "x"}}{{/if}}</p>',
      '<p>{{#if text}}<bdi>{{text}}</bdi>{{else}}{{t "x"}}{{/if}}</p>',
    ],
    ['a title that is the block', '<h2>{{work.title}}</h2>', '<h2 dir="auto">{{work.title}}</h2>'],
    ['a title in a line', '<p>{{title}} · {{room}}</p>', null],
    ['a field of the product', '<p>{{label}}</p>', null],
    ['one that has a direction', '<li dir="auto">{{comment}}</li>', null],
    ['inside one that has', '<div dir="auto"><b>{{reason}}</b></div>', null],
    ['an attribute', '<p title="{{reason}}">{{t "x"}}</p>', null],
    ['an option', '<option>{{title}}</option>', null],
    ['a helper of that name', '<p>{{t "text" note=note}}</p>', null],
    [
      'a text area',
      '<textarea name="x">{{comment}}</textarea>',
      '<textarea name="x" dir="auto">{{comment}}</textarea>',
    ],
    ['an input', '<input name="x" value="{{eq a ">"}}">', '<input name="x" value="{{eq a ">"}}" dir="auto">'],
    ['an input for searching', '<input type="search">', '<input type="search" dir="auto">'],
    ['an input for a number', '<input type="number" value="{{words}}">', null],
    ['a tick', '<input type="checkbox">', null],
  ])('%s', (_case, source, expected) => {
    expect(withOwnDirection(source)).toBe(expected ?? source);
    // Once is enough.
    expect(withOwnDirection(expected ?? source)).toBe(expected ?? source);
  });
});

it('every control for text in every template finds its own direction', () => {
  const without = filesBelow('views', '.hbs').flatMap(([file, source]) =>
    [...withOwnDirection(source).matchAll(/<(?:textarea|input)\b(?:\{\{[^}]*\}\}|[^>])*>/g)]
      .map(([tag]) => tag)
      .filter((tag) => !/\sdir="auto"/.test(tag) && !/\btype="(?!text|search)[a-z]+"/.test(tag))
      .filter((tag) => !/\btype="\{\{#if \.\.\/(?:multiple|\.\.\/single)/.test(tag))
      .map((tag) => `${file}: ${tag}`),
  );
  expect(without).toEqual([]);
});

it('whatever a request brings as prose is among the fields that find their own direction', () => {
  // Rendered from Markdown, a name, an attribute, the lines of an address, or no words at all.
  const others = ['markdown', 'mentorName', 'altText', 'address', 'setupCode', 'slotId', 'termId', 'title'];
  const brought = filesBelow('server', '.ts').flatMap(([, text]) =>
    [...text.matchAll(/\b(\w+): (?:z\.array\()?(?:prose|optionalText|keptText)\(/g)].map(([, name]) => name!),
  );
  expect(brought.length).toBeGreaterThan(10);
  expect([...new Set(brought)].filter((name) => !writtenFields.has(name) && !others.includes(name))).toEqual(
    [],
  );
});
