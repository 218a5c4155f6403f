/**
 * What templates and JSON may see of visits. A visit's score goes to the visitor alone; the result shows it
 * when it is time.
 */
import { z } from 'zod';
import { correctedViews, type FrozenNames } from '../people/frozen-names.js';
import { listOf } from '../http/read-input.js';
import { initialsOf } from '../people/person.js';
import { changeableUntil, isHeld, isScored, type Hiding, type Visit } from './visit.js';

const answer = z.object({ prompt: z.string(), words: z.string() });
const instant = z.string().nullable();

export const visitAnswer = z.object({
  id: z.string(),
  slotId: z.string(),
  name: z.string(),
  role: z.string(),
  exhibition: z.object({ id: z.string(), title: z.string() }),
  stand: z.object({ room: z.string(), studentName: z.string() }),
  /** Whether the student reads the words only after somebody of the school has approved them. */
  held: z.boolean(),
  /** Whether the stand takes anything now. */
  open: z.boolean(),
  /** It takes nothing for the moment, and may open again. */
  stopped: z.boolean(),
  late: z
    .object({ state: z.enum(['waiting', 'admitted', 'declined']), arrivedAt: z.string() })
    .nullable()
    .describe('What arrived after the stand was over: the office decides whether it counts.'),
  workEndedAt: z.string().nullable().describe('When access to the work ended.'),
  prompts: z.array(z.string()),
  feedback: z.array(answer),
  feedbackAt: instant,
  /** Until when it may be changed; null: it was not left yet, or stands. */
  feedbackUntil: instant,
  criteria: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        levels: z.array(z.object({ id: z.string(), name: z.string() })),
        levelId: z.string().nullable(),
        notObserved: z.boolean(),
      }),
    )
    .describe('Rows that visitors score; none where the school asks for feedback alone.'),
  comment: z.string(),
  scoreAt: instant,
  scoreUntil: instant,
});

export const myVisitsAnswer = listOf(
  z.object({
    id: z.string(),
    href: z.string(),
    studentName: z.string(),
    room: z.string(),
    exhibitionTitle: z.string(),
    openedAt: z.string(),
    leftAt: instant,
  }),
).extend({
  next: z
    .array(
      z.object({
        ...{ slotId: z.string(), room: z.string(), studentName: z.string() },
        ...{ visits: z.number(), prioritized: z.boolean() },
      }),
    )
    .describe('Stands of the same gallery to go to next.'),
});

const hidingAnswer = z.object({ reason: z.string(), byName: z.string(), at: z.string() });
const hidingView = ({ reason, byName, at }: Hiding) => ({ reason, byName, at: at.toISOString() });

/** Why a visit is set aside, and why it was before. */
export const hidingsAnswer = {
  /** For those who run the exhibition: why the student does not read it. */
  hidden: hidingAnswer.nullable(),
  earlierHidings: z
    .array(hidingAnswer)
    .describe('For those who run the exhibition: why it was set aside before and shown again.'),
};
export const hidingsView = ({ hidden, earlierHidings = [] }: Pick<Visit, 'hidden' | 'earlierHidings'>) => ({
  hidden: hidden && hidingView(hidden),
  earlierHidings: earlierHidings.map(hidingView),
});

export const standVisitAnswer = z.object({
  id: z.string(),
  /** Null where the school shows roles alone. */
  name: z.string().nullable(),
  role: z.string(),
  corrected: z
    .array(z.object({ name: z.string(), at: z.string() }))
    .describe('The name was corrected; the record keeps the earlier one.'),
  initials: z.string(),
  leftAt: z.string(),
  feedback: z.array(answer),
  /** A score was left, too; it is shown with the result. */
  scored: z.boolean(),
  /** Waits for review: the student does not read it yet. */
  held: z.boolean(),
  ...hidingsAnswer,
});

export const standVisitsAnswer = listOf(standVisitAnswer).extend({
  exhibition: z.object({ id: z.string(), title: z.string() }),
  stand: z.object({ slotId: z.string(), room: z.string(), studentName: z.string() }),
  open: z.boolean(),
  stopped: z.boolean().describe('Takes nothing for the moment.'),
  waiting: z
    .number()
    .describe('Comments that wait for review. The student is told how many, never what they say.'),
});

const iso = (moment: Date | null): string | null => moment?.toISOString() ?? null;

/** The times of a visit's halves, for the visitor. */
export const visitTimes = (visit: Visit, now: Date) => ({
  feedbackAt: iso(visit.feedbackAt),
  feedbackUntil: iso(changeableUntil(visit.feedbackAt, now)),
  scoreAt: iso(visit.scoreAt),
  scoreUntil: iso(changeableUntil(visit.scoreAt, now)),
});

/**
 * One visit as the stand's page shows it.
 * @param rolesOnly the school shows roles alone to this reader
 * @param staff whoever runs the exhibition also reads what was set aside, and why
 */
export function standVisitView(
  visit: Visit,
  {
    rolesOnly,
    staff,
    roleName,
    names,
  }: { rolesOnly: boolean; staff: boolean; roleName(role: string): string; names: FrozenNames },
): z.output<typeof standVisitAnswer> {
  const name = names.name(visit.personId, visit.name);
  return {
    id: visit.id,
    name: rolesOnly ? null : name,
    corrected: rolesOnly ? [] : correctedViews(names),
    role: visit.role,
    initials: initialsOf(rolesOnly ? roleName(visit.role) : name),
    leftAt: iso(visit.leftAt) ?? '',
    feedback: visit.feedback,
    scored: isScored(visit.score),
    held: isHeld(visit),
    ...hidingsView(staff ? visit : { hidden: null }),
  };
}
