/**
 * `npm run network -- COMMAND …`: what the network's pages do, for scripts; beside a running server or
 * without one, also on an empty database. Exit code: 0 done, 1 not possible, 2 wrong call. With --json it
 * prints one JSON object.
 */
import { parseArgs } from 'node:util';
import type { SharedScope } from '../db/database.js';
import { readConfig } from '../config.js';
import { openContext, type Context } from '../context.js';
import { InvalidInput } from '../errors.js';
import { explainProblem } from '../explain-problem.js';
import { addAdministrator } from '../people/add-person.js';
import { createTexts } from '../rendering/texts.js';
import { setSchoolClosed } from '../school/close-school.js';
import { checkTerm, createSchool } from '../school/create-school.js';
import { addNetworkStaff, createNetwork, listNetworkStaff } from '../school/network-staff.js';
import type { Network, School } from '../school/school.js';
import {
  findNetworkBySlug,
  findSchoolBySlug,
  listNetworks,
  listSchoolsOfNetwork,
} from '../school/school-records.js';
import { isZone } from '../school/time-zones.js';
import { printHelp } from './print-help.js';

const usage = `npm run network -- add NAME [--slug SLUG] [--staff NAME --email EMAIL]
npm run network -- staff NETWORK --name NAME --email EMAIL
npm run network -- school NETWORK NAME [--slug SLUG] --zone ZONE --term NAME --starts DAY --ends DAY [--name NAME --email EMAIL]
npm run network -- invite SCHOOL --name NAME --email EMAIL
npm run network -- close SCHOOL --reason TEXT
npm run network -- open SCHOOL
npm run network -- list
add: a network, with the first of its staff. staff: one more of the staff. school: a school with its first term and its administrator.
invite: one more administrator. close, open: a school. list: networks, their schools and staff.
Whoever is invited gets a one-time link, which is printed.
Networks and schools are named by their slugs. Every command takes --json.`;

const commands = ['add', 'staff', 'school', 'invite', 'close', 'open', 'list'];

class WrongCall extends Error {}

const by = { personId: 'script', via: 'script', name: 'Vitrine' } as const;
const texts = createTexts();

interface Called {
  command: string;
  words: string[];
  options: Record<string, string | undefined>;
  json: boolean;
}
/** What is printed: lines for people, and the same as data. */
interface Said {
  lines: string[];
  data: unknown;
}

function readCall(args: string[]): Called {
  const text = { type: 'string' } as const;
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        ...{ slug: text, staff: text, name: text, email: text, reason: text, zone: text, term: text },
        ...{ starts: text, ends: text },
        json: { type: 'boolean', default: false },
      },
    });
    const { json, ...options } = values;
    const [command = '', ...words] = positionals;
    if (!commands.includes(command))
      throw new WrongCall(command === '' ? 'a command is missing' : `there is no command "${command}"`);
    return { command, words, options, json };
  } catch (error) {
    throw new WrongCall(error instanceof Error ? error.message : String(error));
  }
}

function needed(value: string | undefined, name: string): string {
  if (!value?.trim()) throw new WrongCall(`${name} is missing`);
  return value.trim();
}
function emailOf(value: string | undefined): string {
  const email = needed(value, '--email');
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new WrongCall(`"${email}" is not an email address`);
  return email;
}
const isDay = (value: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));
function dayOf(value: string | undefined, name: string): string {
  const day = needed(value, name);
  if (!isDay(day)) throw new WrongCall(`${name} is a day such as 2026-09-01`);
  return day;
}

async function networkOf(where: SharedScope, slug: string | undefined): Promise<Network> {
  const network = await findNetworkBySlug(where, needed(slug, 'NETWORK'));
  if (!network) throw new WrongCall(`there is no network "${slug}"`);
  return network;
}
async function schoolOf(where: SharedScope, slug: string | undefined): Promise<School> {
  const school = await findSchoolBySlug(where, needed(slug, 'SCHOOL'));
  if (!school) throw new WrongCall(`there is no school "${slug}"`);
  return school;
}

