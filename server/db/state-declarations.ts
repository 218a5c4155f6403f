/** The collections in which the database keeps its own state; they are used through the driver, before any other. */
import { declareCollection } from './declaration.js';

/** One document for each migration that was made; `_id` is its name. */
export const migrationsDeclaration = declareCollection('migrations', { appliedAt: Date }, { indexes: [] });

/** `lock`: who prepares the database now. `indexes`: which sets of declared indexes were made here, the latest last. */
export const databaseStateDeclaration = declareCollection(
  'databasestate',
  { owner: String, until: Date, fingerprints: [String] },
  { indexes: [] },
);

/**
 * Audit entries as they were before `01-rejoin-forked-audit-chains` gave them other numbers. Personal data: ids only.
 */
export const auditForksDeclaration = declareCollection('auditforks', { schoolId: String }, { indexes: [] });
