/** What the student of the permission matrix has made, as they would make it: over HTTP, in their own session. */
import { findAccountOfPerson } from '../../../server/access/account-records.js';
import { inviteAccount } from '../../../server/access/sign-in.js';
import type { Client } from '../client.js';
import type { TestApp } from '../start-app.js';
import { dotPng, uploadForm } from './artifacts.js';
import { dayFromNow } from '../test-clock.js';

type Answer = Record<string, unknown>;

/**
 * Two works (a text, and a picture with its file), a submitted portfolio that shows both, an internship, a
 * followed calendar.
 */
export async function studentWork(
  client: Client,
  studentId: string,
  termId: string,
): Promise<Record<string, string>> {
  const made = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await client.send(method, path, body ?? {});
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.json<Answer>();
  };
  const student = `/students/${studentId}`;
  const text = await made('POST', `${student}/artifacts`, { title: 'A chair', text: 'Of one sheet' });
  const picture = await made(
    'POST',
    `${student}/artifacts`,
    uploadForm([{ name: 'chair.png', bytes: dotPng, claim: 'image/png' }], { altText: 'A chair' }),
  );
  const words = { title: 'Wood', statement: 'What wood can do', rubric: 'exhibition' };
  const begun = await made('POST', `${student}/portfolios`, words);
  const portfolio = idIn(begun);
  const changed = await made('PUT', `/portfolios/${portfolio}`, {
    ...words,
    entries: [text, picture].map((work) => ({
      ...{ artifactId: idIn(work), reflection: 'It bent.', criterionIds: [] },
    })),
    revision: begun['revision'],
  });
  await made('POST', `/portfolios/${portfolio}/submit`, { revision: changed['revision'] });
  const internship = await made('POST', `${student}/internships`, {
    ...{ termId, organisation: 'Chair Works', mentorName: 'Ole Bent', interest: 'Wood' },
    ...{ startsOn: dayFromNow(-77), summary: 'Bending', hours: 10 },
  });
  const { feedUrl } = await made('POST', '/calendar/feed');
  const [entry] = changed['entries'] as { id: string }[];
  return {
    artifact: idIn(text),
    picture: idIn(picture),
    pictureVersion: idIn(picture['version'] as Answer),
    portfolio,
    entry: entry!.id,
    internship: idIn(internship),
    feed: new URL(String(feedUrl)).pathname.split('/').at(-1)!,
  };
}

/** The secret of a one-time link with which this person chooses a password. */
export async function invitationFor({ context }: TestApp, personId: string): Promise<string> {
  const account = await findAccountOfPerson(context.db, personId);
  return inviteAccount({ db: context.db }, context.clock, account!.id);
}

/** The id in an answer, whether it stands alone or inside the thing. */
function idIn(answer: Answer): string {
  if (typeof answer['id'] === 'string') return answer['id'];
  const inner = Object.values(answer)
    .flat()
    .find((value) => typeof (value as { id?: unknown } | null)?.id === 'string');
  if (!inner) throw new Error(`no id in ${JSON.stringify(answer)}`);
  return (inner as { id: string }).id;
}
