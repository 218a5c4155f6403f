/** What pages and programs see of two records side by side, of a dry run, and of merges that were done. */
import { z } from 'zod';
import type { Call } from '../http/route.js';
import type { MergedPerson } from '../people/merged-person.js';
import { initialsOf, type Advisory, type Person } from '../people/person.js';
import { mergeFields, fieldSource, sides, type MergeField, type MergeSide } from './merge-fields.js';
import { obstacleKinds, type Obstacle } from './obstacles.js';
import type { MergePlan, Movement } from './plan-merge.js';
import { movedKinds, type MovedKind } from './references.js';

type Words = Pick<Call, 't'>;

export const personLineAnswer = z.object({
  id: z.string(),
  displayName: z.string(),
  active: z.boolean(),
  line: z.string(),
});

/** Name, roles, grade and whether they have left: enough to tell two people of one name apart. */
export function personLine(
  { t }: Words,
  {
    id,
    displayName,
    roles,
    grade,
    active,
    studentNumber,
    sourcedId,
  }: Pick<Person, 'id' | 'displayName' | 'roles' | 'grade' | 'active' | 'sourcedId' | 'studentNumber'>,
) {
  const line = [
    roles.map((role) => t(`common.role.${role}`)).join(', '),
    grade ? t('people.students.grade-line', { grade }) : null,
    studentNumber ? t('merge.number', { number: studentNumber }) : null,
    // Where the school gave no number, the roster's id tells two of one name apart; it is called what it is.
    !studentNumber && sourcedId ? t('merge.roster-id', { id: sourcedId }) : null,
    active ? null : t('merge.left'),
  ];
  return {
    id,
    displayName,
    active,
    initials: initialsOf(displayName),
    line: line.filter(Boolean).join(' · '),
  };
}

const side = z.enum(sides);
export const mergeAnswer = z.object({
  into: personLineAnswer,
  from: personLineAnswer,
  fields: z.array(
    z.object({
      field: z.string(),
      into: z.string(),
      from: z.string(),
      conflict: z.boolean().describe('Both say something different: send which side counts.'),
      taken: side.nullable(),
    }),
  ),
  account: z.object({
    into: z.string().nullable(),
    from: z.string().nullable(),
    needsChoice: z.boolean(),
  }),
  numbersDiffer: z.boolean(),
  moved: z.array(z.object({ kind: z.enum(movedKinds), from: z.number(), into: z.number() })),
  joinedNarratives: z.number(),
  obstacles: z.array(
    z.object({
      kind: z.enum(obstacleKinds),
      reason: z.string(),
      todo: z.string(),
      href: z.string().nullable(),
    }),
  ),
});

const valueText = (
  { t }: Words,
  person: Person,
  field: MergeField,
  advisories: ReadonlyMap<string, Pick<Advisory, 'name'>>,
): string => {
  switch (field) {
    case 'name': {
      const { displayName, givenName, familyName } = person;
      const roster = `${givenName} ${familyName}`.trim();
      return roster === displayName ? displayName : `${displayName} (${roster})`;
    }
    case 'advisoryId':
      return person.advisoryId ? (advisories.get(person.advisoryId)?.name ?? '') : '';
    case 'active':
      return t(person.active ? 'merge.here' : 'merge.left');
    case 'attendance': {
      const { speaks = [], hours = [], interpreter = null } = person.attendance ?? {};
      return [...speaks, interpreter, ...hours].filter(Boolean).join(', ');
    }
    default:
      return person[field] ?? '';
  }
};

export function fieldRows(
  words: Words,
  { into, from, conflicts }: MergePlan,
  advisories: ReadonlyMap<string, Pick<Advisory, 'name'>>,
) {
  return mergeFields
    .map((field) => ({
      field,
      label: words.t(`merge.field.${field}`),
      into: valueText(words, into, field, advisories),
      from: valueText(words, from, field, advisories),
      conflict: conflicts.includes(field),
      taken: fieldSource(into, from, field, {}),
    }))
    .filter((row) => row.into !== '' || row.from !== '' || row.conflict);
}

/** For a choice between what the two records say. */
export const sideOptions = (texts: Record<MergeSide, string>) =>
  sides.map((value) => ({ value, label: texts[value] }));

export const obstacleView = ({ t }: Words, { kind, params, href }: Obstacle) => ({
  kind,
  reason: t(`merge.obstacle.${kind}`, params),
  todo: t(`merge.todo.${kind}`, params),
  href,
});

export const movementView = ({ t }: Words, { kind, from, into }: Movement) => ({
  ...{ kind, from, into },
  label: t(`merge.kind.${kind}`),
});

export const mergedAnswer = z.object({
  id: z.string().describe('The id that is gone; addresses with it lead to the person who stayed.'),
  into: z.string(),
  at: z.string(),
  by: z.string(),
  reason: z.string(),
  moved: z.record(z.string(), z.number()),
  lines: z.array(z.object({ label: z.string(), count: z.number() })).describe('`moved`, in words.'),
});
export const mergedView = ({ t }: Words, { id, into, at, byName, reason, moved }: MergedPerson) => ({
  ...{ id, into, by: byName, reason, moved },
  at: at.toISOString(),
  lines: Object.entries(moved).map(([kind, count]) => ({
    label: t(`merge.kind.${kind as MovedKind}`),
    count,
  })),
});
