/**
 * What templates and JSON may see of exhibitions and slots. Whose sheets are in is told to those who plan, to
 * nobody else.
 */
import { z } from 'zod';
import {
  formats,
  moves,
  phases,
  visitKinds,
  type Exhibition,
  type Phase,
  type PhaseFacts,
} from './exhibition.js';
import { seenOfSettings } from './plan-exhibition.js';
import { reasonsAnswer } from './move-reasons.js';
import { slotAnswer } from './slots/slot-face.js';

export const barAnswer = z.object({
  levelId: z.string(),
  level: z.string(),
  criterionIds: z.array(z.string()).nullable().describe('Null: every row.'),
  rows: z.array(z.string()).nullable(),
});

export const exhibitionAnswer = z.object({
  id: z.string(),
  slug: z.string(),
  title: z.string(),
  termId: z.string(),
  termName: z.string(),
  format: z.enum(formats),
  phase: z.enum(phases),
  rubric: z.object({ slug: z.string(), hash: z.string(), title: z.string() }),
  startsAt: z.string(),
  place: z.string(),
  slotMinutes: z.number(),
  clockMinutes: z
    .object({ present: z.number(), questions: z.number(), scoring: z.number(), feedback: z.number() })
    .nullable(),
  /** At a gallery; an empty list means the usual prompts. */
  visitPrompts: z.array(z.string()),
  visitorsLeave: z.enum(visitKinds).nullable(),
  slotCount: z.number(),
  seen: z.string().describe('Send it when changing the settings.'),
});

export const dayAnswer = exhibitionAnswer.extend({
  bar: barAnswer.nullable().describe('What a presentation has to reach, or null for nothing.'),
  slots: z.array(slotAnswer).describe('The first 300; more by ?page='),
  pages: z.object({ page: z.number(), pages: z.number(), perPage: z.number(), total: z.number() }),
  counts: z
    .object({
      slots: z.number(),
      seats: z.number(),
      sheetsInDraft: z.number(),
      sheetsSubmitted: z.number(),
      sheetsNotCounted: z.number(),
      gallery: z.boolean(),
      visits: z.number(),
    })
    .nullable(),
  /** Rules of the timetable that the slots break, for those who plan. */
  broken: z
    .array(z.object({ rule: z.string(), slotIds: z.array(z.string()), message: z.string() }))
    .nullable(),
  moveReasons: reasonsAnswer,
  waitingSignUps: z
    .number()
    .nullable()
    .describe('Guests who signed up by the link and wait for a decision; for those who plan panels.'),
  moves: z.array(
    z.object({
      verb: z.string(),
      to: z.enum(phases),
      back: z.boolean(),
      missing: z.string().nullable(),
      needsReason: z.boolean(),
    }),
  ),
});

export type ExhibitionView = z.output<typeof exhibitionAnswer>;

export function exhibitionView(
  exhibition: Exhibition,
  more: { termName: string; rubricTitle: string; slotCount: number },
): ExhibitionView {
  return {
    id: exhibition.id,
    slug: exhibition.slug,
    title: exhibition.title,
    termId: exhibition.termId,
    termName: more.termName,
    format: exhibition.format,
    phase: exhibition.phase,
    rubric: { ...exhibition.rubric, title: more.rubricTitle },
    startsAt: exhibition.startsAt.toISOString(),
    place: exhibition.place,
    slotMinutes: exhibition.slotMinutes,
    clockMinutes: exhibition.clockMinutes ?? null,
    visitPrompts: exhibition.visitPrompts ?? [],
    visitorsLeave:
      exhibition.format === 'gallery' ? (exhibition.visitorsLeave ?? 'feedback-and-score') : null,
    slotCount: more.slotCount,
    seen: seenOfSettings(exhibition),
  };
}

export const moveViews = (phase: Phase, facts: PhaseFacts) =>
  moves
    .filter((move) => move.from === phase)
    .map((move) => ({
      verb: move.verb,
      to: move.to,
      back: move.back,
      missing: move.missing(facts),
      needsReason: move.needsReason(facts),
    }));
