/**
 * The fonts that printed pages may use: the font packages of this project and nothing else of the machine, so that a
 * page looks the same on every one. A fonts.conf of our own makes them system fonts of the printing browser.
 */
import { readdirSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { newId } from '../ids.js';
import { projectRoot } from '../project-root.js';

const scope = '@expo-google-fonts';
const regular = '400Regular';
const semiBold = '600SemiBold';

/** Package → the weights that views/transcript/ asks for. Fewer files: a quicker first page. */
const text: Record<string, string[]> = {
  'source-serif-4': [regular, '400Regular_Italic', semiBold],
  'noto-sans': [regular, '400Regular_Italic', semiBold],
  'ibm-plex-sans-arabic': [regular, semiBold],
};

/**
 * One font per script that the fonts above do not cover (Noto Sans has Latin, Greek, Cyrillic and
 * Devanagari), in the order of the fallback.
 */
const scripts = [
  'noto-sans-hebrew',
  'noto-sans-ethiopic',
  ...['noto-sans-armenian', 'noto-sans-georgian', 'noto-sans-cherokee', 'noto-sans-canadian-aboriginal'],
  ...['noto-sans-bengali', 'noto-sans-gurmukhi', 'noto-sans-gujarati', 'noto-sans-oriya'],
  ...['noto-sans-tamil', 'noto-sans-telugu', 'noto-sans-kannada', 'noto-sans-malayalam', 'noto-sans-sinhala'],
  ...['noto-sans-thai', 'noto-sans-lao', 'noto-sans-khmer', 'noto-sans-myanmar', 'noto-serif-tibetan'],
  ...['noto-sans-arabic', 'noto-sans-thaana', 'noto-sans-syriac', 'noto-sans-hanifi-rohingya'],
  ...['noto-sans-adlam', 'noto-sans-ol-chiki', 'noto-sans-meetei-mayek', 'noto-sans-javanese'],
  // Which of these four is taken depends on the language of the text: the same character is drawn differently.
  ...['noto-sans-sc', 'noto-sans-tc', 'noto-sans-jp', 'noto-sans-kr'],
  'noto-emoji',
];

/** Fonts that have one weight only. */
const single = [
  ...['noto-sans-nko', 'noto-sans-vai', 'noto-sans-tifinagh', 'noto-sans-mongolian'],
  ...['noto-sans-symbols-2', 'noto-sans-math'],
];

const faces: Record<string, string[]> = {
  ...text,
  ...Object.fromEntries([...scripts, 'noto-sans-symbols'].map((name) => [name, [regular, semiBold]])),
  ...Object.fromEntries(single.map((name) => [name, [regular]])),
};

const fallbacks = ['Noto Sans', 'IBM Plex Sans Arabic', 'Noto Sans Ethiopic', 'Noto Sans Hebrew'];

const resolve = createRequire(path.join(projectRoot, 'package.json')).resolve;
const folderOf = (name: string, weight: string): string =>
  path.join(path.dirname(resolve(`${scope}/${name}/package.json`)), weight);

/** The regular weight of every font: what a printed page can show is what these have. */
export function regularFontFiles(): string[] {
  return Object.keys(faces).flatMap((name) => {
    const folder = folderOf(name, regular);
    return readdirSync(folder)
      .filter((file) => file.endsWith('.ttf'))
      .map((file) => path.join(folder, file));
  });
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

const fontFolders = (): string[] =>
  Object.entries(faces).flatMap(([name, weights]) => weights.map((weight) => folderOf(name, weight)));

/**
 * Several of these fonts say that they know each other's languages: this says which one a language's
 * characters are drawn with.
 */
const countries: Record<string, string> = {
  'zh-Hans': 'Noto Sans SC',
  'zh-Hant': 'Noto Sans TC',
  ja: 'Noto Sans JP',
  ko: 'Noto Sans KR',
};

const ofLanguage = (language: string, family: string): string =>
  `<match target="pattern"><test name="lang" compare="contains"><string>${language}</string></test>` +
  `<edit name="family" mode="append" binding="strong"><string>${family}</string></edit></match>`;

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
    ...Object.entries(countries).map(([language, family]) => ofLanguage(language, family)),
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
