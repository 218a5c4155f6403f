/**
 * A small world for the permission matrix: one school with every persona, one thing of every kind that belongs to `student`,
 * and a second school whose registrar and admin are strangers.
 */
import { createAccount } from '../../../server/access/sign-in.js';
import { newId } from '../../../server/ids.js';
import { saveAdvisory } from '../../../server/people/people-records.js';
import { saveNetwork } from '../../../server/school/school-records.js';
import type { Persona } from '../../access/permission-rows/row.js';
import type { Client } from '../client.js';
import { aPresentation } from './presentation.js';
import { testPassword, type TestApp } from '../start-app.js';
import { studentPapers } from './world-papers.js';
import { jobDone } from './transcript.js';

export interface World {
  /** Ids (and codes) by the name of the thing. */
  ids: Record<string, string>;
  /** A fresh session of the persona. */
  client(persona: Persona): Promise<Client>;
}

export async function buildWorld(app: TestApp): Promise<World> {
  const { context } = app;
  const networkId = newId();
  await saveNetwork(context.db, { id: networkId, slug: 'net', name: 'Net' });
  const home = await app.aSchool({ networkId });
  const strange = await app.aSchool();
  const advisorOf = async (name: string) => {
    const advisor = await home.person({
      name,
      roles: ['advisor', 'panelist'],
      email: `${name}@home.example`,
    });
    const id = newId();
    await saveAdvisory(home.scope, {
      id,
      schoolId: home.school.id,
      slug: name.toLowerCase(),
      name,
      advisorIds: [advisor.id],
    });
    return { advisor, advisoryId: id };
  };
  const first = await advisorOf('advisor');
  const second = await advisorOf('otherAdvisor');
  const guardian = await home.person({
    name: 'guardian',
    roles: ['guardian'],
    email: 'guardian@home.example',
  });
  const otherGuardian = await home.person({
    name: 'otherGuardian',
    roles: ['guardian'],
    email: 'otherGuardian@home.example',
  });
  const student = await home.person({
    name: 'student',
    roles: ['student'],
    email: 'student@home.example',
    advisoryId: first.advisoryId,
    guardianIds: [guardian.id],
  });
  await home.person({
    name: 'otherStudent',
    roles: ['student'],
    email: 'otherStudent@home.example',
    advisoryId: second.advisoryId,
    guardianIds: [otherGuardian.id],
  });
  const panelist = await home.person({
    name: 'panelist',
    roles: ['panelist'],
    email: 'panelist@home.example',
  });
  const registrar = await home.person({
    name: 'registrar',
    roles: ['registrar'],
    email: 'registrar@home.example',
  });
  await home.person({ name: 'admin', roles: ['admin'], email: 'admin@home.example' });
  await strange.person({
    name: 'strangeRegistrar',
    roles: ['registrar'],
    email: 'strangeRegistrar@home.example',
  });
  await strange.person({ name: 'strangeAdmin', roles: ['admin'], email: 'strangeAdmin@home.example' });
  await createAccount({ db: context.db }, context.clock, {
    email: 'network@home.example',
    personId: newId(),
    schoolId: null,
    networkId,
    name: 'network',
    password: testPassword,
  });
  const scoring = await aPresentation(app, home, student, panelist, 'scoring');
  const closed = await aPresentation(app, home, student, panelist, 'closed');
  const clients = new Map<Persona, Client>();
  const client = async (persona: Persona): Promise<Client> => {
    if (persona === 'visitor') return app.visitor();
    // Signing out is one of the acts, so a session that has gone is opened again.
    const known = clients.get(persona);
    if (known && (await known.get(persona === 'guest' ? '/seats' : '/account')).status !== 401) return known;
    const fresh = persona === 'guest' ? await guestOf(app, scoring.guestPass) : await app.as(`${persona}@home.example`);
    clients.set(persona, fresh);
    return fresh;
  };
  const papers = await studentPapers(app, home, { student, advisor: first.advisor, registrar });
  const ids: Record<string, string> = {
    ...papers,
    student: student.id,
    person: panelist.id,
    term: home.termId,
    advisory: first.advisoryId,
    guardian: guardian.id,
  };
  const things = await makeThings(app, client, ids);
  clients.set('guest', things.guest);
  return { ids: { ...ids, ...things.ids }, client };
}

