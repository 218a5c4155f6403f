/** Visits to stands: one written straight into the records, and a gallery whose signs are made through the door. */
import { randomUUID } from 'node:crypto';
import type { Person } from '../../../server/people/person.js';
import type { HoldRule } from '../../../server/school/school.js';
import { saveSchoolChange } from '../../../server/school/school-records.js';
import { noScore } from '../../../server/visits/visit.js';
import { saveVisit } from '../../../server/visits/visit-records.js';
import type { TestApp, TestSchool } from '../start-app.js';
import type { Client } from '../client.js';
import { anExhibition, on, type TestExhibition } from './exhibition.js';

/** A visit of `visitor` at the stand of `student`, with a few words. Its id. */
export async function aVisit(
  app: TestApp,
  home: TestSchool,
  at: { exhibition: string; slot: string },
  student: Person,
  visitor: Person,
): Promise<string> {
  const now = app.context.clock.now();
  const pinned = app.context.rubrics.bySlug('exhibition');
  const visit = await saveVisit(home.scope, {
    id: randomUUID(),
    schoolId: home.school.id,
    exhibitionId: at.exhibition,
    slotId: at.slot,
    studentId: student.id,
    personId: visitor.id,
    name: visitor.displayName,
    role: 'peer',
    rubric: { slug: pinned.rubric.slug, hash: pinned.hash },
    feedback: [{ prompt: 'What stayed with me', words: 'The colours.' }],
    feedbackAt: now,
    score: noScore,
    scoreAt: null,
    leftAt: now,
    journal: [],
    revision: 0,
    hidden: null,
    openedAt: now,
    until: new Date(now.getTime() + 86_400_000),
  });
  return visit.id;
}

export interface Sign {
  slotId: string;
  passUrl: string;
  code: string;
  expiresAt: string;
}

export interface TestGallery {
  day: TestExhibition;
  student: Client;
  guardian: Client;
  /** One sign for each of two stands; the first is the student's. */
  signs: Sign[];
  slots: string[];
  /** Somebody at the door of a stand: the path of their visit. */
  comeIn(client: Client, stand: number, body?: Record<string, unknown>): Promise<string>;
}

export const doorOf = (sign: Sign): string => new URL(sign.passUrl).pathname;

/** A gallery in full swing with two stands. Comments are shown at once unless a test is about holding them. */
export async function aGallery(
  app: TestApp,
  settings: Record<string, unknown> = {},
  holdComments: HoldRule = 'off',
): Promise<TestGallery> {
  const day = await anExhibition(app, { format: 'gallery' });
  const { school, scope } = day.home;
  school.policies = { ...school.policies, holdComments };
  await saveSchoolChange(scope, { policies: school.policies });
  const guardian = await day.join('Rosa Núñez', ['guardian']);
  const { person, client: student } = await day.join('Ana Prado', ['student'], {
    advisoryId: day.students[0]!.advisoryId,
    guardianIds: [guardian.person.id],
  });
  if (Object.keys(settings).length > 0) {
    const now = (await day.planner.get(day.path)).json<Record<string, unknown>>();
    const changed = await day.planner.put(day.path, {
      ...{ termId: now['termId'], title: now['title'], format: 'gallery', rubric: 'exhibition' },
      ...{ startsAt: now['startsAt'], place: 'Hall', slotMinutes: 50, ...settings },
    });
    if (changed.status !== 200) throw new Error(`the gallery was not changed: ${changed.text}`);
  }
  const first = await day.planner.post(`${day.path}/slots`, {
    studentId: person.id,
    startsAt: on('09:00'),
    room: 'Hall',
  });
  const slots = [first.json<{ id: string }>().id, await day.slotId({ student: 1, room: 'Hall' })];
  for (const verb of ['open', 'score']) {
    const moved = await day.move(verb);
    if (moved.status !== 200) throw new Error(`${verb}: ${moved.text}`);
  }
  const made = await day.planner.post(`${day.path}/stands/signs`);
  if (made.status !== 201) throw new Error(`no signs were made: ${made.status} ${made.text}`);
  const signs = slots.map((id) => made.json<{ signs: Sign[] }>().signs.find((sign) => sign.slotId === id)!);
  return {
    day,
    student,
    guardian: guardian.client,
    signs,
    slots,
    async comeIn(client, stand, body = {}) {
      const reply = await client.post(doorOf(signs[stand]!), body);
      if (reply.status !== 200) throw new Error(`not let in: ${reply.status} ${reply.text}`);
      return reply.json<{ visitHref: string }>().visitHref;
    },
  };
}
