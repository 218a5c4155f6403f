/** Links to the sign-up pages of exhibitions. Personal data: who made them; secrets only as hashes. */
import { schoolCollection, type Database, type SchoolScope } from '../db/database.js';
import type { SignUpLink } from './sign-up.js';

const links = schoolCollection<SignUpLink>(
  'signuplinks',
  {
    exhibitionId: { type: String, required: true, immutable: true },
    secretHash: { type: String, required: true },
    madeAt: { type: Date, required: true },
    madeBy: { type: String, required: true },
    endedAt: { type: Date, default: null },
  },
  {
    indexes: [
      { keys: { schoolId: 1, exhibitionId: 1 }, unique: true },
      { keys: { secretHash: 1 }, unique: true },
    ],
  },
);
export const signUpLinksDeclaration = links.declaration;

export const findSignUpLink = (scope: SchoolScope, exhibitionId: string) =>
  links.in(scope).findOne({ exhibitionId });
/** Asked before any school is known: the hash is the only thing that is. */
export const findLinkBySecret = (db: Database, secretHash: string) =>
  links.acrossSchools(db).findOne({ secretHash });

export const saveSignUpLink = (scope: SchoolScope, link: SignUpLink) => links.in(scope).insert(link);
/** The old link opens nothing any more. */
export const saveSignUpLinkRenewed = (
  scope: SchoolScope,
  id: string,
  made: Pick<SignUpLink, 'secretHash' | 'madeAt' | 'madeBy'>,
) => links.in(scope).findOneAndUpdate({ id }, { $set: { ...made, endedAt: null } });
/** Null when it was ended before. */
export const saveSignUpLinkEnded = (scope: SchoolScope, exhibitionId: string, at: Date) =>
  links.in(scope).findOneAndUpdate({ exhibitionId, endedAt: null }, { $set: { endedAt: at } });
