/**
 * A database as if many had used it for long: all that lies in it once more, of others in the same school and
 * in other schools.
 */
import type { Database } from '../../server/db/database.js';

type Stored = Record<string, unknown> & { _id: string };

/** Collections of which a school has a few documents, however big it is. */
const fewPerSchool = ['schools', 'terms', 'transcriptcounters', 'storageuses', 'auditheads'];
/** What was done to the database itself: copies would say that a newer program was here. */
const ofDatabase = ['migrations', 'databasestate'];
const week = 7 * 86_400_000;

/**
 * The copies have ids of their own that lead to each other, and each lies a week before the one before it.
 * @param schoolId whose documents those are
 * @param copies how often within the school, and how many other schools
 */
export async function makeBusy(
  db: Database,
  schoolId: string,
  copies: { within: number; schools: number },
): Promise<void> {
  const raw = db.connection.db!;
  const names = (await raw.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
  const all = new Map<string, Stored[]>();
  for (const name of names.filter((each) => !each.startsWith('system.') && !ofDatabase.includes(each)))
    all.set(name, await raw.collection<Stored>(name).find().toArray());
  const known = new Set([...all.values()].flat().map(({ _id }) => _id));
  const shared = new Set([schoolId, ...(all.get('terms') ?? []).map(({ _id }) => _id)]);
  for (const [name, documents] of all) {
    const forbidden = await uniqueFields(db, name);
    const within = fewPerSchool.includes(name) ? 0 : copies.within;
    const made = documents.flatMap((document) =>
      Array.from({ length: within + copies.schools }, (_none, at) => {
        const renames = (id: string) => known.has(id) && !(at < within && shared.has(id));
        const copy = copied(document, (id) => (renames(id) ? `${id}-${at}` : id), (at + 1) * week);
        return distinct(copy as Stored, document, forbidden, at + 1);
      }),
    );
    if (made.length > 0) await raw.collection<Stored>(name).insertMany(made);
  }
}

function copied(value: unknown, named: (text: string) => string, earlier: number): unknown {
  if (typeof value === 'string') return named(value);
  if (value instanceof Date) return new Date(value.getTime() - earlier);
  if (Array.isArray(value)) return value.map((each) => copied(each, named, earlier));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, copied(inner, named, earlier)]),
  );
}

/** For each unique index the paths of which one at least must differ. */
async function uniqueFields(db: Database, name: string): Promise<string[][]> {
  const indexes = await db.connection.db!.collection(name).indexes();
  return [['_id'], ...indexes.filter(({ unique }) => unique).map(({ key }) => Object.keys(key))];
}

/** Of a list, the values of all its items. */
const valueAt = (document: Stored, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (at, step) =>
        Array.isArray(at)
          ? at.map((each) => (each as Record<string, unknown>)[step])
          : (at as Record<string, unknown> | null)?.[step],
      document,
    );

/** Changes the value at a path, of a list in each of its items. */
function changeAt(at: unknown, [step, ...rest]: string[], change: (value: unknown) => unknown): void {
  if (Array.isArray(at)) for (const each of at) changeAt(each, [step!, ...rest], change);
  if (Array.isArray(at) || typeof at !== 'object' || at === null) return;
  const holder = at as Record<string, unknown>;
  const value = holder[step!];
  if (value === undefined || value === null) return;
  if (rest.length > 0) changeAt(value, rest, change);
  else holder[step!] = change(value);
}

/** What new ids have left as it was, and an index forbids to repeat, gets another value. */
function distinct(copy: Stored, original: Stored, forbidden: readonly string[][], nth: number): Stored {
  for (const paths of forbidden) {
    if (paths.some((path) => JSON.stringify(valueAt(copy, path)) !== JSON.stringify(valueAt(original, path))))
      continue;
    changeAt(copy, paths.at(-1)!.split('.'), (value) =>
      typeof value === 'string' ? `${value}-${nth}` : (value as number) + nth * 1_000_000,
    );
  }
  return copy;
}
