/**
 * Judges a password that somebody chooses: long enough, not one that many people use, not a simple row, and
 * more than the person's own name. Everything here looks at each character a fixed number of times, so a
 * hostile password costs no more than another.
 */
import { InvalidInput } from '../errors.js';

/** Characters, as people count them. */
export const passwordMinimum = 10;
export const MAX_PASSWORD = 500;
/** Fewer different characters than this are a row of keys and not a password. */
const MIN_DISTINCT = 5;
/** What must be left beside the person's own words. */
const MIN_BESIDE_OWN_WORDS = 6;
/** A password that repeats something shorter than this is that short thing. */
const MIN_REPEATED = 8;

let list: Promise<Set<string>> | null = null;

/** About 49,000 passwords that occur most often in published leaks; read when the first password is chosen. */
const commonPasswords = (): Promise<Set<string>> =>
  (list ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set<string>(dictionary['passwords-common']),
  ));

export type PasswordFlaw = 'short' | 'simple' | 'own' | 'common';

/** `P@ssw0rd` → `password`: the letters that people mean. */
const signs: Record<string, string> = {
  ...{ '@': 'a', '4': 'a', '3': 'e', '1': 'i', '!': 'i', '0': 'o', $: 's', '5': 's', '7': 't' },
};
const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
const asLetters = (text: string): string => [...text].map((sign) => signs[sign] ?? sign).join('');

/** Without digits and signs at both ends: `2024Summer!` → `Summer`. */
function coreOf(text: string): string {
  const signsOf = [...text];
  const isLetter = (sign: string | undefined): boolean => sign !== undefined && /\p{L}/u.test(sign);
  let from = 0;
  let until = signsOf.length;
  while (from < until && !isLetter(signsOf[from])) from += 1;
  while (until > from && !isLetter(signsOf[until - 1])) until -= 1;
  return signsOf.slice(from, until).join('');
}

/** What the text repeats throughout: `trustno1trustno1` → `trustno1`; itself when it repeats nothing. */
function repeatedPart(text: string): string {
  const signsOf = [...text];
  const borders = [0];
  for (let at = 1, length = 0; at < signsOf.length; at += 1) {
    while (length > 0 && signsOf[at] !== signsOf[length]) length = borders[length - 1]!;
    if (signsOf[at] === signsOf[length]) length += 1;
    borders[at] = length;
  }
  const period = signsOf.length - (borders.at(-1) ?? 0);
  // The last repetition may be broken off: `qwertyqwertyqw`.
  return period * 2 <= signsOf.length ? signsOf.slice(0, period).join('') : text;
}

/** Mostly neighbors in the alphabet or among the digits: `abcdefghij`, `9876543210`. */
function isRow(text: string): boolean {
  const codes = [...text].map((sign) => sign.codePointAt(0)!);
  const steps = codes.slice(1).filter((code, at) => Math.abs(code - codes[at]!) <= 1).length;
  return codes.length > 1 && steps >= (codes.length - 1) * 0.75;
}

/** The words of names and addresses by which somebody is known, each three letters or more, with them backward. */
function knownWords(ownWords: readonly string[]): string[] {
  const words = ownWords
    .flatMap((own) => plain(own.slice(0, 300)).split(/[^\p{L}\p{N}]+/u))
    .filter((word) => [...word].length >= 3)
    .slice(0, 40);
  const backward = words.map((word) => [...word].reverse().join(''));
  return [...new Set(['vitrine', ...words, ...backward])].sort((a, b) => b.length - a.length);
}

/** Whether little is left when the person's own words are taken out. */
function isOwn(text: string, words: readonly string[], common: ReadonlySet<string>): boolean {
  let rest = text;
  for (const word of words) rest = rest.split(word).join(' ');
  if (rest === text) return false;
  const left = coreOf(rest.replaceAll(' ', ''));
  return [...left].length < MIN_BESIDE_OWN_WORDS || common.has(left);
}

/** Only words that are common passwords by themselves, at most two different ones. */
function isFewCommonWords(text: string, common: ReadonlySet<string>): boolean {
  const words = [...new Set(text.split(/[^\p{L}]+/u).filter(Boolean))];
  return words.length === 1 && common.has(words[0]!);
}

/**
 * What is wrong with a password, or null.
 * @param ownWords names, e-mail address, school: what a stranger would try first
 */
export async function judgePassword(
  password: string,
  ownWords: readonly string[],
): Promise<PasswordFlaw | null> {
  if ([...password].length < passwordMinimum) return 'short';
  const common = await commonPasswords();
  const text = plain(password.slice(0, MAX_PASSWORD));
  const forms = [text, asLetters(text)];
  const words = knownWords(ownWords);
  if (forms.some((form) => isOwn(form, words, common))) return 'own';
  const core = asLetters(coreOf(text));
  const part = repeatedPart(core);
  const candidates = [
    ...forms,
    coreOf(text),
    core,
    part,
    asLetters(repeatedPart(text)),
    coreOf(repeatedPart(text)),
  ];
  if (candidates.some((each) => common.has(each) || isFewCommonWords(each, common))) return 'common';
  const isRepeated = (whole: string): boolean =>
    repeatedPart(whole) !== whole && [...repeatedPart(whole)].length < MIN_REPEATED;
  if (new Set(text).size < MIN_DISTINCT || isRow(text) || isRepeated(text) || isRepeated(coreOf(text)))
    return 'simple';
  return null;
}

/**
 * @param field of the form, for the problem to stand beside
 * @throws InvalidInput that says what to choose instead
 */
export async function checkNewPassword(
  password: string,
  ownWords: readonly string[],
  field = 'password',
): Promise<void> {
  const flaw = await judgePassword(password, ownWords);
  if (!flaw) return;
  throw new InvalidInput([
    { field, message: `access.problem.password-${flaw}`, params: { minimum: passwordMinimum } },
  ]);
}
