/**
 * One result in the list of a day, as whoever publishes it from there has to see it: what is proposed, what
 * there is to be asked about, and the state. All of it is made of the same read, so that nothing is in the
 * state that is not in the line.
 */
import { z } from 'zod';
import { endOf } from '../exhibitions/slots/slot.js';
import type { Call } from '../http/route.js';
import { findSchool } from '../school/school-records.js';
import { minVoicesOf } from '../school/school.js';
import { attainments, proposeAttainment } from './attainment.js';
import { attainmentProposalAnswer, attainmentProposalView } from './attainment-view.js';
import { isWaiting, resultStates, stateBy, type DayResult } from './day-results.js';
import { gatherPanel } from './gather-result.js';
import { gatherSeen } from './gather-seen.js';
import { openRows } from './open-rows.js';
import { warningAnswer, warningView } from './publish-warnings.js';
import { resultStateOf } from './result-state.js';
import { countedSheets } from './result.js';
import { revisedSheets } from './revision.js';
import { stateAnswer } from './say-refusal.js';
import { placeOfWarnings, warningsOfPanel } from './show-warnings.js';
import { tallySheets } from './tally.js';

type LineCall = Pick<
  Call<unknown, unknown, unknown>,
  'actor' | 'scope' | 'context' | 't' | 'timeZone' | 'locale'
>;

export const lineAnswer = z.object({
  slotId: z.string(),
  student: z.object({ id: z.string(), name: z.string() }),
  startsAt: z.string(),
  room: z.string(),
  attempt: z.number(),
  state: z.enum(resultStates),
  submitted: z.number(),
  awaited: z.number().describe('Sheets that are missing.'),
  late: z.number().describe('Sheets handed in after closing on which the office has not decided.'),
  open: z.number().describe('Rows that are left to talk about.'),
  warnings: z.number().describe('What is asked about first when it is published.'),
  questions: z.array(warningAnswer).describe('The same in words, and where to do something about it.'),
  outcome: z.enum(attainments).nullable().describe('As it is published.'),
  proposal: attainmentProposalAnswer
    .nullable()
    .describe('What is confirmed by publishing it; without an outcome it has to be said on its own page.'),
  version: z.number().nullable().describe('Of a published result: 2 and more where it was corrected.'),
  publishedAt: z.string().nullable(),
  seen: stateAnswer,
  href: z.string(),
});
type Line = z.output<typeof lineAnswer>;

const publishable = new Set<DayResult['state']>(['disputed', 'questions', 'ready']);

export async function lineView(call: LineCall, one: DayResult): Promise<Line> {
  const { slot, student, result } = one;
  return {
    slotId: slot.id,
    student: { id: student.id, name: student.displayName },
    ...{ startsAt: slot.startsAt.toISOString(), room: slot.room, attempt: slot.attempt },
    ...{ state: one.state, submitted: one.submitted, awaited: one.awaited, late: one.late },
    ...{ open: one.open, warnings: one.warnings, questions: [], proposal: null, seen: null },
    outcome: result?.attainment?.outcome ?? null,
    version: result ? (result.correction?.version ?? 1) : null,
    publishedAt: result?.publishedAt.toISOString() ?? null,
    href: `/slots/${slot.id}/result`,
    ...(publishable.has(one.state) ? await lineNow(call, one) : {}),
  };
}

/** What the list was sorted by may have changed since it was read: the line says how it is now. */
async function lineNow(call: LineCall, { slot }: DayResult): Promise<Partial<Line>> {
  const { scope, context } = call;
  const now = context.clock.now();
  const panel = await gatherPanel(scope, context.rubrics, slot.id, now);
  const { rubric, closed } = panel;
  const late = panel.lateSeats.length;
  const awaited = panel.awaited - late;
  if (panel.result)
    return {
      ...{ state: 'published', outcome: panel.result.attainment?.outcome ?? null },
      publishedAt: panel.result.publishedAt.toISOString(),
    };
  const isOver = endOf(panel.presentation) <= now;
  const [seen, school] = await Promise.all([gatherSeen(scope, panel), findSchool(scope, scope.schoolId)]);
  // As the list counts them: visits of a stand that is over are voices, too.
  const submitted = countedSheets(seen.sheets).length;
  if (panel.takesVisits || isWaiting({ submitted, awaited, late, closed, isOver }))
    return { state: 'waiting', submitted, awaited, late };
  const { decisions, revisions } = seen.talk;
  const tally = tallySheets(rubric, revisedSheets(seen.sheets, revisions));
  const open = openRows(tally, decisions).length;
  const warnings = warningsOfPanel(panel, tally, { decisions, minVoices: minVoicesOf(school) });
  const bar = panel.exhibition.bar ?? null;
  const proposal = bar && proposeAttainment(rubric, bar, tally.criteria, decisions);
  const isUnsaid = proposal !== null && proposal.outcome === null;
  const place = { ...placeOfWarnings(call, panel), rowsAt: `/slots/${slot.id}/result` };
  return {
    state: stateBy({ open, warnings: warnings.length, isUnsaid }),
    ...{ submitted, awaited, late, open, warnings: warnings.length },
    questions: warnings.map((warning) => warningView(warning, place, call.t)),
    proposal: bar && proposal ? attainmentProposalView(rubric, bar, proposal) : null,
    // The outcome is said on the page of the result: a list has no field for it.
    seen: isUnsaid ? null : resultStateOf(panel, seen),
  };
}
