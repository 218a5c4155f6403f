/**
 * Who a student's guardians are after an import: whom the file names and the school knows, and whom it does
 * not name any more. Pure.
 */
import type { KnownSchool, PlannedPerson, RosterPlan } from './compare-roster.js';
import { governsAlone, mayBeGuardian, type Person } from './person.js';
import { emailKey, idKey } from './roster.js';

const keysOf = ({ sourcedId, email }: Pick<Person, 'sourcedId' | 'email'>): string[] => [
  ...(sourcedId ? [idKey(sourcedId)] : []),
  ...(email ? [emailKey(email)] : []),
];

/** Who may be meant by a key of the file, as they are after the import. */
interface Named {
  /** Null for somebody new. */
  id: string | null;
  isGuardian: boolean;
}

/** By every key: people of the school, and above them what the file says of them. */
function namedPeople(plan: RosterPlan, school: KnownSchool): Map<string, Named> {
  const named = new Map<string, Named>();
  const byId = new Map(school.people.map((person) => [person.id, person]));
  const note = (keys: readonly string[], id: string | null, person: Pick<Person, 'roles'>): void => {
    for (const key of keys) named.set(key, { id, isGuardian: mayBeGuardian(person) });
  };
  for (const person of school.people) note(keysOf(person), person.id, person);
  for (const { row, known, facts } of plan.people)
    note(
      [...keysOf(row), ...(known ? keysOf(known) : []), ...(row.key ? [row.key] : [])],
      known?.id ?? null,
      {
        roles: facts.roles ?? known?.roles ?? row.roles,
      },
    );
  const others = [
    ...plan.aliases,
    ...[...(school.merged ?? [])].map(([number, id]) => [idKey(number), id] as const),
  ];
  for (const [key, id] of others) {
    const person = byId.get(id);
    if (person) named.set(key, { id, isGuardian: mayBeGuardian(person) || plan.aliases.has(key) });
  }
  return named;
}

/**
 * A row that names a guardian whom nobody knows, or who is something else here, is told, and so is one that
 * would make an administrator a guardian by somebody else's act; the student comes in with the others.
 * @param named administrators whom rows name as guardians, by the key of the mention
 */
export function withKnownGuardians(
  plan: RosterPlan,
  school: KnownSchool,
  named: ReadonlyMap<string, string>,
): RosterPlan {
  const people = namedPeople(plan, school);
  const governors = new Map([...named, ...(school.mayChangeAdministrators ? [] : governorsOf(school))]);
  const problemOf = (key: string, { row, known }: PlannedPerson): string | null => {
    if (governors.has(key)) return 'guardian-admin';
    if (keysOf(row).includes(key)) return 'guardian-oneself';
    const guardian = people.get(key);
    if (!guardian) return 'guardian';
    // Whoever is one already stays one.
    const isTied = guardian.id !== null && known !== null && known.guardianIds.includes(guardian.id);
    return guardian.isGuardian || isTied ? null : 'guardian-role';
  };
  const planned = plan.people.map((person) => {
    if (person.guardians === null) return person;
    const guardians = person.guardians.filter((key) => {
      const problem = problemOf(key, person);
      if (problem !== null)
        plan.problems.push({
          ...person.row.place,
          ...{ field: 'guardians', message: `people.import.row.${problem}` },
          params: { value: governors.get(key) ?? key.replace(/^\w+:/, '') },
        });
      return problem === null;
    });
    return { ...person, guardians };
  });
  return { ...plan, people: planned };
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
 * The guardians after the import, and those whom the file does not name any more: they stay guardians unless
 * somebody has confirmed that the tie ends, because who may read about a child is no matter of a missing
 * cell.
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
