/**
 * What is wrong with a page in a real browser: axe, one first heading, nothing wider than the screen, nothing
 * refused by the content policy.
 */
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
export type View = (typeof views)[number];

/** Opens a page once and looks at it in each view; each fault begins with the width. Empty when nothing is wrong. */
export async function faultsOf(page: Page, url: string, among: readonly View[] = views): Promise<string[]> {
  const refused: string[] = [];
  const listen = (message: { type(): string; text(): string }) => {
    if (/Content.Security.Policy/i.test(message.text())) refused.push(message.text());
  };
  page.on('console', listen);
  const faults: string[] = [];
  for (const [at, view] of among.entries()) {
    await page.setViewport({ width: view.width, height: view.height });
    await page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: view.scheme },
      // Colors on their way from one scheme to the other have no contrast that anybody sees.
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]);
    if (at === 0) {
      await page.goto(url, { waitUntil: 'load' });
      await page.evaluate(axeSource);
    }
    faults.push(...(await faultsNow(page)).map((fault) => `${view.width}: ${fault}`));
  }
  page.off('console', listen);
  return [...refused, ...faults];
}

/** What is wrong with the page as it is shown now. */
async function faultsNow(page: Page): Promise<string[]> {
  const faults: string[] = [];
  const shape = (await page.evaluate(
    `({ headings: document.querySelectorAll('h1').length, over: document.documentElement.scrollWidth - innerWidth, title: document.title })`,
  )) as { headings: number; over: number; title: string };
  if (shape.headings !== 1) faults.push(`${shape.headings} first headings`);
  if (shape.over > 0) faults.push(`${shape.over} px wider than the screen`);
  if (shape.title.startsWith(' ·')) faults.push('no title');
  // Without fetching the style sheets once more: only the rules about locked screens and playing sound would read them.
  const { violations } = (await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'], preload: false }).then(({ violations }) => ({ violations }))`,
  )) as { violations: Result[] };
  for (const { id, nodes } of violations)
    faults.push(
      `${id}: ${nodes
        .slice(0, 3)
        .map((node) => node.html.slice(0, 120))
        .join(' | ')}`,
    );
  return faults;
}
