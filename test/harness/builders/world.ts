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
import { testPassword, type TestApp } from '../start-app.js';

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
  await home.person({ name: 'registrar', roles: ['registrar'], email: 'registrar@home.example' });
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
  const clients = new Map<Persona, Client>();
  const client = async (persona: Persona): Promise<Client> => {
    if (persona === 'visitor') return app.visitor();
    // Signing out is one of the acts, so a session that has gone is opened again.
    const known = clients.get(persona);
    if (known && (persona === 'guest' || (await known.get('/account')).status !== 401)) return known;
    const fresh = await app.as(`${persona}@home.example`);
    clients.set(persona, fresh);
    return fresh;
  };
  const ids: Record<string, string> = {
    student: student.id,
    person: panelist.id,
    term: home.termId,
    advisory: first.advisoryId,
    guardian: guardian.id,
  };
  return { ids, client };
}
