/**
 * The append-only record of what was done: one hash chain per school, each entry holds the hash of the one before.
 * Nothing here is ever updated or removed. Personal data: ids of people, never names or texts.
 */
import { schoolCollection, type SchoolScope } from '../database.js';

export interface AuditEntry {
  id: string;
  schoolId: string;
  /** 1, 2, 3 … without a gap within a school. */
  number: number;
  at: Date;
  actorId: string;
  via: string;
  /** `<room>.<verb>`, e.g. `portfolio.submit` */
  act: string;
  subject: { kind: string; id: string };
  detail: Record<string, unknown>;
  previousHash: string;
  hash: string;
}

const entries = schoolCollection<AuditEntry>(
  'auditentries',
  {
    number: { type: Number, required: true, immutable: true },
    at: { type: Date, required: true, immutable: true },
    actorId: { type: String, required: true, immutable: true },
    via: { type: String, required: true, immutable: true },
    act: { type: String, required: true, immutable: true },
    subject: { type: Object, required: true, immutable: true },
    detail: { type: Object, required: true, immutable: true },
    previousHash: { type: String, required: true, immutable: true },
    hash: { type: String, required: true, immutable: true },
  },
  {
    indexes: [
      { keys: { schoolId: 1, number: -1 }, unique: true },
      { keys: { schoolId: 1, 'subject.kind': 1, 'subject.id': 1, number: -1 } },
    ],
  },
);
export const auditEntriesDeclaration = entries.declaration;

export const findLastEntry = (scope: SchoolScope) => entries.in(scope).findOne({}, { sort: { number: -1 } });
export const listEntriesFrom = (scope: SchoolScope, number: number, limit: number) =>
  entries.in(scope).find({ number: { $gte: number } }, { sort: { number: 1 }, limit });
export const saveEntries = (scope: SchoolScope, list: AuditEntry[]) => entries.in(scope).insertMany(list);
