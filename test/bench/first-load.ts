/**
 * A guest's first score sheet over a slow phone link (400 kbit/s, 400 ms there and back), in a real browser
 * with an empty cache, beside a bare page of 17 KB without styles or scripts on the same link. Prints a
 * markdown table. `npm run bench first-load`
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import puppeteer, { type Browser } from 'puppeteer';
import { readConfig } from '../../server/config.js';
import { openContext } from '../../server/context.js';
import { openEmbeddedMongod } from '../../server/local/embedded-mongod.js';
import { startProgram, type Program } from './panel-day/programs.js';
import { makeTheDay } from './panel-day/the-day.js';
import { percentile } from './scale/measure.js';

const rounds = 5;
const bytesPerSecond = 400_000 / 8;
const latencyMilliseconds = 400;
const bareBytes = 17 * 1024;

const dataDir = process.env.BENCH_DATA_DIR!;
const mongod = await openEmbeddedMongod({ dataDir, binary: process.env.BENCH_MONGOD!, mode: 'tool' });
const environment = {
  DATA_DIR: dataDir,
  MONGODB_URI: mongod.uri,
  MONGOD_BINARY: '',
  HOST: '127.0.0.1',
  PORT: '0',
  SECRET_KEY: 'a-secret-for-measurements-0123456789abcdef',
  PUPPETEER_EXECUTABLE_PATH: process.env.BENCH_CHROMIUM ?? '',
  NODE_ENV: 'production',
  LOG_LEVEL: 'error',
};

interface Loaded {
  milliseconds: number;
  bytes: number;
}

/** From nothing until everything of the page has come, fonts and scripts included. */
async function load(browser: Browser, url: string, cookie: string): Promise<Loaded> {
  const context = await browser.createBrowserContext();
  for (const each of cookie.split('; ').filter(Boolean)) {
    const at = each.indexOf('=');
    await context.setCookie({ name: each.slice(0, at), value: each.slice(at + 1), domain: '127.0.0.1' });
  }
  const page = await context.newPage();
  await page.setViewport({ width: 390, height: 844, isMobile: true, hasTouch: true });
  const line = await page.createCDPSession();
  await line.send('Network.enable');
  await line.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: latencyMilliseconds,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond,
  });
  let bytes = 0;
  line.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  const began = performance.now();
  await page.goto(url, { waitUntil: 'load' });
  const milliseconds = performance.now() - began;
  await context.close();
  return { milliseconds, bytes };
}

const bare = createServer((_request, response) => {
  response.setHeader('content-type', 'text/html');
  response.end(`<!doctype html><title>bare</title><p>${'x'.repeat(bareBytes)}`);
});
await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));
const bareUrl = `http://127.0.0.1:${(bare.address() as AddressInfo).port}/`;
let program: Program | null = null;
let browser: Browser | null = null;
try {
  program = await startProgram('server/main.js', environment);
  const context = await openContext(readConfig(environment));
  const day = await makeTheDay(context, program.url, { panelists: 2, parts: 1, submits: 1 }).finally(() =>
    context.close(),
  );
  const guest = day.parts[0]![1]!;
  browser = await puppeteer.launch({
    executablePath: process.env.BENCH_CHROMIUM!,
    headless: 'shell',
    args: ['--no-sandbox'],
  });
  const pages = [
    ['17 KB and nothing else', bareUrl, ''],
    ["a guest's first score sheet", `${program.url}/seats/${guest.seatId}/sheet`, guest.cookie],
  ] as const;
  const loaded = new Map<string, Loaded[]>(pages.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const [name, url, cookie] of pages) loaded.get(name)!.push(await load(browser, url, cookie));
  console.log('| page, 400 kbit/s, 400 ms | bytes | median | slowest |\n| --- | --- | --- | --- |');
  for (const [name, each] of loaded) {
    const times = each.map(({ milliseconds }) => milliseconds);
    const shown = [0.5, 1].map((share) => `${percentile(times, share).toFixed(0)} ms`);
    console.log(`| ${[name, each[0]!.bytes, ...shown].join(' | ')} |`);
  }
} finally {
  await browser?.close();
  await program?.stop();
  await mongod.stop();
  bare.close();
}
