/**
 * A panel with everybody around it: what tests of scores and results stand on. Makes its own school, people
 * and exhibition.
 */
import { randomUUID } from 'node:crypto';
import type { Phase } from '../../../server/exhibitions/exhibition.js';
import { saveExhibition, saveExhibitionChange } from '../../../server/exhibitions/exhibition-records.js';
import { saveSlots } from '../../../server/exhibitions/slots/slot-records.js';
import type { Seat, SeatRole } from '../../../server/exhibitions/seats/seat.js';
import { saveSeat } from '../../../server/exhibitions/seats/seat-records.js';
import { saveAdvisory } from '../../../server/people/people-records.js';
import type { Person } from '../../../server/people/person.js';
import type { PinnedRubric } from '../../../server/rubrics/rubric-library.js';
import { rubricHash } from '../../../server/rubrics/rubric.js';
import { saveRubricVersion } from '../../../server/rubrics/rubric-records.js';
import { responseTo } from '../../../server/scores/score-sheet.js';
import { findSheet } from '../../../server/scores/score-sheet-records.js';
import type { Client } from '../client.js';
import type { TestApp, TestSchool } from '../start-app.js';

export interface TestPanel {
  home: TestSchool;
  people: Record<
    'student' | 'advisor' | 'otherAdvisor' | 'guardian' | 'registrar' | 'admin' | 'otherStudent',
    Person
  >;
  exhibitionId: string;
  slotId: string;
  /** One seat per panelist, the first with the chair; the second is the student's own advisor. */
  seats: Seat[];
  /** Signed in, by name of `people`, or `panelist-0` … for the holder of a seat. */
  as(who: string): Promise<Client>;
  moveTo(phase: Phase, from: Phase): Promise<void>;
}

export interface PanelOptions {
  rubric?: string;
  /** Rows that ask for a pin: the panel then scores by a version of its own of that rubric. */
  pinned?: readonly string[];
  phase?: Phase;
  roles?: SeatRole[];
  studentName?: string;
}

/** A panel that scores by the exhibition rubric; nobody has said anything yet. */
export async function aPanel(app: TestApp, options: PanelOptions = {}): Promise<TestPanel> {
  const home = await app.aSchool();
  const { scope } = home;
  const mark = randomUUID().slice(0, 8);
  const mailOf = (who: string) => `${who}.${mark}@test.example`;
  const join = (who: string, name: string, roles: Person['roles'], more = {}) =>
    home.person({ name, roles, email: mailOf(who), ...more });

  const advisor = await join('advisor', 'Amara Okafor', ['advisor']);
  const otherAdvisor = await join('otherAdvisor', 'Liam Byrne', ['advisor']);
  const advisoryId = randomUUID();
  await saveAdvisory(scope, {
    id: advisoryId,
    schoolId: scope.schoolId,
    slug: `a-${mark}`,
    name: 'Cedar',
    advisorIds: [advisor.id],
  });
  const guardian = await join('guardian', 'Rosa Núñez', ['guardian']);
  const student = await join('student', options.studentName ?? 'Itzel Núñez', ['student'], {
    advisoryId,
    guardianIds: [guardian.id],
  });
  const otherStudent = await join('otherStudent', 'Yonas Tesfaye', ['student']);
  const registrar = await join('registrar', 'Mei Lin', ['registrar']);
  const admin = await join('admin', 'Pat Doyle', ['admin']);

  const now = app.context.clock.now();
  const pinned = await rubricFor(app, options);
  const [exhibitionId, slotId] = [randomUUID(), randomUUID()];
  await saveExhibition(scope, {
    id: exhibitionId,
    schoolId: scope.schoolId,
    termId: home.termId,
    slug: `fall-${mark}`,
    title: 'Fall exhibitions',
    format: 'panel',
    rubric: { slug: pinned.rubric.slug, hash: pinned.hash },
    phase: options.phase ?? 'scoring',
    startsAt: now,
    place: 'Main hall',
    slotMinutes: 50,
    createdAt: now,
    createdBy: registrar.id,
  });
  await saveSlots(scope, [
    {
      id: slotId,
      schoolId: scope.schoolId,
      exhibitionId,
      termId: home.termId,
      studentId: student.id,
      startsAt: now,
      minutes: 50,
      room: 'Room 12',
      attempt: 1,
      snapshotId: null,
      createdAt: now,
    },
  ]);
  const seats: Seat[] = [];
  for (const [at, role] of (options.roles ?? ['teacher', 'advisor', 'mentor']).entries()) {
    const names = ['Noor Haddad', 'Amara Okafor', 'Jun Sato', 'Ada Kowalski', 'Femi Bello'];
    const holder =
      role === 'advisor'
        ? advisor
        : await join(`panelist-${at}`, names[at] ?? `Panelist ${at}`, ['panelist']);
    const seat: Seat = {
      id: randomUUID(),
      schoolId: scope.schoolId,
      slotId,
      exhibitionId,
      studentId: student.id,
      personId: holder.id,
      name: holder.displayName,
      role,
      chair: at === 0,
      pass: null,
      createdAt: new Date(now.getTime() + at),
      createdBy: registrar.id,
    };
    seats.push(await saveSeat(scope, seat));
  }
  return {
    home,
    people: { student, advisor, otherAdvisor, guardian, registrar, admin, otherStudent },
    exhibitionId,
    slotId,
    seats,
    as: (who) => {
      const at = /^panelist-(\d+)$/.exec(who)?.[1];
      const holdsAdvisorSeat = at !== undefined && seats[Number(at)]?.personId === advisor.id;
      return app.as(mailOf(holdsAdvisorSeat ? 'advisor' : who));
    },
    async moveTo(phase, from) {
      await saveExhibitionChange(scope, exhibitionId, from, { phase });
    },
  };
}

