import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { joinParts, type Home, type Task } from '../../server/home/home.js';
import { dayAround } from '../../server/home/day.js';
import { saveExhibition, saveExhibitionChange } from '../../server/exhibitions/exhibition-records.js';
import { saveSlots } from '../../server/exhibitions/slots/slot-records.js';
import { newId } from '../../server/ids.js';
import { saveSeats } from '../../server/exhibitions/seats/seat-records.js';
import { saveAdvisory } from '../../server/people/people-records.js';
import { startApp, type TestApp, type TestSchool } from '../harness/start-app.js';
import { at, clocksGoBack, fromNow, schoolZone } from '../harness/test-clock.js';

const aTask = (change: Partial<Task>): Task => ({
  kind: 'school',
  title: 'Task',
  line: '',
  href: '/x',
  action: 'Do',
  at: null,
  ...change,
});

describe('the parts of a first page', () => {
  it('puts what has a time first, the soonest on top, and the rest in its order', () => {
    const home = joinParts('A', [
      { tasks: [aTask({ href: '/1', title: 'any time' })] },
      { tasks: [aTask({ href: '/2', title: 'later', at: fromNow({ days: 2 }).toISOString() })] },
      { tasks: [aTask({ href: '/3', title: 'soon', at: fromNow({ days: 1 }).toISOString() })] },
    ]);
    expect([home.next, ...home.tasks].map((task) => task?.title)).toEqual(['soon', 'later', 'any time']);
  });

  it('says the same act once', () => {
    expect(joinParts('A', [{ tasks: [aTask({})] }, { tasks: [aTask({})] }]).tasks).toEqual([]);
  });

  it('shows a few and keeps the rest on demand', () => {
    const many = Array.from({ length: 20 }, (_, n) => aTask({ href: `/${n}` }));
    const home = joinParts('A', [{ tasks: many }]);
    expect([home.tasks.length, home.later.length]).toEqual([7, 12]);
  });

  it('has nothing to say when nothing waits', () => {
    expect(joinParts('A', [])).toMatchObject({ next: null, tasks: [], today: [], people: [] });
  });

  it("counts the school's day in its zone, also when the clocks change", () => {
    const { from, until } = dayAround(at('10:00', clocksGoBack), schoolZone);
    expect(from).toEqual(at('00:00', clocksGoBack));
    expect(until.getTime() - from.getTime()).toBe(25 * 3_600_000);
  });
});

describe('the first page', () => {
  const now = at('11:00');
  let app: TestApp;
  let school: TestSchool;
  let advisoryId: string;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    app = await startApp({ clock: { now: () => now } });
    school = await app.aSchool({ name: 'Riverbend' });
    const advisor = await school.person({
      name: 'Noor Haddad',
      roles: ['advisor'],
      email: 'advisor@home.example',
    });
    advisoryId = newId();
    await saveAdvisory(school.scope, {
      id: advisoryId,
      schoolId: school.school.id,
      slug: 'haddad',
      name: 'Haddad',
      advisorIds: [advisor.id],
    });
    const guardian = await school.person({
      name: 'Rosa Ortiz',
      roles: ['guardian'],
      email: 'guardian@home.example',
    });
    const student = await school.person({
      name: 'Ximena Ortiz',
      roles: ['student'],
      email: 'student@home.example',
      advisoryId,
      guardianIds: [guardian.id],
    });
    const panelist = await school.person({
      name: 'Lin Wei',
      roles: ['panelist'],
      email: 'panelist@home.example',
    });
    await school.person({ name: 'Ada Registrar', roles: ['registrar'], email: 'registrar@home.example' });
    Object.assign(ids, { advisor: advisor.id, student: student.id, panelist: panelist.id });
    const exhibitionId = newId();
    const slotId = newId();
    const common = { schoolId: school.school.id, exhibitionId, studentId: student.id, createdAt: now };
    await saveExhibition(school.scope, {
      ...{ id: exhibitionId, schoolId: school.school.id, termId: school.termId, slug: 'spring' },
      ...{
        title: 'Spring exhibition',
        format: 'panel',
        rubric: { slug: 'exhibition', hash: 'h' },
        phase: 'draft',
      },
      ...{ startsAt: now, place: 'Hall', slotMinutes: 50, createdAt: now, createdBy: advisor.id },
    });
    await saveSlots(school.scope, [
      {
        ...common,
        ...{ id: slotId, termId: school.termId, startsAt: at('11:12') },
        ...{ minutes: 50, room: 'Room 2', attempt: 1, snapshotId: null },
      },
    ]);
    const seatId = newId();
    await saveSeats(school.scope, [
      {
        ...common,
        ...{ id: seatId, slotId, personId: panelist.id, name: 'Lin Wei', role: 'teacher', chair: false },
        ...{ pass: null, createdBy: advisor.id },
      },
    ]);
    Object.assign(ids, { exhibition: exhibitionId, slot: slotId, seat: seatId });
  });
  afterAll(() => app.close());

  const homeOf = async (who: string): Promise<Home> =>
    (await (await app.as(`${who}@home.example`)).get('/')).json<Home>();

  it('keeps a day in preparation from those who take part', async () => {
    expect((await homeOf('student')).next?.kind).not.toBe('present');
    expect((await homeOf('panelist')).next).toBeNull();
    expect((await homeOf('registrar')).tasks.concat((await homeOf('registrar')).next ?? [])).toEqual(
      expect.arrayContaining([expect.objectContaining({ href: `/exhibitions/${ids.exhibition}` })]),
    );
  });

  describe('on the day', () => {
    beforeAll(async () => {
      await saveExhibitionChange(school.scope, ids.exhibition!, 'draft', { phase: 'scoring' });
    });

    it.each([
      ['student', 'present', () => `/slots/${ids.slot}`],
      ['guardian', 'present', () => `/slots/${ids.slot}`],
      ['panelist', 'score', () => `/seats/${ids.seat}/sheet`],
      ['registrar', 'exhibition', () => `/exhibitions/${ids.exhibition}`],
    ])('a %s sees first what is theirs', async (who, kind, href) => {
      expect((await homeOf(who)).next).toMatchObject({ kind, href: href() });
    });

    it('an advisor sees the day and the narratives of their own', async () => {
      const home = await homeOf('advisor');
      expect(home.today).toMatchObject([
        { title: 'Ximena Ortiz', current: false, href: `/slots/${ids.slot}` },
      ]);
      expect(home.people).toMatchObject([{ name: 'Ximena Ortiz', href: `/students/${ids.student}` }]);
      expect([home.next, ...home.tasks]).toMatchObject([{ kind: 'narrative' }]);
    });

    it('is a page that says when, in the time of the school', async () => {
      const reply = await (await app.as('student@home.example')).get('/', { as: 'page' });
      expect(reply.status).toBe(200);
      expect(reply.text).toContain('11:12');
      expect(reply.text).toContain('in 12 min');
      expect(reply.text).toContain('Ximena Ortiz');
    });
  });

  it('leads a visitor to the door', async () => {
    const page = await app.visitor().get('/', { as: 'page' });
    expect([page.status, page.headers.get('location')]).toEqual([303, '/sign-in']);
    expect((await app.visitor().get('/')).status).toBe(401);
  });

  it('leads to the first run while there is no school', async () => {
    const empty = await startApp({ purpose: 'empty' });
    try {
      const page = await empty.visitor().get('/', { as: 'page' });
      expect([page.status, page.headers.get('location')]).toEqual([303, '/first-run']);
    } finally {
      await empty.close();
    }
  });
});
