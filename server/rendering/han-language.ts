/**
 * Languages that write Chinese characters: the same character is drawn differently in China, Taiwan, Japan
 * and Korea, and a name of such characters alone does not tell whose it is. Pure.
 */

/** What the records call a language: tags such as `ja-JP`, and English or own names. */
const known: [tag: string, words: RegExp][] = [
  ['ja', /^(?:ja|jpn?)\b|japan|nihongo|日本/],
  ['ko', /^(?:ko|kor)\b|korea|한국|조선|韓/],
  [
    'zh-Hant',
    /^(?:zh|zho|chi|cmn)\b.*\b(?:hant|tw|hk|mo)\b|^yue\b|traditional|canton|taiwan|hong ?kong|[繁粵]/,
  ],
  ['zh-Hans', /^(?:zh|zho|chi|cmn)\b.*\b(?:hans|cn|sg|my)\b|simplified|[简汉]/],
  ['zh', /^(?:zh|zho|chi|cmn)\b|chinese|mandarin|中文|漢/],
];

/** BCP 47 tag; `zh` where both ways to write Chinese may be meant, null for a language without such characters. */
export function hanLanguageOf(words: string | null): string | null {
  const plain = (words ?? '').normalize('NFKC').trim().toLowerCase();
  return known.find(([, names]) => names.test(plain))?.[0] ?? null;
}
