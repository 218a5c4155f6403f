/** Reads a person as the form and programs send one. */
import { z } from 'zod';
import { attendanceFields, nothingSaid, type Attendance } from './attendance.js';
import { roleNames, type Role } from '../access/actor.js';
import { InvalidInput } from '../errors.js';
import { gatherProblems, several, text, optionalLine, type Given } from '../http/read-input.js';
import { gradeOf, MAX_GRADE } from './grade.js';
import { MAX_STUDENT_NUMBER } from './person.js';
import { wholeNames } from './read-names.js';

/** The roles that a school itself can give. */
export const schoolRoles = roleNames.filter((role) => role !== 'network');

const emptyToNull = (maximum: number) => optionalLine(maximum).transform((value) => value || null);
const address = z.union([
  z.literal(''),
  z.null(),
  z.email({ error: 'common.problem.not-an-email' }).max(254),
]);
const email = address.default('').transform((value) => value || null);
const severalRoles = several(z.enum(schoolRoles as [Role, ...Role[]])).transform((list) => list as Role[]);
/** Left out: as it was. */
const numberLine = z
  .union([z.literal(''), z.null(), text(MAX_STUDENT_NUMBER)])
  .optional()
  .transform((value) => (value === undefined ? undefined : value || null));
/** Left out: as it was. */
const nameLine = z
  .union([z.literal(''), z.null(), text(200)])
  .optional()
  .transform((value) => (value === undefined ? undefined : value || null));
export const personBody = z.object({
  /** Somebody with one name: it may be in either. */
  givenName: optionalLine(100),
  familyName: optionalLine(100),
  displayName: optionalLine(200),
  chosenName: nameLine,
  legalName: nameLine,
  studentNumber: numberLine,
  email,
  roles: severalRoles.refine((list) => list.length > 0, 'people.problem.role-missing'),
  grade: emptyToNull(MAX_GRADE).transform(gradeOf),
  advisoryId: emptyToNull(64),
  organisation: emptyToNull(120),
  guardianIds: several(z.string().max(64)).default([]),
  ...attendanceFields,
});

/** The same for somebody who is known: an address and guardians that are left out stay as they are. */
export const personChangeBody = personBody.extend({
  email: address.transform((value) => value || null).optional(),
  guardianIds: z.array(z.string().max(64)).max(50).optional(),
  frozenNames: z
    .enum(['keep'])
    .optional()
    .describe(
      'Needed for a new name where issued or sealed documents have the earlier one. `keep`: all of them stay as they are. To decide about each: POST /people/{id}/names.',
    ),
});

const apart = ['displayName', 'chosenName', 'legalName', 'studentNumber', 'frozenNames'] as const;
/** What of the form is stored under the same name. */
type Apart = keyof Attendance | (typeof apart)[number];
export function storedFields<B extends { [K in Apart]?: unknown }>(body: B): Omit<B, Apart> {
  const elsewhere: readonly string[] = [...Object.keys(nothingSaid), ...apart];
  const stored = Object.entries(body).filter(([name]) => !elsewhere.includes(name));
  return Object.fromEntries(stored) as Omit<B, Apart>;
}

/**
 * Given and family name; somebody with one name has it as the given one.
 * @throws InvalidInput at `givenName` when both are empty
 */
export function givenNames<B extends { givenName: string; familyName: string }>(body: B): B {
  const names = wholeNames(body);
  if (names.givenName === '')
    throw new InvalidInput([{ field: 'givenName', message: 'common.problem.required' }]);
  return { ...body, ...names };
}

/** The same for what a form has sent, beside the other problems of its fields. */
export const checkGivenNames = async (given: Given) =>
  gatherProblems(() =>
    givenNames({ givenName: given('givenName').trim(), familyName: given('familyName').trim() }),
  );

/** Those of the two names beside the shown one, and of the number, that were sent. */
export const optionalSent = ({
  chosenName,
  legalName,
  studentNumber,
}: {
  chosenName?: string | null | undefined;
  legalName?: string | null | undefined;
  studentNumber?: string | null | undefined;
}) => ({
  ...(studentNumber === undefined ? {} : { studentNumber }),
  ...(chosenName === undefined ? {} : { chosenName }),
  ...(legalName === undefined ? {} : { legalName }),
});

/**
 * The name that is shown: the one typed; else the one they go by; else given and family name. One that was
 * only shown again with the form gives way to a name they go by that is new.
 */
export function shownName(
  body: {
    givenName: string;
    familyName: string;
    displayName: string;
    chosenName?: string | null | undefined;
  },
  before?: { displayName: string; chosenName?: string | null },
): string {
  const { displayName, chosenName, givenName, familyName } = body;
  const isNew = Boolean(chosenName) && chosenName !== (before?.chosenName ?? null);
  const isTyped = displayName !== '' && !(isNew && displayName === before?.displayName);
  return (isTyped ? displayName : chosenName) || `${givenName} ${familyName}`.trim();
}
