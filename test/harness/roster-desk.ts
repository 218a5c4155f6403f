/**
 * A registrar who brings rosters into a school of her own; addresses are unique over the installation, so
 * each desk has its own.
 */
import { expect } from '@jest/globals';
import { listAllPeople } from '../../server/people/people-records.js';
import type { Person } from '../../server/people/person.js';
import type { Client, Reply } from './client.js';
import type { TestApp } from './start-app.js';

export interface Outcome {
  created: number;
  updated: number;
  unchanged: number;
  elsewhere: { name: string; student: boolean }[];
  advisories: { created: number; updated: number };
  terms: { created: number; updated: number };
  errors: { file: string; row: number; field: string; message: string }[];
  questions: { kind: string; key: string; text: string; options: { value: string; label: string }[] }[];
  leftOut: number;
  odd: { total: number; items: { row: number; name: string; remarks: string[] }[] };
  differences: {
    kind: string;
    name: string;
    changes: { field: string; from: string; to: string }[];
    remarks: string[];
  }[];
}

export type RosterDesk = Awaited<ReturnType<typeof rosterDesk>>;

let number = 0;

export async function rosterDesk(app: TestApp) {
  number += 1;
  const mark = number;
  const school = await app.aSchool();
  const email = `registrar${mark}@imp.example`;
  await school.person({ name: 'Rita Registrar', roles: ['registrar'], email });
  const registrar = await app.as(email);
  /** The text with this desk's own addresses. */
  const own = (text: string): string =>
    text
      .replaceAll('@imp.', `@imp${mark}.`)
      .replaceAll('@home.', `@home${mark}.`)
      .replaceAll('@one.', `@one${mark}.`);
  const send = (
    content: string | Buffer,
    fields: Record<string, string> = {},
    name?: string,
  ): Promise<Reply> =>
    sendRoster(registrar, typeof content === 'string' ? own(content) : content, fields, { name });
  return {
    school,
    registrar,
    own,
    send,
    bringIn: async (content: string | Buffer, fields: Record<string, string> = {}): Promise<Outcome> => {
      const reply = await send(content, fields);
      expect(reply.status).toBe(200);
      return reply.json<Outcome>();
    },
    everybody: async (): Promise<Map<string, Person>> =>
      new Map((await listAllPeople(school.scope)).map((person) => [person.displayName, person])),
  };
}

/**
 * Sends a file as the form of the import page does, and follows the job where it takes longer than the answer waits.
 */
export async function sendRoster(
  registrar: Client,
  content: string | Buffer,
  fields: Record<string, string> = {},
  { name = 'roster.csv', as }: { name?: string | undefined; as?: 'page' } = {},
): Promise<Reply> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append('roster', new Blob([typeof content === 'string' ? content : new Uint8Array(content)]), name);
  const reply = await registrar.send('POST', '/people/import', form, as ? { as } : {});
  const shown = /^\/people\/imports\/[\w-]+$/.exec(reply.headers.get('location') ?? '');
  if (shown && as) return registrar.get(shown[0], { as });
  const [, jobId] = /\/jobs\/([\w-]+)$/.exec(reply.headers.get('location') ?? '') ?? [];
  const id = reply.status === 202 ? reply.json<{ jobId: string }>().jobId : jobId;
  return id ? outcomeOf(registrar, id, as) : reply;
}

/** What an import has come to, once its job is over. */
export async function outcomeOf(registrar: Client, id: string, as?: 'page'): Promise<Reply> {
  for (;;) {
    const { state } = (await registrar.get(`/jobs/${id}`)).json<{ state: string }>();
    if (state !== 'waiting' && state !== 'running') break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return registrar.get(`/people/imports/${id}`, as ? { as } : {});
}
