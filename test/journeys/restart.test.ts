/**
 * The server is killed with -9 while a panel scores and while transcripts are issued, with its database and
 * without. What it had acknowledged is there afterwards, and no transcript number is used twice.
 */
import { rmSync } from 'node:fs';
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findPerson } from '../../server/people/people-records.js';
import { findSheet } from '../../server/scores/score-sheet-records.js';
import { besideServer } from '../harness/beside-server.js';
import { aPanel, type TestPanel } from '../harness/builders/scores.js';
import { saveSampleLoad } from '../../server/school/sample-load-records.js';
import { aCohort, type TestCohort } from '../harness/builders/transcript.js';
import { visitorOf, type Client, type Reply } from '../harness/client.js';
import { temporaryFolder } from '../harness/services.js';
import { testPassword, type TestApp } from '../harness/start-app.js';
import { buildOnce, mongodPid, startServer, type RunningServer } from '../harness/start-server.js';

let dataDir: string;
let server: RunningServer;

beforeAll(async () => {
  buildOnce();
  dataDir = temporaryFolder();
  server = await startServer(dataDir);
}, 120_000);

afterAll(async () => {
  await server?.kill();
  const pid = mongodPid(dataDir);
  if (pid !== null) process.kill(pid, 'SIGKILL');
  await sleep(200);
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
});

const beside = <T>(work: (app: TestApp) => Promise<T>): Promise<T> => besideServer(dataDir, work);

async function restart(withDatabase: boolean): Promise<void> {
  const pid = mongodPid(dataDir);
  if (withDatabase) process.kill(pid!, 'SIGKILL');
  await server.kill();
  server = await startServer(dataDir);
}

/** Follows the server to its next address with the same session. */
function moved(client: Client): Client {
  const next = visitorOf(server.url);
  for (const [name, value] of client.cookies) next.cookies.set(name, value);
  return next;
}

async function signedIn(email: string): Promise<Client> {
  const client = visitorOf(server.url);
  expect((await client.post('/sign-in', { email, password: testPassword })).status).toBe(200);
  return client;
}

/** Panelists who write into their sheets as fast as they get answers, each under ids of their own. */
class WritingPanel {
  readonly acknowledged: string[][];
  readonly sent: string[][];
  private going: Promise<void>[] = [];
  private stopped = true;

  constructor(
    readonly panel: TestPanel,
    private clients: Client[],
    private readonly criteria: { id: string }[],
  ) {
    this.acknowledged = panel.seats.map(() => []);
    this.sent = panel.seats.map(() => []);
  }

  unanswered = (at: number): string[] => this.sent[at]!.filter((id) => !this.acknowledged[at]!.includes(id));

  write(at: number, id: string, count: number): Promise<Reply> {
    const criterionId = this.criteria[count % this.criteria.length]!.id;
    const operation = { id, kind: 'set-comment', criterionId, comment: `word ${id}` };
    return this.clients[at]!.post(`/seats/${this.panel.seats[at]!.id}/sheet/operations`, {
      operations: [operation],
    });
  }

  start(): void {
    this.stopped = false;
    this.going = this.panel.seats.map(async (_seat, at) => {
      // What got no answer before the kill is sent again first, under its old id.
      const again = this.unanswered(at);
      for (let count = 0; !this.stopped || again.length > 0; count += 1) {
        const id = again.shift() ?? randomUUID();
        if (!this.sent[at]!.includes(id)) this.sent[at]!.push(id);
        try {
          const reply = await this.write(at, id, count);
          if (reply.status === 200) this.acknowledged[at]!.push(id);
          // The database is gone and the server not yet: without a breath it would be asked for ever more.
          else await sleep(50);
        } catch {
          // The server died under this request: unanswered.
          return;
        }
      }
    });
  }

  async follow(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.going);
    this.clients = this.clients.map(moved);
  }
}

async function aWritingPanel(panel: TestPanel, mails: string[]): Promise<WritingPanel> {
  const clients = await Promise.all(mails.map(signedIn));
  const sheet = await clients[0]!.get(`/seats/${panel.seats[0]!.id}/sheet`);
  return new WritingPanel(panel, clients, sheet.json<{ criteria: { id: string }[] }>().criteria);
}

const names = Array.from({ length: 16 }, (_, at) => `Student ${String.fromCharCode(65 + at)}`);

