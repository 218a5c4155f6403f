/** What templates and JSON may see of people. E-mail addresses are for those who run the school. */
import { z } from 'zod';
import { roleNames } from '../access/actor.js';
import { nothingSaid, type Attendance } from './attendance.js';
import type { Advisory, Person } from './person.js';

export { byId, initialsOf } from './person.js';

export const studentAnswer = z.object({
  id: z.string(),
  displayName: z.string(),
  givenName: z.string(),
  familyName: z.string(),
  grade: z.string().nullable(),
  advisory: z.object({ id: z.string(), name: z.string() }).nullable(),
});

export const personAnswer = z.object({
  id: z.string(),
  displayName: z.string(),
  givenName: z.string(),
  familyName: z.string(),
  email: z.string().nullable(),
  roles: z.array(z.enum(roleNames)),
  grade: z.string().nullable(),
  organisation: z.string().nullable(),
  active: z.boolean(),
});

export const officeAnswer = personAnswer.extend({
  chosenName: z.string().nullable().describe('The name that they go by; it is the one that is shown.'),
  studentNumber: z.string().nullable().describe('Students: the number that the school itself gave.'),
  legalName: z.string().nullable().describe('The whole name in official papers; told to the office alone.'),
});

/** For those who edit people; nobody else need know. */
export const attendanceAnswer = {
  speaks: z.array(z.string()),
  interprets: z.array(z.string()),
  interpreter: z.string().nullable(),
  stepFree: z.boolean(),
  hours: z.array(z.string()),
  most: z.number().nullable().describe('On how many panels of one exhibition they sit at most.'),
  conflictIds: z.array(z.string()).describe('Students whom they said they must not hear.'),
};
export const attendanceView = (attendance: Attendance | null): Attendance => ({
  ...nothingSaid,
  ...attendance,
});

export const advisoryAnswer = z.object({
  id: z.string(),
  name: z.string(),
  advisors: z.array(z.object({ id: z.string(), displayName: z.string() })),
});

export function studentView(
  student: Person,
  advisories: ReadonlyMap<string, Advisory>,
): z.output<typeof studentAnswer> {
  const advisory = student.advisoryId ? advisories.get(student.advisoryId) : undefined;
  return {
    id: student.id,
    displayName: student.displayName,
    givenName: student.givenName,
    familyName: student.familyName,
    grade: student.grade,
    advisory: advisory ? { id: advisory.id, name: advisory.name } : null,
  };
}

export const personView = (person: Person): z.output<typeof personAnswer> => ({
  id: person.id,
  displayName: person.displayName,
  givenName: person.givenName,
  familyName: person.familyName,
  // Of a student who was handed over and sealed the name is left, so that the office finds the handover.
  email: person.sealedAt ? null : person.email,
  roles: person.roles,
  grade: person.sealedAt ? null : person.grade,
  organisation: person.organisation,
  active: person.active,
});

/** The same for the office, which alone is told the name in official papers. */
export const officeView = (person: Person): z.output<typeof officeAnswer> => ({
  ...personView(person),
  chosenName: person.chosenName ?? null,
  studentNumber: person.studentNumber ?? null,
  legalName: person.legalName ?? null,
});

export function advisoryView(
  advisory: Advisory,
  people: ReadonlyMap<string, Person>,
): z.output<typeof advisoryAnswer> {
  return {
    id: advisory.id,
    name: advisory.name,
    advisors: advisory.advisorIds.map((id) => ({ id, displayName: people.get(id)?.displayName ?? '' })),
  };
}
