/**
 * Three students who present together before a panel that scores presentation rows for the group: nobody has
 * said anything yet.
 */
import { randomUUID } from 'node:crypto';
import type { Person } from '../../../server/people/person.js';
import { saveSlotSnapshot } from '../../../server/exhibitions/slots/slot-records.js';
import type { Client, Reply } from '../client.js';
import type { TestApp } from '../start-app.js';
import { anArtifact } from './artifacts.js';
import { aSnapshot } from './portfolio.js';
import { anOperation, aPanel, type PanelOptions, type TestPanel } from './scores.js';
import { publishSlot } from './publishing.js';

interface TestMember {
  slotId: string;
  student: Person;
  client: Client;
  /** Of their mother. */
  guardian: Client;
}

export interface TestGroup extends TestPanel {
  /** In order; the first one's slot is the presentation. */
  members: TestMember[];
  registrar: Client;
  /** The id of a row about one member. */
  row(criterionId: string, member: number): string;
  /** Answers everything on a sheet, about the group and about each member in turn, and submits when asked. */
  fill(who: string, levels: { group: string; each: string[] }, submit?: boolean): Promise<void>;
  absent(member: number, absent?: boolean): Promise<Reply>;
  result(who: string | Client, member: number): Promise<Reply>;
  publish(member: number): Promise<Reply>;
}

export async function aGroup(app: TestApp, options: PanelOptions = {}): Promise<TestGroup> {
  const panel = await aPanel(app, { rubric: 'oral-communication', ...options });
  const registrar = await panel.as('registrar');
  const { student } = panel.people;
  const first: TestMember = {
    slotId: panel.slotId,
    student,
    client: await panel.as('student'),
    guardian: await panel.as('guardian'),
  };
  const members = [first];
  for (const name of ['Yonas Tesfaye', 'Mei Lin']) {
    const email = (): string => `${randomUUID()}@test.example`;
    const [own, mothers] = [email(), email()];
    const mother = await panel.home.person({ name: `Ana ${name}`, roles: ['guardian'], email: mothers });
    const mate = await panel.home.person({ name, roles: ['student'], email: own, guardianIds: [mother.id] });
    const added = await registrar.post(`/slots/${panel.slotId}/members`, { studentId: mate.id });
    if (added.status !== 201) throw new Error(`nobody was added: ${added.status} ${added.text}`);
    const group = added.json<{ group: { members: { slotId: string; studentId: string }[] } }>().group;
    const { slotId } = group.members.find(({ studentId }) => studentId === mate.id)!;
    members.push({ slotId, student: mate, client: await app.as(own), guardian: await app.as(mothers) });
  }
  const clientOf = async (who: string | Client) => (typeof who === 'string' ? panel.as(who) : who);
  return {
    ...panel,
    members,
    registrar,
    row: (criterionId, member) => `${criterionId}--${members[member]!.slotId}`,
    async fill(who, levels, submit = true) {
      const client = await panel.as(who);
      const seatId = panel.seats[Number(who.slice(-1))]!.id;
      const sheet = (await client.get(`/seats/${seatId}/sheet`)).json<{
        criteria: { id: string; about: { id: string } | null }[];
      }>();
      const operations = sheet.criteria.map(({ id: criterionId, about }) => {
        const at = members.findIndex((member) => member.student.id === about?.id);
        const levelId = about ? levels.each[at]! : levels.group;
        return anOperation({ kind: 'set-level', criterionId, levelId });
      });
      const saved = await client.post(`/seats/${seatId}/sheet/operations`, { operations });
      if (saved.status !== 200) throw new Error(`operations: ${saved.status} ${saved.text}`);
      if (!submit) return;
      const sealed = await client.post(`/seats/${seatId}/sheet/submit`, { early: true });
      if (sealed.status !== 200) throw new Error(`submit: ${sealed.status} ${sealed.text}`);
    },
    absent: (member, absent = true) =>
      registrar.post(`/slots/${panel.slotId}/members/absent`, {
        studentId: members[member]!.student.id,
        ...(absent ? { absent: 'yes' } : {}),
      }),
    result: async (who, member) => (await clientOf(who)).get(`/slots/${members[member]!.slotId}/result`),
    publish: (member) => publishSlot(registrar, members[member]!.slotId),
  };
}

/** Each member has submitted a text of their own, whose title and words name them by their place: the version ids. */
export async function workOfEach(app: TestApp, { home, members }: TestGroup): Promise<string[]> {
  const versions: string[] = [];
  for (const [at, { student, slotId }] of members.entries()) {
    const studentId = student.id;
    const words = { title: `The work of ${at}`, text: `What member ${at} alone has written.` };
    const { artifact, version } = await anArtifact(app, home, { studentId, ...words });
    const shown = { studentId, rubric: 'oral-communication', artifactIds: [artifact.id] };
    const { snapshot } = await aSnapshot(app, home, shown);
    await saveSlotSnapshot(home.scope, slotId, snapshot.id);
    versions.push(version.id);
  }
  return versions;
}
