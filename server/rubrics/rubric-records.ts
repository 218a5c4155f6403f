/**
 * Every rubric version that this installation has ever had, by the hash of its content. Versions are added
 * and never changed, so scores given years ago can still be read with their own words. Shared by all schools.
 * Personal data: none.
 */
import { sharedCollection, type Database } from '../db/database.js';
import type { Rubric } from './rubric.js';

interface RubricVersion {
  /** The hash. */
  id: string;
  slug: string;
  title: string;
  content: Rubric;
  firstSeenAt: Date;
}

const rubricVersions = sharedCollection<RubricVersion>(
  'rubricversions',
  {
    slug: { type: String, required: true, immutable: true },
    title: { type: String, required: true, immutable: true },
    content: { type: Object, required: true, immutable: true },
    firstSeenAt: { type: Date, required: true, immutable: true },
  },
  { indexes: [{ keys: { slug: 1, firstSeenAt: 1 } }] },
);
export const rubricVersionsDeclaration = rubricVersions.declaration;

/** Keeps a version; a version that is there already stays as it is. */
export async function saveRubricVersion(
  db: Database,
  hash: string,
  rubric: Rubric,
  seenAt: Date,
): Promise<void> {
  await rubricVersions
    .in(db)
    .updateOne(
      { id: hash },
      { $setOnInsert: { slug: rubric.slug, title: rubric.title, content: rubric, firstSeenAt: seenAt } },
      { upsert: true },
    );
}

export async function findRubricVersion(db: Database, hash: string): Promise<Rubric | null> {
  const found = await rubricVersions.in(db).findOne({ id: hash });
  return found ? found.content : null;
}
