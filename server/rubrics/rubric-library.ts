/**
 * The rubrics that can be chosen today (the files) and every version ever used (MongoDB, by hash). Opening it
 * checks all files and refuses to start with a faulty one; an edited file becomes a new version beside the
 * old ones.
 */
import path from 'node:path';
import type { Clock } from '../clock.js';
import type { Database } from '../db/database.js';
import { NotFound } from '../errors.js';
import { projectRoot } from '../project-root.js';
import { rubricHash, type Rubric } from './rubric.js';
import { readRubricFiles } from './rubric-files.js';
import { findRubricVersion, saveRubricVersion } from './rubric-records.js';

export interface PinnedRubric {
  rubric: Rubric;
  /** What scores pin: SHA-256 of the rubric's canonical JSON. */
  hash: string;
}

export interface RubricLibrary {
  /** The rubrics of the files, by title. */
  list(): Rubric[];
  /** The version of today's file. @throws NotFound */
  bySlug(slug: string): PinnedRubric;
  /** Any version ever used. @throws NotFound */
  byHash(hash: string): Promise<Rubric>;
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

/** @throws RubricProblems naming every faulty file */
export async function openRubricLibrary({
  db,
  clock,
  folder = path.join(projectRoot, 'rubrics'),
}: {
  db: Database;
  clock: Clock;
  folder?: string;
}): Promise<RubricLibrary> {
  const shelf = new Map<string, PinnedRubric>();
  const versions = new Map<string, Rubric>();
  for (const rubric of await readRubricFiles(folder)) {
    const pinned = { rubric: frozen(rubric), hash: rubricHash(rubric) };
    shelf.set(rubric.slug, pinned);
    versions.set(pinned.hash, rubric);
  }
  await Promise.all([...versions].map(([hash, rubric]) => saveRubricVersion(db, hash, rubric, clock.now())));

  return {
    list: () => [...shelf.values()].map((pinned) => pinned.rubric),
    bySlug(slug) {
      const pinned = shelf.get(slug);
      if (!pinned) throw new NotFound('rubrics.problem.unknown');
      return pinned;
    },
    async byHash(hash) {
      const rubric = versions.get(hash) ?? (await findRubricVersion(db, hash));
      if (!rubric) throw new NotFound('rubrics.problem.unknown');
      if (!versions.has(hash)) versions.set(hash, frozen(rubric));
      return rubric;
    },
  };
}
