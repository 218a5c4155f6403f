/** One icon set (lucide, ISC), drawn inline so that icons need no request and print everywhere. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../project-root.js';

const drawn = new Map<string, string>();

/**
 * The icon as inline SVG in the colour of the text around it. It is hidden from screen readers, because a word always
 * stands beside it. Throws for a name that lucide does not have.
 */
export function iconSvg(name: string): string {
  const known = drawn.get(name);
  if (known !== undefined) return known;
  if (!/^[a-z0-9-]+$/.test(name)) throw new Error(`"${name}" is not the name of an icon`);
  const file = path.join(projectRoot, 'node_modules/lucide-static/icons', `${name}.svg`);
  const source = readFileSync(file, 'utf8');
  const shapes = source.slice(source.indexOf('>', source.indexOf('<svg')) + 1, source.lastIndexOf('</svg>'));
  const svg =
    '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" ' +
    'stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">' +
    `${shapes.replace(/\s+/g, ' ').trim()}</svg>`;
  drawn.set(name, svg);
  return svg;
}
