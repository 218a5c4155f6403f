import { describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../server/project-root.js';
import { contrast } from '../../server/rendering/accent.js';

const styles = path.join(projectRoot, 'views/styles');
const tokens = readFileSync(path.join(styles, 'tokens.css'), 'utf8');
const [lightPart = '', darkPart = ''] = tokens.split('@media screen');

function colours(css: string): Record<string, string> {
  return Object.fromEntries(
    [...css.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{6})/g)].map((match) => [match[1], match[2]]),
  );
}

describe.each([
  ['light', colours(lightPart)],
  ['dark', colours(darkPart)],
])('the palette in %s', (_mode, palette) => {
  const pairs = ['paper', 'surface'].flatMap((ground) => [
    ...['ink', 'ink-soft', 'accent', 'ok', 'warn', 'stop'].map((name) => [name, ground, 4.5] as const),
    ['line-strong', ground, 3] as const,
  ]);

  it.each([...pairs, ['on-accent', 'accent', 4.5] as const])(
    '%s on %s has at least %d:1',
    (name, ground, least) => {
      expect(contrast(palette[name] ?? '', palette[ground] ?? '')).toBeGreaterThanOrEqual(least);
    },
  );
});

describe('the style sheets', () => {
  const sheets = readdirSync(styles).filter((name) => name.endsWith('.css'));
  it.each(sheets)('%s mirrors by itself and keeps to the tokens', (name) => {
    const css = readFileSync(path.join(styles, name), 'utf8').replace(/\/\*[^]*?\*\//g, '');
    const physical = css.match(
      /(?:margin|padding|border)-(?:left|right)\b|(?:^|[\s;{])(?:left|right):|text-align:\s*(?:left|right)|float:\s*(?:left|right)/g,
    );
    expect(physical ?? []).toEqual([]);
    if (name !== 'tokens.css') expect(css.match(/#[0-9a-f]{3,8}\b(?=[^{}]*;)/gi) ?? []).toEqual([]);
  });
});
