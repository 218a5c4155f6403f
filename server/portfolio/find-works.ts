/** Finds works to add to a portfolio among all of a student's, by words and in portions. */
import {
  listArtifactsByIds,
  listLatestVersions,
  listWorkLines,
  type WorkLine,
} from '../artifacts/artifact-records.js';
import type { SchoolScope } from '../db/database.js';
import type { Portfolio } from './portfolio.js';
import type { KnownWorks } from './portfolio-view.js';

export interface FoundWorks {
  /** Of this portion, newest first. */
  ids: string[];
  /** How many there are in all portions. */
  total: number;
  /** Where the next portion begins; null after the last one. */
  next: string | null;
}

/** Without case and accents: `Étude` is found by `etude`. */
const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** Where a portion ends, by time and id: it stays where it is when works come in or go. */
const keyOf = ({ createdAt, id }: WorkLine): string => `${createdAt.getTime()}-${id}`;

function isAfter(line: WorkLine, key: string): boolean {
  const [, time = '', id = ''] = /^(\d{1,15})-(.+)$/.exec(key) ?? [];
  const order = Number(time) - line.createdAt.getTime();
  return order > 0 || (order === 0 && line.id > id);
}

/**
 * Those of these works that have all of the words in title, caption or kind. Pure.
 * @param lines newest first
 * @param kindOf the kind of a work in the reader's words
 * @param after where the portion before ended; a key that is none begins anew
 */
function portionOf(
  lines: readonly WorkLine[],
  { search, after, limit }: { search: string; after: string | null; limit: number },
  kindOf: (medium: WorkLine['medium']) => string = (medium) => medium,
): FoundWorks {
  const words = plain(search).split(/\s+/).filter(Boolean);
  const matching = lines.filter(({ title, caption, medium }) => {
    const text = plain(`${title} ${caption} ${kindOf(medium)}`);
    return words.every((word) => text.includes(word));
  });
  const isKey = after !== null && /^\d{1,15}-.+$/.test(after);
  const left = isKey ? matching.filter((line) => isAfter(line, after)) : matching;
  const portion = left.slice(0, limit);
  const last = portion.at(-1);
  return {
    ids: portion.map(({ id }) => id),
    total: matching.length,
    next: last && left.length > portion.length ? keyOf(last) : null,
  };
}

/** Works of the student that the portfolio does not show yet. */
export async function findAddableWorks(
  scope: SchoolScope,
  { studentId, entries }: Pick<Portfolio, 'studentId' | 'entries'>,
  wanted: { search: string; after: string | null; limit: number },
  kindOf?: (medium: WorkLine['medium']) => string,
): Promise<FoundWorks> {
  const there = new Set(entries.map(({ artifactId }) => artifactId));
  const lines = await listWorkLines(scope, studentId);
  return portionOf(
    lines.filter(({ id }) => !there.has(id)),
    wanted,
    kindOf,
  );
}

/** These works with their newest versions. */
export async function readWorks(scope: SchoolScope, ids: readonly string[]): Promise<KnownWorks> {
  const found = ids.length > 0 ? await listArtifactsByIds(scope, ids) : [];
  return {
    artifacts: new Map(found.map((artifact) => [artifact.id, artifact])),
    versions: await listLatestVersions(scope, found),
  };
}
