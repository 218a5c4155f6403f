/**
 * The first page answers one question per role: what is mine to do now? Every capacity of a person (panelist, student,
 * advisor, family, office, network) adds its part; numbers appear only where they lead to an act.
 */
import { z } from 'zod';
import type { Actor } from '../access/actor.js';
import type { Context } from '../context.js';
import type { SchoolScope } from '../db/database.js';
import type { MessageParams } from '../errors.js';
import type { SchoolYear } from './school-year.js';

const instant = z.iso.datetime();

const taskAnswer = z.object({
  kind: z.enum([
    'score',
    'admit',
    'sign-up',
    'talk',
    'present',
    'visit',
    'rehearsal',
    'portfolio',
    'narrative',
    'result',
    'attempt',
    'exhibition',
    'transcript',
    'school',
  ]),
  title: z.string(),
  line: z.string(),
  href: z.string(),
  action: z.string(),
  /** When it happens; null for what may be done at any time. */
  at: instant.nullable(),
  current: z.boolean().optional().describe('It is under way now.'),
  until: instant.optional().describe('When what is under way ends.'),
});
export type Task = z.output<typeof taskAnswer>;

const workAnswer = z.object({
  href: z.string(),
  title: z.string(),
  alt: z.string(),
  picture: z.string().nullable(),
  excerpt: z.string().nullable(),
  icon: z.string(),
  line: z.string(),
});

export const homeAnswer = z.object({
  name: z.string(),
  /** What comes first. */
  next: taskAnswer.nullable(),
  /** The rest of what waits, most pressing first. */
  tasks: z.array(taskAnswer),
  /** What waits, too, but need not be in the way: shown on demand. */
  later: z.array(taskAnswer),
  /** The day's presentations that concern this person. */
  today: z.array(
    z.object({ when: instant, title: z.string(), line: z.string(), href: z.string(), current: z.boolean() }),
  ),
  /** The newest works of the student whose page this is. */
  works: z.object({ href: z.string(), add: z.string(), items: z.array(workAnswer) }).nullable(),
  people: z.array(
    z.object({
      ...{ name: z.string(), initials: z.string(), href: z.string(), line: z.string() },
      switchTo: z
        .string()
        .optional()
        .describe('For a child of another school: the membership to use before the page is opened.'),
    }),
  ),
  /** Message key of the heading over `people`. */
  peopleTitle: z.string(),
  schools: z.array(z.object({ name: z.string(), line: z.string() })),
  /** What this person was told and has not marked as read. */
  notices: z.array(z.object({ text: z.string(), href: z.string() })),
  news: z
    .array(z.object({ text: z.string(), href: z.string() }))
    .describe('What was corrected lately of what this person reads.'),
});
export type Home = z.output<typeof homeAnswer>;

/** What one capacity adds. */
export type HomePart = Partial<
  Pick<Home, 'tasks' | 'today' | 'works' | 'people' | 'peopleTitle' | 'schools' | 'notices' | 'news'>
>;

export interface HomeNeeds {
  actor: Actor;
  context: Context;
  timeZone: string;
  locale: string;
  t(key: string, params?: MessageParams): string;
}
export type SchoolHomeNeeds = HomeNeeds & {
  scope: SchoolScope;
  /** On its way; the parts that need it wait for it. */
  year: Promise<SchoolYear>;
};

/** Tasks shown beside the next one; a page of thirty says nothing. */
const AT_ONCE = 7;

/** Which of two tasks is more pressing: what is under way or dated comes first, soonest first. */
function byUrgency(a: Task, b: Task): number {
  if (Boolean(a.current) !== Boolean(b.current)) return a.current ? -1 : 1;
  if (a.at && b.at) return a.at.localeCompare(b.at);
  return Number(b.at !== null) - Number(a.at !== null);
}

/** Puts the parts together. The same act asked for by two capacities stands once. */
export function joinParts(name: string, parts: readonly HomePart[]): Home {
  const tasks = new Map<string, Task>();
  for (const task of parts.flatMap((part) => part.tasks ?? [])) {
    if (!tasks.has(task.href)) tasks.set(task.href, task);
  }
  const [next = null, ...rest] = [...tasks.values()].sort(byUrgency);
  const today = new Map(
    parts.flatMap((part) => part.today ?? []).map((slot) => [slot.href + slot.title, slot]),
  );
  return {
    name,
    next,
    tasks: rest.slice(0, AT_ONCE),
    later: rest.slice(AT_ONCE),
    today: [...today.values()].sort((a, b) => a.when.localeCompare(b.when)),
    works: parts.find((part) => part.works)?.works ?? null,
    people: parts.flatMap((part) => part.people ?? []),
    peopleTitle: parts.find((part) => part.peopleTitle)?.peopleTitle ?? '',
    schools: parts.flatMap((part) => part.schools ?? []),
    notices: parts.flatMap((part) => part.notices ?? []),
    news: parts.flatMap((part) => part.news ?? []),
  };
}
