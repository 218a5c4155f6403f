/**
 * A school with years of data, of any size, in the shapes that the app creates: people, works, presentations,
 * results, narratives, transcripts, and the audit entries about them, so that `check-records` finds that
 * everything holds. One of its exhibitions is today.
 */
import { DateTime } from 'luxon';
import { appendAudits, type Act } from '../../../server/audit/append-audit.js';
import { auditChainOf } from '../../../server/audit/audit-chain.js';
import type { Context } from '../../../server/context.js';
import type { SchoolScope } from '../../../server/db/database.js';
import type { Exhibition } from '../../../server/exhibitions/exhibition.js';
import { newId } from '../../../server/ids.js';
import { addPerson, newPersonOf, splitName, type NewPerson } from '../../../server/people/add-person.js';
import type { Advisory, Person } from '../../../server/people/person.js';
import { createSchool } from '../../../server/school/create-school.js';
import { listTerms } from '../../../server/school/school-records.js';
import type { School, Term } from '../../../server/school/school.js';
import { bulkInsert, type BulkInsert } from './bulk-insert.js';
import {
  narrativeRecords,
  presentationRecords,
  resultRecords,
  transcriptRecords,
  workRecords,
  type Stage,
} from './term-records.js';

export interface SchoolSize {
  name: string;
  slug: string;
  networkId: string | null;
  students: number;
  /** The last one is the current term. */
  terms: number;
  /** Password of the accounts; null: nobody can sign in. */
  password: string | null;
}

export interface MadeSchool {
  school: School;
  scope: SchoolScope;
  current: Term;
  /** Who can sign in: `registrar@SLUG.example` and so on. The student is the advisor's and the guardian's. */
  accounts: Record<'registrar' | 'advisor' | 'student' | 'guardian', { email: string; person: Person }>;
  /** The exhibition of today. */
  exhibition: Exhibition;
}

const PER_ADVISORY = 18;
const PER_DAY = 180;
const PANEL = 3;
const ACTS_AT_ONCE = 400;
const minute = 60_000;
const day = 24 * 60 * minute;

export async function makeSchool(context: Context, size: SchoolSize): Promise<MadeSchool> {
  const now = context.clock.now();
  const zone = 'America/New_York';
  const dayFrom = (days: number) => DateTime.fromJSDate(now, { zone }).plus({ days }).toISODate()!;
  const school = await createSchool(
    { clock: context.clock, addAdministrator: async () => undefined },
    { db: context.db },
    { personId: 'scale', via: 'script' },
    {
      ...{ name: size.name, slug: size.slug, networkId: size.networkId, timeZone: zone },
      terms: Array.from({ length: size.terms }, (_, nth) => {
        const back = 120 * (size.terms - 1 - nth);
        return { name: `Term ${nth + 1}`, startsOn: dayFrom(-60 - back), endsOn: dayFrom(59 - back) };
      }),
    },
    null,
  );
  const scope: SchoolScope = { db: context.db, schoolId: school.id };
  const bulk = bulkInsert(context.db);
  const people = await makePeople(context, scope, bulk, size);
  const terms = await listTerms(scope);
  const maker = new TermMaker(context, school, scope, bulk, people);
  for (const [nth, term] of terms.entries()) await maker.make(term, nth === terms.length - 1);
  await bulk.flush();
  await maker.finish();
  const [advisor, student, guardian] = [people.advisors[0]!, people.students[0]!, people.guardians[0]!];
  const accountOf = (person: Person) => ({ email: person.email ?? '', person });
  return {
    ...{ school, scope, current: terms.at(-1)!, exhibition: maker.today! },
    accounts: {
      registrar: accountOf(people.registrar),
      advisor: accountOf(advisor),
      student: accountOf(student),
      guardian: accountOf(guardian),
    },
  };
}

interface People {
  advisors: Person[];
  students: Person[];
  guardians: Person[];
  registrar: Person;
}

const given = [
  'Amina',
  'Bilal',
  'Chidi',
  'Dalia',
  'Emeka',
  'Farah',
  'Gael',
  'Hana',
  'Itzel',
  'Jun',
  'Kofi',
  'Layla',
];
const family = [
  'Abara',
  'Baptiste',
  'Castillo',
  'Diallo',
  'Etxeberria',
  'Farouk',
  'Guerrero',
  'Habte',
  'Ito',
  'Jansen',
];
const nameOf = (at: number, mark = ''): string =>
  `${given[at % given.length]!} ${family[Math.floor(at / given.length) % family.length]!}${mark} ${at}`;

