/** What people see of "met" and "not yet", and of the attempts of one student. */
import { revisionOf } from '../exhibitions/slots/slot.js';
import { z } from 'zod';
import { rowsOfBar, type Bar } from '../exhibitions/bar/bar.js';
import type { Rubric } from '../rubrics/rubric.js';
import { attemptRules } from '../school/school.js';
import { attainments, type Attainment, type AttainmentProposal } from './attainment.js';
import type { AttemptsFacts } from './gather-attempts.js';

const row = z.object({ id: z.string(), name: z.string() });
const ways = ['only', ...attemptRules, 'choice'] as const;

export const attainmentAnswer = z.object({
  outcome: z.enum(attainments),
  level: z.string().nullable().describe('What had to be reached; null where the exhibition has no bar.'),
  reached: z.array(row),
  missed: z.array(row).describe('The rows to show again.'),
  notShown: z.array(row).describe('Rows of the bar that nobody saw: no miss by themselves.'),
  confirmed: z.boolean().describe('Whether it is what the voices proposed.'),
  reason: z.string(),
  words: z.string().describe('To the student: what to work on.'),
  by: z.string().nullable(),
});

export const attainmentProposalAnswer = z
  .object({
    outcome: z.enum(attainments).nullable(),
    level: z.string(),
    reached: z.array(row),
    missed: z.array(row),
    notShown: z.array(row),
    undecided: z.array(row),
  })
  .describe('What the voices propose, before publishing.');

export const attemptAnswer = z.object({
  slotId: z.string(),
  attempt: z.number(),
  startsAt: z.string(),
  room: z.string(),
  title: z.string(),
  published: z.boolean(),
  outcome: z.enum(attainments).nullable(),
  counts: z.boolean(),
  by: z.enum(ways).nullable().describe('How it was found which attempt counts.'),
  reason: z.string().nullable().describe('Why it was chosen.'),
});

export const unneededAnswer = z
  .object({
    slotId: z.string(),
    attempt: z.number(),
    startsAt: z.string(),
    room: z.string(),
    title: z.string(),
    revision: z.number().describe('Send it when taking it out.'),
    mayRemove: z.boolean().describe('Whether the reader may take it out with POST /slots/{id}/remove.'),
  })
  .describe('A later attempt that is still planned although this one is met; for those who plan it.');

/** Null where nothing is planned for nothing. */
export const unneededView = ({ unneeded }: AttemptsFacts): z.output<typeof unneededAnswer> | null =>
  unneeded && {
    slotId: unneeded.slot.id,
    attempt: unneeded.slot.attempt,
    startsAt: unneeded.slot.startsAt.toISOString(),
    room: unneeded.slot.room,
    title: unneeded.exhibition.title,
    revision: revisionOf(unneeded.slot),
    mayRemove: unneeded.mayRemove,
  };

const named = (rubric: Rubric, ids: readonly string[]) =>
  rubric.criteria.filter(({ id }) => ids.includes(id)).map(({ id, name }) => ({ id, name }));
const levelOf = (rubric: Rubric, bar: Bar) =>
  rubric.levels.find((level) => level.id === bar.levelId)?.name ?? '';

/** @param unnamed for readers who are told roles alone */
export function attainmentView(
  rubric: Rubric,
  attainment: Attainment,
  unnamed: boolean,
): z.output<typeof attainmentAnswer> {
  const { outcome, bar, missed, notShown, proposed, reason, words } = attainment;
  const asked = bar ? rowsOfBar(rubric, bar).map(({ id }) => id) : [];
  return {
    outcome,
    level: bar && levelOf(rubric, bar),
    reached: named(
      rubric,
      asked.filter((id) => !missed.includes(id) && !notShown.includes(id)),
    ),
    missed: named(rubric, missed),
    notShown: named(
      rubric,
      notShown.filter((id) => !missed.includes(id)),
    ),
    confirmed: proposed?.outcome === outcome && reason === '',
    ...{ reason, words, by: unnamed ? null : attainment.byName },
  };
}

export const attainmentProposalView = (
  rubric: Rubric,
  bar: Bar,
  proposal: AttainmentProposal,
): z.output<typeof attainmentProposalAnswer> => ({
  outcome: proposal.outcome,
  level: levelOf(rubric, bar),
  reached: named(rubric, proposal.reached),
  missed: named(rubric, proposal.missed),
  notShown: named(rubric, proposal.notShown),
  undecided: named(rubric, proposal.undecided),
});

export const attemptsView = (facts: AttemptsFacts): z.output<typeof attemptAnswer>[] =>
  facts.slots.map(({ slot, exhibition, result, standing }) => ({
    slotId: slot.id,
    attempt: slot.attempt,
    startsAt: (result?.slot.startsAt ?? slot.startsAt).toISOString(),
    room: slot.room,
    title: exhibition.title,
    published: result !== null,
    outcome: result?.attainment?.outcome ?? null,
    counts: standing?.counts ?? false,
    by: standing?.by ?? null,
    reason: standing?.choice?.reason ?? null,
  }));
