/**
 * The day that is measured: 200 panelists in rooms of four, half of them guests who came in by a door pass,
 * half people with an account, each with a sheet for every part of the measurement; a coordinator who
 * watches, and sheets that go in meanwhile.
 */
import { randomUUID } from 'node:crypto';
import type { Context } from '../../../server/context.js';
import { saveExhibition } from '../../../server/exhibitions/exhibition-records.js';
import type { Slot } from '../../../server/exhibitions/slots/slot.js';
import { saveSlots } from '../../../server/exhibitions/slots/slot-records.js';
import { newPass } from '../../../server/exhibitions/passes/pass.js';
import type { Seat } from '../../../server/exhibitions/seats/seat.js';
import { saveSeats } from '../../../server/exhibitions/seats/seat-records.js';
import type { Person } from '../../../server/people/person.js';
import { addBenchPerson, aBenchSchool } from '../bench-school.js';
import type { Criterion, SeatOf } from './messages.js';

const password = 'correct horse battery';
const perRoom = 4;

export interface TheDay {
  exhibitionId: string;
  criteria: Criterion[];
  /** By part of the measurement, a sheet for each panelist. */
  parts: SeatOf[][];
  coordinator: string;
  /** Signs the coordinator in once more: a session has few event streams. */
  anotherCoordinator(): Promise<string>;
  /** Sheets to be submitted, each of a slot of its own. */
  submits: (SeatOf & { slotId: string })[];
}

interface Size {
  panelists: number;
  parts: number;
  submits: number;
}

export async function makeTheDay(context: Context, url: string, size: Size): Promise<TheDay> {
  const home = await aBenchSchool(context);
  const { scope } = home;
  const withAccount = async (name: string, role: Person['roles'][number]) => {
    const email = `${name.toLowerCase().replaceAll(' ', '.')}@bench.example`;
    const { person } = await addBenchPerson(context, scope, { name, roles: [role], email }, password);
    return { person, email };
  };
  const numbers = Array.from({ length: size.panelists }, (_, at) => at);
  const isGuest = (at: number) => at % 2 === 1;
  const [coordinator, chair, ...panel] = await Promise.all([
    withAccount('Ruth Abernathy', 'registrar'),
    withAccount('Noor Haddad', 'panelist'),
    ...numbers.map(async (at) =>
      isGuest(at)
        ? { person: await home.person({ name: `Guest ${at}`, roles: ['guest'] }), email: null }
        : withAccount(`Panelist ${at}`, 'panelist'),
    ),
  ]);
  const student = await home.person({ name: 'Itzel Núñez', roles: ['student'] });

  const now = context.clock.now();
  const { rubric, hash } = context.rubrics.bySlug('exhibition');
  const exhibitionId = randomUUID();
  const ofSchool = { schoolId: scope.schoolId, createdAt: now };
  await saveExhibition(scope, {
    ...ofSchool,
    id: exhibitionId,
    termId: home.termId,
    slug: 'the-day',
    title: 'The day',
    format: 'panel',
    rubric: { slug: rubric.slug, hash },
    phase: 'scoring',
    startsAt: now,
    place: 'Main hall',
    slotMinutes: 50,
    createdBy: 'bench',
  });
  const slots: Slot[] = [];
  const seats: Seat[] = [];
  const aSlot = (): string => {
    const id = randomUUID();
    slots.push({
      ...ofSchool,
      id,
      exhibitionId,
      termId: home.termId,
      studentId: student.id,
      startsAt: now,
      minutes: 50,
      room: `Room ${slots.length}`,
      attempt: slots.length + 1,
      snapshotId: null,
    });
    return id;
  };
  const aSeat = (slotId: string, { id: personId, displayName: name }: Person, pass: Seat['pass'] = null) => {
    const id = randomUUID();
    seats.push({
      ...ofSchool,
      id,
      slotId,
      exhibitionId,
      studentId: student.id,
      personId,
      name,
      role: pass ? 'guest' : 'teacher',
      chair: false,
      pass,
      createdBy: 'bench',
    });
    return id;
  };

  const seatIds: string[][] = [];
  const secrets: string[][] = numbers.map(() => []);
  for (let part = 0; part < size.parts; part += 1) {
    let slotId = '';
    seatIds.push(
      panel.map(({ person }, at) => {
        if (at % perRoom === 0) slotId = aSlot();
        if (!isGuest(at)) return aSeat(slotId, person);
        const { faces, pass } = newPass(context.config.keyFor('pass'), now, now);
        secrets[at]!.push(faces.secret);
        return aSeat(slotId, person, pass);
      }),
    );
  }
  const submits = Array.from({ length: size.submits }, () => {
    const slotId = aSlot();
    return { slotId, seatId: aSeat(slotId, chair.person) };
  });
  await saveSlots(scope, slots);
  await saveSeats(scope, seats);

  const signIn = (email: string) => session(url, '/sign-in', { email, password });
  const cookies: string[] = [];
  for (const [at, { email }] of panel.entries()) {
    let cookie = email ? await signIn(email) : '';
    for (const secret of secrets[at]!) cookie = await session(url, `/pass/${secret}`, {}, cookie);
    cookies.push(cookie);
  }
  const ofChair = await signIn(chair.email);
  return {
    exhibitionId,
    criteria: rubric.criteria.map((row) => ({
      id: row.id,
      levelIds: rubric.levels.map((level) => level.id),
    })),
    parts: seatIds.map((ids) => ids.map((seatId, at) => ({ seatId, cookie: cookies[at]! }))),
    coordinator: await signIn(coordinator.email),
    anotherCoordinator: () => signIn(coordinator.email),
    submits: submits.map((each) => ({ ...each, cookie: ofChair })),
  };
}

/** Comes in at a door. Answers the session as a Cookie header. */
async function session(url: string, path: string, body: object, cookie = ''): Promise<string> {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      ...(cookie ? { cookie } : {}),
    },
    body: JSON.stringify(body),
    redirect: 'manual',
  });
  const jar = new Map(
    [...cookie.split('; ').filter(Boolean), ...answer.headers.getSetCookie()].map((each) => {
      const [name, value] = each.split(';')[0]!.split('=');
      return [name!, value!];
    }),
  );
  if (answer.status !== 200 || !jar.has('vitrine'))
    throw new Error(`${path.slice(0, 9)}: ${answer.status} ${await answer.text()}`);
  return [...jar].map((each) => each.join('=')).join('; ');
}
