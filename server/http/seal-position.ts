/**
 * The position of a listener in the live events, as it goes out. The database's own says which document of
 * which school changed last, and when: encrypted and all of one length it says nothing, not even that
 * something happened. Refuses what was not made here.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const method = 'aes-256-gcm';
const [ivBytes, tagBytes] = [12, 16];
/** Longer than any position is; filled up with blanks. */
const length = 384;

/** @param key 32 bytes, the same in all instances */
export function sealPosition(key: Buffer, position: string): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(method, key, iv);
  const sealed = Buffer.concat([cipher.update(position.padEnd(length)), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** Null for anything that `sealPosition` has not made with this key. */
export function openPosition(key: Buffer, said: unknown): string | null {
  if (typeof said !== 'string' || said.length > 2 * length) return null;
  const bytes = Buffer.from(said, 'base64url');
  if (bytes.length <= ivBytes + tagBytes) return null;
  const decipher = createDecipheriv(method, key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
  decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
  try {
    const opened = Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]);
    return opened.toString('utf8').trimEnd();
  } catch {
    return null;
  }
}
