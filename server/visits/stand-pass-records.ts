/** Passes of stands. Personal data: who made them; codes only as keyed hashes. */
import { schoolCollection, type Database, type SchoolScope } from '../db/database.js';
import type { StandPass } from './stand-pass.js';

const passes = schoolCollection<StandPass>(
  'standpasses',
  {
    exhibitionId: { type: String, required: true, immutable: true },
    slotId: { type: String, required: true, immutable: true },
    pass: { type: Object, required: true },
    createdAt: { type: Date, required: true, immutable: true },
    createdBy: { type: String, required: true, immutable: true },
  },
  {
    indexes: [
      { keys: { schoolId: 1, slotId: 1 }, unique: true },
      { keys: { schoolId: 1, exhibitionId: 1 } },
      { keys: { 'pass.secretHash': 1 }, unique: true },
      { keys: { 'pass.codeHash': 1 }, unique: true },
    ],
  },
);
export const standPassesDeclaration = passes.declaration;

export const findStandPassOf = (scope: SchoolScope, slotId: string) => passes.in(scope).findOne({ slotId });
export const listStandPasses = (scope: SchoolScope, exhibitionId: string) =>
  passes.in(scope).find({ exhibitionId });
/** Asked before any school is known: the hash is the only thing that is. */
export const findStandByPass = (db: Database, face: 'secret' | 'code', hash: string) =>
  passes.acrossSchools(db).findOne({ [`pass.${face}Hash`]: hash });

/** The older signs of these stands open nothing any more. */
export async function saveStandPasses(scope: SchoolScope, list: StandPass[]): Promise<void> {
  await passes.in(scope).remove({ slotId: { $in: list.map((pass) => pass.slotId) } });
  await passes.in(scope).insertMany(list);
}
/** Null when there is none, or it was revoked before. */
export const saveStandPassRevoked = (scope: SchoolScope, slotId: string, at: Date) =>
  passes.in(scope).findOneAndUpdate({ slotId, 'pass.revokedAt': null }, { $set: { 'pass.revokedAt': at } });
export const saveStandPassUsed = (scope: SchoolScope, id: string, at: Date) =>
  passes.in(scope).updateOne({ id, 'pass.usedAt': null }, { $set: { 'pass.usedAt': at } });
export const saveStandPassExpiry = (scope: SchoolScope, slotId: string, expiresAt: Date) =>
  passes.in(scope).updateOne({ slotId }, { $set: { 'pass.expiresAt': expiresAt } });
export const removeStandPass = (scope: SchoolScope, slotId: string) => passes.in(scope).remove({ slotId });
