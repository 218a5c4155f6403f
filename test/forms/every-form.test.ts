/**
 * Every form of every template goes through the one mechanism that keeps what is typed; exceptions are
 * written down with their reason.
 */
import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { deviceKey, markForms, openedMark, readOpened, writerMark } from '../../server/forms/opened-form.js';
import { fillForms } from '../../server/forms/fill-form.js';
import { formKey, stateFields } from '../../server/forms/form-key.js';
import { formsOf } from '../../server/forms/page-forms.js';
import { textHash } from '../../server/forms/text-hash.js';
import { isWords } from '../../server/forms/typed-fields.js';
import { projectRoot } from '../../server/project-root.js';
import { testClock } from '../harness/test-clock.js';
import { fieldsLost, unmarkedForms } from '../harness/refill.js';

/** Forms that keep what is typed by themselves: they must work for an hour without a network. */
const keepThemselves: Readonly<Record<string, string>> = {
  'scores/sheet.hbs': 'every change waits on the phone in a queue of its own (views/client/scoring)',
  'rehearsals/sheet.hbs': 'waits on the phone until the server has taken it (views/client/visit.ts)',
  'visits/visit.hbs': 'waits on the phone until the server has taken it (views/client/visit.ts)',
};

/**
 * Names of hidden fields that say what a form is about: nothing typed into one of them appears in a form
 * about something else.
 */
const subjects = [
  ...['absent', 'action', 'all', 'anew', 'another', 'artifactVersionId', 'attempt', 'code', 'confirmed'],
  ...['criterionId'],
  ...['decision', 'dryRun', 'email', 'entryId', 'extent', 'field', 'form', 'from', 'guardianIds', 'inARow'],
  ...['kept', 'name', 'only', 'personId', 'prioritized', 'replaces', 'show', 'slotId', 'snapshotId'],
  ...['studentId', 'take', 'termId', 'timeZone', 'voice', 'zoneConfirmed', 'first', 'second'],
  ...['conflictIds', 'sameName', 'words', 'search', 'place', 'grade', 'advisory'],
];

const views = path.join(projectRoot, 'views');
const templates = readdirSync(views, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.hbs'))
  .map((name) => name.split(path.sep).join('/'));
const tags = templates.flatMap((name) =>
  [...readFileSync(path.join(views, name), 'utf8').matchAll(/<form\b(?:\{\{[^}]*\}\}|[^>])*>/g)].map(
    ([tag]) => [name, tag] as const,
  ),
);

describe('every form of the templates', () => {
  it('is found, and says how it is sent', () => {
    expect(tags.length).toBeGreaterThan(100);
    expect(tags.filter(([, tag]) => !/\bmethod="(?:post|get)"/.test(tag))).toEqual([]);
  });

  it('that changes something is marked, also where only one of its buttons does', () => {
    // Of every page that anybody may open, test/journeys/accessibility.test.ts asks the same.
    const wholes = templates.flatMap((name) =>
      [...readFileSync(path.join(views, name), 'utf8').matchAll(/<form\b[^]*?<\/form>/g)].map(
        ([whole]) => [name, whole.replace(/\{\{[^}]*\}\}/g, 'x')] as const,
      ),
    );
    const posts = wholes.filter(([, whole]) => /\b(?:form)?method="post"/.test(whole));
    expect(posts.length).toBeGreaterThan(80);
    for (const [name, whole] of posts) {
      expect([name, formsOf(whole).length]).toEqual([name, 1]);
      expect([name, unmarkedForms(markForms(whole, null, '/page'))]).toEqual([name, []]);
      expect([name, unmarkedForms(whole).length > 0]).toEqual([name, true]);
    }
  });

  it('says with every hidden field what it is about, or that it does not', () => {
    const hidden = templates.flatMap((name) =>
      [...readFileSync(path.join(views, name), 'utf8').matchAll(/<input\b[^>]*\btype="hidden"[^>]*>/g)].map(
        ([tag]) => /\bname="([^"]*)"/.exec(tag)?.[1] ?? '',
      ),
    );
    const known = new Set([...stateFields, ...subjects, '']);
    expect(hidden.filter((name) => !known.has(name) && !/\{\{/.test(name))).toEqual([]);
  });

  it('has no fields outside of it, where nobody would look for them', () => {
    const outside = templates.flatMap((name) =>
      [
        ...readFileSync(path.join(views, name), 'utf8').matchAll(
          /<(?:input|textarea|select|button)\b[^>]*\sform="/g,
        ),
      ].map(() => name),
    );
    expect(outside).toEqual([]);
  });

  it('keeps long texts by the shared script, unless it is written down why not', () => {
    const own = tags.filter(([, tag]) => tag.includes('data-keeps-itself')).map(([name]) => name);
    expect(own.sort()).toEqual(Object.keys(keepThemselves).sort());
    // Pages for people with an account are in the layout that has the script.
    expect(readFileSync(path.join(views, 'layouts/main.hbs'), 'utf8')).toContain("asset 'forms.js'");
  });
});

