/**
 * The roster as a OneRoster archive: advisories of homerooms, guardians of agents, terms of sessions, one
 * school of several.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { listAdvisories } from '../../server/people/people-records.js';
import { listTerms, saveSchoolChange } from '../../server/school/school-records.js';
import { oneRoster, zipOf, type Agent } from '../harness/builders/roster.js';
import { rosterDesk, type RosterDesk } from '../harness/roster-desk.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { dayFromNow } from '../harness/test-clock.js';

describe('the roster import from OneRoster', () => {
  let app: TestApp;
  let desk: RosterDesk;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    desk = await rosterDesk(app);
  });

  const users: Agent[] = [
    { id: 't1', given: 'Dana', family: 'Okafor', email: 'dana.t1@one.example', role: 'teacher' },
    { id: 't2', given: 'Lee', family: 'Park', role: 'teacher' },
    { id: 's1', given: 'Zoë', family: 'Ñandú', role: 'student', grades: '09', agents: ['g1'] },
    { id: 's2', given: 'Amanuel', family: 'Tesfaye', role: 'student', grades: '10' },
    { id: 'g1', given: 'Paula', family: 'Ñandú', role: 'parent' },
    { id: 'g2', given: 'Tirunesh', family: 'Tesfaye', role: 'guardian', agents: ['s2'] },
  ];
  const homerooms = [{ id: 'c1', title: 'Heron', teacher: 't1', students: ['s1', 's2'] }];
  const own = (list: Agent[]): Agent[] =>
    list.map((user) => (user.email ? { ...user, email: desk.own(user.email) } : user));

  it('takes no formula for the name of a person, an advisory or a term', async () => {
    const ghost: Agent = { id: 's9', given: '=A1', family: 'Ghost', role: 'student', grades: 'KG' };
    const zip = await oneRoster({
      users: [...own(users), ghost],
      homerooms: [...homerooms, { id: 'c2', title: '#REF!', teacher: 't2', students: ['s2'] }],
    });
    const { created, errors, advisories } = await desk.bringIn(zip);
    expect([created, advisories.created]).toEqual([6, 1]);
    expect(errors).toEqual([
      expect.objectContaining({
        file: 'classes.csv',
        field: 'title',
        message: expect.stringContaining('#REF!'),
      }),
      expect.objectContaining({
        file: 'users.csv',
        field: 'givenName',
        message: expect.stringContaining('=A1'),
      }),
    ]);
  });

  it('makes advisories of homerooms, guardians of agents, terms of sessions; twice is the same', async () => {
    const zip = await oneRoster({ users: own(users), homerooms });
    const first = await desk.bringIn(zip);
    expect(first).toMatchObject({
      created: 6,
      errors: [],
      terms: { created: 2, updated: 0 },
      advisories: { created: 1 },
    });
    const people = await desk.everybody();
    const [heron] = await listAdvisories(desk.school.scope);
    expect(heron!.advisorIds).toEqual([people.get('Dana Okafor')!.id]);
    expect(people.get('Dana Okafor')!.roles).toEqual(['advisor']);
    expect(people.get('Lee Park')!.roles).toEqual(['panelist']);
    expect(people.get('Zoë Ñandú')).toMatchObject({
      grade: '9',
      advisoryId: heron!.id,
      guardianIds: [people.get('Paula Ñandú')!.id],
    });
    expect(people.get('Amanuel Tesfaye')!.guardianIds).toEqual([people.get('Tirunesh Tesfaye')!.id]);
    expect((await listTerms(desk.school.scope)).map((term) => term.name)).toEqual([
      'Year',
      'Fall 2026',
      'Spring 2027',
    ]);
    expect(await desk.bringIn(zip)).toMatchObject({
      created: 0,
      updated: 0,
      unchanged: 6,
      terms: { created: 0, updated: 0 },
    });
  });

  it('asks about a guardian whom the archive no longer names, and makes inactive who has left', async () => {
    await desk.bringIn(await oneRoster({ users: own(users), homerooms }));
    const later = users.map((user) =>
      user.id === 's1'
        ? { ...user, agents: [] }
        : user.id === 't2'
          ? { ...user, status: 'tobedeleted' }
          : user,
    );
    expect(await desk.bringIn(await oneRoster({ users: own(later), homerooms }))).toMatchObject({
      updated: 1,
      unchanged: 5,
      unnamed: [{ student: 'Zoë Ñandú' }],
    });
    const people = await desk.everybody();
    expect(people.get('Zoë Ñandú')!.guardianIds).toHaveLength(1);
    expect(people.get('Lee Park')!.active).toBe(false);
  });

  it('takes only its own school out of an archive of several, and says so when none fits', async () => {
    const orgs = `sourcedId,status,dateLastModified,name,type\nschool-1,active,,${desk.school.school.name},school\nschool-2,active,,Another,school`;
    const roles =
      'sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId\n1,active,,s1,primary,student,,,school-1\n2,active,,s2,primary,student,,,school-2';
    expect(
      await desk.bringIn(await oneRoster({ users: own(users) }, { 'orgs.csv': orgs, 'roles.csv': roles })),
    ).toMatchObject({ created: 1 });
    const strange = orgs.replace(desk.school.school.name, 'Third');
    const archive = await oneRoster({ users: own(users) }, { 'orgs.csv': strange, 'roles.csv': roles });
    expect((await desk.send(archive)).status).toBe(422);
    const preview = await desk.bringIn(archive, { dryRun: 'true' });
    expect([preview.created, preview.questions]).toEqual([
      0,
      [expect.objectContaining({ kind: 'school', key: 'school' })],
    ]);
    expect(await desk.bringIn(archive, { answers: 'school-2:school' })).toMatchObject({ created: 1 });
    await saveSchoolChange(desk.school.scope, { rosterId: 'school-2' });
    expect(await desk.bringIn(archive)).toMatchObject({
      created: 0,
      unchanged: 1,
      questions: [{ kind: 'absent' }],
    });
    await saveSchoolChange(desk.school.scope, { rosterId: 'school-9' });
    expect((await desk.send(archive)).text).toContain('school-9');
  });

  it('reads version 1.1: roles and agents in users.csv, what has ended does not count, and files that it does not need may be anything', async () => {
    const [past, ahead] = [dayFromNow(-20), dayFromNow(20)];
    const archive = await zipOf({
      'Export/manifest.csv':
        'propertyName,value\nfile.users,bulk\nfile.demographics,delta\nfile.results,absent\n',
      'Export/orgs.csv': 'sourcedId,status,name,type\ns,,Some School,school\n',
      'Export/lineItems.csv': '',
      'Export/results.csv': '\ufeff',
      'Export/users.csv': `sourcedId,enabledUser,status,orgSourcedIds,role,givenName,familyName,agents,grade
k1,TRUE,,s,student,Ona,Pell,p1,Grade 09
k2,TRUE,,s,student,,Suryadi,,
p1,TRUE,,s,parent,Pam,Pell,k1,
x1,TRUE,,s,siteAdministrator,Si,Admin,,
x2,TRUE,,s,systemAdministrator,Sy,Admin,,
x3,TRUE,,s,principal,Pri,Ncipal,,
t1,TRUE,,s,teacher,Tea,One,,
t2,TRUE,,s,teacher,Tea,Two,,
z1,TRUE,,s,janitor,Jan,Itor,,`,
      'Export/classes.csv':
        'sourcedId,title,classType,schoolSourcedId\nh1,Willow,homeroom,s\nh2,Heron,homeroom,s\n',
      'Export/enrollments.csv': `sourcedId,status,classSourcedId,userSourcedId,role,beginDate,endDate
e1,,h1,k1,student,,${past}
e2,,h2,k1,student,${past},
e3,,h1,k2,student,${ahead},
e4,,h2,t1,teacher,,
e5,,h2,t2,teacher,,${past}`,
    });
    const outcome = await desk.bringIn(archive);
    expect(outcome.errors.map(({ row, field }) => [row, field])).toEqual([
      [5, 'role'],
      [6, 'role'],
      [7, 'role'],
      [10, 'role'],
    ]);
    expect(outcome.questions).toMatchObject([{ kind: 'role', key: 'role janitor' }]);
    const people = await desk.everybody();
    const advisories = new Map((await listAdvisories(desk.school.scope)).map(({ id, name }) => [id, name]));
    expect(people.get('Ona Pell')).toMatchObject({ grade: '9', guardianIds: [people.get('Pam Pell')!.id] });
    expect(advisories.get(people.get('Ona Pell')!.advisoryId!)).toBe('Heron');
    expect(advisories.get(people.get('Suryadi')!.advisoryId!)).toBe('Willow');
    expect([people.get('Tea One')!.roles, people.get('Tea Two')!.roles]).toEqual([['advisor'], ['panelist']]);
    expect([...people.keys()].filter((name) => /Admin|Pri|Jan/.test(name))).toEqual([]);
  });

  it('runs the word for the status through those that are known, and knows nothing where none is', async () => {
    const sheet = (rows: string) =>
      zipOf({
        'manifest.csv': 'propertyName,value\n',
        'users.csv': `sourcedId,enabledUser,status,orgSourcedIds,role,givenName,familyName\n${rows}`,
      });
    await desk.bringIn(
      await sheet('a,true,,s,student,Ada,One\nb,true,,s,student,Bo,Two\nc,true,,s,student,Cy,Three'),
    );
    const people = await desk.everybody();
    await desk.registrar.post(`/people/${people.get('Ada One')!.id}/deactivate`);
    const outcome = await desk.bringIn(
      await sheet(
        'a,,,s,student,Ada,One\nb,true,withdrawn,s,student,Bo,Two\nc,true,on leave,s,student,Cy,Three',
      ),
    );
    expect(outcome.questions).toMatchObject([{ kind: 'status', key: 'status on leave' }]);
    expect(outcome.errors).toMatchObject([{ row: 4, field: 'status' }]);
    const after = await desk.everybody();
    expect(['Ada One', 'Bo Two', 'Cy Three'].map((name) => after.get(name)!.active)).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('asks by the ids of the rows where there is no list of schools, and does not list whose role waits as missing', async () => {
    const archive = (table: string) => zipOf({ 'manifest.csv': 'propertyName,value\n', 'users.csv': table });
    const users =
      'sourcedId,enabledUser,orgSourcedIds,role,givenName,familyName\na,true,"north,d",student,Ada,One\nb,true,"south,d",student,Bo,Two';
    const asked = await desk.bringIn(await archive(users), { dryRun: 'true' });
    expect([asked.created, asked.questions]).toMatchObject([
      0,
      [{ kind: 'school', options: [{ value: 'north' }, { value: 'south' }] }],
    ]);
    expect((await desk.send(await archive(users))).status).toBe(422);
    await saveSchoolChange(desk.school.scope, { rosterId: 'south' });
    expect((await desk.bringIn(await archive(users))).created).toBe(1);
    expect((await desk.everybody()).has('Bo Two')).toBe(true);
    const more = `${users.replace('"south,d",student', '"south,d",visitor')}\nc,true,south,student,Cy,Three`;
    const waits = await desk.bringIn(await archive(more), { dryRun: 'true' });
    expect(waits.questions.map(({ kind }) => kind)).toEqual(['role']);
  });

  it('counts no role, class or enrollment that is inactive or over, whatever form its day has', async () => {
    const [past, ahead] = [dayFromNow(-20), dayFromNow(20)];
    const slashed = (day: string) => day.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, '$2/$3/$1');
    const outcome = await desk.bringIn(
      await oneRoster(
        { users: own(users) },
        {
          'classes.csv':
            'sourcedId,status,title,classType,schoolSourcedId\nh0,inactive,Old,homeroom,school-1\nh1,active,Willow,homeroom,school-1\nh2,,Heron,homeroom,school-1',
          'enrollments.csv': `sourcedId,status,classSourcedId,userSourcedId,role,beginDate,endDate
e1,inactive,h1,s1,student,,
e2,active,h2,s1,student,,
e3,active,h1,s2,student,,${slashed(past)}
e4,active,h2,s2,student,${slashed(past)},${slashed(ahead)}
e5,active,h1,t1,teacher,,soon
e6,,h2,t1,teacher,,`,
          'roles.csv': `sourcedId,status,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId
1,active,s1,primary,student,,,school-1
2,,s2,primary,student,,,school-1
3,inactive,t2,primary,systemAdministrator,,,school-1
4,active,t2,primary,teacher,,${slashed(past)},school-1
5,active,t1,primary,teacher,,,school-1
6,active,t1,secondary,systemAdministrator,${slashed(ahead)},,school-1
7,active,g1,primary,parent,${ahead},,school-1`,
        },
      ),
    );
    expect(outcome.errors.map(({ file, row, field }) => [file, row, field])).toEqual([
      ['enrollments.csv', 6, 'endDate'],
    ]);
    const advisories = new Map((await listAdvisories(desk.school.scope)).map(({ id, name }) => [id, name]));
    const people = await desk.everybody();
    expect([...advisories.values()].sort()).toEqual(['Heron', 'Willow']);
    expect(
      ['Zoë Ñandú', 'Amanuel Tesfaye'].map((name) => advisories.get(people.get(name)!.advisoryId!)),
    ).toEqual(['Heron', 'Heron']);
    expect(people.get('Dana Okafor')!.roles).toEqual(['advisor']);
    expect(people.has('Lee Park')).toBe(false);
    // Before the first day of a year nobody has another role.
    expect(people.get('Paula Ñandú')!.roles).toEqual(['guardian']);
  });

  it('counts rows by the words for people, and asks what another status means', async () => {
    const archive = (status: string) =>
      oneRoster(
        { users: own(users.filter(({ id }) => ['t1', 't2', 's2'].includes(id))) },
        {
          'classes.csv': `sourcedId,status,title,classType,schoolSourcedId\nh1,${status},Willow,homeroom,school-1`,
          'enrollments.csv': `sourcedId,status,classSourcedId,userSourcedId,role,beginDate,endDate
e1,${status},h1,s2,student,,
e2,${status},h1,t1,teacher,,`,
          'roles.csv': `sourcedId,status,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId
1,current,s2,primary,student,,,school-1
2,${status},t1,primary,teacher,,,school-1
3,withdrawn,t2,primary,teacher,,,school-1`,
        },
      );
    const waits = await desk.bringIn(await archive('A'));
    expect(waits.questions).toMatchObject([{ kind: 'status', key: 'status a' }]);
    expect(waits.errors.map(({ file, row, field }) => [file, row, field])).toEqual([
      ['enrollments.csv', 2, 'status'],
      ['enrollments.csv', 3, 'status'],
      ['roles.csv', 3, 'status'],
    ]);
    expect([...(await desk.everybody()).keys()].sort()).toEqual(['Amanuel Tesfaye', 'Rita Registrar']);
    const said = await desk.bringIn(await archive('A'), { answers: 'here:status a' });
    expect(said).toMatchObject({ created: 1, updated: 1, errors: [] });
    const people = await desk.everybody();
    const [willow] = await listAdvisories(desk.school.scope);
    expect(people.get('Amanuel Tesfaye')!.advisoryId).toBe(willow!.id);
    expect(willow!.advisorIds).toEqual([people.get('Dana Okafor')!.id]);
    expect(people.has('Lee Park')).toBe(false);
    expect(await desk.bringIn(await archive('1'))).toMatchObject({ updated: 0, errors: [], questions: [] });
  });

  it('brings in guardians of our students wherever they are, and tells which agents nobody knows', async () => {
    const sheet = (agents: string) =>
      zipOf({
        'manifest.csv': 'propertyName,value\n',
        'orgs.csv': `sourcedId,name,type\nn,${desk.school.school.name},school\ns,South,school\nd,District,district`,
        'users.csv': `sourcedId,enabledUser,orgSourcedIds,role,givenName,familyName,email,agents
u1,true,n,student,Ada,One,,"${agents}"
u2,true,s,student,Not,Ours,,g4
g1,true,d,parent,Di,One,N/A,
g2,true,s,guardian,So,One,,
g3,true,d,relative,Re,One,,u1
g4,true,s,parent,Else,Where,,
c1,true,n,counselor,Coun,Selor,,`,
      });
    const first = await desk.bringIn(await sheet('g1,g2,c1,ghost'));
    expect(first.errors.map(({ row, field }) => [row, field])).toEqual([
      [2, 'agentSourcedIds'],
      [4, 'email'],
    ]);
    const people = await desk.everybody();
    expect([...people.keys()].sort()).toEqual([
      'Ada One',
      'Coun Selor',
      'Di One',
      'Re One',
      'Rita Registrar',
      'So One',
    ]);
    expect(people.get('Ada One')!.guardianIds.sort()).toEqual(
      ['Di One', 'So One', 'Re One'].map((name) => people.get(name)!.id).sort(),
    );
    // Who is a guardian here stays one while the file names them, as what it may be.
    const ada = people.get('Ada One')!;
    const counselor = people.get('Coun Selor')!;
    await desk.registrar.post(`/people/${ada.id}/guardians`, { personId: counselor.id });
    const again = await desk.bringIn(await sheet('g1,g2,c1'));
    expect(again).toMatchObject({ created: 0, unnamed: [] });
    expect((await desk.everybody()).get('Ada One')!.guardianIds).toContain(counselor.id);
  });

  it('asks what it means that somebody may not sign in elsewhere, and lets nobody leave by it', async () => {
    const sheet = (rows: string) =>
      zipOf({
        'manifest.csv': 'propertyName,value\n',
        'users.csv': `sourcedId,enabledUser,status,orgSourcedIds,role,givenName,familyName\n${rows}`,
      });
    const file = await sheet(
      'a,false,active,s,student,Ada,One\nb,false,,s,student,Bo,Two\nc,0,,s,student,Cy,Three',
    );
    const asked = await desk.bringIn(file);
    expect([asked.created, asked.questions.map(({ key }) => key)]).toEqual([
      1,
      ['status enableduser false', 'status enableduser 0'],
    ]);
    await desk.bringIn(file, { answers: 'here:all status' });
    expect([...(await desk.everybody()).values()].map(({ active }) => active)).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it('cuts no number, advisory or term, and tells which are too long', async () => {
    const long = 'L'.repeat(90);
    const archive = await oneRoster(
      { users: own(users), homerooms: [{ ...homerooms[0]!, title: long }] },
      {
        'academicSessions.csv': `sourcedId,title,type,startDate,endDate\n1,${long},term,${dayFromNow(-80)},${dayFromNow(20)}`,
      },
    );
    const outcome = await desk.bringIn(archive);
    expect(outcome).toMatchObject({ created: 6, advisories: { created: 0 }, terms: { created: 0 } });
    expect(outcome.errors.map(({ file, field }) => [file, field])).toEqual([
      ['classes.csv', 'title'],
      ['academicSessions.csv', 'title'],
    ]);
    const numbered = await desk.bringIn(
      await zipOf({
        'manifest.csv': 'propertyName,value\n',
        'users.csv': `sourcedId,enabledUser,orgSourcedIds,role,givenName,familyName,identifier\ns1,true,s,student,Zoë,Ñandú,${long}`,
      }),
    );
    expect(numbered.errors).toMatchObject([{ row: 2, field: 'identifier' }]);
    expect((await desk.everybody()).get('Zoë Ñandú')!.studentNumber).toBeNull();
  });

  it('keeps terms of other scripts apart', async () => {
    const sessions = `sourcedId,title,type,startDate,endDate\n1,上学期,term,${dayFromNow(-80)},${dayFromNow(20)}\n2,下学期,term,${dayFromNow(30)},${dayFromNow(120)}`;
    const archive = await oneRoster({ users: own(users) }, { 'academicSessions.csv': sessions });
    expect((await desk.bringIn(archive)).terms).toEqual({ created: 2, updated: 0 });
    expect((await desk.bringIn(archive)).terms).toEqual({ created: 0, updated: 0 });
    const again = { name: '下学期', startsOn: dayFromNow(30), endsOn: dayFromNow(120) };
    expect((await desk.registrar.post('/terms', again)).status).toBe(409);
    expect((await desk.registrar.post('/terms', { ...again, name: '夏' })).status).toBe(201);
  });

  it('needs no manifest where users.csv says what it is', async () => {
    const archive = await oneRoster({ users: own(users), homerooms }, { 'manifest.csv': null });
    expect(await desk.bringIn(archive)).toMatchObject({ created: 6 });
  });

  it.each([
    ['without a manifest and users', { 'manifest.csv': null, 'users.csv': null }],
    ['without users', { 'users.csv': null }],
    ['with changes only', { 'manifest.csv': 'propertyName,value\nfile.users,delta' }],
  ])('refuses an archive %s', async (_name, change) => {
    expect((await desk.send(await oneRoster({ users }, change))).status).toBe(422);
  });
});
