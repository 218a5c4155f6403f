/**
 * Keys are `<owner>/<sha256>`: whose the bytes are (the id of a student or a school) and what they are. They
 * never hold a file name, so a name can neither climb out of the folder nor leak into a log. Refuses
 * everything else.
 */
import { StorageFailure } from './storage.js';

const OWNER = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;
const SHA256 = /^[0-9a-f]{64}$/;

export interface StorageKeyParts {
  owner: string;
  sha256: string;
}

/**
 * The key of `owner`'s file with this content.
 * @param owner id in lower-case letters, digits and hyphens, 1 to 64 characters
 * @param sha256 64 lower-case hex digits
 * @throws TypeError when either has another form: that is a fault of the program
 */
export function storageKey(owner: string, sha256: string): string {
  if (!OWNER.test(owner)) throw new TypeError('the owner of a storage key must be an id');
  if (!SHA256.test(sha256)) throw new TypeError('a storage key needs a SHA-256 in lower-case hex');
  return `${owner}/${sha256}`;
}

/** Whether this text is a key. */
export function isStorageKey(key: string): boolean {
  const [owner = '', sha256 = '', ...rest] = key.split('/');
  return rest.length === 0 && OWNER.test(owner) && SHA256.test(sha256);
}

/** Takes a key apart; @throws StorageFailure for text that is no key. */
export function parseStorageKey(key: string): StorageKeyParts {
  const [owner = '', sha256 = ''] = key.split('/');
  if (!isStorageKey(key)) {
    throw new StorageFailure(`not a storage key: ${JSON.stringify(key.slice(0, 200))}`);
  }
  return { owner, sha256 };
}
