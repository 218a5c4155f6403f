/** The learning plan and internships over HTTP: who writes, what is refused, what two at once get. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp, type TestSchool } from '../harness/start-app.js';
import { savePersonChange, saveAdvisory } from '../../server/people/people-records.js';
import { newId } from '../../server/ids.js';
import { dayFromNow } from '../harness/test-clock.js';

let app: TestApp;
let school: TestSchool;
let studentId: string;
let student: Client;
let advisor: Client;
let guardian: Client;
let otherAdvisor: Client;

beforeAll(async () => {
  app = await startApp({ jobs: false });
  school = await app.aSchool();
  const leader = await school.person({ name: 'Ada Lind', roles: ['advisor'], email: 'ada@plan.example' });
  const family = await school.person({ name: 'Mo Reyes', roles: ['guardian'], email: 'mo@plan.example' });
  await school.person({ name: 'Bo Chen', roles: ['advisor'], email: 'bo@plan.example' });
  const own = await school.person({ name: 'Lina Reyes', roles: ['student'], email: 'lina@plan.example' });
  const advisory = { id: newId(), schoolId: school.school.id, slug: 'a', name: 'A', advisorIds: [leader.id] };
  await saveAdvisory(school.scope, advisory);
  await savePersonChange(school.scope, own.id, { advisoryId: advisory.id, guardianIds: [family.id] });
  studentId = own.id;
  student = await app.as('lina@plan.example');
  advisor = await app.as('ada@plan.example');
  guardian = await app.as('mo@plan.example');
  otherAdvisor = await app.as('bo@plan.example');
});
afterAll(() => app.close());

const planOf = () => `/students/${studentId}/plan`;
const boatyard = {
  organisation: 'Sallow Bend Boatyard',
  mentorName: 'K. Amadi',
  startsOn: dayFromNow(-100),
  hours: 12,
};

describe('the learning plan', () => {
  it('is begun by the student, changed by the advisor and read by the family', async () => {
    const begun = await student.put(planOf(), {
      termId: school.termId,
      aim: 'Build a boat',
      goals: 'Loft it\n\n- Plank it\n',
    });
    expect(begun.status).toBe(200);
    expect(begun.json<{ goals: string[]; revision: number }>()).toMatchObject({
      goals: ['Loft it', 'Plank it'],
      revision: 1,
    });
    const changed = await advisor.put(planOf(), {
      termId: school.termId,
      aim: 'Build a skiff',
      goals: ['Float'],
      revision: 1,
    });
    expect(changed.json<{ revision: number }>().revision).toBe(2);
    const seen = (await guardian.get(planOf())).json<{ plans: { aim: string; goals: string[] }[] }>();
    expect(seen.plans).toMatchObject([{ aim: 'Build a skiff', goals: ['Float'] }]);
  });

  it('refuses a change that was made from an old page, and keeps the newer words', async () => {
    const late = await student.put(planOf(), { termId: school.termId, aim: 'Sink it', revision: 1 });
    expect(late.status).toBe(409);
    const { plans } = (await student.get(planOf())).json<{ plans: { aim: string }[] }>();
    expect(plans[0]?.aim).toBe('Build a skiff');
  });

  it.each([
    ['a term that does not exist', { termId: 'none', aim: 'x' }, 'termId'],
    ['thirteen goals', { aim: 'x', goals: Array.from({ length: 13 }, (_, at) => `Goal ${at}`) }, 'goals'],
  ])('refuses %s beside the field', async (_name, body, field) => {
    const answer = await student.put(planOf(), { termId: school.termId, ...body });
    expect(answer.status).toBe(422);
    expect(answer.json<{ error: { fields: { field: string }[] } }>().error.fields[0]?.field).toBe(field);
  });

  it('is not written by the family, nor seen by another advisor', async () => {
    expect((await guardian.put(planOf(), { termId: school.termId, aim: 'x' })).status).toBe(403);
    expect((await otherAdvisor.get(planOf())).status).toBe(403);
  });

  it('has a page with the form for those who write and without it for those who read', async () => {
    const own = await student.get(planOf(), { as: 'page' });
    expect(own.text).toContain('Build a skiff');
    expect(own.text).toContain('name="goals"');
    expect((await guardian.get(planOf(), { as: 'page' })).text).not.toContain('name="goals"');
  });
});

describe('internships', () => {
  it('are added and changed, once per revision', async () => {
    const added = await student.post(`/students/${studentId}/internships`, boatyard);
    expect(added.status).toBe(201);
    const { id, revision } = added.json<{ id: string; revision: number }>();
    const change = { ...boatyard, hours: 40, endsOn: dayFromNow(10), revision };
    expect((await advisor.put(`/internships/${id}`, change)).json<{ hours: number }>().hours).toBe(40);
    expect((await student.put(`/internships/${id}`, { ...change, hours: 1 })).status).toBe(409);
    const { internships } = (await guardian.get(planOf())).json<{ internships: object }>();
    expect(internships).toEqual({
      items: [expect.objectContaining({ hours: 40, endsOn: dayFromNow(10) })],
      ...{ page: 1, pages: 1, perPage: 50, total: 1 },
    });
  });

  it('keeps what was typed when the last day lies before the first', async () => {
    const body = { ...boatyard, organisation: 'Yard of errors', endsOn: dayFromNow(-140) };
    const answer = await student.post(`/students/${studentId}/internships`, body, { as: 'page' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Yard of errors');
    expect(answer.text).toContain('The last day is before the first.');
  });

  it('shows the family an internship without a form', async () => {
    const added = await student.post(`/students/${studentId}/internships`, boatyard);
    const { id } = added.json<{ id: string }>();
    const seen = await guardian.get(`/internships/${id}`, { as: 'page' });
    expect(seen.status).toBe(200);
    expect(seen.text).toContain('Sallow Bend Boatyard');
    expect(seen.text).not.toContain('name="organisation"');
    expect((await guardian.put(`/internships/${id}`, { ...boatyard, revision: 1 })).status).toBe(403);
  });
});
