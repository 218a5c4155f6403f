/**
 * A school's accent colour: both modes are derived from the one colour that the school chose. Refuses a colour that
 * could not be read on our light paper (under 4.5:1) and says what was measured.
 * Contrast and luminance: WCAG 2.2, definitions of "contrast ratio" and "relative luminance"
 * (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance).
 */
const LEAST_CONTRAST = 4.5;

const PAPER_LIGHT = '#fbfaf7';
const SURFACE_DARK = '#211f1c';
const WHITE = '#ffffff';
const INK_ON_LIGHT_ACCENT = '#161513';

interface AccentModes {
  light: { accent: string; onAccent: string };
  dark: { accent: string; onAccent: string };
}

export type AccentVerdict =
  | { ok: true; modes: AccentModes; ratio: number }
  | { ok: false; reason: 'not-a-colour' }
  | { ok: false; reason: 'too-faint'; ratio: number; needed: number };

type Rgb = [number, number, number];

function parseHex(hex: string): Rgb | null {
  const match = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex.trim());
  if (match === null) return null;
  return [1, 2, 3].map((group) => parseInt(match[group] ?? '0', 16)) as Rgb;
}

function toHex(rgb: Rgb): string {
  return `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

/** Relative luminance, 0 (black) to 1 (white), of sRGB parts 0..255. */
function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((part) => {
    const c = part / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG contrast ratio of two colours `#rrggbb`, 1 to 21. Throws when one of them is not a colour. */
export function contrast(one: string, other: string): number {
  const [a, b] = [parseHex(one), parseHex(other)];
  if (a === null || b === null) throw new Error(`Not a colour: ${one} or ${other}`);
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** Mixes towards white in steps of 2 % until the colour reads at 7:1 on the dark surface. */
function lightenForDark(rgb: Rgb): string {
  for (let share = 0; share <= 1; share += 0.02) {
    const mixed = toHex(rgb.map((part) => part + (255 - part) * share) as Rgb);
    if (contrast(mixed, SURFACE_DARK) >= 7) return mixed;
  }
  return WHITE;
}

/** Judges a school's accent and derives what the styles need. `ratio` is measured against the light paper. */
export function judgeAccent(hex: string): AccentVerdict {
  const rgb = parseHex(hex);
  if (rgb === null) return { ok: false, reason: 'not-a-colour' };
  const accent = toHex(rgb);
  const ratio = Math.floor(contrast(accent, PAPER_LIGHT) * 100) / 100;
  if (ratio < LEAST_CONTRAST) return { ok: false, reason: 'too-faint', ratio, needed: LEAST_CONTRAST };
  const dark = lightenForDark(rgb);
  return {
    ok: true,
    ratio,
    modes: { light: { accent, onAccent: WHITE }, dark: { accent: dark, onAccent: INK_ON_LIGHT_ACCENT } },
  };
}

/** The style sheet that sets a school's accent, or null when the colour is refused. */
export function accentStyles(hex: string): string | null {
  const verdict = judgeAccent(hex);
  if (!verdict.ok) return null;
  const { light, dark } = verdict.modes;
  return (
    `:root{--accent:${light.accent};--on-accent:${light.onAccent}}` +
    `@media screen and (prefers-color-scheme:dark){:root{--accent:${dark.accent};--on-accent:${dark.onAccent}}}`
  );
}
