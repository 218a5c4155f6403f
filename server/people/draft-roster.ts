/** Drafts the people of a matched roster: what each record is before and after. Pure, in portions with breaks. */
import type { Clock } from '../clock.js';
import { newPersonOf } from './add-person.js';
import { makeBreaks } from './breaks.js';
import type { PlannedPerson } from './compare-roster.js';
import { endedAfter, restoreKey, tieKey } from './ended-ties.js';
import { guardiansAfter } from './roster-guardians.js';
import { sortNameOf, type Person } from './person.js';
import { emailKey, idKey, rowKeyOf, type RosterPlace } from './roster.js';
import type { FieldChange } from './roster-import.js';

export interface RosterDraft {
  rowKey: string;
  place: RosterPlace;
  before: Person | null;
  after: Person;
  /** Guardians whom the file does not name any more; they stay until somebody confirms. */
  unnamed: string[];
  /** Guardians whom the file names and whose tie somebody has ended: they stay out. */
  returning: string[];
  /** Of these, those who are guardians again because somebody has said so. */
  restored: string[];
  setAdvisory(idOf: (name: string) => string | undefined): void;
}

/**
 * @param mayRestore whether somebody has said that this ended tie holds again, by its `restoreKey`
 * @param endTies keys of ties of which somebody has confirmed that they end
 * @param merged whom the student numbers of merged records mean
 * @param aliases people of the school whom the file names by a further key
 */
export async function draftPeople(
  clock: Clock,
  schoolId: string,
  planned: readonly PlannedPerson[],
  people: readonly Person[],
  endTies: ReadonlySet<string>,
  merged: ReadonlyMap<string, string> = new Map(),
  aliases: ReadonlyMap<string, string> = new Map(),
  mayRestore: (key: string) => boolean = () => false,
) {
  const ids = new Map([...aliases, ...[...merged].map(([number, id]) => [idKey(number), id] as const)]);
  const note = (person: Pick<Person, 'id' | 'sourcedId' | 'email'>, key?: string): void => {
    if (person.sourcedId) ids.set(idKey(person.sourcedId), person.id);
    if (person.email) ids.set(emailKey(person.email), person.id);
    if (key) ids.set(key, person.id);
  };
  const pause = makeBreaks();
  for (const person of people) {
    note(person);
    await pause();
  }
  const drafts: { each: PlannedPerson; after: Person }[] = [];
  for (const each of planned) {
    await pause();
    const base =
      each.known ??
      newPersonOf(clock, schoolId, {
        givenName: each.row.givenName,
        familyName: each.row.familyName,
        roles: [],
      });
    const after: Person = { ...base, ...each.facts };
    after.sortName = sortNameOf(after.givenName, after.familyName);
    note(after, each.row.key);
    drafts.push({ each, after });
  }
  const result: RosterDraft[] = [];
  for (const { each, after } of drafts) {
    await pause();
    let unnamed: string[] = [];
    let returning: string[] = [];
    let restored: string[] = [];
    if (each.guardians) {
      const known = each.guardians.flatMap((key) => ids.get(key) ?? []);
      const tied = (each.row.agents ?? [])
        .flatMap((key) => ids.get(key) ?? [])
        .filter((id) => each.known?.guardianIds.includes(id));
      // Nobody is their own guardian.
      const named = [...new Set([...known, ...tied])].filter((id) => id !== after.id);
      const ended = named.filter((id) => each.known?.endedGuardianIds?.includes(id));
      restored = ended.filter((id) => mayRestore(restoreKey(after.id, id)));
      returning = ended.filter((id) => !restored.includes(id));
      const family = guardiansAfter(
        each.known,
        named.filter((id) => !returning.includes(id)),
        (id) => endTies.has(tieKey(after.id, id)),
      );
      ({ unnamed } = family);
      after.guardianIds = family.guardianIds;
      after.endedGuardianIds = endedAfter(each.known, after.guardianIds);
    }
    result.push({
      rowKey: rowKeyOf(each.row),
      place: each.row.place,
      before: each.known,
      after,
      unnamed,
      returning,
      restored,
      setAdvisory(idOf) {
        if (each.advisory) after.advisoryId = idOf(each.advisory) ?? after.advisoryId;
      },
    });
  }
  return { people: result, idOf: (key: string) => ids.get(key) };
}

export const comparedFields = [
  'givenName',
  'familyName',
  'displayName',
  'legalName',
  'chosenName',
  'email',
  'roles',
  'grade',
  'advisoryId',
  'guardianIds',
  'organisation',
  'locale',
  'sourcedId',
  'studentNumber',
  'active',
  'leftAs',
] as const;

/** Which fields differ, from what to what, readable; empty for somebody new. */
export function rosterChanges(
  { before, after }: Pick<RosterDraft, 'before' | 'after'>,
  nameOf: (id: string | null) => string,
): FieldChange[] {
  if (!before) return [];
  const readable = (person: Person, field: (typeof comparedFields)[number]): string => {
    const value = person[field] ?? null;
    if (field === 'advisoryId') return nameOf(person.advisoryId);
    if (field === 'guardianIds') return String(person.guardianIds.length);
    return Array.isArray(value) ? value.join(', ') : String(value ?? '');
  };
  return comparedFields
    .filter((field) => JSON.stringify(before[field] ?? null) !== JSON.stringify(after[field] ?? null))
    .map((field) => ({ field, from: readable(before, field), to: readable(after, field) }));
}
