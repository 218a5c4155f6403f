/** Asks the service worker to keep this page and what it is made of, so that it opens without a network. */
export async function keepThisPage(person: string): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  await navigator.serviceWorker.register('/sw.js', { scope: '/' });
  const registration = await navigator.serviceWorker.ready;
  const assets = performance
    .getEntriesByType('resource')
    .map(({ name }) => new URL(name))
    .filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith('/assets/'))
    .map(({ pathname }) => pathname);
  const linked = [
    ...document.querySelectorAll<HTMLLinkElement | HTMLScriptElement>('link[href], script[src]'),
  ]
    .map((one) => new URL('href' in one ? one.href : one.src).pathname)
    .filter((pathname) => pathname.startsWith('/assets/'));
  const channel = new MessageChannel();
  const kept = new Promise<boolean>((resolve) => {
    channel.port1.onmessage = ({ data }) => resolve(data === true);
  });
  const message = {
    kind: 'keep',
    person,
    page: location.pathname,
    assets: [...new Set([...assets, ...linked])],
    pictures: picturesOf(document),
  };
  registration.active?.postMessage(message, [channel.port2]);
  if (await kept) document.documentElement.dataset['offline'] = 'ready';
}

/** The pictures of the work, so that a place in them can be pinned without a network as well. */
function picturesOf(page: Document): string[] {
  const editors = [...page.querySelectorAll<HTMLTemplateElement>('template[data-editor]')];
  const images = editors.flatMap(({ content }) => [...content.querySelectorAll('img')]);
  const addresses = images.map((image) => new URL(image.getAttribute('src') ?? '', location.href));
  return [...new Set(addresses.map(({ pathname, search }) => pathname + search))];
}

/** A sealed sheet is no longer kept on this device. */
export function forgetThisPage(): void {
  if (!('serviceWorker' in navigator)) return;
  navigator.serviceWorker.controller?.postMessage({ kind: 'forget', page: location.pathname });
}
