/**
 * The service worker: lets a score sheet open and work without a network. It keeps assets, whose addresses
 * name their content, and the score sheets of one person with the pictures that they show; nothing else that
 * is personal. Whoever signs out, or in as somebody else, finds none left.
 */
import { forgetAnswers, openStore } from './scoring/store.js';

const worker = self as unknown as ServiceWorkerGlobalScope;

const ASSETS = 'vitrine-assets';
const SHEETS = 'vitrine-sheets-';
const isAsset = (path: string): boolean => /^\/assets\/.*-[0-9a-f]{6,12}\.[a-z0-9]+$/.test(path);
const isSheet = (path: string): boolean => /^\/seats\/[^/]+\/sheet$/.test(path);
/** A picture of one version of a work, which never changes. */
const isPicture = (path: string): boolean => /^\/artifacts\/[^/]+\/file\?version=\d+$/.test(path);
/**
 * A sheet that was not opened with a network for so long is not shown from here any more: access to its work
 * may have ended.
 */
const KEPT_DAYS = 30;
/** Larger ones are not kept on a phone. */
const MAX_PICTURE_BYTES = 12_000_000;
const MAX_PICTURES = 40;
/** After these somebody else may sit before this device. */
const changesPerson = (path: string): boolean =>
  /^\/(sign-out|sign-in|pass(\/.*)?|set-password\/.*)$/.test(path);

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener('activate', (event) =>
  event.waitUntil(Promise.all([worker.clients.claim(), forgetExpired().catch(() => undefined)])),
);

interface Forget {
  kind: 'forget';
  page: string;
}

interface Keep {
  kind: 'keep';
  person: string;
  page: string;
  assets: string[];
  pictures?: string[];
}

worker.addEventListener('message', (event) => {
  const message = event.data as Keep | Forget | null;
  if (!message || !isSheet(message.page)) return;
  if (message.kind === 'forget') {
    event.waitUntil(forget(message.page));
    return;
  }
  const kept = keep(message).catch(() => false);
  event.waitUntil(kept.then((done) => event.ports[0]?.postMessage(done)));
});

async function keep({ person, page, assets, pictures = [] }: Keep): Promise<boolean> {
  await forgetSheets(SHEETS + person);
  const cache = await caches.open(ASSETS);
  for (const asset of assets.filter(isAsset)) {
    if (!(await cache.match(asset))) await cache.add(asset);
    await forgetOlder(cache, asset);
  }
  const answer = await fetch(page, { headers: { Accept: 'text/html' }, credentials: 'same-origin' });
  if (!answer.ok || answer.redirected) return false;
  const sheets = await caches.open(SHEETS + person);
  await sheets.put(page, answer);
  for (const picture of pictures.filter(isPicture).slice(0, MAX_PICTURES)) {
    if (!(await sheets.match(picture))) await keepPicture(sheets, picture).catch(() => undefined);
  }
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

async function keepPicture(sheets: Cache, picture: string): Promise<void> {
  const answer = await fetch(picture, { credentials: 'same-origin' });
  const size = Number(answer.headers.get('Content-Length') ?? Infinity);
  if (answer.status === 200 && size <= MAX_PICTURE_BYTES) await sheets.put(picture, answer);
  else await answer.body?.cancel();
}

/** All of them, or all but one person's. */
async function forgetSheets(except?: string): Promise<void> {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(SHEETS) && name !== except);
  await Promise.all(others.map((name) => caches.delete(name)));
}

const isExpired = (answer: Response): boolean => {
  const taken = Date.parse(answer.headers.get('Date') ?? '');
  return Number.isFinite(taken) && Date.now() - taken > KEPT_DAYS * 86_400_000;
};

/** Sheets and pictures that were kept too long. */
async function forgetExpired(): Promise<void> {
  for (const name of (await caches.keys()).filter((each) => each.startsWith(SHEETS))) {
    const sheets = await caches.open(name);
    for (const request of await sheets.keys()) {
      const answer = await sheets.match(request);
      if (answer && isExpired(answer)) await sheets.delete(request);
    }
  }
}

/** What is kept of an address and not too old. */
async function keptOf(address: string): Promise<Response | undefined> {
  await forgetExpired();
  return caches.match(address);
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
  await Promise.all(names.map((name) => forgetIn(name, page)));
}

/** With the last sheet go the pictures. */
async function forgetIn(name: string, page: string): Promise<void> {
  const sheets = await caches.open(name);
  await sheets.delete(page);
  const left = (await sheets.keys()).some(({ url }) => isSheet(new URL(url).pathname));
  if (!left) await caches.delete(name);
}

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (origin !== worker.location.origin) return;
  if (request.method === 'POST') {
    if (changesPerson(pathname)) event.waitUntil(Promise.all([forgetSheets(), forgetStored()]));
    else if (/^\/seats\/[^/]+\/sheet\/submit$/.test(pathname)) {
      // A refused one leads back to the sheet, which is kept anew; a page with a script says itself when it is sealed.
      if (request.mode === 'navigate') event.waitUntil(forget(pathname.replace(/\/submit$/, '')));
    }
  } else if (request.method === 'GET' && isAsset(pathname)) event.respondWith(assetOf(request));
  else if (request.method === 'GET' && request.destination === 'image' && isPicture(pathname + search))
    event.respondWith(pictureOf(request));
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

/** The server is asked each time, because rights can be withdrawn; without a network what was kept must do. */
async function pictureOf(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const known = await keptOf(request.url);
    if (known) return known;
    throw error;
  }
}

/** The server's page when it answers, else the one that lies here. What it refuses is not kept either. */
async function sheetOf(request: Request, page: string): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(request);
  } catch (error) {
    const known = await keptOf(page);
    if (known) return known;
    throw error;
  }
  if (answer.status === 403 || answer.status === 404) await forgetSheet(page);
  return answer;
}
