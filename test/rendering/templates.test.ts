import { describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../server/project-root.js';
import type { Frame } from '../../server/rendering/frame.js';
import { createTemplates } from '../../server/rendering/templates.js';
import { createTexts } from '../../server/rendering/texts.js';
import { specimenFrame } from '../look/specimen.js';

const texts = createTexts({ missing: 'throw' });

/** Renders one template text through the product's own partials, without a layout. */
function rendered(source: string, view: object = {}, frame: Partial<Frame> = {}): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'vitrine-templates-'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'sample.hbs'), source);
  const templates = createTemplates({ texts, projectRoot, extraFolders: [folder] });
  return templates.render('sample', view, specimenFrame({ layout: null, ...frame }));
}

describe('a template', () => {
  it('escapes what people wrote, also inside a sentence', () => {
    const html = rendered(`{{name}} {{t 'common.pager.where' page=name pages=2 total=3}}`, { name: '<b>&' });
    expect(html).toBe('&lt;b&gt;&amp; Page &lt;b&gt;&amp; of 2, 3 in all');
  });

  it.each([
    ['a field that the view does not give', '{{missing}}', /missing/],
    ['a helper that does not exist', '{{shout name}}', /shout/],
    ['a partial that does not exist', '{{> nowhere}}', /nowhere/],
    ['an icon that does not exist', "{{icon 'no-such-icon'}}", /no-such-icon/],
    ['a text that does not exist', "{{t 'common.no-such-text'}}", /no-such-text/],
    ['a date that is none', '{{date name}}', /not a date/],
  ])('refuses %s', (_case, source, problem) => {
    expect(() => rendered(source, { name: 'x' })).toThrow(problem);
  });

  it('asks for the template by name in the error', () => {
    const templates = createTemplates({ texts, projectRoot });
    expect(() => templates.render('people/nobody', {}, specimenFrame())).toThrow('views/people/nobody.hbs');
  });

  it('may ask whether something is there without breaking', () => {
    expect(rendered('{{#if missing}}yes{{else}}no{{/if}}{{#each nothing}}x{{/each}}')).toBe('no');
  });

  it('gives a partial only what it is handed', () => {
    expect(rendered("{{> page-head title='Own'}}", { eyebrow: 'leaks', lede: 'leaks' })).not.toContain(
      'leaks',
    );
  });

  it("shows times in the school's zone and language", () => {
    const at = new Date('2026-03-12T03:30:00Z');
    expect(rendered('{{date at}}, {{time at}}', { at }, { timeZone: 'America/Los_Angeles' })).toMatch(
      /^Mar 11, 2026, 8:30.PM$/,
    );
    expect(rendered("{{date at 'long'}}", { at }, { timeZone: 'Asia/Tokyo', locale: 'es' })).toBe(
      '12 de marzo de 2026',
    );
    expect(rendered('{{date day}}', { day: '2026-03-12' }, { timeZone: 'Pacific/Kiritimati' })).toBe(
      'Mar 12, 2026',
    );
  });

  it.each([
    [12, 'in 12 min'],
    [-180, '3 hr ago'],
    // From the morning of one day to the night of another, and back: days of the calendar.
    [3 * 1440 - 60, 'in 3 days'],
    [-(6 * 1440 - 120), '6 days ago'],
    [1440 + 60, 'in 1 day'],
  ])('says how far away a time is (%i minutes)', (minutes, words) => {
    const now = new Date('2026-03-12T17:00:00Z');
    const at = new Date(now.getTime() + minutes * 60_000);
    expect(rendered('{{relative at}}', { at }, { now })).toBe(words);
  });

  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [2_400_000, '2.4 MB'],
    [1_073_741_824, '1.1 GB'],
  ])('says how large %i bytes are', (size, words) => {
    expect(rendered('{{bytes size}}', { size })).toBe(words);
  });
});