async function makePeople(
  context: Context,
  scope: SchoolScope,
  bulk: BulkInsert,
  { students: count, slug, password }: SchoolSize,
): Promise<People> {
  const withAccount = async (role: Person['roles'][number], name: string, more: Partial<NewPerson> = {}) => {
    const email = password === null ? null : `${role}@${slug}.example`;
    const input = { ...splitName(name), displayName: name, roles: [role], email, ...more };
    return (await addPerson(context, scope, input, password ?? undefined)).person;
  };
  const plain = (role: Person['roles'][number], name: string, more: Partial<NewPerson> = {}): Person =>
    newPersonOf(context.clock, scope.schoolId, {
      ...splitName(name),
      displayName: name,
      roles: [role],
      ...more,
    });
  const advisories = Math.ceil(count / PER_ADVISORY);
  const advisors = [await withAccount('advisor', nameOf(0, ' Advisor'))];
  for (let at = 1; at < Math.max(PANEL, advisories); at += 1)
    advisors.push(plain('advisor', nameOf(at, ' Advisor')));
  const registrar = await withAccount('registrar', 'Ruth Abernathy');
  // Two children of a family in the school.
  const guardians = [await withAccount('guardian', nameOf(0, ' Parent'))];
  for (let at = 1; at < Math.ceil(count / 2); at += 1)
    guardians.push(plain('guardian', nameOf(at, ' Parent')));
  const groups = Array.from({ length: advisories }, (_, at): Advisory => ({
    ...{ id: newId(), schoolId: scope.schoolId, slug: `advisory-${at}`, name: `Advisory ${at + 1}` },
    advisorIds: [advisors[at]!.id],
  }));
  const studentMore = (at: number): Partial<NewPerson> => ({
    ...{ sourcedId: `S${at}`, grade: String(9 + (at % 4)), guardianIds: [guardians[Math.floor(at / 2)]!.id] },
    advisoryId: groups[Math.floor(at / PER_ADVISORY)]!.id,
  });
  const students = [await withAccount('student', nameOf(0), studentMore(0))];
  for (let at = 1; at < count; at += 1) students.push(plain('student', nameOf(at), studentMore(at)));
  await bulk.add('advisories', groups);
  await bulk.add('people', [...advisors.slice(1), ...guardians.slice(1), ...students.slice(1)]);
  return { advisors, students, guardians, registrar };
}

class TermMaker {
  today: Exhibition | null = null;
  private serial = 0;
  private readonly acts = new Map<string, Act[]>();

  constructor(
    private readonly context: Context,
    private readonly school: School,
    private readonly scope: SchoolScope,
    private readonly bulk: BulkInsert,
    private readonly people: People,
  ) {}

  /**
   * As many days as it takes for everybody to present; in the current term today's is the first, and the last
   * one is to come.
   */
  async make(term: Term, isCurrent: boolean): Promise<void> {
    const { students } = this.people;
    const perDay = Math.min(PER_DAY, Math.ceil(students.length / (isCurrent ? 3 : 1)));
    const days = Math.ceil(students.length / perDay);
    for (let nth = 0; nth < days; nth += 1) {
      const phase = !isCurrent ? 'closed' : nth === 0 ? 'scoring' : nth === days - 1 ? 'open' : 'closed';
      const exhibition = this.exhibition(term, nth, phase);
      if (phase === 'scoring') this.today = exhibition;
      await this.bulk.add('exhibitions', [exhibition]);
      const rooms = Math.ceil(perDay / 8);
      for (let at = nth * perDay; at < Math.min(students.length, (nth + 1) * perDay); at += 1) {
        const place = at - nth * perDay;
        const startsAt = new Date(exhibition.startsAt.getTime() + Math.floor(place / rooms) * 50 * minute);
        await this.present(
          this.stage(term, exhibition, at, startsAt, `Room ${1 + (place % rooms)}`),
          isCurrent,
        );
      }
      await this.appendActs(ACTS_AT_ONCE);
    }
  }

  async finish(): Promise<void> {
    await this.appendActs(1);
    // Every entry is in its chain before the next school is made.
    await auditChainOf(this.context.db).settle(this.school.id);
    await this.bulk.add('transcriptcounters', [{ id: this.school.id, last: this.serial }]);
    await this.bulk.flush();
  }

