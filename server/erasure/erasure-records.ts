/**
 * Erasures of people. Personal data: names and address of the person while it is under way, none after; who
 * asked for it and why.
 */
import { schoolCollection, type SchoolScope } from '../db/database.js';
import type { Erasure } from './erasure.js';

const fixed = { required: true, immutable: true } as const;
const erasures = schoolCollection<Erasure>(
  'erasures',
  {
    personId: { type: String, ...fixed },
    ground: { type: String, ...fixed },
    reason: { type: String, ...fixed },
    keepIssued: { type: Boolean, ...fixed },
    eraseTranscripts: { type: Boolean, ...fixed },
    byName: { type: Boolean, default: false, immutable: true },
    mark: { type: String, ...fixed },
    requestedBy: { type: String, ...fixed },
    requestedAt: { type: Date, ...fixed },
    state: { type: String, required: true },
    traces: { type: Object, default: null },
    counts: { type: Object, required: true },
    turns: { type: Number, required: true },
    doneAt: { type: Date, default: null },
  },
  {
    indexes: [
      // Of one person once: of two who ask at the same moment the later one is refused.
      { keys: { schoolId: 1, personId: 1 }, unique: true },
      { keys: { schoolId: 1, requestedAt: -1, _id: 1 } },
    ],
  },
);
export const erasuresDeclaration = erasures.declaration;

export const getErasure = (scope: SchoolScope, id: string) => erasures.in(scope).get(id);
export const findErasureOf = (scope: SchoolScope, personId: string) =>
  erasures.in(scope).findOne({ personId });
/** Newest first. */
export const listErasures = (scope: SchoolScope, page: number, perPage: number) =>
  erasures.in(scope).page({}, { sort: { requestedAt: -1 }, page, perPage });

export const saveErasure = (scope: SchoolScope, erasure: Erasure) => erasures.in(scope).insert(erasure);
export const saveErasureCount = (scope: SchoolScope, id: string, key: string, count: number) =>
  erasures.in(scope).updateOne({ id }, { $inc: { [`counts.${key}`]: count } });
/** One more turn of the work; null when it is done. */
export const saveErasureTurn = (scope: SchoolScope, id: string) =>
  erasures.in(scope).findOneAndUpdate({ id, state: 'running' }, { $inc: { turns: 1 } });
/** Null when it was done before. @param kept numbers of records that stay as they are, by key */
export const saveErasureDone = (scope: SchoolScope, id: string, kept: Record<string, number>, doneAt: Date) =>
  erasures.in(scope).findOneAndUpdate(
    { id, state: 'running' },
    {
      $set: {
        ...{ state: 'done', traces: null, doneAt },
        ...Object.fromEntries(Object.entries(kept).map(([key, count]) => [`counts.${key}`, count])),
      },
    },
  );
