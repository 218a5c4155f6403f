/** A page whose texts say their language, and what records call the languages that write Chinese characters. */
import { describe, expect, it } from '@jest/globals';
import { hanLanguageOf } from '../../server/rendering/han-language.js';
import { markLanguages } from '../../server/rendering/mark-languages.js';
import { languageOf } from '../../server/rendering/written-language.js';

const page = (body: string) =>
  `<html lang="en"><head><title>王小明</title></head><body>${body}</body></html>`;

describe('every text of a page', () => {
  it.each([
    ['alone', '<p>王小明</p>', '<p><span lang="zh-Hans">王小明</span></p>'],
    [
      'among others',
      '<p> At 渋谷 with <b>Αθήνα</b> </p>',
      '<p> At <span lang="ja">渋谷</span> with <b><span lang="el">Αθήνα</span></b> </p>',
    ],
    ['with a language of its own', '<p lang="ja">王 <b>王小明</b></p>', '<p lang="ja">王 <b>王小明</b></p>'],
    [
      'after unclosed and empty tags',
      '<p lang="ja">王<br>明</p><p>A &amp; B</p><p>한국',
      '<p lang="ja">王<br>明</p><p>A &amp; B</p><p><span lang="ko">한국</span>',
    ],
    [
      'in a drawing',
      '<svg><line x1="0"/><text x="1">王小明</text></svg>한국',
      '<svg><line x1="0"/><text x="1"><tspan lang="zh-Hans">王小明</tspan></text></svg><span lang="ko">한국</span>',
    ],
    ['in a style', '<style>p::after { content: "王" }</style>', '<style>p::after { content: "王" }</style>'],
    ['in Latin letters', '<p title="王">Zoë</p>', '<p title="王">Zoë</p>'],
  ])('%s', (_case, body, expected) => {
    expect(markLanguages(page(body), ['en'])).toBe(page(expected));
  });

  it.each([
    ['ja', '山田太郎', 'ja'],
    ['ko', '朴俊浩', 'ko'],
    ['zh-TW', '山田太郎', 'zh-Hant'],
    ['ja', '陈晓东', 'zh-Hans'],
    ['zh', '陳鳳儀', 'zh-Hant'],
    ['en', '山田太郎', 'zh-Hans'],
  ])('of Chinese characters is %s where these fit: %s is %s', (preferred, text, expected) => {
    expect(languageOf(text, [preferred, 'en'])).toBe(expected);
  });
});

describe('a language as a roster says it', () => {
  it.each([
    ['Japanese', 'ja'],
    ['ja-JP', 'ja'],
    ['日本語', 'ja'],
    ['Korean', 'ko'],
    ['kor', 'ko'],
    ['zh-TW', 'zh-Hant'],
    ['Chinese (Traditional)', 'zh-Hant'],
    ['Cantonese', 'zh-Hant'],
    ['zh-Hans-CN', 'zh-Hans'],
    ['Simplified Chinese', 'zh-Hans'],
    ['Mandarin', 'zh'],
    ['zh', 'zh'],
    ['Javanese', null],
    ['Spanish', null],
    ['', null],
    [null, null],
  ])('%s is %s', (words, tag) => {
    expect(hanLanguageOf(words)).toBe(tag);
  });
});
