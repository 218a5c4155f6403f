/**
 * Reads by id that are wanted at the same moment are asked for together: when two hundred phones score, a
 * handful of questions reach the database instead of thousands. Nothing is remembered: a read is asked after
 * it was wanted, never answered from an earlier one.
 */

interface Wanted<T> {
  resolve: (found: T | null) => void;
  reject: (error: unknown) => void;
}

/** After so many milliseconds a question that takes long holds up nobody any more. */
const patience = 5;

/** @param ask answers what exists of these ids, in any order, each with its id */
export function batchReads<T>(
  ask: (ids: string[]) => Promise<{ id: string; found: T }[]>,
): (id: string) => Promise<T | null> {
  let wanted = new Map<string, Wanted<T>[]>();
  // One question is under way or about to be; what is wanted meanwhile goes with the next.
  let busy = false;

  async function send(): Promise<void> {
    const now = wanted;
    wanted = new Map();
    let isWaitedFor = true;
    const goOn = (): void => {
      if (!isWaitedFor) return;
      isWaitedFor = false;
      busy = false;
      if (wanted.size > 0) call();
    };
    const late = setTimeout(goOn, patience);
    try {
      for (const { id, found } of await ask([...now.keys()])) {
        // Each gets an answer of their own, as if they had asked alone.
        now.get(id)?.forEach(({ resolve }, at) => resolve(at === 0 ? found : copyOf(found)));
        now.delete(id);
      }
      for (const askers of now.values()) for (const { resolve } of askers) resolve(null);
    } catch (error) {
      for (const askers of now.values()) for (const { reject } of askers) reject(error);
    }
    clearTimeout(late);
    goOn();
  }

  function call(): void {
    if (busy) return;
    busy = true;
    setImmediate(() => void send());
  }

  return (id) =>
    new Promise<T | null>((resolve, reject) => {
      const askers = wanted.get(id);
      if (askers) askers.push({ resolve, reject });
      else wanted.set(id, [{ resolve, reject }]);
      call();
    });
}

/** Plain data as the database answers it: objects, lists, dates, and values that cannot be changed. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  if (value instanceof Date) return new Date(value) as T;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copyOf(inner)])) as T;
}
