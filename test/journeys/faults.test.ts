/**
 * The worst day: a network that loses, delays and doubles, while server and database are killed again and
 * again under the load of two panels. At the end nothing that was acknowledged is missing, nothing counts
 * twice, what was sealed is as it was, and the audit chain holds.
 */
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findBrokenEntry } from '../../server/audit/append-audit.js';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { findPerson } from '../../server/people/people-records.js';
import { responseTo, sealHolds } from '../../server/scores/score-sheet.js';
import { findSheet } from '../../server/scores/score-sheet-records.js';
import { besideServer } from '../harness/beside-server.js';
import { aPanel } from '../harness/builders/scores.js';
import { visitorOf } from '../harness/client.js';
import { cuttableNetwork, type CuttableNetwork } from '../harness/cuttable-network.js';
import { faultyNetwork, seeded, type FaultyNetwork } from '../harness/faulty-network.js';
import { temporaryFolder } from '../harness/services.js';
import { testPassword } from '../harness/start-app.js';
import { buildOnce, mongodPid, startServer, type RunningServer } from '../harness/start-server.js';
import { StubbornPhone } from '../harness/stubborn-phone.js';

const seed = Number(process.env.FAULTS_SEED ?? 20_261);
const chance = seeded(seed);
/** The kinds are given, so that each is seen; their order and their moment are chance. */
const faults = ['server', 'database', 'server', 'both', 'line'] as const;
const betweenFaults = () => 12 + Math.floor(chance() * 12);

let dataDir: string;
let server: RunningServer;
let network: FaultyNetwork;
let line: CuttableNetwork;

beforeAll(async () => {
  buildOnce();
  dataDir = temporaryFolder();
  server = await startServer(dataDir);
  network = await faultyNetwork(server.url, chance);
  line = await cuttableNetwork(network.url);
}, 120_000);

afterAll(async () => {
  await line?.close();
  await network?.close();
  await server?.kill();
  const pid = mongodPid(dataDir);
  if (pid !== null) process.kill(pid, 'SIGKILL');
  await sleep(200);
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
});

async function strike(fault: (typeof faults)[number]): Promise<void> {
  if (fault === 'line') {
    line.cut();
    await sleep(300);
    line.mend();
    return;
  }
  if (fault !== 'server') process.kill(mongodPid(dataDir)!, 'SIGKILL');
  // A server that lives notices that its database is gone and starts it again by itself.
  if (fault === 'database') return;
  await server.kill();
  server = await startServer(dataDir);
  network.moveTo(server.url);
}

/** Two panels of four at work; each phone over the bad line, with a session of its own. */
async function twoPanels(): Promise<{ schoolIds: string[]; phones: StubbornPhone[] }> {
  const made = await besideServer(dataDir, async (app) => {
    const panels = [];
    for (let at = 0; at < 2; at += 1) {
      const panel = await aPanel(app, { roles: ['teacher', 'mentor', 'peer', 'guest'] });
      const { scope } = panel.home;
      const mails = panel.seats.map(async (seat) => (await findPerson(scope, seat.personId))!.email!);
      panels.push({ schoolId: scope.schoolId, seats: panel.seats, mails: await Promise.all(mails) });
    }
    const { rubric } = app.context.rubrics.bySlug('exhibition');
    return { panels, rows: rubric.criteria.map(({ id }) => id), levels: rubric.levels.map(({ id }) => id) };
  });
  const phones = made.panels.flatMap(({ seats, mails }) =>
    seats.map(async ({ id }, at) => {
      const direct = visitorOf(server.url);
      const signedIn = await direct.post('/sign-in', { email: mails[at], password: testPassword });
      expect(signedIn.status).toBe(200);
      const client = visitorOf(line.url);
      for (const [name, value] of direct.cookies) client.cookies.set(name, value);
      return new StubbornPhone(client, id, made.rows, made.levels);
    }),
  );
  return { schoolIds: made.panels.map(({ schoolId }) => schoolId), phones: await Promise.all(phones) };
}

