/**
 * Drafts the advisories of a roster. An id or an address says for certain who leads one; a name alone gives
 * nobody's students away: it finds an advisory, or leads one that nobody leads. Pure.
 */
import { newId } from '../ids.js';
import { finderByName, freeSlugOf, ownNameKey } from '../school/own-names.js';
import type { Advisory } from './person.js';
import type { Roster, RosterAdvisory, RowProblem } from './roster.js';

export interface ChangedAdvisory {
  before: Advisory;
  advisorIds: string[];
}

const ledBy = (known: readonly Advisory[], advisorIds: readonly string[]): Advisory[] =>
  known.filter((each) => each.advisorIds.some((id) => advisorIds.includes(id)));

const sameIds = (some: readonly string[], others: readonly string[]): boolean =>
  [...some].sort().join() === [...others].sort().join();

/**
 * @param idOf who is meant by `id:…` or `email:…`
 * @param problems what cannot be taken over is added
 * @param staffNamed the only one who leads students and has this name
 */
export function draftAdvisories(
  schoolId: string,
  roster: Roster,
  known: readonly Advisory[],
  idOf: (key: string) => string | undefined,
  problems: RowProblem[],
  staffNamed: (name: string) => string | undefined = () => undefined,
) {
  const find = finderByName(
    known,
    roster.advisories.map(({ name }) => name),
  );
  const byName = new Map<string, Advisory>();
  const slugs = new Set(known.map(({ slug }) => slug));
  const created: Advisory[] = [];
  const updated: ChangedAdvisory[] = [];
  const tell = ({ place }: RosterAdvisory, message: string, value: string): void => {
    problems.push({
      ...{ ...place, field: 'advisor', message: `people.import.row.${message}` },
      params: { value: value.slice(0, 80) },
    });
  };
  // Those with a name of their own first: the others may be found among them.
  const inOrder = [...roster.advisories].sort(
    (one, other) => Number(one.isNamedByAdvisor ?? false) - Number(other.isNamedByAdvisor ?? false),
  );
  /** Found by who leads them: the file says no more about these. */
  const byLeader = new Set<Advisory>();
  for (const each of inOrder) {
    const { name, isNamedByAdvisor = false, advisorNames = [] } = each;
    const certain = each.advisors.flatMap((key) => idOf(key) ?? []);
    const named = advisorNames.flatMap((one) => staffNamed(one) ?? []);
    const advisorIds = [...new Set(certain.length > 0 ? certain : named)];
    const led = isNamedByAdvisor ? ledBy([...known, ...created], advisorIds) : [];
    const key = ownNameKey(name);
    const itself = byName.get(key) ?? find(name);
    const existing = itself ?? (led.length === 1 ? led[0] : undefined);
    if (!existing && isNamedByAdvisor && (led.length > 1 || advisorIds.length === 0)) {
      // Whoever is in an advisory stays there.
      tell(each, led.length > 1 ? 'advisor-of-several' : 'advisor-unknown', name);
      continue;
    }
    const unknown = each.advisors.filter((one) => !idOf(one)).map((one) => one.replace(/^\w+:/, ''));
    if (!existing) {
      const slug = freeSlugOf(name, 'advisory', slugs);
      slugs.add(slug);
      const advisory = { id: newId(), schoolId, slug, name, advisorIds };
      created.push(advisory);
      byName.set(key, advisory);
      if (advisorIds.length === 0 && unknown.length === 0) unknown.push(...advisorNames);
    } else {
      byName.set(key, existing);
      if (!itself) byLeader.add(existing);
      else if (!byLeader.has(existing) && !sameIds(advisorIds, existing.advisorIds)) {
        // Two classes of one name are one advisory.
        if (created.includes(existing))
          existing.advisorIds = [...new Set([...existing.advisorIds, ...advisorIds])];
        else if (certain.length > 0 || (existing.advisorIds.length === 0 && advisorIds.length > 0))
          updated.push({ before: existing, advisorIds });
        else if (advisorIds.some((id) => !existing.advisorIds.includes(id)))
          tell(each, 'advisor-named', advisorNames.join(', '));
      }
    }
    for (const value of unknown) tell(each, 'advisor', value);
  }
  const names = new Map([...known, ...created].map((advisory) => [advisory.id, advisory.name]));
  return {
    created,
    updated,
    idOf: (name: string) => byName.get(ownNameKey(name))?.id,
    nameOf: (id: string | null) => (id ? (names.get(id) ?? '') : ''),
  };
}
