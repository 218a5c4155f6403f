/**
 * A person before a real browser: finds things by what they are called on the screen, as people and screen readers do.
 */
import type { Browser, ElementHandle, Page } from 'puppeteer';

export interface Window {
  readonly page: Page;
  open(path: string): Promise<void>;
  /** Types into the field with this label, whatever stood there before. */
  fill(label: string, value: string): Promise<void>;
  /** Chooses the option that begins with these words. */
  choose(label: string, option: string): Promise<void>;
  tick(label: string): Promise<void>;
  /** Into the one file field of the page. */
  upload(file: string): Promise<void>;
  /** Presses the button or link of this name and waits for the next page. */
  press(name: string): Promise<void>;
  /** Presses what stays on the page. */
  tap(name: string): Promise<void>;
  /** The same for anything a CSS selector finds. */
  pressOn(selector: string): Promise<void>;
  /** Everything that can be read on the page. */
  words(): Promise<string>;
  /** The text of what a CSS selector finds. */
  textOf(selector: string): Promise<string>;
  /** Path of the address. */
  path(): string;
  signIn(email: string, password: string): Promise<void>;
  close(): Promise<void>;
}

export const phone = { width: 390, height: 844, isMobile: true, hasTouch: true };
export const desk = { width: 1280, height: 900 };

type Input = {
  value: string;
  options: { value: string; text: string }[];
  dispatchEvent(event: Event): boolean;
};

/**
 * A window with cookies of its own; nothing may be wider than the screen and no page that is opened may be an error.
 */
export async function openWindow(
  browser: Browser,
  url: string,
  viewport: typeof phone | typeof desk,
): Promise<Window> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setViewport(viewport);
  const find = async (selectors: string[], what: string): Promise<ElementHandle> => {
    for (const selector of selectors) {
      const found = await page.$(selector);
      if (found) return found;
    }
    throw new Error(`${page.url()} has no ${what}. It says:\n${await words()}`);
  };
  const named = (name: string, roles: string[]) =>
    roles.map((role) => `::-p-aria([name="${name}"][role="${role}"])`);
  const fieldOf = (label: string) =>
    find(
      [...named(label, ['textbox', 'combobox', 'spinbutton', 'searchbox']), `::-p-aria([name="${label}"])`],
      `field "${label}"`,
    );
  const words = async (): Promise<string> => String(await page.evaluate('document.body.innerText'));
  const go = async (element: ElementHandle): Promise<void> => {
    await element.evaluate((node) =>
      (node as unknown as { scrollIntoView(how: object): void }).scrollIntoView({ block: 'center' }),
    );
    await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), element.click()]);
    await checkFit();
  };
  const checkFit = async (): Promise<void> => {
    const over = Number(
      await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
    );
    if (over > 0) throw new Error(`${page.url()} is ${over} px wider than the screen`);
  };
  const setValue = async (element: ElementHandle, value: string): Promise<void> => {
    await element.evaluate((node, text) => {
      const input = node as unknown as Input;
      input.value = text;
      input.dispatchEvent(new Event('input', { bubbles: true }));
      input.dispatchEvent(new Event('change', { bubbles: true }));
    }, value);
  };
  const window: Window = {
    page,
    async open(path) {
      const answer = await page.goto(url + path, { waitUntil: 'load' });
      if (!answer || answer.status() >= 400)
        throw new Error(`${path}: ${answer?.status()}\n${await words()}`);
      await checkFit();
    },
    fill: async (label, value) => setValue(await fieldOf(label), value),
    async choose(label, option) {
      const field = await fieldOf(label);
      const value = await field.evaluate(
        (node, begin) =>
          (node as unknown as Input).options.length > 0
            ? [...(node as unknown as Input).options].find((each) => each.text.startsWith(begin))?.value
            : undefined,
        option,
      );
      if (value === undefined) throw new Error(`"${label}" does not offer "${option}"`);
      await setValue(field, value);
    },
    async tick(label) {
      const box = await find(named(label, ['checkbox', 'radio']), `tick "${label}"`);
      await box.evaluate((node) =>
        (node as unknown as { scrollIntoView(how: object): void }).scrollIntoView({ block: 'center' }),
      );
      await box.click();
    },
    async upload(file) {
      const input = (await find(['input[type=file]'], 'file field')) as ElementHandle<never>;
      await (input as unknown as { uploadFile(path: string): Promise<void> }).uploadFile(file);
    },
    press: async (name) => go(await find(named(name, ['button', 'link']), `button or link "${name}"`)),
    tap: async (name) => (await find(named(name, ['button']), `button "${name}"`)).click(),
    pressOn: async (selector) => go(await find([selector], selector)),
    words,
    async textOf(selector) {
      const found = await find([selector], selector);
      return (await found.evaluate((node) => (node as unknown as { innerText: string }).innerText)).trim();
    },
    path: () => new URL(page.url()).pathname,
    async signIn(email, password) {
      await window.open('/sign-in');
      await window.fill('Email or username', email);
      await window.fill('Password', password);
      await window.press('Sign in');
    },
    close: () => context.close(),
  };
  return window;
}
