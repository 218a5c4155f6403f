/**
 * A finished page in which every text says its language where its letters tell it, whatever template it comes
 * from: the choice of a font, hyphenation and reading aloud go by it. What has a language of its own already
 * keeps it.
 */
import { Parser } from 'htmlparser2';
import { languageRuns, mainLanguageOf, mainScriptOf } from './language-runs.js';
import type { PreferredLanguages } from './written-language.js';

const withoutText = new Set(['title', 'style', 'script', 'textarea', 'option']);
const empty = new Set(['meta', 'link', 'br', 'hr', 'img', 'input', 'col', 'wbr']);
/** Letters that tell a language; a text without any is left as it is. */
const telling = /[^\P{L}\p{Script=Latin}\p{Script=Cyrillic}]/u;

/**
 * @param html a whole document
 * @param preferred decides where Chinese characters alone leave it open, the first one first
 */
export function markLanguages(html: string, preferred: PreferredLanguages): string {
  const pieces: string[] = [];
  const open: { name: string; isLeft: boolean; isDrawn: boolean }[] = [];
  let done = 0;
  const parser = new Parser(
    {
      onopentag(name, { lang }) {
        if (empty.has(name)) return;
        const around = open.at(-1);
        // The language of the whole document is that of the product's own words.
        const isLeft = around?.isLeft || (lang !== undefined && name !== 'html') || withoutText.has(name);
        open.push({ name, isLeft, isDrawn: name === 'svg' || around?.isDrawn === true });
      },
      onclosetag(name) {
        if (open.at(-1)?.name === name) open.pop();
      },
      ontext(text) {
        const [from, to] = [parser.startIndex, parser.endIndex + 1];
        const around = open.at(-1);
        if (!around || around.isLeft || !telling.test(text)) return;
        pieces.push(html.slice(done, from), marked(html.slice(from, to), around.isDrawn, preferred));
        done = to;
      },
    },
    // Entities stay as they are written: they have no letters that tell a language.
    { decodeEntities: false },
  );
  parser.end(html);
  return pieces.join('') + html.slice(done);
}

function marked(text: string, isDrawn: boolean, preferred: PreferredLanguages): string {
  const tag = isDrawn ? 'tspan' : 'span';
  const wrap = (words: string, language: string | null) =>
    language === null ? words : `<${tag} lang="${language}">${words}</${tag}>`;
  const words = text.trim();
  const at = text.indexOf(words);
  const runs = languageRuns(words, mainScriptOf(words), preferred).map((run) => wrap(run.text, run.language));
  const all = wrap(runs.join(''), mainLanguageOf(words, preferred));
  return text.slice(0, at) + all + text.slice(at + words.length);
}
