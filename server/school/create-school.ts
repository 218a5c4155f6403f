/**
 * Creates a school with its first terms and its first administrator, all or nothing. Refuses a taken slug and
 * a faint accent.
 */
import { countAccounts } from '../access/account-records.js';
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import {
  inTransaction,
  isDuplicate,
  type Database,
  type SchoolScope,
  type SharedScope,
} from '../db/database.js';
import { InvalidInput, NotFound } from '../errors.js';
import { newId } from '../ids.js';
import { judgeAccent } from '../rendering/accent.js';
import { dayIn, slugOf, termOn, type School, type SchoolPolicies, type Term } from './school.js';
import { freeSlugOf, ownNameKey } from './own-names.js';
import { removeSetupCodes } from './setup-code-records.js';
import {
  countSchools,
  findSchoolBySlug,
  saveOpened,
  saveSchool,
  saveSchoolChange,
  saveTerm,
} from './school-records.js';

export interface NewSchool {
  name: string;
  slug?: string;
  networkId?: string | null;
  timeZone: string;
  locale?: string;
  accent?: string | null;
  address?: string;
  motto?: string;
  policies?: Partial<SchoolPolicies>;
  terms: { name: string; slug?: string; startsOn: string; endsOn: string }[];
}

export interface FirstAdministrator {
  name: string;
  email: string;
  password?: string;
}

export interface CreateSchoolNeeds {
  clock: Clock;
  /** The people room's act; people stand downstream of the school. */
  addAdministrator(
    scope: SchoolScope,
    administrator: FirstAdministrator,
    by?: Pick<Actor, 'personId' | 'name'>,
  ): Promise<unknown>;
  /** Only into an empty installation; of two at once one is refused. */
  onlyAsFirst?: boolean;
}

const defaultPolicies: SchoolPolicies = { pageSize: 'letter', voices: 'named', numberPrefix: '' };

/** @throws InvalidInput per field; NotFound when it was to be the first and is not */
export async function createSchool(
  needs: CreateSchoolNeeds,
  where: SharedScope,
  actor: Pick<Actor, 'personId' | 'via'>,
  input: NewSchool,
  administrator: FirstAdministrator | null,
): Promise<School> {
  checkAccent(input.accent ?? null);
  input.terms.forEach((term, index) => checkTerm(term, `terms.${index}.endsOn`));
  const schoolId = newId();
  const names = input.terms.map(({ name }) => ownNameKey(name));
  const twice = names.findIndex((name, at) => names.indexOf(name) !== at);
  if (twice !== -1)
    throw new InvalidInput([{ field: `terms.${twice}.name`, message: 'school.problem.term-taken' }]);
  const now = needs.clock.now();
  try {
    return await inTransaction(where, async (inside) => {
      if (needs.onlyAsFirst) await claimInstallation(inside);
      const slug = input.slug ?? (await freeSchoolSlug(inside, input.name));
      const scope: SchoolScope = { ...inside, schoolId };
      const terms: Term[] = [];
      for (const { slug: told, name, startsOn, endsOn } of input.terms) {
        const taken = terms.map((each) => each.slug);
        const own = { slug: told ?? freeSlugOf(name, 'term', taken), name, startsOn, endsOn };
        terms.push({ id: newId(), schoolId, ...own });
      }
      const school = await saveSchool(inside, {
        id: schoolId,
        slug,
        name: input.name,
        networkId: input.networkId ?? null,
        timeZone: input.timeZone,
        locale: input.locale ?? 'en',
        accent: input.accent ?? null,
        address: input.address ?? '',
        motto: input.motto ?? '',
        policies: { ...defaultPolicies, numberPrefix: prefixOf(input.name), ...input.policies },
        currentTermId: null,
        createdAt: now,
      });
      for (const term of terms) await saveTerm(scope, term);
      const currentTermId = termOn(terms, dayIn(input.timeZone, now))?.id ?? null;
      await saveSchoolChange(scope, { currentTermId });
      if (administrator) await needs.addAdministrator(scope, administrator);
      await appendAudit(scope, needs.clock, actor, 'school.create', { kind: 'school', id: schoolId });
      return { ...school, currentTermId };
    });
  } catch (error) {
    if (isDuplicate(error)) throw new InvalidInput([{ field: 'name', message: 'school.problem.name-taken' }]);
    throw error;
  }
}

/** Names in other scripts have one slug; the same name is refused. */
async function freeSchoolSlug(inside: SharedScope, name: string): Promise<string> {
  const taken: string[] = [];
  for (;;) {
    const slug = freeSlugOf(name, 'school', taken);
    const other = await findSchoolBySlug(inside, slug);
    if (!other) return slug;
    if (ownNameKey(other.name) === ownNameKey(name))
      throw new InvalidInput([{ field: 'name', message: 'school.problem.name-taken' }]);
    taken.push(slug);
  }
}

/**
 * Inside the transaction that opens the installation.
 * @throws NotFound when somebody has opened it; two at once both find nothing, but only one can write that it
 *   has opened it: the other gets a duplicate
 */
export async function claimInstallation(inside: SharedScope): Promise<void> {
  if (!(await isEmptyInstallation(inside))) throw new NotFound();
  await saveOpened(inside);
  await removeSetupCodes(inside);
}

/** No school, and nobody who could sign in: network staff neither. */
export const isEmptyInstallation = async (where: Database | SharedScope): Promise<boolean> =>
  (await countSchools(where)) === 0 && (await countAccounts(where)) === 0;

/** @throws InvalidInput with the measured contrast */
export function checkAccent(accent: string | null): void {
  if (accent === null) return;
  const verdict = judgeAccent(accent);
  if (verdict.ok) return;
  throw new InvalidInput([
    verdict.reason === 'too-faint'
      ? {
          field: 'accent',
          message: 'school.problem.accent-faint',
          params: { ratio: verdict.ratio, needed: verdict.needed },
        }
      : { field: 'accent', message: 'school.problem.accent-not-a-colour' },
  ]);
}

/** @throws InvalidInput when the term ends before it starts */
export function checkTerm(term: { startsOn: string; endsOn: string }, field = 'endsOn'): void {
  if (term.endsOn <= term.startsOn)
    throw new InvalidInput([{ field, message: 'school.problem.term-backwards' }]);
}

/** `Riverbend Public School` → `RPS`: what transcript numbers begin with until the school chooses. */
function prefixOf(name: string): string {
  const initials = slugOf(name)
    .split('-')
    .map((word) => word[0] ?? '')
    .join('')
    .toUpperCase()
    .slice(0, 4);
  return initials || 'VT';
}
