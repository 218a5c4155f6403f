/**
 * The codes that open an empty installation: each start prints one, several instances may each have printed
 * theirs. Personal data: none.
 */
import { sharedCollection, type Database, type SharedScope } from '../db/database.js';

export interface SetupCode {
  id: string;
  /** SHA-256 of the code. */
  hash: string;
  createdAt: Date;
  expiresAt: Date;
}

const codes = sharedCollection<SetupCode>(
  'setupcodes',
  {
    hash: { type: String, required: true, immutable: true },
    createdAt: { type: Date, required: true, immutable: true },
    expiresAt: { type: Date, required: true, immutable: true },
  },
  { indexes: [{ keys: { hash: 1 }, unique: true }] },
);

export const setupCodesDeclaration = codes.declaration;

type Where = Database | SharedScope;

export const findSetupCode = (where: Where, hash: string, now: Date) =>
  codes.in(where).findOne({ hash, expiresAt: { $gt: now } });
export const saveSetupCode = (where: Where, code: SetupCode) => codes.in(where).insert(code);
export const removeExpiredSetupCodes = (where: Where, now: Date) =>
  codes.in(where).remove({ expiresAt: { $lte: now } });
/** The installation is open: no code opens it again. */
export const removeSetupCodes = (where: Where) => codes.in(where).remove({});
