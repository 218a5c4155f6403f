/**
 * Pages that follow by themselves. The server says that something has changed; the page then asks for itself once more and
 * puts the marked parts in their place, so what is shown is always what the server would show. Without script, reload works.
 */
const line = document.querySelector<HTMLElement>('[data-live]');
const soon = 200;
const aMinute = 60_000;
/** A line that comes back at once is not worth a word. */
const patience = 5_000;

let source: EventSource | null = null;
let waiting: number | undefined;
let doubting: number | undefined;
let asking = false;
let again = false;

function follow(): void {
  window.clearTimeout(waiting);
  waiting = window.setTimeout(() => void refresh(), soon + Math.random() * soon);
}

async function refresh(): Promise<void> {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    const page = line?.dataset['page'] ?? location.pathname;
    const answer = await fetch(page, { headers: { Accept: 'text/html' }, cache: 'no-store' });
    if (answer.redirected) location.reload();
    // What a hand holds is not drawn anew under it; it asks again when it lets go.
    else if (answer.ok && !document.documentElement.classList.contains('is-dragging'))
      put(new DOMParser().parseFromString(await answer.text(), 'text/html'));
  } catch {
    // No network: the stream says so, and asks again when it is back.
  } finally {
    asking = false;
    if (again) {
      again = false;
      follow();
    }
  }
}

/** What somebody holds the focus on, and how far the board is scrolled, stays. */
function put(fresh: Document): void {
  for (const part of document.querySelectorAll<HTMLElement>('[data-live-part]')) {
    const next = fresh.getElementById(part.id);
    if (!next || next.innerHTML === part.innerHTML) continue;
    const focus = part.contains(document.activeElement) ? document.activeElement : null;
    const [href, id] = [focus?.getAttribute('href'), focus?.id];
    const places = [...part.querySelectorAll('.board-wrap')].map((each) => each.scrollLeft);
    part.replaceChildren(...[...next.childNodes].map((node) => document.importNode(node, true)));
    part.querySelectorAll('.board-wrap').forEach((each, at) => (each.scrollLeft = places[at] ?? 0));
    const same = id ? `#${CSS.escape(id)}` : href ? `[href="${CSS.escape(href)}"]` : null;
    if (same) part.querySelector<HTMLElement>(same)?.focus({ preventScroll: true });
  }
  document.dispatchEvent(new Event('live:drawn'));
}

function say(words: string | undefined): void {
  window.clearTimeout(doubting);
  if (!line || line.textContent === words) return;
  line.hidden = false;
  line.textContent = words ?? '';
}

function connect(address: string): void {
  source = new EventSource(address);
  source.addEventListener('change', follow);
  // New here, or away for too long: the whole page once, and nothing is missed from then on.
  source.addEventListener('whole', follow);
  source.addEventListener('open', () => say(line?.dataset['on']));
  source.addEventListener('error', () => {
    window.clearTimeout(doubting);
    doubting = window.setTimeout(() => say(line?.dataset['off']), patience);
  });
}

const address = line?.dataset['live'];
if (address) {
  document.addEventListener('live:ask', follow);
  connect(address);
  // A page that nobody looks at holds no line; a browser has only six of them.
  document.addEventListener('visibilitychange', () => {
    source?.close();
    source = null;
    if (document.visibilityState === 'visible') connect(address);
  });
  // What is under way changes with the clock alone, too.
  window.setInterval(() => document.visibilityState === 'visible' && follow(), aMinute);
}

export {};
