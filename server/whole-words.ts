/** Names in free text: found as whole words, however their accents are written. Pure. */

/** A composed and a decomposed `é` are the same letter. */
const composed = (text: string): string => text.normalize('NFC');

/**
 * The text with each of these words replaced, in one pass: what was put in is not looked at again. `Ana` is not in `Banana`, and `Jose` is
 * not in `José`. Where none of them is in it, the text stays as it is, to the byte.
 * @param words what replaces each of them; where two begin at the same place, the one that comes first is taken
 */
export function replaceWords(text: string, words: ReadonlyMap<string, string>): string {
  const instead = new Map<string, string>();
  for (const [word, by] of words)
    if (word !== '' && !instead.has(composed(word))) instead.set(composed(word), by);
  if (instead.size === 0) return text;
  const escaped = [...instead.keys()].map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  const pattern = new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])(?:${escaped})(?![\\p{L}\\p{M}\\p{N}])`, 'gu');
  let found = false;
  const replaced = composed(text).replace(pattern, (word) => {
    found = true;
    return instead.get(word)!;
  });
  return found ? replaced : text;
}
