/** Which classes of a page have no styles on it, although a sheet of the project has them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../server/project-root.js';

const folder = path.join(projectRoot, 'views/styles');

/** File names, `base.css` … */
export const styleSheets = readdirSync(folder).filter((name) => name.endsWith('.css'));

const classesIn = (css: string): string[] =>
  [...css.matchAll(/([^{}]+)\{/g)].flatMap(([, selector]) =>
    [...selector!.matchAll(/\.(-?[a-z_][\w-]*)/gi)].map((match) => match[1]!),
  );
const known = new Set(
  styleSheets.flatMap((name) =>
    classesIn(readFileSync(path.join(folder, name), 'utf8').replace(/\/\*[^]*?\*\//g, '')),
  ),
);

/** @param cssOf the text of a linked sheet, by its name below `/assets/` */
export function unstyledClasses(html: string, cssOf: (name: string) => string): string[] {
  const linked = [...html.matchAll(/<link rel="stylesheet" href="\/assets\/([^"]+)"/g)].map(
    (match) => match[1]!,
  );
  // What is shown without the frame of a page brings its own styles.
  if (linked.length === 0) return [];
  const styled = new Set(linked.flatMap((name) => classesIn(cssOf(name))));
  const used = [...html.matchAll(/ class="([^"]*)"/g)].flatMap((match) => match[1]!.split(/\s+/));
  return [...new Set(used.filter((name) => known.has(name) && !styled.has(name)))];
}
