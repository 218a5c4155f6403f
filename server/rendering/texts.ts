/**
 * The words of the screens: views/locales/<language>/<feature>.json through i18next. The first segment of a key is the
 * file: `people.students.title` stands in people.json under students.title. Refuses keys that stand nowhere: it
 * throws (tests, development) or shows the key itself (production).
 */
import { createInstance } from 'i18next';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { MessageParams } from '../errors.js';
import { projectRoot as ownRoot } from '../project-root.js';
import { listText } from './show-lists.js';

export interface Texts {
  /** Languages that have a folder, e.g. ['en', 'es']. */
  readonly locales: string[];
  /** The sentence for a key in a language (falling back to English); `params.count` chooses the plural. */
  t(locale: string, key: string, params?: MessageParams): string;
  /** Whether a sentence stands under the key, in this language or in English. */
  has(locale: string, key: string): boolean;
}

export interface TextsOptions {
  projectRoot?: string;
  /** What a missing key does. Tests say 'throw'. */
  missing?: 'throw' | 'show';
}

type FeatureTexts = Record<string, unknown>;

/** So many sentences with parameters are kept; then the collection begins again. */
const MAX_FILLED = 5000;
const ABSENT = '\u0000';
const RIGHT_TO_LEFT = new Set(['ar', 'arc', 'dv', 'fa', 'he', 'ks', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi']);

/** The direction in which a language is written, for `<html dir>`. */
export function directionOf(locale: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(locale.split('-')[0] ?? '') ? 'rtl' : 'ltr';
}

function readLocales(folder: string): Record<string, Record<string, FeatureTexts>> {
  const resources: Record<string, Record<string, FeatureTexts>> = {};
  for (const locale of readdirSync(folder).sort()) {
    const byFeature: Record<string, FeatureTexts> = {};
    for (const file of readdirSync(path.join(folder, locale))) {
      if (!file.endsWith('.json')) continue;
      const text = readFileSync(path.join(folder, locale, file), 'utf8');
      byFeature[file.slice(0, -'.json'.length)] = JSON.parse(text) as FeatureTexts;
    }
    resources[locale] = byFeature;
  }
  return resources;
}

/** Reads all languages once; a broken file stops the start with its name in the error. */
export function createTexts(options: TextsOptions = {}): Texts {
  const folder = path.join(options.projectRoot ?? ownRoot, 'views/locales');
  const resources = readLocales(folder);
  const i18n = createInstance();
  void i18n.init({
    resources,
    fallbackLng: 'en',
    initAsync: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    showSupportNotice: false,
  });

  /** Sentences without parameters, by language: they are always the same. */
  const plain = new Map<string, Map<string, string>>(
    Object.keys(resources).map((locale) => [locale, new Map()]),
  );
  /** The last sentences with parameters: a page asks for the same ones at every row and every showing. */
  let filled = new Map<string, string>();

  function find(locale: string, key: string, params: MessageParams): string | null {
    const values = Object.entries(params);
    const known = values.length === 0 ? plain.get(locale) : filled;
    const name = values.length === 0 ? key : `${locale} ${key} ${JSON.stringify(values)}`;
    const kept = known?.get(name);
    if (kept !== undefined) return kept;
    const found = ask(locale, key, params);
    if (filled.size >= MAX_FILLED) filled = new Map();
    // What stands nowhere is not kept: a key may be made of what somebody sent.
    if (found !== null) known?.set(name, found);
    return found;
  }

  function ask(locale: string, key: string, params: MessageParams): string | null {
    const dot = key.indexOf('.');
    if (dot < 1) return null;
    const found: unknown = i18n.t(key.slice(dot + 1), {
      ...Object.fromEntries(
        Object.entries(params).map(([name, value]) => [
          name,
          typeof value === 'object' ? listText(value, locale) : value,
        ]),
      ),
      lng: locale,
      ns: key.slice(0, dot),
      defaultValue: ABSENT,
      returnObjects: true,
    });
    return typeof found === 'string' && found !== ABSENT ? found : null;
  }

  return {
    locales: Object.keys(resources),
    has: (locale, key) => find(locale, key, { count: 1 }) !== null,
    t(locale, key, params = {}) {
      const found = find(locale, key, params);
      if (found !== null) return found;
      if (options.missing === 'throw') throw new Error(`No text stands under the key "${key}" (${locale})`);
      return key;
    },
  };
}
