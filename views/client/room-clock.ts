/**
 * The clock of the room on this device: counts down by the server's time, whatever the device believes, and
 * asks every few seconds whether the room has moved on: then its own page comes anew, and a line on another
 * page (a score sheet) says it in place. Without script the page says until when the phase lasts.
 */
interface Clock {
  now: string;
  phase: string | null;
  endsAt: string | null;
}

const root = document.querySelector<HTMLElement>('[data-clock]');
const left = document.getElementById('clock-left');
/** A line on another page, which may lie here without a network: it waits for the first answer. */
const isLine = root?.dataset['line'] !== undefined;
const everySeconds = isLine ? 15 : 5;

/** How far this device's clock is behind the server's, in milliseconds. */
let ahead = 0;
let nearest = Number.POSITIVE_INFINITY;

/** The quicker an answer came, the better it knows the time. */
function learn(now: string, took: number): void {
  if (took > nearest) return;
  nearest = took;
  ahead = Date.parse(now) + took / 2 - Date.now();
}

const twoDigits = (number: number): string => String(number).padStart(2, '0');

function show(): void {
  const ends = root?.dataset['ends'];
  if (!left || !ends) return;
  const seconds = Math.round((Date.parse(ends) - (Date.now() + ahead)) / 1000);
  const whole = Math.abs(seconds);
  const words = `${Math.floor(whole / 60)}:${twoDigits(whole % 60)}`;
  left.textContent = seconds < 0 ? `+${words} ${root.dataset['over'] ?? ''}` : words;
  left.classList.toggle('overtime', seconds < 0);
}

async function ask(address: string): Promise<void> {
  const from = performance.now();
  const answer = await fetch(address, { headers: { Accept: 'application/json' }, cache: 'no-store' });
  if (!answer.ok) return;
  const clock = (await answer.json()) as Clock;
  learn(clock.now, performance.now() - from);
  if (isLine) put(clock);
  else if ((clock.phase ?? '') !== root?.dataset['phase'] || (clock.endsAt ?? '') !== root.dataset['ends'])
    location.replace(address);
}

/** Nothing before the clock was started. */
function put({ phase, endsAt }: Clock): void {
  if (!root || !left) return;
  root.hidden = phase === null;
  root.dataset['ends'] = endsAt ?? '';
  left.textContent = '';
  for (const name of root.querySelectorAll<HTMLElement>('[data-phase-name]'))
    name.hidden = name.dataset['phaseName'] !== phase;
  show();
}

const address = root?.dataset['clock'];
if (root && address) {
  if (!isLine) {
    learn(root.dataset['now'] ?? '', 2000);
    show();
  }
  window.setInterval(show, 250);
  window.setInterval(() => void ask(address).catch(() => undefined), everySeconds * 1000);
  void ask(address).catch(() => undefined);
}

export {};
