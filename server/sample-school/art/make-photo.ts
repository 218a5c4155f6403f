/** Turns a scene into a photograph-like JPEG: the same bytes for the same word, palette and scene. */
import sharp from 'sharp';
import { seededChance } from '../seeded.js';
import { craftScenes } from './craft-scenes.js';
import { easelOf, HIGH, WIDE, type Scene } from './draw.js';
import { fabricScenes } from './fabric-scenes.js';
import { natureScenes } from './nature-scenes.js';
import { roomScenes } from './room-scenes.js';
import { scienceScenes } from './science-scenes.js';
import { streetScenes } from './street-scenes.js';
import { tableScenes } from './table-scenes.js';
import { workshopScenes } from './workshop-scenes.js';

export const scenes: Readonly<Record<string, Scene>> = {
  ...natureScenes,
  ...scienceScenes,
  ...workshopScenes,
  ...craftScenes,
  ...fabricScenes,
  ...streetScenes,
  ...roomScenes,
  ...tableScenes,
};

let grain: Promise<Buffer> | null = null;

/** Paper and printing are never quite even: one sheet of fine noise, laid over every picture. */
function grainSheet(): Promise<Buffer> {
  grain ??= (async () => {
    const chance = seededChance('grain');
    const tile = Buffer.alloc(400 * 300 * 2);
    for (let at = 0; at < tile.length; at += 2) {
      tile[at] = chance() < 0.5 ? 20 : 235;
      tile[at + 1] = Math.floor(chance() * 17);
    }
    return sharp(tile, { raw: { width: 400, height: 300, channels: 2 } })
      .png({ compressionLevel: 1 })
      .toBuffer();
  })();
  return grain;
}

/** @throws Error for a scene that nobody has drawn */
export async function makePhoto(name: string, word: string, hue: number): Promise<Buffer> {
  const scene = scenes[name];
  if (!scene) throw new Error(`No scene "${name}"`);
  const inside = scene.draw(easelOf(seededChance(word), hue));
  const light =
    '<defs><radialGradient id="light" cx=".42" cy=".38" r=".85"><stop offset=".4" stop-color="#fff" stop-opacity=".07"/><stop offset="1" stop-color="#000" stop-opacity=".22"/></radialGradient></defs>' +
    `<rect width="${WIDE}" height="${HIGH}" fill="url(#light)"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1040" height="780" viewBox="0 0 ${WIDE} ${HIGH}">${inside}${light}</svg>`;
  return sharp(Buffer.from(svg))
    .flatten({ background: '#ffffff' })
    .composite([{ input: await grainSheet(), tile: true }])
    .jpeg({ quality: 72 })
    .toBuffer();
}
