/** Passes of rooms. Personal data: who made them; codes only as keyed hashes. */
import { schoolCollection, type Database, type SchoolScope } from '../../db/database.js';
import type { Pass } from './pass.js';
import type { RoomPass } from './room-pass.js';

const passes = schoolCollection<RoomPass>(
  'roompasses',
  {
    exhibitionId: { type: String, required: true, immutable: true },
    room: { type: String, required: true },
    roomKey: { type: String, required: true, immutable: true },
    day: { type: String, required: true, immutable: true },
    pass: { type: Object, required: true },
    createdAt: { type: Date, required: true, immutable: true },
    createdBy: { type: String, required: true, immutable: true },
  },
  {
    indexes: [
      { keys: { schoolId: 1, exhibitionId: 1, roomKey: 1, day: 1 }, unique: true },
      { keys: { 'pass.secretHash': 1 }, unique: true },
      { keys: { 'pass.codeHash': 1 }, unique: true },
    ],
  },
);
export const roomPassesDeclaration = passes.declaration;

export const findRoomPass = (scope: SchoolScope, id: string) => passes.in(scope).findOne({ id });
export const findRoomPassOf = (scope: SchoolScope, exhibitionId: string, roomKey: string, day: string) =>
  passes.in(scope).findOne({ exhibitionId, roomKey, day });
export const listRoomPasses = (scope: SchoolScope, exhibitionId: string) =>
  passes.in(scope).find({ exhibitionId });
/** Asked before any school is known: the hash is the only thing that is. */
export const findRoomByPass = (db: Database, face: 'secret' | 'code', hash: string) =>
  passes.acrossSchools(db).findOne({ [`pass.${face}Hash`]: hash });

export const saveRoomPass = (scope: SchoolScope, pass: RoomPass) => passes.in(scope).insert(pass);
/** The old sign opens nothing any more. */
export const saveRoomPassRenewed = (scope: SchoolScope, id: string, pass: Pass) =>
  passes.in(scope).findOneAndUpdate({ id }, { $set: { pass } });
/** Null when it was revoked before. */
export const saveRoomPassRevoked = (scope: SchoolScope, id: string, at: Date) =>
  passes.in(scope).findOneAndUpdate({ id, 'pass.revokedAt': null }, { $set: { 'pass.revokedAt': at } });
export const saveRoomPassUsed = (scope: SchoolScope, id: string, at: Date) =>
  passes.in(scope).updateOne({ id, 'pass.usedAt': null }, { $set: { 'pass.usedAt': at } });
