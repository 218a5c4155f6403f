/**
 * Takes the README's pictures from the sample school: starts the program on a folder of its own, signs in as the
 * people of the sample, photographs three pages into `.readme/`. Run by `npm run screenshots`, never by the tests.
 * `npm run screenshots -- http://localhost:3000` uses a server that runs already and has the sample school.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer';
import sharp from 'sharp';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const target = path.join(root, '.readme');
const found = readJson(path.join(root, '.vitrine/tools/found.json'));

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** Starts the program and resolves with its address. */
async function startProgram(dataDir) {
  const program = spawn(process.execPath, [path.join(root, '.build/server/main.js')], {
    env: {
      ...process.env,
      DATA_DIR: dataDir,
      PORT: '0',
      SAMPLE_SCHOOL: 'true',
      ...(found.mongod && !process.env.MONGOD_BINARY ? { MONGOD_BINARY: found.mongod } : {}),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  const url = await new Promise((resolve, reject) => {
    program.once('exit', () => reject(new Error(`The program did not start:\n${printed}`)));
    program.stdout.on('data', (part) => {
      printed += part;
      const address = /http:\/\/\S+:\d+/.exec(printed)?.[0];
      if (address) resolve(address);
    });
  });
  return {
    url,
    stop: () => new Promise((resolve) => (program.once('exit', resolve), program.kill('SIGTERM'))),
  };
}

/** A page in which somebody of the sample school is signed in. */
async function pageOf(browser, url, who, viewport) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setViewport({ deviceScaleFactor: 2, ...viewport });
  await page.goto(`${url}/sign-in`);
  await page.type('#f-email', `${who}@riverbend.example`);
  await page.type('#f-password', 'vitrine');
  await Promise.all([page.waitForNavigation(), page.click('main button.primary')]);
  return page;
}

/** Keeps a picture small enough for a repository. */
async function keep(page, name, width) {
  await page.evaluate(() => globalThis.document.fonts.ready);
  const shot = await page.screenshot({ type: 'png' });
  const picture = await sharp(shot)
    .resize({ width })
    .webp({ quality: 82 })
    .toFile(path.join(target, `${name}.webp`));
  console.log(`${name}.webp ${picture.width} × ${picture.height}, ${Math.round(picture.size / 1024)} kB`);
}

/** Opens the first link whose address matches. */
async function follow(page, pattern) {
  const href = await page.evaluate(
    (source) =>
      [...globalThis.document.links]
        .map((link) => link.getAttribute('href'))
        .find((each) => new RegExp(source).test(each)),
    pattern,
  );
  if (!href) throw new Error(`No link like ${pattern} on ${page.url()}`);
  await page.goto(new URL(href, page.url()).href, { waitUntil: 'networkidle0' });
}

const dataDir = mkdtempSync(path.join(os.tmpdir(), 'vitrine-screenshots-'));
const running = process.argv[2];
const program = running ? { url: running, stop: async () => undefined } : await startProgram(dataDir);
const { writeFontsConf } = await import(path.join(root, '.build/server/rendering/fonts.js'));
const fonts = await writeFontsConf(dataDir);
const browser = await puppeteer.launch({
  executablePath: process.env.PUPPETEER_EXECUTABLE_PATH ?? found.chromium,
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  // The same fonts on every machine, for every script in the names.
  env: { ...process.env, FONTCONFIG_FILE: fonts },
});
try {
  mkdirSync(target, { recursive: true });
  const wide = { width: 1200, height: 860 };
  const student = await pageOf(browser, program.url, 'student', wide);
  await follow(student, '^/students/[^/]+$');
  await keep(student, 'wall', 720);
  const panelist = await pageOf(browser, program.url, 'panelist', { width: 390, height: 844 });
  await follow(panelist, '^/seats/[^/]+/sheet$');
  await panelist.evaluate(() => globalThis.scrollBy(0, 150));
  await keep(panelist, 'score-sheet', 340);
  const registrar = await pageOf(browser, program.url, 'registrar', wide);
  await follow(registrar, '^/exhibitions/[^/]+$');
  await keep(registrar, 'day', 720);
} finally {
  await browser.close();
  await program.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
