/**
 * Who presents without a submitted portfolio: told before an exhibition opens, because its panels then have
 * nothing to look at.
 */
import type { SchoolScope } from '../../db/database.js';
import { Conflict } from '../../errors.js';
import { listPeopleByIds } from '../../people/people-records.js';
import { listStudentsWithSnapshot } from '../../portfolio/portfolio-records.js';
import type { Exhibition } from '../exhibition.js';
import { seenOf } from '../refuse-stale.js';
import { listMemberSlotsOfExhibition } from '../slots/slot-records.js';

/** Students named one by one. */
const MAX_NAMED = 30;

export interface MissingPortfolios {
  /** Of which list it is said that the exhibition opens all the same. */
  seen: string;
  count: number;
  /** The first of them, by name. */
  students: { id: string; name: string }[];
  more: number;
}

/** What was asked about those who present without a portfolio, and which of them its sender was told. */
export interface AskedOpening {
  withoutPortfolio?: boolean | undefined;
  seen?: string | undefined;
}

/** 409: somebody presents without a portfolio, and that was not confirmed, or of others than it is now. */
export class MissingPortfoliosUnconfirmed extends Conflict {
  constructor(readonly missing: MissingPortfolios) {
    super('exhibition.problem.without-portfolio', { count: missing.count }, 'unconfirmed', { ...missing });
  }
}

/** @throws MissingPortfoliosUnconfirmed */
export async function confirmMissingPortfolios(
  inside: SchoolScope,
  exhibition: Pick<Exhibition, 'id' | 'termId' | 'phase'>,
  { withoutPortfolio, seen }: AskedOpening,
): Promise<void> {
  const missing = await findMissingPortfolios(inside, exhibition);
  if (missing && !(withoutPortfolio && seen === missing.seen))
    throw new MissingPortfoliosUnconfirmed(missing);
}

/** Null where everybody has submitted one, or it is too late to ask. */
export async function findMissingPortfolios(
  scope: SchoolScope,
  { id, termId, phase }: Pick<Exhibition, 'id' | 'termId' | 'phase'>,
): Promise<MissingPortfolios | null> {
  if (phase !== 'draft') return null;
  const ids = [...new Set((await listMemberSlotsOfExhibition(scope, id)).map(({ studentId }) => studentId))];
  const submitted = await listStudentsWithSnapshot(scope, termId, ids);
  const missing = ids.filter((studentId) => !submitted.has(studentId));
  if (missing.length === 0) return null;
  const students = (await listPeopleByIds(scope, missing))
    .map((person) => ({ id: person.id, name: person.displayName }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))
    .slice(0, MAX_NAMED);
  return {
    seen: seenOf([...missing].sort()),
    count: missing.length,
    students,
    more: Math.max(0, missing.length - MAX_NAMED),
  };
}
