/**
 * A small world for the permission matrix: one school with every persona, one thing of every kind that
 * belongs to `student`, and a second school whose registrar and admin are strangers.
 */
import { saveSlotSnapshot } from '../../../server/exhibitions/slots/slot-records.js';
import { listNewestSnapshots } from '../../../server/portfolio/portfolio-records.js';
import type { Persona } from '../../access/permission-rows/row.js';
import type { Client } from '../client.js';
import type { TestApp } from '../start-app.js';
import { aPresentation } from './presentation.js';
import { aProposal } from './proposal.js';
import { aRehearsal } from './rehearsals.js';
import { aVisit } from './visits.js';
import { studentPapers } from './world-papers.js';
import { mailOf, worldPeople, type WorldPeople } from './world-people.js';
import { invitationFor, studentWork } from './world-work.js';

export interface World extends WorldPeople {
  app: TestApp;
  /** Ids (and codes) by the name of the thing. */
  ids: Record<string, string>;
  /** The persona's session; the visitor has a fresh one each time. */
  client(persona: Persona): Promise<Client>;
  /** Their session is over or somebody else's: they sign in again the next time. */
  forget(persona: Persona): void;
}

export async function buildWorld(app: TestApp): Promise<World> {
  const everybody = await worldPeople(app);
  const { home, people, advisories } = everybody;
  const { student, otherStudent, advisor, panelist, registrar } = people;
  const scoring = await aPresentation(app, home, student, panelist, 'scoring');
  const closed = await aPresentation(app, home, student, panelist, 'closed');
  const draft = await aPresentation(app, home, otherStudent, panelist, 'draft');
  const gallery = await aPresentation(app, home, student, panelist, 'scoring', 'gallery');
  const clients = new Map<Persona, Promise<Client>>();
  const client = (persona: Persona): Promise<Client> => {
    if (persona === 'visitor') return Promise.resolve(app.visitor());
    const known =
      clients.get(persona) ??
      (persona === 'guest' ? guestOf(app, scoring.guestPass.secret) : app.as(mailOf(persona)));
    clients.set(persona, known);
    return known;
  };
  const ids: Record<string, string> = {
    ...(await studentPapers(app, home, { student, advisor, registrar })),
    ...scoring.ids,
    passSecret: scoring.guestPass.secret,
    proposal: await aProposal(home.scope, scoring.ids, student.id),
    draftExhibition: draft.ids.exhibition,
    draftSlot: draft.ids.slot,
    closedExhibition: closed.ids.exhibition,
    closedSlot: closed.ids.slot,
    closedSeat: closed.ids.seat,
    gallery: gallery.ids.exhibition,
    stand: gallery.ids.slot,
    visit: await aVisit(app, home, gallery.ids, student, otherStudent),
    rehearsal: await aRehearsal(app, home, student, advisor),
    student: student.id,
    person: panelist.id,
    term: home.termId,
    advisory: advisories.advisor,
    guardian: people.guardian.id,
    // Rows that change a person or an advisory must not change one of the personas.
    sparePerson: people.spare.id,
    spareAdvisory: advisories.spareAdvisor,
    invitation: await invitationFor(app, people.spare.id),
  };
  const work = await studentWork(await client('student'), student.id, home.termId);
  // The panel sees what was submitted: the snapshot is pinned to the slot, as it is when scoring opens.
  const [snapshot] = await listNewestSnapshots(home.scope, [student.id], home.termId);
  await saveSlotSnapshot(home.scope, scoring.ids.slot, snapshot!.id);
  return {
    ...everybody,
    app,
    ids: { ...ids, ...work },
    client,
    forget: (persona) => void clients.delete(persona),
  };
}

/** A guest who has just come in by the pass of their seat. */
async function guestOf(app: TestApp, pass: string): Promise<Client> {
  const guest = app.visitor();
  const answer = await guest.post(`/pass/${pass}`);
  if (answer.status !== 200) throw new Error(`the pass was refused: ${answer.status} ${answer.text}`);
  return guest;
}