describe('kill -9 of the server while a panel scores and transcripts are issued', () => {
  let writing: WritingPanel;
  let registrar: Client;
  let jobId: string;
  const seen = new Map<string, { number: string; sha256: string }>();

  beforeAll(async () => {
    const made = await beside(async (app) => {
      const panel = await aPanel(app, { roles: ['teacher', 'mentor', 'peer', 'guest'] });
      const mails = panel.seats.map(async (seat) => (await personEmail(app, panel, seat.personId))!);
      return { panel, mails: await Promise.all(mails), cohort: await aSampleCohort(app) };
    });
    writing = await aWritingPanel(made.panel, made.mails);
    registrar = await signedIn(made.cohort.registrar.email!);
    const started = await registrar.post(`/terms/${made.cohort.home.termId}/transcripts`, {
      studentIds: made.cohort.students.map((student) => student.id),
    });
    expect(started.status).toBe(202);
    ({ jobId } = started.json<{ jobId: string }>());

    for (const withDatabase of [false, true]) {
      const before = (await issued(registrar)).length;
      await until(60_000, async () => (await issued(registrar)).length >= before + 3, 200);
      const enough = writing.acknowledged.map((ids) => ids.length + 5);
      writing.start();
      await until(40_000, () => writing.acknowledged.every((ids, at) => ids.length >= enough[at]!));
      for (const each of await issued(registrar))
        seen.set(each.id, { number: each.number, sha256: each.sha256! });
      await restart(withDatabase);
      await writing.follow();
      registrar = moved(registrar);
    }
  }, 300_000);

  it('everything acknowledged to the panel is there, and what is sent again counts once', async () => {
    const { acknowledged, sent, panel } = writing;
    // The last unanswered ones once more, so that nothing is left open.
    for (const at of panel.seats.keys())
      for (const id of writing.unanswered(at)) expect((await writing.write(at, id, 0)).status).toBe(200);

    expect(Math.min(...acknowledged.map((ids) => ids.length))).toBeGreaterThanOrEqual(10);
    await beside(async (app) => {
      for (const [at, seat] of panel.seats.entries()) {
        const sheet = await findSheet({ db: app.context.db, schoolId: panel.home.school.id }, seat.id);
        const journal = sheet!.journal.map((entry) => entry.operationId);
        expect([...journal].sort()).toEqual([...sent[at]!].sort());
        expect(sheet!.revision).toBe(sent[at]!.length);
      }
    });
  }, 60_000);

  it('the job goes on, every student has one transcript, no number is used twice', async () => {
    expect(seen.size).toBeGreaterThan(3);
    expect(seen.size).toBeLessThan(names.length);

    const job = async () =>
      (await registrar.get(`/jobs/${jobId}`)).json<{ state: string; problems: unknown[] }>();
    await until(120_000, async () => ['done', 'failed'].includes((await job()).state), 250);
    expect(await job()).toMatchObject({ state: 'done', problems: [] });

    const all = await issued(registrar);
    expect(new Set(all.map((each) => each.studentId)).size).toBe(names.length);
    expect(all).toHaveLength(names.length);
    expect(new Set(all.map((each) => each.number)).size).toBe(names.length);
    for (const [id, before] of seen) {
      expect(all.find((each) => each.id === id)).toMatchObject(before);
      const pdf = await registrar.get(`/transcripts/${id}.pdf`);
      expect(createHash('sha256').update(pdf.bytes).digest('hex')).toBe(before.sha256);
    }
  }, 240_000);
});

it('a start after an orderly stop has everything as well, and leaves no database process behind', async () => {
  expect(await server.stop()).toBe(0);
  expect(mongodPid(dataDir)).toBeNull();
  server = await startServer(dataDir);
  expect((await visitorOf(server.url).get('/readyz')).status).toBe(200);
}, 60_000);

interface Issued {
  id: string;
  number: string;
  studentId: string;
  state: string;
  sha256: string | null;
}

async function issued(registrar: Client): Promise<Issued[]> {
  const list = (await registrar.get('/transcripts?perPage=200')).json<{ items: Issued[] }>();
  return list.items.filter((each) => each.state === 'issued');
}

/**
 * Its school counts as a sample: the server is known by its loopback address, with which only a sample school issues.
 */
async function aSampleCohort(app: TestApp): Promise<TestCohort> {
  const cohort = await aCohort(app, { names });
  const { school, scope } = cohort.home;
  await saveSampleLoad(scope.db, {
    id: school.slug,
    state: 'done',
    pid: 0,
    startedAt: app.context.clock.now(),
  });
  return cohort;
}

/** Waits until something is so, at most this long: what then is not so, the expectations say. */
async function until(ms: number, isSo: () => boolean | Promise<boolean>, pause = 30): Promise<void> {
  const deadline = performance.now() + ms;
  while (performance.now() < deadline) {
    if (await isSo()) return;
    await sleep(pause);
  }
}

async function personEmail(app: TestApp, panel: TestPanel, personId: string): Promise<string | null> {
  return (await findPerson({ db: app.context.db, schoolId: panel.home.school.id }, personId))?.email ?? null;
}
