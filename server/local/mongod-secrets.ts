/**
 * What the embedded database is guarded with, made once and kept in DATA_DIR/keys. The key file makes a
 * member of the replica set; the password is that of the one user. A folder that has lost them gets new ones
 * at the next start.
 */
import path from 'node:path';
import type { Credentials } from '../db/database.js';
import { readOrMakeSecret } from './secret-file.js';

export interface MongodSecrets {
  keyFile: string;
  /** Whoever has the key file is a member, and may make users. */
  member: Credentials;
  /** The user that the program is. */
  owner: Credentials;
}

export function readMongodSecrets(keysFolder: string): MongodSecrets {
  const keyFile = path.join(keysFolder, 'database-key');
  const password = readOrMakeSecret(path.join(keysFolder, 'database-password'));
  return {
    keyFile,
    member: { username: '__system', password: readOrMakeSecret(keyFile), source: 'local' },
    owner: { username: 'vitrine', password, source: 'admin' },
  };
}