describe('the mark of a form', () => {
  const [key, older] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const writer = { personId: 'ida-1', schoolId: 'north' };
  const now = testClock.now();
  const mark = (by = key) => openedMark({ writer, key: by, now }, '/a - typed pin');
  const valueIn = (html: string) => /name="_opened" value="([^"]*)"/.exec(html)![1]!.replaceAll('&amp;', '&');
  const form =
    '<form method="post" action="/a?b=1&amp;c=2"><input type="password" name="pin"><textarea name="t">';

  it('says who opened it, on which page, where it goes and what is secret', () => {
    const page = markForms(`${form}</textarea></form>`, { writer, key, now }, '/a?x=1&y=2');
    expect(readOpened([older, key], valueIn(page), now)).toEqual({
      ...{ writer, page: '/a?x=1&y=2', action: '/a?b=1&c=2', form: '', typed: true, secrets: ['pin'] },
      recent: true,
    });
    const staff = { personId: 'net-1', schoolId: null };
    const opener = { writer: staff, key, now };
    const button = markForms('<form method="post"><button>Go</button></form>', opener, '/a');
    expect(readOpened([key], valueIn(button), now)).toMatchObject({
      writer: staff,
      action: '',
      typed: false,
    });
  });

  it('is no longer recent after some days, and still says who opened it', () => {
    const mark = openedMark({ writer, key, now }, '/a - typed:');
    const after = (days: number) => readOpened([key], mark, new Date(now.getTime() + days * 86_400_000));
    expect([after(3)?.recent, after(6)?.recent, after(6)?.writer]).toEqual([true, false, writer]);
  });

  it.each([
    ['of somebody else', mark().replace('ida-1', 'ida-2')],
    ['of another school', mark().replace('north', 'south')],
    ['of another day', mark().replace(/north\.\d+/, 'north.1')],
    ['with another page', mark().replace('/a ', '/b ')],
    ['with another address', mark().replace(' - ', ' /elsewhere ')],
    ['without its secrets', mark().replace(' pin', '')],
    ['by another key', mark(older)],
    ['of the page alone', `${writerMark(key, writer)} /a - typed pin`],
    ['without a signature', 'ida-1.north.. /a - typed'],
    ['of nobody', '- /a - typed'],
  ])('%s gives nobody anything', (_name, changed) => {
    expect(readOpened([key], mark(), now)?.writer).toEqual(writer);
    expect(readOpened([key], changed, now)?.writer).toBeNull();
  });

  it.each([['//evil.example/a'], ['https://evil.example'], ['/\\evil.example'], ['/a"b']])(
    'never leads to %s',
    (page) => {
      expect(readOpened([key], `- ${page} - typed`, now)).toBeNull();
      expect(markForms('<form method="post"></form>', null, page)).toContain('value="- / - -"');
    },
  );

  it('the key of the copies on a device is its writer’s alone', () => {
    expect(deviceKey(key, 'a')).not.toBe(deviceKey(key, 'b'));
    expect(Buffer.from(deviceKey(key, 'a'), 'base64')).toHaveLength(32);
  });
});