describe('a network that loses and doubles, a server and a database that are killed', () => {
  it('lose nothing that was acknowledged and count nothing twice', async () => {
    const { schoolIds, phones } = await twoPanels();
    const acknowledged = () => phones.reduce((sum, phone) => sum + phone.acknowledged.size, 0);
    // Every second phone of a panel submits in the middle of it all.
    const [early, steady] = [0, 1].map((side) => phones.filter((_, at) => at % 2 === side));
    let isOver = false;
    const work = phones.map(async (phone) => {
      const enough = early!.includes(phone) ? 14 + Math.floor(chance() * 12) : Infinity;
      while (!isOver && phone.made.length < enough) {
        phone.tap(chance);
        await phone.send();
        await sleep(Math.round(chance() * 20));
      }
    });
    const sealing = early!.map(async (phone) => {
      await work[phones.indexOf(phone)];
      while (!(await hasAllRows(phone))) phone.tap(chance);
      await phone.submit();
      return phone.tryAfterSeal();
    });

    const order = shuffled([...faults]);
    for (const fault of order) {
      const until = acknowledged() + betweenFaults();
      while (acknowledged() < until) await Promise.race([sleep(20), failureOf([...work, ...sealing])]);
      await strike(fault);
    }
    const refused = await Promise.all(sealing);
    isOver = true;
    await Promise.all(work);
    await Promise.all(steady!.map((phone) => phone.flush()));

    let [entries, seals] = [0, 0];
    await besideServer(dataDir, async ({ context: { db } }) => {
      for (const [at, phone] of phones.entries()) {
        const scope = { db, schoolId: schoolIds[Math.floor(at / 4)]! };
        const sheet = (await findSheet(scope, phone.seatId))!;
        const journal = sheet.journal.map((entry) => entry.operationId);
        entries += journal.length;
        // Everything that was made was acknowledged in the end, and stands in the record once.
        expect([...journal].sort()).toEqual([...phone.made].sort());
        expect(phone.acknowledged).toEqual(new Set(phone.made));
        expect(sheet.revision).toBe(journal.length);
        for (const [place, value] of phone.said) {
          const [criterionId, kind] = place.split(' ') as [string, string];
          const { levelId, comment } = responseTo(sheet, criterionId);
          expect(kind === 'set-level' ? levelId : comment).toBe(value);
        }
        expect(sheet.state).toBe(phone.sealed ? 'submitted' : 'draft');
        if (!phone.sealed) continue;
        seals += 1;
        expect(sealHolds(sheet)).toBe(true);
        const { hash, revision, responses } = phone.sealed;
        expect([sheet.hash, sheet.revision]).toEqual([hash, revision]);
        for (const [id, response] of Object.entries(responses))
          expect(responseTo(sheet, id)).toEqual(response);
      }
      for (const schoolId of schoolIds) {
        const scope = { db, schoolId };
        expect(await findBrokenEntry(scope)).toBeNull();
        const submits = (await listEntriesFrom(scope, 1, 500)).filter(({ act }) => act === 'scores.submit');
        const sealed = phones.filter(
          (phone, at) => schoolIds[Math.floor(at / 4)] === schoolId && phone.sealed,
        );
        expect(submits.map(({ subject }) => subject.id).sort()).toEqual(
          sealed.map(({ seatId }) => seatId).sort(),
        );
      }
    });
    expect(refused).toEqual(early!.map(() => '409 sealed'));
    expect(seals).toBe(4);
    const { counts } = network;
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(0);
    const attempts = phones.reduce((sum, phone) => sum + phone.attempts, 0);
    process.stdout.write(
      `Faults, seed ${seed}: ${order.join(', ')}; on the line ${JSON.stringify(counts)}.\n` +
        `${acknowledged()} operations acknowledged in ${attempts} attempts, ${entries} in the journals: ` +
        `${acknowledged() - entries} lost or twice. ${seals} sheets sealed and unchanged.\n`,
    );
  }, 300_000);
});

/** Sends what waits, and says whether every row has a level. */
async function hasAllRows(phone: StubbornPhone): Promise<boolean> {
  await phone.flush();
  return phone.hasAllLevels();
}

/** Fails as soon as one of them does; else never comes to an end. */
const failureOf = (works: Promise<unknown>[]): Promise<never> =>
  new Promise((_, reject) => works.forEach((work) => void work.catch(reject)));

function shuffled<T>(list: T[]): T[] {
  for (let at = list.length - 1; at > 0; at -= 1) {
    const other = Math.floor(chance() * (at + 1));
    [list[at], list[other]] = [list[other]!, list[at]!];
  }
  return list;
}
