/** Pencils for the sample pictures: a palette from one hue, and shapes as SVG text. The paper is 1200 by 900. */
import { between, whole, type SeededChance } from '../seeded.js';

export const WIDE = 1200;
export const HIGH = 900;

interface Palette {
  night: string;
  deep: string;
  mid: string;
  soft: string;
  pale: string;
  paper: string;
  accent: string;
  warm: string;
}

export interface Easel {
  chance: SeededChance;
  p: Palette;
  /** A number between. */
  n(low: number, high: number): number;
  /** A whole number between, both included. */
  i(low: number, high: number): number;
}

export interface Scene {
  /** What somebody who cannot see the picture needs to know of it. */
  alt: string;
  draw(easel: Easel): string;
}

const tone = (hue: number, full: number, light: number) =>
  `hsl(${Math.round((hue + 720) % 360)}, ${full}%, ${light}%)`;

export function easelOf(chance: SeededChance, hue: number): Easel {
  const near = hue + between(chance, -8, 8);
  const p: Palette = {
    night: tone(near, 38, 13),
    deep: tone(near, 44, 26),
    mid: tone(near, 46, 45),
    soft: tone(near + 6, 44, 68),
    pale: tone(near + 12, 46, 87),
    paper: tone(near + 25, 40, 95),
    accent: tone(near + 165, 58, 50),
    warm: tone(38 + near * 0.06, 78, 62),
  };
  return {
    chance,
    p,
    n: (low, high) => between(chance, low, high),
    i: (low, high) => whole(chance, low, high),
  };
}

export const times = (count: number, each: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => each(index)).join('');

/**
 * Opacity of fill and line separately: opacity of the whole element would need a layer of its own and be ten
 * times slower.
 */
const thin = (more: string): string =>
  more.replace(/\bopacity=("[^"]*")/, 'fill-opacity=$1 stroke-opacity=$1');

const r = (value: number): number => Math.round(value * 10) / 10;

export const rect = (x: number, y: number, w: number, h: number, fill: string, more = '') =>
  `<rect x="${r(x)}" y="${r(y)}" width="${r(w)}" height="${r(h)}" fill="${fill}" ${thin(more)}/>`;
export const disc = (x: number, y: number, radius: number, fill: string, more = '') =>
  `<circle cx="${r(x)}" cy="${r(y)}" r="${r(radius)}" fill="${fill}" ${thin(more)}/>`;
export const ring = (x: number, y: number, radius: number, colour: string, width: number, more = '') =>
  disc(x, y, radius, 'none', `stroke="${colour}" stroke-width="${r(width)}" ${more}`);
export const oval = (x: number, y: number, rx: number, ry: number, fill: string, more = '') =>
  `<ellipse cx="${r(x)}" cy="${r(y)}" rx="${r(rx)}" ry="${r(ry)}" fill="${fill}" ${thin(more)}/>`;
export const line = (
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  colour: string,
  width: number,
  more = '',
) =>
  `<line x1="${r(x1)}" y1="${r(y1)}" x2="${r(x2)}" y2="${r(y2)}" stroke="${colour}" stroke-width="${r(width)}" ${thin(more)}/>`;
export const shape = (d: string, fill: string, more = '') => `<path d="${d}" fill="${fill}" ${thin(more)}/>`;
export const stroke = (d: string, colour: string, width: number, more = '') =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${r(width)}" stroke-linecap="round" stroke-linejoin="round" ${thin(more)}/>`;
export const turned = (angle: number, x: number, y: number, inside: string) =>
  `<g transform="rotate(${r(angle)} ${r(x)} ${r(y)})">${inside}</g>`;
export const wash = (from: string, to: string, id = 'wash') =>
  `<defs><linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient></defs>${rect(0, 0, WIDE, HIGH, `url(#${id})`)}`;

export const polygon = (points: readonly (readonly [number, number])[]): string =>
  `M${points.map(([x, y]) => `${r(x)} ${r(y)}`).join('L')}Z`;
export const through = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${r(x)} ${r(y)}`).join('');

/** Points on a circle, the first at `start` degrees. */
export const around = (
  count: number,
  x: number,
  y: number,
  radius: number,
  start = -90,
): [number, number][] =>
  Array.from({ length: count }, (_, index) => {
    const angle = ((start + (360 * index) / count) * Math.PI) / 180;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });

/** A calm line from left to right that wanders about `base`. */
export function wander(easel: Easel, base: number, swing: number, steps: number): [number, number][] {
  const [first, second] = [easel.n(0, 6), easel.n(0, 6)];
  return Array.from({ length: steps + 1 }, (_, index) => {
    const at = index / steps;
    return [
      at * (WIDE + 40) - 20,
      base +
        swing * (Math.sin(first + at * 5.3) * 0.6 + Math.sin(second + at * 13) * 0.28 + easel.n(-0.12, 0.12)),
    ];
  });
}

/** The area under a line. */
export const ground = (points: readonly (readonly [number, number])[], fill: string, more = '') =>
  shape(`${through(points)}L${WIDE + 20} ${HIGH + 20}L-20 ${HIGH + 20}Z`, fill, more);
