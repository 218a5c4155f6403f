/**
 * What this device keeps for one person and one seat: changes that the server has not acknowledged yet
 * (oldest first), words that are still being typed, the sheet as the server last answered it, and the wish to
 * submit. Other people who use the same device have keys of their own. Where the browser refuses to store,
 * memory alone must do, and `isKept` says so.
 */
import { queuedField, type FieldAnswer, type QueuedChange } from './changes.js';
import { changeKept, openStore, type SheetDraft, type Kept, type Pending, type Store } from './store.js';

/** Works without a secure context too: a school's own server may have no certificate. */
export function newOperationId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export class Outbox {
  device = '';
  private readonly pending = new Map<string, Pending>();
  private kept: Kept;
  private writes: Promise<unknown> = Promise.resolve();
  private last = 0;
  /** Whether everything so far lies in the browser's storage. */
  isKept = true;

  private constructor(
    private readonly owner: string,
    private readonly store: Store | null,
  ) {
    this.kept = { owner };
    this.isKept = store !== null;
  }

  static async open(person: string, seat: string): Promise<Outbox> {
    const outbox = new Outbox(`${person}/${seat}`, await openStore().catch(() => null));
    await outbox.read().catch(() => (outbox.isKept = false));
    if (outbox.kept.browser === undefined) void outbox.keep({ browser: newOperationId().slice(0, 12) });
    outbox.device = `${outbox.kept.browser ?? ''}-${newOperationId().slice(0, 12)}`;
    await outbox.moveIn(seat);
    return outbox;
  }

  list(): Pending[] {
    return [...this.pending.values()].sort((a, b) => a.sequence - b.sequence || (a.id < b.id ? -1 : 1));
  }

  waitsIn(field: string): boolean {
    return this.list().some(({ change }) => queuedField(change) === field);
  }

  /** @param seen revision of the sheet that the page showed when the change was made */
  add(change: QueuedChange, seen: number, id = newOperationId()): Promise<void> {
    const before = this.list().filter((other) => queuedField(other.change) === queuedField(change));
    this.last = Math.max(Date.now() * 1000, this.last + 1, (this.list().at(-1)?.sequence ?? 0) + 1);
    const entry: Pending = {
      ...{ id, owner: this.owner, device: this.device, sequence: this.last, change },
      seen: Math.min(seen, ...before.map((other) => other.seen)),
      // Those of this page itself are known to come before.
      after: before
        .filter((other) => other.device !== this.device)
        .slice(-100)
        .map((other) => other.id),
    };
    this.pending.set(entry.id, entry);
    return this.write(async (store) => {
      const both = store.transaction(['changes', 'drafts'], 'readwrite', { durability: 'strict' });
      await both.objectStore('changes').put(entry);
      await both.objectStore('drafts').delete(this.draftKey(queuedField(change)));
      await both.done;
    });
  }

  remove(ids: string[]): void {
    ids.forEach((id) => this.pending.delete(id));
    void this.write(async (store) => {
      const transaction = store.transaction('changes', 'readwrite');
      await Promise.all(ids.map((id) => transaction.store.delete(id)));
      await transaction.done;
    });
  }

  /** Words that are still being typed, so that a tab that dies in the middle of a sentence loses none of them. */
  keepDraft(field: string, value: string, seen: number): void {
    const key = this.draftKey(field);
    void this.write((store) => store.put('drafts', { key, owner: this.owner, field, value, seen }));
  }

  async drafts(): Promise<SheetDraft[]> {
    return (await this.store?.getAllFromIndex('drafts', 'owner', this.owner).catch(() => [])) ?? [];
  }

  get answer(): FieldAnswer | null {
    return this.kept.answer ?? null;
  }

  get wantsSubmit(): boolean {
    return this.kept.submit ?? false;
  }

  keepAnswer(answer: FieldAnswer): void {
    void this.keep({ answer });
  }

  wishSubmit(submit: boolean): Promise<void> {
    return this.keep({ submit });
  }

  /** What other pages of this person on this device have added or sent meanwhile. */
  async read(): Promise<void> {
    if (!this.store) return;
    await this.writes;
    const known = [...this.pending.keys()];
    const found = await this.store.getAllFromIndex('changes', 'owner', this.owner);
    // What was added while the store answered is not in the answer, and stays.
    known.forEach((id) => this.pending.delete(id));
    found.forEach((entry) => this.pending.set(entry.id, entry));
    this.kept = (await this.store.get('sheets', this.owner)) ?? { owner: this.owner };
  }

  private keep(change: Partial<Kept>): Promise<void> {
    this.kept = { ...this.kept, ...change };
    return this.write((store) => changeKept(store, this.owner, change));
  }

  private draftKey(field: string): string {
    return `${this.owner}/${field}`;
  }

  /** One after the other, so that a removal never overtakes what it removes. */
  private write(work: (store: Store) => Promise<unknown>): Promise<void> {
    const { store } = this;
    if (!store) return Promise.resolve();
    const written = this.writes
      .then(() => work(store))
      .then(
        () => undefined,
        () => void (this.isKept = false),
      );
    this.writes = written;
    return written;
  }

  /** What an earlier version of this page left in localStorage; it is removed there once it lies here. */
  private async moveIn(seat: string): Promise<void> {
    try {
      const prefix = `vitrine.score.${seat}.`;
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
      const entries = keys.map((key) => JSON.parse(localStorage.getItem(key) ?? 'null') as OldPending | null);
      const waiting = entries.filter((entry) => entry !== null);
      waiting.sort((a, b) => (a.order < b.order ? -1 : 1));
      for (const { id, change } of waiting) await this.add(change, 0, id);
      if (this.isKept) keys.forEach((key) => localStorage.removeItem(key));
    } catch {
      // Storage is refused: there was nothing to move.
    }
  }
}

interface OldPending {
  id: string;
  order: string;
  change: QueuedChange;
}
