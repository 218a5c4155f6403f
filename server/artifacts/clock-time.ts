/** Moments in a recording as people write them. The page's script reads this file, too, so it imports nothing. */

/** `1:02:03`, `2:03`, with tenths where there are any. */
export function clockTime(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  const whole = Math.floor(tenths / 10);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const words = hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
  return tenths % 10 > 0 ? `${words}.${tenths % 10}` : words;
}

/**
 * `1:02:03.5`, `62:03` or `3723` in seconds; NaN for anything else, also where a minute would have more than
 * 59 seconds (`9:99`).
 */
export function secondsOf(text: string): number {
  if (!/^(\d+:)?(\d+:)?\d+([.,]\d+)?$/.test(text)) return NaN;
  const [first = 0, ...rest] = text.replace(',', '.').split(':').map(Number);
  if (rest.some((part) => part >= 60)) return NaN;
  return rest.reduce((sum, part) => sum * 60 + part, first);
}
