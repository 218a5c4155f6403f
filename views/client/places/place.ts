/** A place inside a work as the page sets it; the same shape as the server's, which checks it again. */
export type Place =
  | { kind: 'page'; page: number }
  | { kind: 'time'; from: number; to?: number }
  | { kind: 'region'; x: number; y: number; width: number; height: number }
  | { kind: 'passage'; quote: string; prefix: string; suffix: string; start: number }
  | { kind: 'whole' };

/** `1:02:03.5` and the like in seconds; NaN for anything else. */
export function secondsOf(text: string): number {
  if (!/^(\d+:)?(\d+:)?\d+([.,]\d+)?$/.test(text)) return NaN;
  return text
    .replace(',', '.')
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0);
}

export function clockTime(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  const whole = Math.floor(tenths / 10);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const words = hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
  return tenths % 10 > 0 ? `${words}.${tenths % 10}` : words;
}

const AROUND = 32;

/** The passage with what stands around it, or null when the words are not in the text. `start` is where they are looked for first. */
export function passageIn(text: string, quote: string, start: number): Place | null {
  const found = text.startsWith(quote, start) ? { at: start, words: quote } : looselyIn(text, quote);
  if (!found || quote.trim() === '') return null;
  const end = found.at + found.words.length;
  return {
    kind: 'passage',
    quote: found.words,
    prefix: text.slice(Math.max(0, found.at - AROUND), found.at),
    suffix: text.slice(end, end + AROUND),
    start: found.at,
  };
}

function looselyIn(text: string, quote: string): { at: number; words: string } | null {
  const words = quote.trim().split(/\s+/);
  const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('\\s+');
  const match = new RegExp(pattern).exec(text);
  return match && { at: match.index, words: match[0] };
}
