/**
 * The server is killed with -9 while a panel scores and while transcripts are issued, with its database and without. What it had
 * acknowledged is there afterwards, and no transcript number is used twice.
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
import { visitorOf, type Client } from '../harness/client.js';
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

describe('kill -9 of the server', () => {
  it('while a panel scores: everything acknowledged is there, and what is sent again counts once', async () => {
    const panel: TestPanel = await beside((app) =>
      aPanel(app, { roles: ['teacher', 'mentor', 'peer', 'guest'] }),
    );
    const mails = await beside(async (app) =>
      Promise.all(panel.seats.map(async (seat) => (await personEmail(app, panel, seat.personId))!)),
    );
    let clients = await Promise.all(mails.map(signedIn));
    const criteria = (await clients[0]!.get(`/seats/${panel.seats[0]!.id}/sheet`)).json<{
      criteria: { id: string }[];
    }>().criteria;
    const acknowledged = panel.seats.map((): string[] => []);
    const sent = panel.seats.map((): string[] => []);

    for (const withDatabase of [false, true]) {
      let going = true;
      const panelists = clients.map(async (client, at) => {
        // What got no answer before the kill is sent again first, under its old id.
        const again = sent[at]!.filter((id) => !acknowledged[at]!.includes(id));
        for (let count = 0; going || again.length > 0; count += 1) {
          const id = again.shift() ?? randomUUID();
          if (!sent[at]!.includes(id)) sent[at]!.push(id);
          const operation = {
            id,
            kind: 'set-comment',
            criterionId: criteria[count % criteria.length]!.id,
            comment: `word ${id}`,
          };
          try {
            const reply = await client.post(`/seats/${panel.seats[at]!.id}/sheet/operations`, {
              operations: [operation],
            });
            if (reply.status === 200) acknowledged[at]!.push(id);
            // The database is gone and the server not yet: without a breath it would be asked for ever more.
            else await sleep(50);
          } catch {
            // The server died under this request: unanswered.
            return;
          }
        }
      });
      const enough = acknowledged.map((ids) => ids.length + 5);
      for (const deadline = performance.now() + 40_000; performance.now() < deadline; await sleep(20)) {
        if (acknowledged.every((ids, at) => ids.length >= enough[at]!)) break;
      }
      await restart(withDatabase);
      going = false;
      await Promise.all(panelists);
      clients = clients.map(moved);
    }
    // The last unanswered ones once more, so that nothing is left open.
    for (const [at, client] of clients.entries()) {
      for (const id of sent[at]!.filter((each) => !acknowledged[at]!.includes(each))) {
        const operation = { id, kind: 'set-comment', criterionId: criteria[0]!.id, comment: `word ${id}` };
        const reply = await client.post(`/seats/${panel.seats[at]!.id}/sheet/operations`, {
          operations: [operation],
        });
        expect(reply.status).toBe(200);
      }
    }

    expect(Math.min(...acknowledged.map((ids) => ids.length))).toBeGreaterThanOrEqual(10);
    await beside(async (app) => {
      for (const [at, seat] of panel.seats.entries()) {
        const sheet = await findSheet({ db: app.context.db, schoolId: panel.home.school.id }, seat.id);
        const journal = sheet!.journal.map((entry) => entry.operationId);
        expect([...journal].sort()).toEqual([...sent[at]!].sort());
        expect(sheet!.revision).toBe(sent[at]!.length);
      }
    });
  }, 300_000);

  it('while transcripts are issued: the job goes on, every student has one, no number is used twice', async () => {
    const names = Array.from({ length: 16 }, (_, at) => `Student ${String.fromCharCode(65 + at)}`);
    const { cohort, email } = await beside(async (app) => {
      const made: TestCohort = await aCohort(app, { names });
      // The server is known by its loopback address, with which only a sample school issues.
      const { slug } = made.home.school;
      await saveSampleLoad(made.home.scope.db, {
        id: slug,
        state: 'done',
        pid: 0,
        startedAt: app.context.clock.now(),
      });
      return { cohort: made, email: made.registrar.email! };
    });
    let registrar = await signedIn(email);
    const started = await registrar.post(`/terms/${cohort.home.termId}/transcripts`, {
      studentIds: cohort.students.map((student) => student.id),
    });
    expect(started.status).toBe(202);
    const { jobId } = started.json<{ jobId: string }>();

    const seen = new Map<string, { number: string; sha256: string }>();
    for (const withDatabase of [false, true]) {
      const before = (await issued(registrar)).length;
      for (const deadline = performance.now() + 60_000; performance.now() < deadline; await sleep(30)) {
        if ((await issued(registrar)).length >= before + 3) break;
      }
      for (const each of await issued(registrar))
        seen.set(each.id, { number: each.number, sha256: each.sha256! });
      await restart(withDatabase);
      registrar = moved(registrar);
    }
    expect(seen.size).toBeGreaterThan(3);
    expect(seen.size).toBeLessThan(names.length);

    for (const deadline = performance.now() + 120_000; performance.now() < deadline; await sleep(250)) {
      const { state } = (await registrar.get(`/jobs/${jobId}`)).json<{ state: string }>();
      if (state === 'done' || state === 'failed') break;
    }
    const job = (await registrar.get(`/jobs/${jobId}`)).json<{ state: string; problems: unknown[] }>();
    expect(job).toMatchObject({ state: 'done', problems: [] });

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

  it('a start after an orderly stop has everything as well, and leaves no database process behind', async () => {
    expect(await server.stop()).toBe(0);
    expect(mongodPid(dataDir)).toBeNull();
    server = await startServer(dataDir);
    expect((await visitorOf(server.url).get('/readyz')).status).toBe(200);
  }, 60_000);
});

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

async function personEmail(app: TestApp, panel: TestPanel, personId: string): Promise<string | null> {
  return (await findPerson({ db: app.context.db, schoolId: panel.home.school.id }, personId))?.email ?? null;
}