async function rubricFor(app: TestApp, options: PanelOptions): Promise<PinnedRubric> {
  const shelved = app.context.rubrics.bySlug(options.rubric ?? 'exhibition');
  if (!options.pinned) return shelved;
  const criteria = shelved.rubric.criteria.map((row) =>
    options.pinned?.includes(row.id) ? { ...row, evidence: 'pin' as const } : row,
  );
  const rubric = { ...shelved.rubric, criteria };
  const hash = rubricHash(rubric);
  await saveRubricVersion(app.context.db, hash, rubric, app.context.clock.now());
  return { rubric, hash };
}

/** A change with a fresh id. */
export const anOperation = <T extends object>(change: T): T & { id: string } => ({
  id: randomUUID(),
  ...change,
});

/** Answers every row of a panelist's sheet with these levels in turn, says something, and submits when asked. */
export async function fillSheet(
  client: Client,
  seatId: string,
  levels: (string | null)[],
  options: { comment?: string; submit?: boolean } = {},
): Promise<void> {
  const sheet = (await client.get(`/seats/${seatId}/sheet`)).json<{ criteria: { id: string }[] }>();
  const operations = sheet.criteria.flatMap(({ id: criterionId }, at) => {
    const levelId = levels[at % levels.length] ?? null;
    const answer =
      levelId === null ? { kind: 'not-observed', criterionId } : { kind: 'set-level', criterionId, levelId };
    const words =
      options.comment === undefined ? [] : [{ kind: 'set-comment', criterionId, comment: options.comment }];
    return [answer, ...words].map(anOperation);
  });
  const answer = await client.post(`/seats/${seatId}/sheet/operations`, { operations });
  if (answer.status !== 200) throw new Error(`operations: ${answer.status} ${answer.text}`);
  if (options.submit === false) return;
  const submitted = await client.post(`/seats/${seatId}/sheet/submit`, { early: true });
  if (submitted.status !== 200) throw new Error(`submit: ${submitted.status} ${submitted.text}`);
}

/** What the database holds for a seat, journal included. */
export async function storedSheet(panel: TestPanel, seatId: string) {
  const sheet = await findSheet(panel.home.scope, seatId);
  return sheet && { ...sheet, answer: (criterionId: string) => responseTo(sheet, criterionId) };
}
