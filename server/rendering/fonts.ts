/**
 * The fonts that printed pages may use: the font packages of this project and nothing else of the machine, so that a
 * page looks the same on every one. A fonts.conf of our own makes them system fonts of the printing browser.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { newId } from '../ids.js';
import { projectRoot } from '../project-root.js';

/** Package → the weights that views/transcript/ asks for. Fewer files: a quicker first page. */
const faces: Record<string, string[]> = {
  'source-serif-4': ['400Regular', '400Regular_Italic', '600SemiBold'],
  'noto-sans': ['400Regular', '400Regular_Italic', '600SemiBold'],
  'noto-sans-ethiopic': ['400Regular', '600SemiBold'],
  'noto-sans-hebrew': ['400Regular', '600SemiBold'],
  'noto-sans-sc': ['400Regular', '600SemiBold'],
  'ibm-plex-sans-arabic': ['400Regular', '600SemiBold'],
};

const fallbacks = [
  'Noto Sans',
  'IBM Plex Sans Arabic',
  'Noto Sans Ethiopic',
  'Noto Sans Hebrew',
  'Noto Sans SC',
];

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function fontFolders(): string[] {
  const resolve = createRequire(path.join(projectRoot, 'package.json')).resolve;
  return Object.entries(faces).flatMap(([name, weights]) => {
    const folder = path.dirname(resolve(`@expo-google-fonts/${name}/package.json`));
    return weights.map((weight) => path.join(folder, weight));
  });
}

function alias(family: string, first: string): string {
  const families = [first, ...fallbacks].map((name) => `<family>${name}</family>`).join('');
  return `<alias><family>${family}</family><prefer>${families}</prefer></alias>`;
}

/** Writes `fonts.conf` below `dataDir` and answers its path; safe when several processes do so at once. */
export async function writeFontsConf(dataDir: string): Promise<string> {
  const folder = path.resolve(dataDir, 'fonts');
  await mkdir(path.join(folder, 'cache'), { recursive: true });
  const text = [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    '<fontconfig>',
    ...fontFolders().map((name) => `<dir>${xml(name)}</dir>`),
    `<cachedir>${xml(path.join(folder, 'cache'))}</cachedir>`,
    alias('serif', 'Source Serif 4'),
    alias('sans-serif', 'Noto Sans'),
    alias('monospace', 'Noto Sans'),
    '</fontconfig>',
    '',
  ].join('\n');
  const file = path.join(folder, 'fonts.conf');
  const temporary = `${file}.${newId()}`;
  await writeFile(temporary, text);
  await rename(temporary, file);
  return file;
}
