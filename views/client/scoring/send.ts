/**
 * Talks to the server: one request at a time, oldest change first, again and again until everything is acknowledged.
 */
import { type FieldAnswer } from './changes.js';
import type { Outbox } from './outbox.js';

/** Why nothing goes out at the moment. `refused` carries the server's own words. */
export type Trouble =
  | { kind: 'offline' | 'signed-out' | 'sealed' | 'closed' }
  | { kind: 'refused' | 'submit-refused'; message: string };

export interface Report {
  sending(): void;
  answered(answer: FieldAnswer): void;
  /** What was sent is out of the outbox now. */
  acknowledged(): void;
  troubled(trouble: Trouble): void;
  submitted(): void;
}

interface Problem {
  error?: { code?: string; message?: string };
}

const MAX_WAIT = 30_000;

export class Sender {
  private running: Promise<void> | null = null;
  private again = false;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private wait = 1000;

  constructor(
    private readonly seatId: string,
    private readonly outbox: Outbox,
    private readonly report: Report,
  ) {}

  send(): Promise<void> {
    this.again = this.running !== null;
    this.running ??= this.sendAll().finally(() => {
      this.running = null;
      if (this.again) void this.send();
    });
    return this.running;
  }

  private async sendAll(): Promise<void> {
    clearTimeout(this.retry);
    for (
      let batch = this.outbox.list().slice(0, 50);
      batch.length > 0;
      batch = this.outbox.list().slice(0, 50)
    ) {
      this.report.sending();
      const operations = batch.map(({ id, device, seen, sequence, after, change }) => ({
        ...{ id, device, seen, sequence, after },
        ...change,
      }));
      const response = await this.post('operations', { operations });
      if (!response?.ok) return this.stop(response, 'refused');
      const answer = (await response.json()) as FieldAnswer;
      this.outbox.keepAnswer(answer);
      this.report.answered(answer);
      this.outbox.remove(answer.applied);
      this.report.acknowledged();
      this.wait = 1000;
    }
    if (this.outbox.wantsSubmit) await this.submit();
  }

  private async submit(): Promise<void> {
    // Whoever submits on this page was asked there, where the presentation had not begun.
    const response = await this.post('submit', { early: true });
    if (!response?.ok) return this.stop(response, 'submit-refused');
    await this.outbox.wishSubmit(false);
    this.report.submitted();
  }

  private post(act: string, body: object): Promise<Response | null> {
    return fetch(`/seats/${this.seatId}/sheet/${act}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify(body),
      credentials: 'same-origin',
    }).catch(() => null);
  }

  /** Nothing is thrown away: it stays on this device and goes out when the way is open again. */
  private async stop(response: Response | null, kind: 'refused' | 'submit-refused'): Promise<void> {
    const passing = response === null || response.status === 429 || response.status >= 500;
    this.retry = setTimeout(() => void this.send(), passing ? this.wait : 2 * MAX_WAIT);
    if (passing) {
      this.wait = Math.min(this.wait * 2, MAX_WAIT);
      this.report.troubled({ kind: 'offline' });
      return;
    }
    if (response.status === 401) {
      this.report.troubled({ kind: 'signed-out' });
      return;
    }
    const problem = (await response.json().catch(() => null)) as Problem | null;
    if (problem?.error?.code === 'sealed') {
      this.report.troubled({ kind: 'sealed' });
      return;
    }
    if (problem?.error?.code === 'not-open') {
      this.report.troubled({ kind: 'closed' });
      return;
    }
    const erased = problem?.error?.code === 'erased';
    // What was said about somebody whose record is erased is not kept on this device either.
    if (erased) this.outbox.remove(this.outbox.list().map(({ id }) => id));
    if (kind === 'submit-refused' || erased) await this.outbox.wishSubmit(false);
    this.report.troubled({ kind, message: problem?.error?.message ?? String(response.status) });
  }
}
