/** A running app on its own database and folder, with real HTTP in front: what HTTP tests and journeys talk to. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DateTime } from 'luxon';
import { createApp } from '../../server/app.js';
import { startJobs } from '../../server/job-kinds.js';
import { readConfig } from '../../server/config.js';
import { openContext, type Context, type ContextOverrides } from '../../server/context.js';
import type { SchoolScope } from '../../server/db/database.js';
import { addPerson, splitName, type NewPerson } from '../../server/people/add-person.js';
import type { Person } from '../../server/people/person.js';
import { createSchool } from '../../server/school/create-school.js';
import type { School } from '../../server/school/school.js';
import { chromiumPath, testDatabaseUri } from './services.js';
import { schoolZone, testClock } from './test-clock.js';
import { visitorOf, type Client } from './client.js';

export const testPassword = 'correct horse battery';

export interface TestSchool {
  school: School;
  scope: SchoolScope;
  termId: string;
  /** Adds a person; with an e-mail they can sign in with `testPassword`. */
  person(input: Partial<NewPerson> & { name: string; roles: NewPerson['roles'] }): Promise<Person>;
}

export interface TestApp {
  url: string;
  context: Context;
  /** A caller without an account. */
  visitor(): Client;
  /** A caller who has signed in by e-mail and `testPassword`. */
  as(email: string): Promise<Client>;
  /** A school of its own in `schoolZone`, with one running term around today. */
  aSchool(input?: { name?: string; slug?: string; networkId?: string }): Promise<TestSchool>;
  close(): Promise<void>;
}

export interface StartAppOptions extends ContextOverrides {
  /**
   * A word, where one test file needs several databases, or one that no file has used before: mongod goes on
   * using the plan that it has found for a question when little was in a collection.
   */
  purpose?: string;
  /** Join the database of an app that runs already: a second instance. */
  databaseUri?: string;
  dataDir?: string;
  environment?: Record<string, string>;
  /** False: background jobs are left lying, for tests that take them up themselves. */
  jobs?: boolean;
}

/** Spread into the options where transcripts are issued: papers with an address of this machine alone are refused. */
export const withPublicAddress = { environment: { PUBLIC_URL: 'http://vitrine.school.example' } };

/**
 * @param options overrides of the context (clock, printer, storage …; the tests' clock when left out) and of
 *   the environment
 */
export async function startApp(options: StartAppOptions = {}): Promise<TestApp> {
  const { purpose, databaseUri, dataDir, environment, jobs: withJobs = true, ...overrides } = options;
  const folder = dataDir ?? mkdtempSync(path.join(tmpdir(), 'vitrine-test-'));
  const config = readConfig({
    NODE_ENV: 'test',
    DATA_DIR: folder,
    MONGODB_URI: databaseUri ?? testDatabaseUri(purpose),
    SECRET_KEY: 'a-secret-for-tests-only-0123456789abcdef',
    PUPPETEER_EXECUTABLE_PATH: chromiumPath(),
    LOG_LEVEL: 'error',
    ...environment,
  });
  const context = await openContext(config, { clock: testClock, ...overrides });
  const server = createServer(createApp(context));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const jobs = withJobs ? startJobs(context) : null;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    context,
    visitor: () => visitorOf(url),
    async as(email) {
      const client = visitorOf(url);
      const answer = await client.post('/sign-in', { email, password: testPassword });
      if (answer.status !== 200) throw new Error(`${email} cannot sign in: ${answer.status} ${answer.text}`);
      return client;
    },
    aSchool: (input) => makeSchool(context, input),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await jobs?.stop();
      await context.close();
      if (dataDir === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

let schools = 0;

async function makeSchool(
  context: Context,
  input: { name?: string; slug?: string; networkId?: string } = {},
): Promise<TestSchool> {
  schools += 1;
  const today = DateTime.fromJSDate(context.clock.now(), { zone: schoolZone });
  const day = (days: number) => today.plus({ days }).toISODate()!;
  const school = await createSchool(
    { clock: context.clock, addAdministrator: async () => undefined },
    { db: context.db },
    { personId: 'test', via: 'script' },
    {
      name: input.name ?? `School ${schools}`,
      ...(input.slug ? { slug: input.slug } : {}),
      networkId: input.networkId ?? null,
      timeZone: schoolZone,
      terms: [{ name: 'Year', startsOn: day(-200), endsOn: day(200) }],
    },
    null,
  );
  const scope: SchoolScope = { db: context.db, schoolId: school.id };
  return {
    school,
    scope,
    termId: school.currentTermId!,
    async person({ name, ...rest }) {
      const { person } = await addPerson(
        context,
        scope,
        { ...splitName(name), displayName: name, ...rest },
        rest.email ? testPassword : undefined,
      );
      return person;
    },
  };
}
