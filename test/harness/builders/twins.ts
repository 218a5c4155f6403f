/**
 * Two records of one student, Maria: each with everything that a student can have, scored, sealed, signed,
 * submitted and published.
 */
import { randomUUID } from 'node:crypto';
import { appendAudit } from '../../../server/audit/append-audit.js';
import { frozen } from '../../../server/audit/frozen-record.js';
import { saveExhibitionChange } from '../../../server/exhibitions/exhibition-records.js';
import { beginNarrative, signNarrative } from '../../../server/narratives/write-narrative.js';
import { savePersonChange } from '../../../server/people/people-records.js';
import type { Person } from '../../../server/people/person.js';
import { saveInternship } from '../../../server/plan/internship-records.js';
import { changePlan } from '../../../server/plan/change-plan.js';
import { frozenOfVisit } from '../../../server/visits/visit.js';
import { getVisit } from '../../../server/visits/visit-records.js';
import type { Client } from '../client.js';
import type { TestApp, TestSchool } from '../start-app.js';
import { dayFromNow } from '../test-clock.js';
import { anArtifact } from './artifacts.js';
import { aPresentation, type Presentation } from './presentation.js';
import { aSnapshot } from './portfolio.js';
import { aRehearsal } from './rehearsals.js';
import { aPublishedResult } from './results.js';
import { fillSheet, type TestPanel } from './scores.js';
import { actorOf } from './transcript.js';
import { aVisit } from './visits.js';
import { publishSlot } from './publishing.js';

export interface Twins {
  home: TestSchool;
  panel: TestPanel;
  /** The record that stays, with an account; and the other one, without. */
  maria: Person;
  other: Person;
  panelist: Person;
  registrar: Client;
  admin: Client;
  /** Of the other one: published, and still being scored. */
  published: Presentation;
  open: Presentation;
}

export async function twins(app: TestApp): Promise<Twins> {
  const { panel } = await aPublishedResult(app, { studentName: 'Maria Garcia' });
  const { home, people } = panel;
  const { scope } = home;
  const maria = people.student;
  await savePersonChange(scope, maria.id, { grade: '9', sourcedId: 'S-1' });
  const aunt = await home.person({ name: 'Tía Garcia', roles: ['guardian'] });
  const other = await home.person({
    ...{ name: 'María García', roles: ['student'], grade: '11', sourcedId: 'S-2' },
    ...{ advisoryId: maria.advisoryId, guardianIds: [aunt.id] },
  });
  const email = `panelist.${randomUUID()}@test.example`;
  const panelist = await home.person({ name: 'Wanda Wise', roles: ['panelist'], email });
  const registrar = await panel.as('registrar');
  const published = await aPresentation(app, home, other, panelist, 'scoring');
  const open = await aPresentation(app, home, other, panelist, 'scoring');
  const scorer = await app.as(email);
  await fillSheet(scorer, published.ids.seat, ['meeting'], { comment: 'Clear.' });
  await fillSheet(scorer, open.ids.seat, ['building'], { submit: false });
  await saveExhibitionChange(scope, published.ids.exhibition, 'scoring', { phase: 'closed' });
  const reply = await publishSlot(registrar, published.ids.slot);
  if (reply.status !== 200) throw new Error(`publish: ${reply.text}`);
  for (const student of [maria, other]) await recordsOf(app, panel, student);
  return {
    ...{ home, panel, maria, other, panelist, registrar, published, open },
    admin: await panel.as('admin'),
  };
}

async function recordsOf(app: TestApp, { home, people }: TestPanel, student: Person): Promise<void> {
  const { scope, termId } = home;
  const { clock } = app.context;
  const studentId = student.id;
  await anArtifact(app, home, { studentId, title: `Chair of ${student.displayName}` });
  await aSnapshot(app, home, { studentId });
  const own = actorOf(student);
  const advisor = actorOf(people.advisor, { advisoryIds: [student.advisoryId!] });
  for (const [actor, voice] of [
    [own, 'student'],
    [advisor, 'advisor'],
  ] as const) {
    const markdown = `What ${voice} says of ${student.displayName}.`;
    const begun = { student, termId, voice, markdown };
    const narrative = await beginNarrative(app.context, scope, actor, begun);
    await signNarrative(app.context, scope, actor, { student, narrativeId: narrative.id });
  }
  await changePlan(app.context, scope, own, student, {
    ...{ termId, aim: `Aim of ${student.displayName}`, goals: ['Read', student.displayName], revision: 0 },
  });
  await saveInternship(scope, {
    ...{ id: randomUUID(), schoolId: scope.schoolId, studentId, termId, organisation: 'Clinic' },
    ...{ mentorName: '', interest: '', startsOn: dayFromNow(-30), endsOn: null, summary: '' },
    ...{ hours: 10, revision: 1 },
  });
  await aRehearsal(app, home, student, people.otherAdvisor);
  const stand = await aPresentation(
    app,
    home,
    people.otherStudent,
    people.otherAdvisor,
    'scoring',
    'gallery',
  );
  const at = { exhibition: stand.ids.exhibition, slot: stand.ids.slot };
  const visit = await getVisit(scope, await aVisit(app, home, at, people.otherStudent, student));
  const subject = { kind: 'visit', id: visit.id };
  await appendAudit(
    scope,
    clock,
    own,
    'visits.leave',
    subject,
    frozen('visit', visit.id, frozenOfVisit(visit)),
  );
}
