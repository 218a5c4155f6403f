/**
 * Takes over from a table when people can come. All of it or nothing: a row that cannot be read, or that
 * names nobody or several people, is told by its number and no hours are changed. People who are not in the
 * table keep theirs.
 */
import { runsSchool, type Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { InvalidInput } from '../errors.js';
import { attendanceOf } from './attendance.js';
import { dayAt } from './clear-hours.js';
import { isAtClockChange, readHours } from './hours.js';
import { listAllPeople, savePersonChange } from './people-records.js';
import { requirePermission, type Person } from './person.js';
import type { DateOrder } from './typed-hours.js';
import { readHoursCsv, type HoursProblem, type HoursRow } from './read-hours-csv.js';

/** More problems than anybody reads at once. */
const MAX_TOLD = 20;
const MAX_LINES = 60;

export interface HoursPorts {
  /** The exhibitions that are planned or under way: what somebody who cannot come is away from. */
  listPlannedIds(scope: SchoolScope): Promise<string[]>;
}

/** @returns whose hours the table says, also where they said the same before */
export async function importHours(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  file: { name: string; content: Buffer; order: DateOrder | null; zone: string },
  ports: HoursPorts,
): Promise<{ people: number; changed: number }> {
  requirePermission(runsSchool(actor) && actor.seatIds === null);
  const { rows, problems } = await readHoursCsv(file.name, file.content, file.order, dayAt(clock, file.zone));
  const planned = rows.some(({ never }) => never) ? await ports.listPlannedIds(scope) : [];
  return inTransaction(scope, async (inside) => {
    const everybody = (await listAllPeople(inside)).filter((person) => person.active && !person.erasedAt);
    const known = knownBy(everybody);
    const told = [...problems];
    for (const { row, hours = [] } of rows)
      for (const line of hours)
        if (isAtClockChange(readHours(line)!, file.zone))
          told.push({ row, message: 'people.hours.problem.clock-change', params: { line } });
    if (planned.length === 0)
      for (const { row, never } of rows)
        if (never) told.push({ row, message: 'people.hours.problem.nothing-planned', params: {} });
    const byPerson = new Map<string, HoursRow[]>();
    for (const row of rows) {
      const found = known(row);
      if (typeof found === 'string')
        told.push({ row: row.row, message: found, params: { name: row.name || row.email || row.id } });
      else byPerson.set(found.id, [...(byPerson.get(found.id) ?? []), row]);
    }
    if (rows.length === 0)
      throw new InvalidInput([{ field: 'file', message: 'people.hours.problem.no-row' }]);
    for (const own of byPerson.values())
      if (own.reduce((sum, row) => sum + (row.hours?.length ?? 0), 0) > MAX_LINES)
        told.push({
          row: own[0]!.row,
          message: 'people.hours.problem.too-many',
          params: { maximum: MAX_LINES },
        });
    for (const own of byPerson.values()) {
      const both = own.some(({ never }) => never) && own.find(({ hours }) => hours !== undefined);
      if (both) told.push({ row: both.row, message: 'people.hours.problem.never-and-hours', params: {} });
    }
    if (told.length > 0) throw new InvalidInput(problemsOf(told));
    let changed = 0;
    for (const person of everybody) {
      const own = byPerson.get(person.id);
      if (!own) continue;
      const last = <K extends 'most' | 'speaks' | 'interprets'>(key: K) =>
        own.findLast((row) => row[key] !== undefined)?.[key];
      const said = own.flatMap(({ hours }) => (hours ? [hours] : []));
      const attendance = attendanceOf(person.attendance, {
        ...(said.length > 0 ? { hours: [...new Set(said.flat())], awayFrom: [] } : {}),
        ...(own.some(({ never }) => never) ? { awayFrom: planned } : {}),
        ...{ most: last('most'), speaks: last('speaks'), interprets: last('interprets') },
      });
      // Who once said "never" comes again with hours of their own.
      if (said.length > 0 && attendance.most === 0) attendance.most = null;
      if (JSON.stringify(attendance) === JSON.stringify(attendanceOf(person.attendance, {}))) continue;
      changed += 1;
      await savePersonChange(inside, person.id, { attendance });
      await appendAudit(
        inside,
        clock,
        actor,
        'people.change',
        { kind: 'person', id: person.id },
        { fields: ['attendance'] },
      );
    }
    return { people: byPerson.size, changed };
  });
}

const problemsOf = (told: readonly HoursProblem[]) =>
  [...told]
    .sort((a, b) => a.row - b.row)
    .slice(0, MAX_TOLD)
    .map(({ row, message, params }) => ({ field: 'file', message, params: { ...params, row } }));

const nameKey = (name: string): string =>
  name.normalize('NFC').trim().replace(/\s+/g, ' ').toLocaleLowerCase('en');

/**
 * By id or school number, else by e-mail address, else by the whole name; a message key where that is nobody
 * or several.
 */
function knownBy(people: readonly Person[]): (row: HoursRow) => Person | string {
  const index = (keysOf: (person: Person) => (string | null | undefined)[]) => {
    const found = new Map<string, Person[]>();
    for (const person of people)
      for (const key of new Set(keysOf(person))) if (key) found.set(key, [...(found.get(key) ?? []), person]);
    return found;
  };
  const byId = index(({ id, sourcedId, studentNumber }) => [id, sourcedId, studentNumber]);
  const byEmail = index(({ email }) => [email?.toLowerCase()]);
  const byName = index(({ displayName, givenName, familyName }) => [
    nameKey(displayName),
    nameKey(`${givenName} ${familyName}`),
    nameKey(`${familyName}, ${givenName}`),
  ]);
  return ({ id, email, name }) => {
    const found = id ? byId.get(id) : email ? byEmail.get(email) : byName.get(nameKey(name));
    if (!id && !email && !name) return 'people.hours.problem.no-person';
    if (!found || found.length === 0) return 'people.hours.problem.nobody';
    return found.length === 1 ? found[0]! : 'people.hours.problem.several';
  };
}
