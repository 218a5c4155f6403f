/**
 * The service worker: lets a score sheet open and work without a network. It keeps assets, whose addresses name their content,
 * and the score sheets of one person; nothing else that is personal. Whoever signs out, or in as somebody else, finds none left.
 */
import { forgetAnswers, openStore } from './scoring/store.js';

const worker = self as unknown as ServiceWorkerGlobalScope;

const ASSETS = 'vitrine-assets';
const SHEETS = 'vitrine-sheets-';
const isAsset = (path: string): boolean => /^\/assets\/.*-[0-9a-f]{6,12}\.[a-z0-9]+$/.test(path);
const isSheet = (path: string): boolean => /^\/seats\/[^/]+\/sheet$/.test(path);
/** After these somebody else may sit before this device. */
const changesPerson = (path: string): boolean =>
  /^\/(sign-out|sign-in|pass(\/.*)?|set-password\/.*)$/.test(path);

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));

interface Forget {
  kind: 'forget';
  page: string;
}

interface Keep {
  kind: 'keep';
  person: string;
  page: string;
  assets: string[];
}

worker.addEventListener('message', (event) => {
  const message = event.data as Keep | Forget | null;
  if (!message || !isSheet(message.page)) return;
  if (message.kind === 'forget') return void event.waitUntil(forget(message.page));
  const kept = keep(message).catch(() => false);
  event.waitUntil(kept.then((done) => event.ports[0]?.postMessage(done)));
});

async function keep({ person, page, assets }: Keep): Promise<boolean> {
  await forgetSheets(SHEETS + person);
  const cache = await caches.open(ASSETS);
  for (const asset of assets.filter(isAsset)) {
    if (!(await cache.match(asset))) await cache.add(asset);
    await forgetOlder(cache, asset);
  }
  const answer = await fetch(page, { headers: { Accept: 'text/html' }, credentials: 'same-origin' });
  if (!answer.ok || answer.redirected) return false;
  await (await caches.open(SHEETS + person)).put(page, answer);
  return true;
}

/** What had this name before it had this content: no page that opens asks for it any more. */
async function forgetOlder(cache: Cache, asset: string): Promise<void> {
  const nameOf = (path: string): string => path.replace(/-[0-9a-f]{6,12}(?=\.[a-z0-9]+$)/, '');
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    // A school's accent has its colour in its name, so it stays.
    if (pathname !== asset && nameOf(pathname) === nameOf(asset) && !/accent-/.test(pathname))
      await cache.delete(url);
  }
}

/** All of them, or all but one person's. */
async function forgetSheets(except?: string): Promise<void> {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(SHEETS) && name !== except);
  await Promise.all(others.map((name) => caches.delete(name)));
}

/** What the store knows of sheets; what still has to be sent is kept for its owner. */
async function forgetStored(seat?: string): Promise<void> {
  const store = await openStore();
  await forgetAnswers(store, seat);
  store.close();
}

const forget = (page: string): Promise<unknown> =>
  Promise.all([forgetSheet(page), forgetStored(page.split('/')[2])]);

async function forgetSheet(page: string): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(SHEETS));
  await Promise.all(names.map(async (name) => (await caches.open(name)).delete(page)));
}

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== worker.location.origin) return;
  if (request.method === 'POST') {
    if (changesPerson(pathname)) event.waitUntil(Promise.all([forgetSheets(), forgetStored()]));
    else if (/^\/seats\/[^/]+\/sheet\/submit$/.test(pathname)) {
      // A refused one leads back to the sheet, which is kept anew; a page with a script says itself when it is sealed.
      if (request.mode === 'navigate') event.waitUntil(forget(pathname.replace(/\/submit$/, '')));
    }
  } else if (request.method === 'GET' && isAsset(pathname)) event.respondWith(assetOf(request));
  else if (request.method === 'GET' && request.mode === 'navigate' && isSheet(pathname))
    event.respondWith(sheetOf(request, pathname));
});

async function assetOf(request: Request): Promise<Response> {
  const cache = await caches.open(ASSETS);
  const known = await cache.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

/** The server's page when it answers, else the one that lies here. What it refuses is not kept either. */
async function sheetOf(request: Request, page: string): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(request);
  } catch (error) {
    const known = await caches.match(page);
    if (known) return known;
    throw error;
  }
  if (answer.status === 403 || answer.status === 404) await forgetSheet(page);
  return answer;
}
