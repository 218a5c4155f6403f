/** A registrar who brings rosters into a school of her own; addresses are unique over the installation, so each desk has its own. */
import { expect } from '@jest/globals';
import { listAllPeople } from '../../server/people/people-records.js';
import type { Person } from '../../server/people/person.js';
import type { Client, Reply } from './client.js';
import type { TestApp } from './start-app.js';

export interface Outcome {
  created: number;
  updated: number;
  unchanged: number;
  advisories: { created: number; updated: number };
  terms: { created: number; updated: number };
  errors: { file: string; row: number; field: string; message: string }[];
  differences: { kind: string; name: string; changes: { field: string; from: string; to: string }[] }[];
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

/** Sends a file as the form of the import page does. */
export function sendRoster(
  registrar: Client,
  content: string | Buffer,
  fields: Record<string, string> = {},
  { name = 'roster.csv', as }: { name?: string | undefined; as?: 'page' } = {},
): Promise<Reply> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append('roster', new Blob([typeof content === 'string' ? content : new Uint8Array(content)]), name);
  return registrar.send('POST', '/people/import', form, as ? { as } : {});
}
