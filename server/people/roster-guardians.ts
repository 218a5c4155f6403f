/** Who a student's guardians are after an import: whom the file names and the school knows, and whom it does not name any more. Pure. */
import type { KnownSchool, RosterPlan } from './compare-roster.js';
import { governsAlone, type Person } from './person.js';
import { emailKey, idKey } from './roster.js';

const keysOf = ({ sourcedId, email }: Pick<Person, 'sourcedId' | 'email'>): string[] => [
  ...(sourcedId ? [idKey(sourcedId)] : []),
  ...(email ? [emailKey(email)] : []),
];

/**
 * A row that names a guardian whom nobody knows is named, and so is one that would make an administrator a guardian by somebody else's
 * act; the student comes in with the others.
 * @param named administrators whom rows name as guardians, by the key of the mention
 */
export function withKnownGuardians(
  plan: RosterPlan,
  school: KnownSchool,
  named: ReadonlyMap<string, string>,
): RosterPlan {
  const known = new Set(school.people.flatMap(keysOf));
  for (const number of school.merged?.keys() ?? []) known.add(idKey(number));
  for (const key of plan.aliases.keys()) known.add(key);
  for (const { row } of plan.people)
    for (const key of [...keysOf(row), ...(row.key ? [row.key] : [])]) known.add(key);
  const governors = new Map([...named, ...(school.mayChangeAdministrators ? [] : governorsOf(school))]);
  const people = plan.people.map((person) => {
    if (person.guardians === null) return person;
    const fits = (key: string): boolean => known.has(key) && !governors.has(key);
    for (const key of person.guardians.filter((each) => !fits(each))) {
      const governor = governors.get(key);
      plan.problems.push({
        ...person.row.place,
        field: 'guardians',
        message: `people.import.row.${governor ? 'guardian-admin' : 'guardian'}`,
        params: { value: governor ?? key.replace(/^\w+:/, '') },
      });
    }
    return { ...person, guardians: person.guardians.filter(fits) };
  });
  return { ...plan, people };
}

/** Names of the administrators who are nobody's family so far, by what a row may call them. */
function governorsOf({ people, merged }: KnownSchool): Map<string, string> {
  const governors = people.filter(governsAlone);
  const numbers = [...(merged ?? [])].map(([number, personId]) => ({ key: idKey(number), personId }));
  return new Map(
    governors.flatMap((person) =>
      [
        ...keysOf(person),
        ...numbers.filter(({ personId }) => personId === person.id).map(({ key }) => key),
      ].map((key) => [key, person.displayName] as const),
    ),
  );
}

/**
 * The guardians after the import, and those whom the file does not name any more: they stay guardians unless somebody has confirmed
 * that the tie ends, because who may read about a child is no matter of a missing cell.
 * @param isConfirmed whether the tie to this guardian ends
 */
export function guardiansAfter(
  known: Pick<Person, 'guardianIds'> | null,
  named: readonly string[],
  isConfirmed: (guardianId: string) => boolean,
): { guardianIds: string[]; unnamed: string[] } {
  const before = known?.guardianIds ?? [];
  const unnamed = before.filter((id) => !named.includes(id) && !isConfirmed(id));
  const kept = before.filter((id) => named.includes(id) || unnamed.includes(id));
  return { guardianIds: [...kept, ...named.filter((id) => !kept.includes(id))], unnamed };
}
