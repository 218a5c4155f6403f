/**
 * A small world for the permission matrix: one school with every persona, one thing of every kind that belongs to `student`,
 * and a second school whose registrar and admin are strangers.
 */
import { createAccount } from '../../../server/access/sign-in.js';
import { newId } from '../../../server/ids.js';
import { saveAdvisory } from '../../../server/people/people-records.js';
import { saveSlotSnapshot } from '../../../server/exhibition/slot-records.js';
import { listNewestSnapshots } from '../../../server/portfolio/portfolio-records.js';
import { saveNetwork } from '../../../server/school/school-records.js';
import type { Persona } from '../../access/permission-rows/row.js';
import type { Client } from '../client.js';
import { aProposal } from './proposal.js';
import { aPresentation } from './presentation.js';
import { aRehearsal } from './rehearsals.js';
import { aVisit } from './visits.js';
import { testPassword, type TestApp } from '../start-app.js';
import { studentPapers } from './world-papers.js';

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
  const spare = await advisorOf('spareAdvisor');
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
  const otherStudent = await home.person({
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
  const gallery = await aPresentation(app, home, student, panelist, 'scoring', 'gallery');
  const rehearsal = await aRehearsal(app, home, student, first.advisor);
  const visit = await aVisit(app, home, gallery.ids, student, otherStudent);
  const clients = new Map<Persona, Client>();
  const client = async (persona: Persona): Promise<Client> => {
    if (persona === 'visitor') return app.visitor();
    // Signing out is one of the acts, so a session that has gone is opened again.
    const known = clients.get(persona);
    if (known && (await known.get(persona === 'guest' ? '/seats' : '/account')).status !== 401) return known;
    const fresh =
      persona === 'guest' ? await guestOf(app, scoring.guestPass) : await app.as(`${persona}@home.example`);
    clients.set(persona, fresh);
    return fresh;
  };
  const papers = await studentPapers(app, home, { student, advisor: first.advisor, registrar });
  const ids: Record<string, string> = {
    ...papers,
    ...scoring.ids,
    proposal: await aProposal(home.scope, scoring.ids, student.id),
    closedProposal: await aProposal(home.scope, closed.ids, student.id),
    closedExhibition: closed.ids.exhibition,
    closedSlot: closed.ids.slot,
    closedSeat: closed.ids.seat,
    gallery: gallery.ids.exhibition,
    stand: gallery.ids.slot,
    visit,
    rehearsal,
    student: student.id,
    person: panelist.id,
    term: home.termId,
    advisory: first.advisoryId,
    guardian: guardian.id,
    // Rows that change a person or an advisory must not change one of the personas.
    sparePerson: (await home.person({ name: 'Spare', roles: ['guardian'], email: 'spare@home.example' })).id,
    spareAdvisory: spare.advisoryId,
  };
  const work = await studentWork(await client('student'), student.id, home.termId);
  // The panel sees what was submitted: the snapshot is pinned to the slot, as it is when scoring opens.
  const [snapshot] = await listNewestSnapshots(home.scope, [student.id], home.termId);
  await saveSlotSnapshot(home.scope, scoring.ids.slot, snapshot!.id);
  return { ids: { ...ids, ...work }, client };
}

/** A guest who has just come in by the pass of their seat. */
async function guestOf(app: TestApp, pass: string): Promise<Client> {
  const guest = app.visitor();
  const answer = await guest.post(`/pass/${pass}`);
  if (answer.status !== 200) throw new Error(`the pass was refused: ${answer.status} ${answer.text}`);
  return guest;
}

/** A work, a submitted portfolio that shows it, and an internship, made as the student would make them. */
async function studentWork(client: Client, studentId: string, termId: string) {
  const made = async (
    method: 'post' | 'put',
    path: string,
    body: object,
  ): Promise<Record<string, unknown>> => {
    const answer = await client[method](path, body);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.json<Record<string, unknown>>();
  };
  const student = `/students/${studentId}`;
  const artifact = idIn(
    await made('post', `${student}/artifacts`, { title: 'A chair', text: 'Of one sheet' }),
  );
  const words = { title: 'Wood', statement: 'What wood can do', rubric: 'exhibition' };
  const begun = await made('post', `${student}/portfolios`, words);
  const portfolio = idIn(begun);
  const entries = [{ artifactId: artifact, reflection: 'It bent.', criterionIds: [] }];
  const changed = await made('put', `/portfolios/${portfolio}`, {
    ...words,
    entries,
    revision: begun['revision'],
  });
  await made('post', `/portfolios/${portfolio}/submit`, { revision: changed['revision'] });
  const internship = await made('post', `${student}/internships`, {
    termId,
    organisation: 'Chair Works',
    mentorName: 'Ole Bent',
    interest: 'Wood',
    startsOn: '2026-09-01',
    summary: 'Bending',
    hours: 10,
  });
  const [entry] = changed['entries'] as { id: string }[];
  return { artifact, portfolio, entry: entry!.id, internship: idIn(internship) };
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
