/**
 * Changes that the server has not acknowledged yet, in memory and in this browser's storage, oldest first. Each lies under a
 * key of its own, so that two tabs never overwrite each other's. Where storage is refused, memory alone must do.
 */
export type Change =
  | { kind: 'set-level'; criterionId: string; levelId: string }
  | { kind: 'not-observed'; criterionId: string; notObserved: boolean }
  | { kind: 'set-comment'; criterionId: string; comment: string; levelId?: string }
  | { kind: 'set-overall'; comment: string };

export interface Pending {
  id: string;
  /** Milliseconds since 1970 and a counter: the order in which changes were made on this device. */
  order: string;
  change: Change;
}

export interface Outbox {
  list(): Pending[];
  add(change: Change): Pending;
  remove(id: string): void;
}

/** Works without a secure context too: a school's own server may have no certificate. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function openOutbox(seatId: string): Outbox {
  const prefix = `vitrine.score.${seatId}.`;
  const pending = new Map<string, Pending>();
  let count = 0;

  const quietly = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch {
      return undefined;
    }
  };

  quietly(() => {
    for (let at = 0; at < localStorage.length; at += 1) {
      const key = localStorage.key(at);
      if (!key?.startsWith(prefix)) continue;
      const kept = quietly(() => JSON.parse(localStorage.getItem(key) ?? '') as Pending);
      if (kept?.id && kept.change) pending.set(kept.id, kept);
    }
  });

  return {
    list: () => [...pending.values()].sort((a, b) => (a.order < b.order ? -1 : 1)),
    add(change) {
      count += 1;
      const order = `${Date.now().toString().padStart(15, '0')}-${count.toString().padStart(6, '0')}`;
      const entry: Pending = { id: newId(), order, change };
      pending.set(entry.id, entry);
      quietly(() => localStorage.setItem(prefix + entry.id, JSON.stringify(entry)));
      return entry;
    },
    remove(id) {
      pending.delete(id);
      quietly(() => localStorage.removeItem(prefix + id));
    },
  };
}