describe('filling a form', () => {
  const page = `<main><details><summary>More</summary>
<form method="post" action="/notes"><input type="hidden" name="revision" value="3">
<input type="text" name="title" value="Old"><input type="checkbox" name="open" value="yes" checked>
<input type="radio" name="size" value="a4" checked><input type="radio" name="size" value="letter">
<select name="who" multiple><option value="1">Ida</option><option value="2" selected>Bo</option></select>
<input name="rows[0][at]" value=""><textarea name="words">
Saved &lt;words&gt;</textarea><input type="password" name="pin"></form></details>
<form method="post" action="/notes"><input type="hidden" name="of" value="7"><textarea name="other"></textarea></form></main>`;
  const fill = (fields: Record<string, unknown>, began: string | null = null, form: string | null = null) =>
    fillForms(page, [
      {
        ...{ action: '/notes', form, fields, began },
        note: ({ left }) => `[left: ${left.join('|')}]`,
        beside: (saved, { newer }) => `[saved: ${saved}, newer: ${newer}]`,
      },
    ]);

  it('puts every kind of value back, opens what hides it, and leaves what is hidden as it is', () => {
    const { html, filled } = fill({
      ...{ revision: '2', title: 'New "one"', size: 'letter', who: ['1'], words: 'Typed & <b>', pin: '1234' },
      rows: [{ at: '9:00' }, { at: 'Nine o’clock' }],
    });
    expect(filled[0]).toMatchObject({ differs: true, newer: true, left: ['Nine o’clock'] });
    for (const part of [
      '<details open>',
      'name="revision" value="3"',
      'value="New &quot;one&quot;"',
      '<input type="checkbox" name="open" value="yes">',
      '<input type="radio" name="size" value="a4">',
      'value="letter" checked=""',
      '<option value="1" selected="">Ida',
      '<option value="2">Bo',
      'name="rows[0][at]" value="9:00"',
      '\nTyped &amp; &lt;b&gt;</textarea>[saved: Saved <words>, newer: true]',
      '<input type="password" name="pin">',
      'data-unsaved="draft"',
    ])
      expect(html).toContain(part);
    expect(html).not.toContain('1234');
    expect(fieldsLost(page)).toEqual([]);
  });

  it('knows a record that has changed since by its long texts, too', () => {
    const same = { open: 'yes', size: 'a4', who: '2', title: 'Old' };
    expect(fill({ ...same, words: 'Typed' }, textHash(['Saved <words>'])).filled[0]?.newer).toBe(false);
    expect(fill({ ...same, words: 'Typed' }, textHash(['Earlier words'])).filled[0]?.newer).toBe(true);
    expect(fill({ ...same, words: 'Saved <words>\r\n' }).filled[0]?.differs).toBe(false);
  });

  it('chooses of several forms with one address the one that was sent, and none that is another', () => {
    expect(fill({ of: '7', other: 'For the second' }).html).toContain(
      '<textarea name="other">\nFor the second',
    );
    expect(fill({ elsewhere: 'x y' }).filled[0]).toBeNull();
    const seven = formKey([{ name: 'of', value: '7' }]);
    expect(fill({ other: 'For the second' }, null, seven).html).toContain('For the second');
    for (const [fields, form] of [
      [{ of: '8', other: 'For another' }, null],
      [{ other: 'For nobody knows which' }, null],
      [{ of: '8', other: 'For another' }, formKey([{ name: 'of', value: '8' }])],
      [{ of: '7', other: 'For the first' }, ''],
    ] as const)
      expect([form, fill(fields, null, form).html.includes('\nFor ')]).toEqual([form, false]);
  });

  it('has the key of what it is about, whatever state it shows', () => {
    const keyOf = (fields: Record<string, string>) =>
      formKey(Object.entries(fields).map(([name, value]) => ({ name, value })));
    const first = keyOf({ criterionId: 'a', state: '1', revision: '2', id: 'x' });
    expect(keyOf({ id: 'y', revision: '3', state: '2', criterionId: 'a', entryId: '' })).toBe(first);
    expect(keyOf({ criterionId: 'b', state: '1' })).not.toBe(first);
    expect(keyOf({ revision: '1', 'entries.0.id': 'e' })).toBe('');
  });

  it('puts what was typed into a row back into that row, wherever it is by now', () => {
    const row = (at: number, id: string) =>
      `<input type="hidden" name="rows.${at}.id" value="${id}"><textarea name="rows.${at}.words">saved ${id}</textarea><input type="checkbox" name="rows.${at}.tick" value="1" checked>`;
    const rows = (...ids: string[]) =>
      `<form method="post" action="/r">${ids.map((id, at) => row(at, id)).join('')}</form>`;
    const fields = {
      ...{ 'rows.0.id': 'a', 'rows.0.words': 'Typed for a', 'rows.0.tick': [] },
      ...{ 'rows.1.id': 'b', 'rows.1.words': 'Typed for b', 'rows.1.tick': ['1'] },
    };
    const { html, filled } = fillForms(rows('c', 'b'), [{ action: '/r', form: '', fields, began: null }]);
    const [c, b] = formsOf(html)[0]!
      .fields.filter(({ kind }) => kind === 'textarea')
      .map(({ text }) => text);
    expect([c, b, filled[0]?.left]).toEqual(['saved c', 'Typed for b', ['Typed for a']]);
    // Nothing was typed into the row that is new.
    expect(html).toContain('name="rows.0.tick" value="1" checked>');
  });

  it.each([
    ['Ada built it', true],
    ['Ada', true],
    ['アダ', true],
    ['304b869a-f2fe-4e5e-b826-d3cdc74110c2', false],
    ['2026-10-05', false],
    ['yes', false],
    [' ', false],
  ])('%s is words: %s', (value, words) => {
    expect(isWords(value)).toBe(words);
  });
});
