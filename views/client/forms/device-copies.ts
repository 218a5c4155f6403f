/**
 * Copies of what is typed, in this browser. They are encrypted with a key that the server gives to their
 * writer alone, so that nobody else who uses the device can read them, and they are gone after signing out.
 */
import type { Fields } from './form-fields.js';
import { settings } from './settings.js';

export interface Copy {
  action: string;
  /** Which of the forms that go there. */
  form: string;
  page: string;
  fields: Fields;
  began: string;
  savedAt: number;
  /** The server has it, too. */
  onServer: boolean;
}

const prefix = 'vitrine-typed:';
const MAX_AGE = 30 * 24 * 60 * 60 * 1000;
const beginning = (): string => `${prefix}${settings?.personId}:`;
const nameOf = (key: string): string => beginning() + key;
/** Of one form, as the server names those that were saved. */
export const copyKey = ({ action, form }: Pick<Copy, 'action' | 'form'>): string =>
  form ? `${action} ${form}` : action;

let key: Promise<CryptoKey> | null = null;
const ownKey = (): Promise<CryptoKey> =>
  (key ??= crypto.subtle.importKey('raw', bytesOf(settings?.key ?? ''), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ]));
const bytesOf = (text: string) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const textOf = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};

interface Stored {
  at: number;
  start: string;
  sealed: string;
}

/** False when this browser keeps nothing. */
export async function saveCopy(copy: Copy): Promise<boolean> {
  try {
    const start = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify(copy));
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: start }, await ownKey(), text);
    const stored: Stored = { at: copy.savedAt, start: textOf(start), sealed: textOf(new Uint8Array(sealed)) };
    localStorage.setItem(nameOf(copyKey(copy)), JSON.stringify(stored));
    return true;
  } catch {
    return false;
  }
}

async function open(name: string): Promise<Copy | null> {
  try {
    const stored = JSON.parse(localStorage.getItem(name) ?? 'null') as Stored | null;
    if (!stored) return null;
    const opened = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: bytesOf(stored.start) },
      await ownKey(),
      bytesOf(stored.sealed),
    );
    return JSON.parse(new TextDecoder().decode(opened)) as Copy;
  } catch {
    return null;
  }
}

/** @param key `keyOf` a form */
export const readCopy = (key: string): Promise<Copy | null> => open(nameOf(key));

export function forgetCopy(key: string): void {
  try {
    localStorage.removeItem(nameOf(key));
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}
export const forgetSaved = (keys: readonly string[]): void => keys.forEach(forgetCopy);

function namesOf(start: string): string[] {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(start));
  } catch {
    return [];
  }
}

/** Every copy of whoever is signed in. */
export const ownCopies = async (): Promise<Copy[]> =>
  (await Promise.all(namesOf(beginning()).map(open))).filter((copy) => copy !== null);
export const forgetOwnCopies = (): void =>
  namesOf(beginning()).forEach((name) => localStorage.removeItem(name));

/** Whoever does not come back leaves nothing for ever. */
export function forgetOldCopies(): void {
  for (const name of namesOf(prefix)) {
    const at = Number(/"at":(\d+)/.exec(localStorage.getItem(name) ?? '')?.[1] ?? 0);
    if (Date.now() - at > MAX_AGE) localStorage.removeItem(name);
  }
}