  private exhibition(term: Term, nth: number, phase: Exhibition['phase']): Exhibition {
    const { rubric, hash } = this.context.rubrics.bySlug('exhibition');
    const now = this.context.clock.now().getTime();
    const first = DateTime.fromISO(term.startsOn, { zone: this.school.timeZone })
      .plus({ days: 10 })
      .toMillis();
    const start = {
      scoring: now - 150 * minute,
      open: now + 10 * day,
      draft: now,
      closed: first + nth * day,
    };
    return {
      ...{ id: newId(), schoolId: this.school.id, termId: term.id, slug: `day-${nth + 1}` },
      ...{
        title: `Exhibition ${nth + 1}`,
        format: 'panel',
        rubric: { slug: rubric.slug, hash },
        bar: null,
        phase,
      },
      ...{ startsAt: new Date(start[phase]), place: 'Main hall', slotMinutes: 45, clockMinutes: null },
      ...{ createdAt: new Date(first), createdBy: this.people.registrar.id },
    };
  }

  private stage(term: Term, exhibition: Exhibition, at: number, startsAt: Date, room: string): Stage {
    const { advisors, students } = this.people;
    const own = Math.floor(at / PER_ADVISORY);
    const panel = Array.from({ length: PANEL }, (_, nth) => advisors[(own + nth) % advisors.length]!);
    const { rubric } = this.context.rubrics.bySlug('exhibition');
    return {
      ...{ school: this.school, term, exhibition, rubric, student: students[at]!, at },
      ...{ advisor: advisors[own]!, panel, startsAt, room },
    };
  }

  private async present(stage: Stage, isCurrent: boolean): Promise<void> {
    const { at, exhibition, startsAt } = stage;
    const now = this.context.clock.now();
    const isOver = startsAt.getTime() + 45 * minute < now.getTime();
    const isClosed = exhibition.phase === 'closed';
    const before = new Date(Math.min(startsAt.getTime(), now.getTime()) - 5 * day);
    const after = new Date(Math.min(startsAt.getTime() + 20 * day, now.getTime() - day));
    const hasWork = !isCurrent || at % 10 !== 9;
    const works = hasWork ? workRecords(stage, before) : null;
    if (works) {
      await this.bulk.add('artifacts', works.artifacts);
      await this.bulk.add('artifactversions', works.versions);
      await this.bulk.add('portfolios', [works.portfolio]);
      await this.bulk.add('portfoliosnapshots', [works.snapshot]);
      this.remember(works.acts);
    }
    const sealed = isClosed || (isOver && at % 2 === 1) ? PANEL : isOver ? PANEL - 1 : 0;
    const presentation = presentationRecords(stage, works?.snapshot.id ?? null, {
      sealed,
      begun: exhibition.phase === 'scoring' && sealed < PANEL && startsAt < now,
    });
    await this.bulk.add('slots', [presentation.slot]);
    await this.bulk.add('seats', presentation.seats);
    await this.bulk.add('scoresheets', presentation.sheets);
    this.remember(presentation.acts);
    if (isClosed) {
      const { result, acts } = resultRecords(stage, presentation);
      await this.bulk.add('results', [result]);
      this.remember(acts);
    }
    await this.write(stage, isCurrent, after);
  }

  private async write(stage: Stage, isCurrent: boolean, at: Date): Promise<void> {
    const { at: nth } = stage;
    for (const voice of ['advisor', 'student'] as const) {
      const isSigned = !isCurrent || (voice === 'advisor' ? nth % 3 === 0 : nth % 2 === 0);
      if (!isSigned && nth % 3 === 2) continue;
      const { narrative, versions, acts } = narrativeRecords(stage, voice, isSigned, at);
      await this.bulk.add('narratives', [narrative]);
      await this.bulk.add('narrativeversions', versions);
      this.remember(acts);
    }
    if (isCurrent && nth % 30 !== 0) return;
    this.serial += 1;
    const { transcript, acts } = transcriptRecords(stage, this.serial, this.people.registrar, at);
    await this.bulk.add('transcripts', [transcript]);
    this.remember(acts);
  }

  private remember(acts: Record<string, Act[]>): void {
    for (const [act, list] of Object.entries(acts))
      this.acts.set(act, [...(this.acts.get(act) ?? []), ...list]);
  }

  private async appendActs(atLeast: number): Promise<void> {
    for (const [act, list] of this.acts) {
      while (list.length >= atLeast)
        await appendAudits(
          this.scope,
          this.context.clock,
          { personId: this.people.registrar.id, via: 'script' },
          act,
          list.splice(0, ACTS_AT_ONCE),
        );
    }
  }
}
