/**
 * A school with a planner, students and an exhibition planned over HTTP: what tests of exhibitions and panels stand on.
 */
import { randomUUID } from 'node:crypto';
import { saveAdvisory } from '../../../server/people/people-records.js';
import { seeing } from './seeing.js';
import type { Person } from '../../../server/people/person.js';
import type { Client, Reply } from '../client.js';
import type { TestApp, TestSchool } from '../start-app.js';
import { at, schoolDayFromNow } from '../test-clock.js';

export interface TestExhibition {
  home: TestSchool;
  /** Runs the exhibition; leads the advisory of the first student. */
  advisor: Person;
  planner: Client;
  students: Person[];
  exhibitionId: string;
  path: string;
  /** Adds a person who can sign in, and signs them in. */
  join(name: string, roles: Person['roles'], more?: object): Promise<{ person: Person; client: Client }>;
  /** Plans a slot for a student, `at` as `HH:mm` in the school's zone on the day of the exhibition. */
  slot(input: {
    student?: number;
    at?: string;
    room?: string;
    minutes?: number;
    attempt?: number;
  }): Promise<Reply>;
  slotId(input?: { student?: number; at?: string; room?: string }): Promise<string>;
  /** Sets somebody on a panel. */
  seat(slotId: string, body: Record<string, unknown>): Promise<Reply>;
  move(verb: string, reason?: string): Promise<Reply>;
}

/** A school day in a week's time. */
export const exhibitionDay = schoolDayFromNow(7);

/** The instant at which the school's clocks show `time` on a day, the exhibition's when none is said. */
export const on = (time: string, day = exhibitionDay): string => at(time, day).toISOString();

export async function anExhibition(
  app: TestApp,
  options: { students?: number; format?: 'panel' | 'gallery'; title?: string } = {},
): Promise<TestExhibition> {
  const home = await app.aSchool();
  const mark = randomUUID().slice(0, 8);
  const join: TestExhibition['join'] = async (name, roles, more = {}) => {
    const email = `${randomUUID().slice(0, 8)}@${mark}.example`;
    const person = await home.person({ name, roles, email, ...more });
    return { person, client: await app.as(email) };
  };
  const { person: advisor, client } = await join('Amara Okafor', ['advisor']);
  const advisoryId = randomUUID();
  await saveAdvisory(home.scope, {
    id: advisoryId,
    schoolId: home.school.id,
    slug: 'cedar',
    name: 'Cedar',
    advisorIds: [advisor.id],
  });
  const names = ['Itzel Núñez', 'Yonas Tesfaye', 'Mei Lin', 'Layla Haddad', 'Tavita Faleolo', 'Noor Aziz'];
  const students: Person[] = [];
  for (let count = 0; count < (options.students ?? 3); count += 1) {
    const name = names[count] ?? `Student ${count}`;
    students.push(await home.person({ name, roles: ['student'], ...(count === 0 ? { advisoryId } : {}) }));
  }
  const created = await client.post('/exhibitions', {
    termId: home.termId,
    title: options.title ?? 'Fall exhibitions',
    format: options.format ?? 'panel',
    rubric: 'exhibition',
    startsAt: on('09:00'),
    place: 'Main hall',
    slotMinutes: 50,
  });
  if (created.status !== 201)
    throw new Error(`the exhibition was not planned: ${created.status} ${created.text}`);
  const exhibitionId = created.json<{ id: string }>().id;
  const path = `/exhibitions/${exhibitionId}`;
  const planner = seeing(client, path);
  const slot: TestExhibition['slot'] = ({ student = 0, at: time = '09:00', room = 'Room 12', ...more }) =>
    planner.post(`${path}/slots`, { studentId: students[student]!.id, startsAt: on(time), room, ...more });
  return {
    home,
    advisor,
    planner,
    students,
    exhibitionId,
    path,
    join,
    slot,
    async slotId(input = {}) {
      const reply = await slot(input);
      if (reply.status !== 201) throw new Error(`the slot was not planned: ${reply.status} ${reply.text}`);
      return reply.json<{ id: string }>().id;
    },
    seat: (slotId, body) => planner.post(`/slots/${slotId}/seats`, body),
    move: (verb, reason = '') => planner.post(`${path}/${verb}`, { reason }),
  };
}
