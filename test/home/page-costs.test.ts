/**
 * What a page costs the database does not grow with the school: three schools with 1,000 students in all, and
 * for each page and role how many commands it sends and how many documents and index keys are looked at for
 * it. Who needs more must say so here.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAccount } from '../../server/access/sign-in.js';
import { checkSchool } from '../../server/cli/check-school.js';
import { newId } from '../../server/ids.js';
import { saveNetwork } from '../../server/school/school-records.js';
import { makeSchool, type MadeSchool } from '../bench/scale/make-school.js';
import type { Client } from '../harness/client.js';
import { startApp, testPassword, withPublicAddress, type TestApp } from '../harness/start-app.js';
import { watchCommands } from '../harness/watch-commands.js';

let app: TestApp;
let big: MadeSchool;
let small: MadeSchool;
const clients = new Map<string, Client>();

beforeAll(async () => {
  app = await startApp({ ...withPublicAddress, purpose: 'plans', jobs: false });
  const { context } = app;
  const networkId = newId();
  await saveNetwork(context.db, { id: networkId, slug: 'rivers', name: 'Rivers' });
  await createAccount({ db: context.db }, context.clock, {
    ...{ email: 'staff@rivers.example', personId: newId(), schoolId: null, networkId, name: 'Noor Aziz' },
    password: testPassword,
  });
  const aSchool = (slug: string, students: number) =>
    makeSchool(context, { name: slug, slug, networkId, students, terms: 2, password: testPassword });
  big = await aSchool('big', 800);
  small = await aSchool('small', 100);
  await aSchool('other', 100);
}, 180_000);
afterAll(() => app.close());

async function clientOf(email: string): Promise<Client> {
  const known = clients.get(email) ?? (await app.as(email));
  clients.set(email, known);
  return known;
}

interface Cost {
  status: number;
  commands: number;
  documents: number;
  keys: number;
}

/**
 * Asked before: what is read once for all requests, such as a rubric, does not count. The least of three
 * looks: what the app does on its own at that moment, such as chaining audit entries, is not the page's.
 */
async function costOf(email: string, path: string): Promise<Cost> {
  const client = await clientOf(email);
  await client.get(path, { as: 'page' });
  let least = await costNow(client, path);
  for (let look = 1; look < 3; look += 1) {
    const cost = await costNow(client, path);
    if (cost.commands < least.commands) least = cost;
  }
  return least;
}

async function costNow(client: Client, path: string): Promise<Cost> {
  const watched = await watchCommands(app.context.db);
  const { status } = await client.get(path, { as: 'page' });
  const commands = await watched();
  const sum = (of: 'documents' | 'keys') => commands.reduce((total, command) => total + command[of], 0);
  return { status, commands: commands.length, documents: sum('documents'), keys: sum('keys') };
}

type Role = keyof MadeSchool['accounts'];
const studentOf = ({ accounts }: MadeSchool) => `/students/${accounts.student.person.id}`;

/** Limits for the big school: commands, documents, keys. */
const pages: [
  role: Role,
  name: string,
  path: (made: MadeSchool) => string,
  ...limits: [number, number, number],
][] = [
  ['student', 'home', () => '/', 6, 40, 60],
  ['guardian', 'home', () => '/', 10, 30, 40],
  // Also what is left of the term before.
  ['advisor', 'home', () => '/', 10, 900, 1700],
  // Numbers of the whole school are counted in indexes: keys, not documents.
  ['registrar', 'home', () => '/', 8, 400, 5 * 800],
  ['student', 'own page', studentOf, 7, 60, 80],
  ['guardian', "a child's page", studentOf, 8, 60, 80],
  ['advisor', "a student's page", studentOf, 8, 60, 80],
  ['registrar', "a student's page", studentOf, 7, 60, 80],
  ['registrar', 'students', () => '/students', 5, 120, 1200],
  ['registrar', 'the last students', () => '/students?page=16', 5, 120, 2400],
  ['registrar', 'people', () => '/people', 4, 70, 2000],
  // Everybody is looked at once, a few fields of each.
  ['registrar', 'possible duplicates', () => '/duplicates', 6, 3 * 800, 3 * 800],
  // The students of each are counted in an index.
  ['registrar', 'advisories', () => '/advisories', 7, 150, 250 + 800],
  // Of the students on the page, all that their documents would say is read, to find letters that cannot be printed.
  ['registrar', 'pre-flight', ({ current }) => `/terms/${current.id}/transcripts`, 25, 900, 7 * 800],
  // Of those on the page it is asked what was signed and published since.
  ['registrar', 'transcripts', () => '/transcripts', 5, 400, 1500],
  ['registrar', 'exhibitions', () => '/exhibitions', 6, 40, 2 * 800 + 100],
  ['student', 'wall', (made) => `${studentOf(made)}/artifacts`, 6, 40, 60],
  ['student', 'portfolios', (made) => `${studentOf(made)}/portfolios`, 7, 40, 60],
  ['student', 'narratives', (made) => `${studentOf(made)}/narratives`, 6, 40, 60],
];

describe('the database of three schools', () => {
  it('is what the app itself would have written', async () => {
    const { storage } = app.context;
    const { checked, problems } = await checkSchool({ storage, files: false }, small.scope);
    expect(problems).toEqual([]);
    for (const kind of [
      'audit entry',
      'score sheet',
      'result',
      'portfolio',
      'narrative',
      'transcript',
    ] as const)
      expect(checked[kind]).toBeGreaterThan(50);
  });
});

describe('what a page costs', () => {
  it.each(pages)('%s: %s', async (role, _name, path, commands, documents, keys) => {
    const cost = await costOf(big.accounts[role].email, path(big));
    expect(cost.status).toBe(200);
    const over = Object.entries({ commands, documents, keys }).filter(
      ([of, limit]) => cost[of as keyof Cost] > limit,
    );
    expect({ cost, over }).toEqual({ cost, over: [] });
    // Eight times as many students: as many commands, and hardly more documents.
    const little = await costOf(small.accounts[role].email, path(small));
    expect(cost.commands).toBeLessThanOrEqual(little.commands + 2);
  });

  it('network staff: home', async () => {
    const { documents, commands } = await costOf('staff@rivers.example', '/');
    expect(commands).toBeLessThanOrEqual(10);
    expect(documents).toBeLessThanOrEqual(12);
  });
});
