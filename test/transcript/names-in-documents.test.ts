/**
 * A corrected name in frozen documents that are no transcripts: the registrar decides about each, and what is
 * sealed stays.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SchoolScope } from '../../server/db/database.js';
import { changePerson } from '../../server/people/change-person.js';
import { correctName } from '../../server/people/correct-name.js';
import { getPerson, savePersonChange } from '../../server/people/people-records.js';
import { findSnapshot } from '../../server/portfolio/portfolio-records.js';
import { findResult } from '../../server/results/result-records.js';
import { resultHolds } from '../../server/results/result.js';
import { listNameCorrectionsOf } from '../../server/people/name-correction-records.js';
import { aVisit } from '../harness/builders/visits.js';
import { aSnapshot } from '../harness/builders/portfolio.js';
import { aPanel, fillSheet, type TestPanel } from '../harness/builders/scores.js';
import type { Client } from '../harness/client.js';
import { sendRoster } from '../harness/roster-desk.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { publishSlot } from '../harness/builders/publishing.js';

let app: TestApp;
let panel: TestPanel;
let registrar: Client;
beforeAll(async () => {
  app = await startApp();
  panel = await aPanel(app, { roles: ['teacher'] });
  registrar = await panel.as('registrar');
});
afterAll(() => app?.close());

interface Naming {
  documents: { value: string }[];
  others: { value: string; label: string }[];
}
const naming = async (id: string) => (await registrar.get(`/people/${id}/names`)).json<Naming>();
const text = async (path: string) => (await registrar.get(path, { as: 'page' })).text;

it('the form of a correction opens with the whole name as it is', async () => {
  const { id, givenName, familyName, displayName } = panel.people.student;
  const reply = await registrar.get(`/people/${id}/names`);
  expect(reply.json<{ person: object }>().person).toMatchObject({ givenName, familyName, displayName });
});

it('a plain rename of somebody whom no frozen document names is a correction, too', async () => {
  const { otherStudent, student } = panel.people;
  const { grade, advisoryId } = otherStudent;
  const body = { givenName: 'Yonas', familyName: 'Bekele', roles: ['student'], grade, advisoryId };
  expect((await registrar.put(`/people/${otherStudent.id}`, body)).status).toBe(200);
  const [correction] = await listNameCorrectionsOf(panel.home.scope, otherStudent.id);
  expect([correction?.from.familyName, correction?.to.displayName]).toEqual(['Tesfaye', 'Yonas Bekele']);
  expect((await registrar.put(`/people/${otherStudent.id}`, body)).status).toBe(200);
  expect(await listNameCorrectionsOf(panel.home.scope, otherStudent.id)).toHaveLength(1);
  expect(await listNameCorrectionsOf(panel.home.scope, student.id)).toEqual([]);
});

it('a plain rename leads to the decision where documents name the person; everything else is saved', async () => {
  const { student } = panel.people;
  const { snapshot } = await aSnapshot(app, panel.home, { studentId: student.id, title: 'Wood' });
  const { advisoryId } = student;
  const renamed = { givenName: 'Ana', familyName: 'Núñez', roles: 'student', advisoryId, grade: '11' };
  const program = await registrar.put(`/people/${student.id}`, { ...renamed, roles: ['student'] });
  expect([program.status, program.json<{ error: { code: string } }>().error.code]).toEqual([
    409,
    'decide-names',
  ]);
  const sent = await registrar.post(`/people/${student.id}`, renamed, { as: 'page' });
  const location = sent.headers.get('location')!;
  expect([sent.status, location.startsWith(`/people/${student.id}/names?givenName=Ana`)]).toEqual([
    303,
    true,
  ]);
  const { person } = (await registrar.get(`/people/${student.id}`)).json<{
    person: { displayName: string; grade: string };
  }>();
  expect(person).toMatchObject({ displayName: 'Itzel Núñez', grade: '11' });
  const page = await text(location);
  expect(page).toContain('value="Ana"');
  expect(page).toContain(`value="snapshot:${snapshot.id}"`);
});

it('the byline of a snapshot shows what was decided, and says so; its bytes and its seal stay', async () => {
  const { student } = panel.people;
  const made: Awaited<ReturnType<typeof aSnapshot>>[] = [];
  for (const title of ['Shown', 'Left'])
    made.push(
      await aSnapshot(app, panel.home, { studentId: student.id, title, statement: 'I am Itzel Núñez.' }),
    );
  const [shown, left] = made;
  const pathOf = ({ portfolio, snapshot }: (typeof made)[number]) =>
    `/portfolios/${portfolio.id}/snapshots/${snapshot.number}`;
  const answer = await registrar.post(`/people/${student.id}/names`, {
    ...{ givenName: 'Ana', familyName: 'Núñez', reason: 'Chosen name' },
    show: [`snapshot:${shown!.snapshot.id}`],
  });
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
  const [asShown, asLeft] = [await text(pathOf(shown!)), await text(pathOf(left!))];
  expect(asShown).toContain('Name corrected on');
  expect(asShown).toContain('I am Ana Núñez.');
  expect(asShown).toContain('Portfolio by Ana Núñez');
  expect(asShown).not.toContain('Itzel');
  expect(asLeft).not.toContain('Name corrected on');
  expect(asLeft).toContain('I am Itzel Núñez.');
  expect(asLeft).toContain('Portfolio by Itzel Núñez');
  const json = (await registrar.get(pathOf(shown!))).json<{
    intact: boolean;
    content: { statement: string };
    student: { displayName: string };
  }>();
  expect(json).toMatchObject({
    intact: true,
    content: { statement: 'I am Itzel Núñez.' },
    student: { displayName: 'Ana Núñez' },
  });
  const sealed = (await findSnapshot(panel.home.scope, shown!.snapshot.id))!;
  expect(sealed.hash).toBe(shown!.snapshot.hash);
});

it('a published result and a comment at a stand name whoever scored and said it as decided', async () => {
  const { student, otherStudent } = panel.people;
  const seat = panel.seats[0]!;
  await fillSheet(await panel.as('panelist-0'), seat.id, ['meeting']);
  expect((await publishSlot(registrar, panel.slotId, { outcome: 'none' })).status).toBe(200);
  const { others } = await naming(seat.personId);
  expect(others.map(({ value }) => value)).toEqual([`result:${panel.slotId}`]);
  expect(others[0]!.label).toContain('Fall exhibitions');
  const path = `/people/${seat.personId}/names`;
  const to = { givenName: 'Nour', familyName: 'Haddad', reason: 'Misspelled' };
  expect((await registrar.post(path, { ...to, show: ['result:unknown'] })).status).toBe(422);
  expect((await registrar.post(path, { ...to, everywhere: 'yes' })).status).toBe(200);
  const page = await text(`/slots/${panel.slotId}/result`);
  expect([page.includes('Nour Haddad'), page.includes('Noor Haddad')]).toEqual([true, false]);
  expect(page).toContain('Name corrected on');
  const sealed = (await findResult(panel.home.scope, panel.slotId))!;
  expect([sealed.sheets[0]!.panelistName, resultHolds(sealed)]).toEqual(['Noor Haddad', true]);
  // Corrected once more, and left: the page goes on showing what was decided before.
  const again = { givenName: 'Nur', familyName: 'Haddad', reason: 'Once more' };
  expect((await registrar.post(path, again)).status).toBe(200);
  expect(await text(`/slots/${panel.slotId}/result`)).toContain('Nour Haddad');
  const at = { exhibition: panel.exhibitionId, slot: panel.slotId };
  const visit = await aVisit(app, panel.home, at, student, otherStudent);
  expect((await naming(otherStudent.id)).others.map(({ value }) => value)).toEqual([`visit:${visit}`]);
});

it('a signed narrative shows the new name of its author, also in its words, where decided so', async () => {
  const { advisor, student } = panel.people;
  const writer = await panel.as('advisor');
  const markdown = 'Signed by Amara Okafor, who read it twice.';
  const begun = await writer.post(`/students/${student.id}/narratives`, { markdown });
  const { id: narrative, revision } = begun.json<{ id: string; revision: number }>();
  const signed = await writer.post(`/narratives/${narrative}/sign`, { markdown, revision });
  expect([signed.status, signed.text]).toEqual([200, expect.any(String)]);
  const { others } = await naming(advisor.id);
  const value = others.map((each) => each.value).find((each) => each.startsWith('narrative:'))!;
  const to = { givenName: 'Amara', familyName: 'Eze', reason: 'Married' };
  expect((await registrar.post(`/people/${advisor.id}/names`, { ...to, show: [value] })).status).toBe(200);
  const page = await text(`/narratives/${narrative}`);
  expect([page.includes('Amara Eze, who read it twice'), page.includes('Okafor')]).toEqual([true, false]);
  expect(page).toContain('Name corrected on');
});

it('a program renames in one request when it says that frozen documents stay as they are', async () => {
  const { student } = panel.people;
  const { others } = await naming(student.id);
  const { person } = (await registrar.get(`/people/${student.id}`)).json<{ person: { grade: string } }>();
  const body = { givenName: 'Anna', familyName: 'Núñez', roles: ['student'], grade: person.grade };
  const renamed = { ...body, advisoryId: student.advisoryId };
  const refused = await registrar.put(`/people/${student.id}`, renamed);
  expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('frozenNames')]);
  const kept = await registrar.put(`/people/${student.id}`, { ...renamed, frozenNames: 'keep' });
  expect([kept.status, kept.text]).toEqual([200, expect.any(String)]);
  const last = (await listNameCorrectionsOf(panel.home.scope, student.id)).at(-1)!;
  expect(last.to.displayName).toBe('Anna Núñez');
  expect(last.shown!.length).toBeGreaterThan(1);
  expect(last.shown!.map(({ kind, id, decision }) => [`${kind}:${id}`, decision])).toEqual(
    others.map(({ value }) => [value, 'leave']),
  );
  expect((await registrar.put(`/people/${student.id}`, { ...renamed, frozenNames: 'x' })).status).toBe(422);
});

it('documents are looked for in the transaction of the rename: none can be issued in between', async () => {
  const { otherStudent, registrar: office } = panel.people;
  const { clock } = app.context;
  const inside: boolean[] = [];
  const look = async (scope: SchoolScope) => {
    inside.push(scope.session !== undefined);
    return { decisions: [], shown: [] };
  };
  const actor = { personId: office.id, roles: office.roles, via: 'session', name: '' } as never;
  const needs = { clock, keepNaming: look, endFamilySeats: async () => undefined };
  const [first, second] = ['One', 'Two'].map((givenName) => ({
    givenName,
    familyName: '',
    displayName: givenName,
  }));
  await changePerson(needs as never, panel.home.scope, actor, otherStudent.id, first!, 'refuse');
  const input = { personId: otherStudent.id, to: second!, reason: 'Chosen', decide: look };
  await savePersonChange(panel.home.scope, otherStudent.id, { chosenName: 'One' });
  await correctName({ clock }, panel.home.scope, actor, input);
  expect(inside).toEqual([true, true]);
  // The office's form has no former name either; who never chose one has none after.
  const corrected = await getPerson(panel.home.scope, otherStudent.id);
  expect(corrected).toMatchObject({ displayName: 'Two', chosenName: 'Two' });
  await savePersonChange(panel.home.scope, otherStudent.id, { chosenName: null });
  await correctName({ clock }, panel.home.scope, actor, { ...input, to: first! });
  expect((await getPerson(panel.home.scope, otherStudent.id)).chosenName).toBeNull();
});

describe('a roster', () => {
  interface Told {
    id: string;
    names: { personId: string; name: string; to: string; href: string }[];
    updated: number;
    unchanged: number;
  }
  const bringIn = async (rows: string, fields = {}) =>
    (await sendRoster(registrar, `id,given name,family name,grade\n${rows}`, fields)).json<Told>();

  it('renames like the person’s page: it is on record, and waits with a link where documents have the old name', async () => {
    const { scope } = panel.home;
    const { student } = panel.people;
    const person = { name: 'Omar Said', roles: ['student' as const], sourcedId: 'R-2', grade: '9' };
    const fresh = await panel.home.person(person);
    await savePersonChange(scope, student.id, { sourcedId: 'R-1' });
    const { displayName } = await getPerson(scope, student.id);
    const before = await listNameCorrectionsOf(scope, student.id);
    const rows = 'R-1,Anneke,Núñez,12\nR-2,Umar,Said,9\n';
    const href = `/people/${student.id}/names?${new URLSearchParams({
      ...{ givenName: 'Anneke', familyName: 'Núñez', displayName: 'Anneke Núñez' },
    }).toString()}`;
    const waiting = [{ personId: student.id, name: displayName, to: 'Anneke Núñez', href }];
    expect((await bringIn(rows, { dryRun: 'true' })).names).toEqual(waiting);
    expect(await listNameCorrectionsOf(scope, fresh.id)).toEqual([]);

    const told = await bringIn(rows);
    expect(told).toMatchObject({ names: waiting, updated: 2 });
    expect(await getPerson(scope, student.id)).toMatchObject({ displayName, grade: '12' });
    expect((await getPerson(scope, fresh.id)).displayName).toBe('Umar Said');
    expect(await listNameCorrectionsOf(scope, student.id)).toEqual(before);
    const [correction] = await listNameCorrectionsOf(scope, fresh.id);
    expect([correction?.from.displayName, correction?.to.displayName]).toEqual(['Omar Said', 'Umar Said']);
    const page = await text(`/people/imports/${told.id}`);
    expect(page).toContain('1 new name waits for a decision');
    expect(page).toContain('Imported, with exceptions');
    expect(page).toContain(`href="/people/${student.id}/names?givenName`);
    expect(await text(href)).toContain('value="Anneke"');

    // The same file again: it is on record once, and the other name still waits.
    expect((await bringIn(rows)).names).toEqual(waiting);
    expect(await listNameCorrectionsOf(scope, fresh.id)).toHaveLength(1);
    const decided = { givenName: 'Anneke', familyName: 'Núñez', reason: 'As in the roster' };
    expect((await registrar.post(`/people/${student.id}/names`, decided)).status).toBe(200);
    const after = (await registrar.get(`/people/imports/${told.id}`)).json<Told>();
    expect(after).toMatchObject({ names: [], updated: 2 });
    const complete = await text(`/people/imports/${told.id}`);
    expect(complete).not.toContain('waits for a decision');
    expect(complete).not.toContain('with exceptions');
    expect(await bringIn(rows)).toMatchObject({ names: [], updated: 0, unchanged: 2 });
  });
});