/** One thing of every kind that belongs to `student`, made as people would make it. */
async function makeThings(
  app: TestApp,
  client: (persona: Persona) => Promise<Client>,
  known: Record<string, string>,
) {
  const made = async (persona: Persona, path: string, body: object): Promise<Record<string, string>> => {
    const answer = await (await client(persona)).post(path, body);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.json<Record<string, string>>();
  };
  const student = `/students/${known['student']}`;
  const artifact = await made('student', `${student}/artifacts`, { title: 'A chair', text: 'Of one sheet' });
  const artifactId = idIn(artifact);
  const portfolio = await made('student', `${student}/portfolios`, {
    title: 'Wood',
    statement: 'What wood can do',
  });
  const entries = [{ artifactId, reflection: 'It bent.', criterionIds: [] }];
  const change = { title: 'Wood', statement: 'What wood can do', entries, revision: 0 };
  const path = `/portfolios/${idIn(portfolio)}`;
  const changed = await (
    await client('student')
  ).put(path, { ...change, revision: portfolio['revision'] ?? 1 });
  if (changed.status >= 300) throw new Error(`${path}: ${changed.status} ${changed.text}`);
  const revision = changed.json<{ revision?: number; portfolio?: { revision: number } }>();
  await made('student', `${path}/submit`, { revision: revision.revision ?? revision.portfolio?.revision });
  const today = app.context.clock.now().toISOString();
  const exhibition = await made('registrar', '/exhibitions', {
    termId: known['term'],
    title: 'Fall exhibitions',
    format: 'panel',
    rubric: 'exhibition',
    startsAt: today,
    place: 'Main hall',
    slotMinutes: 50,
  });
  const day = `/exhibitions/${idIn(exhibition)}`;
  const slot = await made('registrar', `${day}/slots`, {
    studentId: known['student'],
    startsAt: today,
    room: 'Room 12',
  });
  const seats = `/slots/${idIn(slot)}/seats`;
  const seat = await made('registrar', seats, { personId: known['person'], role: 'teacher' });
  const guestSeat = await made('registrar', seats, { name: 'Jun Sato', role: 'guest' });
  await made('registrar', `${day}/open`, {});
  await made('registrar', `${day}/score`, {});
  const guest = app.visitor();
  await guest.post(new URL(guestSeat['passUrl'] ?? '').pathname);
  const narrative = await made('advisor', `${student}/narratives`, {
    termId: known['term'],
    markdown: 'A term of wood.',
  });
  const internship = await made('student', `${student}/internships`, {
    termId: known['term'],
    organisation: 'Chair Works',
    mentorName: 'Ole Bent',
    interest: 'Wood',
    startsOn: today.slice(0, 10),
    endsOn: '',
    summary: 'Bending',
    hours: 10,
  });
  const { jobId = '' } = await made('registrar', `/terms/${known['term']}/transcripts`, {
    studentIds: [known['student']],
  });
  await jobDone(await client('registrar'), jobId);
  const issued = (await (await client('registrar')).get('/transcripts')).json<{
    items: { id: string; code: string }[];
  }>();
  const transcript = issued.items[0]!;
  return {
    guest,
    ids: {
      artifact: artifactId,
      portfolio: idIn(portfolio),
      exhibition: idIn(exhibition),
      slot: idIn(slot),
      seat: seat['seatId'] ?? '',
      guestSeat: guestSeat['seatId'] ?? '',
      narrative: idIn(narrative),
      internship: idIn(internship),
      job: jobId,
      transcript: transcript.id,
      code: transcript.code,
    },
  };
}

/** The id in an answer, whether it stands alone or inside the thing. */
function idIn(answer: Record<string, unknown>): string {
  if (typeof answer['id'] === 'string') return answer['id'];
  const inner = Object.values(answer)
    .flat()
    .find((value) => typeof (value as { id?: unknown } | null)?.id === 'string');
  if (!inner) throw new Error(`no id in ${JSON.stringify(answer)}`);
  return (inner as { id: string }).id;
}
