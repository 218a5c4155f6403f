/**
 * A panelist's phone as the outbox behaves: every change has an id and waits until the server has said that
 * it has it; what got no answer goes out again, in its order, as often as it takes. It remembers what it was
 * promised.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Reply } from './client.js';

interface Waiting {
  id: string;
  device: string;
  seen: number;
  sequence: number;
  kind: 'set-level' | 'set-comment';
  criterionId: string;
  levelId?: string;
  comment?: string;
}

export interface Promised {
  hash: string;
  revision: number;
  responses: Record<string, { levelId: string | null; comment: string }>;
}

export class StubbornPhone {
  /** Ids in the order in which they were made. */
  readonly made: string[] = [];
  readonly acknowledged = new Set<string>();
  /** By `criterion field`, what the phone said last. */
  readonly said = new Map<string, string>();
  /** The sheet as the answer to its submission showed it. */
  sealed: Promised | null = null;
  attempts = 0;
  private waiting: Waiting[] = [];
  private seen = 0;
  private readonly device = randomUUID();

  constructor(
    readonly client: Client,
    readonly seatId: string,
    private readonly rows: readonly string[],
    private readonly levels: readonly string[],
  ) {}

  /** Somebody taps a level or writes a word. */
  tap(chance: () => number): void {
    const [id, criterionId] = [randomUUID(), pick(this.rows, chance)];
    const change =
      chance() < 0.6
        ? { kind: 'set-level' as const, levelId: pick(this.levels, chance) }
        : { kind: 'set-comment' as const, comment: `word ${id}` };
    this.made.push(id);
    this.said.set(`${criterionId} ${change.kind}`, change.levelId ?? change.comment);
    const origin = { id, device: this.device, seen: this.seen, sequence: this.made.length };
    this.waiting.push({ ...origin, criterionId, ...change });
  }

  hasAllLevels(): boolean {
    return this.rows.every((row) => this.said.has(`${row} set-level`));
  }

  /** One attempt to send what waits. */
  async send(): Promise<void> {
    const batch = this.waiting.slice(0, 50);
    if (batch.length === 0) return;
    const reply = await this.post('operations', { operations: batch });
    if (!reply) return;
    if (reply.status !== 200) throw new Error(`refused: ${reply.status} ${reply.text}`);
    const { applied, revision } = reply.json<{ applied: string[]; revision: number }>();
    for (const id of applied) this.acknowledged.add(id);
    this.waiting = this.waiting.filter(({ id }) => !this.acknowledged.has(id));
    this.seen = revision;
  }

  /** Sends until nothing waits. */
  async flush(): Promise<void> {
    while (this.waiting.length > 0) await this.send();
  }

  async submit(): Promise<void> {
    while (!this.sealed) {
      const reply = await this.post('submit', {});
      if (!reply || (reply.status === 409 && reply.text.includes('"changed"'))) continue;
      if (reply.status !== 200) throw new Error(`not submitted: ${reply.status} ${reply.text}`);
      const sheet = reply.json<
        Omit<Promised, 'responses'> & { criteria: { id: string; response: Promised['responses'][string] }[] }
      >();
      this.sealed = {
        hash: sheet.hash,
        revision: sheet.revision,
        responses: Object.fromEntries(sheet.criteria.map(({ id, response }) => [id, response])),
      };
    }
  }

  /** One more change on a sealed sheet. The status and code of the first real answer. */
  async tryAfterSeal(): Promise<string> {
    for (;;) {
      const change = {
        id: randomUUID(),
        kind: 'set-comment',
        criterionId: this.rows[0]!,
        comment: 'too late',
      };
      const reply = await this.post('operations', { operations: [change] });
      if (reply) return `${reply.status} ${reply.json<{ error?: { code: string } }>().error?.code ?? ''}`;
    }
  }

  /** Null when it got lost or the server is in trouble: then it is tried again a moment later. */
  private async post(act: string, body: object): Promise<Reply | null> {
    this.attempts += 1;
    const reply = await this.client.post(`/seats/${this.seatId}/sheet/${act}`, body).catch(() => null);
    if (reply && reply.status < 500 && reply.status !== 429) return reply;
    await sleep(100);
    return null;
  }
}

const pick = <T>(list: readonly T[], chance: () => number): T => list[Math.floor(chance() * list.length)]!;
