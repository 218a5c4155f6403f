/**
 * Who signed up for panels by a link. Personal data: names, organizations, addresses, hours, and words about
 * students; links only as hashes.
 */
import { schoolCollection, type Database, type SchoolScope } from '../db/database.js';
import { fieldIsName, tracesIn } from '../person-traces.js';
import { SIGN_UPS_PER_PAGE, type SignUp, type SignUpState } from './sign-up.js';

const signUps = schoolCollection<SignUp>(
  'signups',
  {
    exhibitionId: { type: String, required: true, immutable: true },
    name: { type: String, required: true },
    organisation: { type: String, default: null },
    email: { type: String, default: null },
    hours: [String],
    most: { type: Number, default: null },
    speaks: [String],
    interprets: [String],
    conflictWords: { type: String, default: '' },
    wordsHash: { type: String, default: null },
    away: { type: Boolean, default: false },
    state: { type: String, required: true },
    declinedAt: { type: Date, default: null },
    cameFrom: { type: String, default: null },
    personId: { type: String, default: null },
    secretHash: { type: String, required: true },
    createdAt: { type: Date, required: true, immutable: true },
    changedAt: { type: Date, required: true },
  },
  {
    indexes: [
      { keys: { schoolId: 1, state: 1, exhibitionId: 1, createdAt: 1, _id: 1 } },
      { keys: { schoolId: 1, personId: 1 } },
      { keys: { schoolId: 1, email: 1 } },
      { keys: { secretHash: 1 }, unique: true },
    ],
  },
);
export const signUpsDeclaration = signUps.declaration;

/** Number removed. */
export const removeUnacceptedSignUps = (scope: SchoolScope, exhibitionId: string) =>
  signUps.in(scope).remove({ exhibitionId, state: { $in: ['waiting', 'withdrawn', 'declined'] } });
/** In the order in which they came. */
export const listSignUps = (scope: SchoolScope, exhibitionId: string, state: SignUpState, page: number) =>
  signUps
    .in(scope)
    .page({ state, exhibitionId }, { sort: { createdAt: 1 }, page, perPage: SIGN_UPS_PER_PAGE });
/** Those who were accepted with this address, for whatever exhibition. */
export const listAcceptedByEmail = (scope: SchoolScope, email: string) =>
  signUps.in(scope).find({ email, state: 'accepted' }, { sort: { createdAt: 1 } });
export const findSignUp = (scope: SchoolScope, id: string) => signUps.in(scope).findOne({ id });
/** Asked before any school is known: the hash is the only thing that is. */
export const findSignUpBySecret = (db: Database, secretHash: string) =>
  signUps.acrossSchools(db).findOne({ secretHash });
/** The exhibitions for which guests wait, or have withdrawn and nobody has seen it, read from an index. */
export const listIdsWithOpenSignUps = (scope: SchoolScope) =>
  signUps.in(scope).distinct('exhibitionId', { state: { $in: ['waiting', 'withdrawn'] } });

interface WaitingFilter {
  /** When their link was made: what came by an older one keeps nobody out. Left out: by any link. */
  since?: Date;
  /** From which part of the network, hashed. Left out: from everywhere. */
  cameFrom?: string;
}
export const countWaitingSignUps = (
  scope: SchoolScope,
  exhibitionId: string,
  { since, cameFrom }: WaitingFilter = {},
) =>
  signUps.in(scope).count({
    ...{ state: 'waiting', exhibitionId },
    ...(since ? { createdAt: { $gte: since } } : {}),
    ...(cameFrom === undefined ? {} : { cameFrom }),
  });

export const saveSignUp = (scope: SchoolScope, signUp: SignUp) => signUps.in(scope).insert(signUp);
/** Its guest has withdrawn it. Number removed. */
export const removeSignUp = (scope: SchoolScope, id: string) => signUps.in(scope).remove({ id });
/** Null when it has been decided otherwise meanwhile. */
export const saveSignUpChange = (
  scope: SchoolScope,
  { id, state }: Pick<SignUp, 'id' | 'state'>,
  change: Partial<SignUp>,
) => signUps.in(scope).findOneAndUpdate({ id, state }, { $set: change });

const isWritten = { $nin: ['', null] };

/**
 * Theirs since they were accepted, and what nobody has accepted under their name and address. An address
 * alone says nobody who it is: a family may share one. Under their name alone where that is taken to be this
 * person.
 */
export const removeSignUpsOf = tracesIn(signUps, (person) => {
  const named = { personId: null, ...fieldIsName('name', { ...person, email: null }) };
  return {
    $or: [
      { personId: { $in: person.ids } },
      ...(person.email ? [{ ...named, email: person.email.toLowerCase() }] : []),
      ...(person.byName ? [named] : []),
    ],
  };
});
export const saveSignUpWordsUnnamed = tracesIn(signUps, () => ({ conflictWords: isWritten }));