describe('a field', () => {
  const wrong: Partial<Frame> = {
    errors: {
      list: [{ field: 'title', message: 'Please fill this in.' }],
      byField: { title: { message: 'Please fill this in.' } },
    },
    values: { title: '', caption: 'typed <here>', term: 'winter', colours: ['red'] },
  };

  it('ties label, help and problem to the control', () => {
    const html = rendered("{{> field name='title' label='Title' help='As on the wall'}}", {}, wrong);
    expect(html).toContain('<label for="f-title">Title');
    expect(html).toMatch(
      /<input type="text" id="f-title" name="title" aria-invalid="true" aria-describedby="f-title-problem f-title-help"/,
    );
    expect(html).toContain('id="f-title-problem"');
    expect(html).toContain('Please fill this in.');
  });

  it('keeps what was typed instead of what was stored', () => {
    expect(rendered("{{> field name='caption' label='c' type='textarea' value='old'}}", {}, wrong)).toContain(
      '>typed &lt;here&gt;</textarea>',
    );
    expect(rendered("{{> field name='title' label='t' value='old'}}", {}, wrong)).toContain('value=""');
    expect(rendered("{{> field name='caption' label='c' value='old'}}")).toContain('value="old"');
  });

  it('keeps the choice', () => {
    const options = [
      { value: 'spring', label: 'Spring' },
      { value: 'winter', label: 'Winter' },
    ];
    const select = "{{> field name='term' type='select' label='Term' options=options value='spring'}}";
    expect(rendered(select, { options })).toContain('<option value="spring" selected>');
    expect(rendered(select, { options }, wrong)).toContain('<option value="winter" selected>');
    expect(rendered(select, { options }, wrong)).not.toContain('<option value="spring" selected>');
  });

  it('names choices in the words that stand beside them, and none where it has no list', () => {
    const options = [
      { value: 'in-spring', label: 'Spring' },
      { value: 'in-winter', label: 'Winter' },
    ];
    const error = { message: 'Please choose one of the options.', notAChoice: true };
    const mistaken = { errors: { list: [{ field: 'term', ...error }], byField: { term: error } } };
    for (const partial of ["field name='term' type='select'", "choices name='term'"]) {
      const html = rendered(`{{> ${partial} label='Term' options=options}}`, { options }, mistaken);
      expect(html).toContain('Please choose one of: Spring, Winter.</p>');
    }
    const typed = rendered("{{> field name='term' label='Term'}}", { options }, mistaken);
    expect(typed).toContain('Please choose one of the options.</p>');
  });

  it('forgets a tick that was taken away, and never repeats a password', () => {
    const tick = "{{> field name='agree' type='checkbox' label='Agree' checked=yes}}";
    expect(rendered(tick, { yes: true })).toMatch(/ checked>/);
    expect(rendered(tick, { yes: true }, wrong)).not.toMatch(/ checked>/);
    expect(rendered("{{> field name='caption' type='password' label='p'}}", {}, wrong)).not.toContain(
      'typed',
    );
  });

  it('is linked from the summary', () => {
    expect(rendered('{{> error-summary}}', {}, wrong)).toContain(
      '<a href="#f-title">Please fill this in.</a>',
    );
    expect(rendered('{{> error-summary}}').trim()).toBe('');
  });
});

describe('all templates', () => {
  const views = path.join(projectRoot, 'views');
  const sources = readdirSync(views, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.hbs'))
    .map((name) => [name, readFileSync(path.join(views, name), 'utf8')] as const);

  it.each(sources)('%s holds no script, style attribute or unescaped text', (name, source) => {
    const raw = [...source.matchAll(/\{\{\{\s*([^}]+?)\s*\}\}\}/g)].map((match) => match[1] ?? '');
    const allowed = name.startsWith('layouts/') ? ['content'] : [];
    expect(raw.filter((expression) => !/Html$/.test(expression) && !allowed.includes(expression))).toEqual(
      [],
    );
    if (name.startsWith('transcript/')) return;
    const markup = source.replace(/\{\{[^]*?\}\}/g, '');
    expect(markup).not.toMatch(/\sstyle\s*=|<style|\son[a-z]+\s*=|<script(?![^>]*\ssrc=)/i);
  });
});
