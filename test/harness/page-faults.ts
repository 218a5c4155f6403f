/** What is wrong with a page in a real browser: axe, one first heading, nothing wider than the screen, nothing refused by the content policy. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Result } from 'axe-core';
import type { Page } from 'puppeteer';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A phone by day and a desk by night: the four combinations differ pairwise in nothing that these two do not show. */
export const views = [
  { width: 390, height: 844, scheme: 'light' },
  { width: 1280, height: 900, scheme: 'dark' },
] as const;

/** Empty when nothing is. */
export async function faultsOf(page: Page, url: string, view: (typeof views)[number]): Promise<string[]> {
  const faults: string[] = [];
  const listen = (message: { type(): string; text(): string }) => {
    if (/Content.Security.Policy/i.test(message.text())) faults.push(message.text());
  };
  page.on('console', listen);
  await page.setViewport({ width: view.width, height: view.height });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: view.scheme }]);
  await page.goto(url, { waitUntil: 'load' });
  const shape = (await page.evaluate(
    `({ headings: document.querySelectorAll('h1').length, over: document.documentElement.scrollWidth - innerWidth, title: document.title })`,
  )) as { headings: number; over: number; title: string };
  if (shape.headings !== 1) faults.push(`${shape.headings} first headings`);
  if (shape.over > 0) faults.push(`${shape.over} px wider than the screen`);
  if (shape.title.startsWith(' ·')) faults.push('no title');
  await page.evaluate(axeSource);
  const { violations } = (await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => ({ violations }))`,
  )) as { violations: Result[] };
  for (const violation of violations) {
    faults.push(
      `${violation.id}: ${violation.nodes
        .map((node) => node.html.slice(0, 120))
        .slice(0, 3)
        .join(' | ')}`,
    );
  }
  page.off('console', listen);
  return faults;
}
