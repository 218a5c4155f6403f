/** Asks for the erasure of a person as an administrator would, and waits until it is done. */
import type { Client } from '../client.js';
import type { TestApp } from '../start-app.js';
import { jobDone } from './transcript.js';

export interface Erased {
  id: string;
  counts: { outcome: string; kind: string; count: number }[];
  filesWaiting: number;
  state: string;
}

/** @param more the extent, or another reason */
export async function erase(
  admin: Client,
  person: { id: string; displayName: string },
  more: object = {},
): Promise<Erased> {
  const asked = await admin.post(`/people/${person.id}/erase`, {
    ...{ ground: 'person-asks', reason: 'They wrote to us.', confirm: person.displayName, ...more },
  });
  if (asked.status !== 201) throw new Error(`${asked.status} ${asked.text}`);
  const { id, jobId } = asked.json<{ id: string; jobId: string }>();
  await jobDone(admin, jobId);
  return (await admin.get(`/erasures/${id}`)).json<Erased>();
}

/** Waits for an erasure that was asked for by a form. @param href its page */
export async function erasureDone(admin: Client, href: string): Promise<Erased> {
  for (const until = performance.now() + 60_000; performance.now() < until;) {
    const erasure = (await admin.get(href)).json<Erased>();
    if (erasure.state === 'done') return erasure;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${href} is not done`);
}

export const countOf = ({ counts }: Pick<Erased, 'counts'>, outcome: string, kind: string): number =>
  counts.find((each) => each.outcome === outcome && each.kind === kind)?.count ?? 0;

/** All that the database has, in which one of these texts is found: `collection id: text`. */
export async function textsLeft(app: TestApp, texts: readonly string[]): Promise<string[]> {
  const { connection } = app.context.db;
  const found: string[] = [];
  for (const { name } of await connection.db!.listCollections({}, { nameOnly: true }).toArray())
    for await (const document of connection.collection(name).find({})) {
      const content = JSON.stringify(document);
      for (const text of texts)
        if (content.includes(text)) found.push(`${name} ${String(document._id)}: ${text}`);
    }
  return found;
}

/** What was planned for these presentations is over, so that nobody is counted on any more. */
export const letPass = async (app: TestApp, exhibitionId: string): Promise<void> => {
  const startsAt = new Date(app.context.clock.now().getTime() - 4 * 3_600_000);
  await app.context.db.connection.collection('slots').updateMany({ exhibitionId }, { $set: { startsAt } });
};