async function run(context: Context, { command, words, options }: Called): Promise<Said> {
  const where = { db: context.db };
  const { clock } = context;
  const linkOf = (path: string): string => `${context.config.publicUrl?.replace(/\/$/, '') ?? ''}${path}`;
  const linkLines = (path: string, who: string): string[] => [`One-time link for ${who}: ${linkOf(path)}`];
  switch (command) {
    case 'add': {
      const name = needed(words[0], 'NAME');
      const staff =
        options['staff'] === undefined ? null : { name: options['staff'], email: emailOf(options['email']) };
      const slug = options['slug'];
      const network = await createNetwork(context, where, by, slug === undefined ? { name } : { name, slug });
      const path = staff && (await addNetworkStaff(context, where, by, network.id, staff)).path;
      return {
        lines: [`Network ${network.slug} (${network.name})`, ...(path ? linkLines(path, staff.name) : [])],
        data: { network, setPasswordPath: path },
      };
    }
    case 'staff': {
      const network = await networkOf(where, words[0]);
      const staff = { name: needed(options['name'], '--name'), email: emailOf(options['email']) };
      const { path, personId } = await addNetworkStaff(context, where, by, network.id, staff);
      return { lines: linkLines(String(path), staff.name), data: { personId, setPasswordPath: path } };
    }
    case 'school': {
      const network = await networkOf(where, words[0]);
      const timeZone = needed(options['zone'], '--zone');
      if (!isZone(timeZone)) throw new WrongCall(`"${timeZone}" is not a time zone such as America/New_York`);
      const term = {
        name: needed(options['term'], '--term'),
        startsOn: dayOf(options['starts'], '--starts'),
        endsOn: dayOf(options['ends'], '--ends'),
      };
      checkTerm(term);
      const administrator =
        options['email'] === undefined
          ? null
          : { name: needed(options['name'], '--name'), email: emailOf(options['email']) };
      let path = '';
      const slug = options['slug'];
      const school = await createSchool(
        {
          clock,
          addAdministrator: async (scope, person) => {
            path = await addAdministrator({ clock }, scope, person, by);
          },
        },
        where,
        by,
        {
          ...{ name: needed(words[1], 'NAME'), timeZone, networkId: network.id, terms: [term] },
          ...(slug === undefined ? {} : { slug }),
        },
        administrator,
      );
      const { id, name } = school;
      return {
        lines: [
          `School ${school.slug} (${name})`,
          ...(administrator ? linkLines(path, administrator.name) : []),
        ],
        data: { school: { id, slug: school.slug, name }, setPasswordPath: path || null },
      };
    }
    case 'invite': {
      const school = await schoolOf(where, words[0]);
      const person = { name: needed(options['name'], '--name'), email: emailOf(options['email']) };
      const path = await addAdministrator({ clock }, { ...where, schoolId: school.id }, person, by);
      return { lines: linkLines(path, person.name), data: { setPasswordPath: path } };
    }
    case 'close':
    case 'open': {
      const school = await schoolOf(where, words[0]);
      const closed = command === 'close';
      const reason = closed ? needed(options['reason'], '--reason') : '';
      const which = { schoolId: school.id, networkId: null };
      await setSchoolClosed(context, context.db, by, which, closed, reason);
      return {
        lines: [`School ${school.slug} is ${closed ? 'closed' : 'open'}`],
        data: { slug: school.slug, closed },
      };
    }
    case 'list': {
      const networks = await Promise.all(
        (await listNetworks(where)).map(async ({ id, slug, name }) => ({
          ...{ slug, name },
          schools: (await listSchoolsOfNetwork(where, id, 1, 1000)).items.map((school) => ({
            ...{ slug: school.slug, name: school.name, closed: Boolean(school.closedAt) },
          })),
          staff: (await listNetworkStaff(where, id)).map(({ email, state }) => ({ email, state })),
        })),
      );
      return {
        lines: networks.flatMap(({ slug, name, schools, staff }) => [
          `${slug} (${name}), staff: ${staff.map(({ email }) => email).join(', ') || 'none'}`,
          ...schools.map((each) => `  ${each.slug} (${each.name})${each.closed ? ', closed' : ''}`),
        ]),
        data: { networks },
      };
    }
    default:
      throw new WrongCall(usage);
  }
}

async function main(): Promise<number> {
  let context: Context | null = null;
  try {
    const called = readCall(process.argv.slice(2));
    context = await openContext(readConfig(), { mode: 'tool' });
    const said = await run(context, called);
    console.log(called.json ? JSON.stringify(said.data) : said.lines.join('\n'));
    return 0;
  } catch (error) {
    if (error instanceof WrongCall) {
      console.error(`${error.message}\n\n${usage}`);
      return 2;
    }
    const fields = error instanceof InvalidInput ? error.fields : [];
    for (const { message, params } of fields) console.error(texts.t('en', message, params ?? {}));
    if (fields.length === 0) console.error(explainProblem(error, texts) ?? error);
    return 1;
  } finally {
    await context?.close();
  }
}

if (!printHelp(usage)) process.exitCode = await main();
