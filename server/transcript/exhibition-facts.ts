/** What a transcript says of one presentation that counts. */
import type { NamePrinter } from '../people/printed-name.js';
import type { Standing } from '../results/attempts.js';
import { outcomeOf } from '../results/decision.js';
import { countedSheets, type Result } from '../results/result.js';
import type { Rubric } from '../rubrics/rubric.js';
import { isGroupRow } from '../scores/group-rows.js';
import type { TranscriptExhibition } from './snapshot.js';

/**
 * @param portfolio title of what was shown; null where nothing was
 * @param termName null where it is the transcript's own term
 */
export function exhibitionOf(
  result: Result,
  { attempts }: Standing,
  exhibition: { format: 'panel' | 'gallery'; place: string } | undefined,
  rubric: Rubric,
  portfolio: string | null,
  termName: string | null,
  names: NamePrinter,
): TranscriptExhibition {
  const { slot, attainment } = result;
  const others = attempts.filter((each) => each.id !== result.id);
  return {
    title: slot.exhibitionTitle,
    format: exhibition?.format ?? 'panel',
    startsAt: slot.startsAt.toISOString(),
    place: [exhibition?.place, slot.room].filter(Boolean).join(', '),
    ...(termName === null ? {} : { termName }),
    attempt: slot.attempt,
    ...(others.length > 0
      ? {
          otherAttempts: others.map((each) => ({
            attempt: each.slot.attempt,
            on: each.slot.startsAt.toISOString(),
          })),
        }
      : {}),
    ...togetherIn(result, rubric),
    ...(attainment
      ? {
          met: {
            outcome: attainment.outcome,
            missed: rubric.criteria
              .filter(({ id }) => attainment.missed.includes(id))
              .map(({ name }) => name),
          },
        }
      : {}),
    portfolio,
    // A panel is named one by one; the visitors of a stand are a number.
    panel: countedSheets(result.sheets)
      .filter((sheet) => !sheet.visit)
      .map((sheet) => ({
        name: result.voices === 'named' ? names.name(sheet.panelistId, sheet.panelistName) : null,
        role: sheet.role,
      })),
    ...visitorsOf(result),
    outcomes: result.tally.criteria.flatMap((row) => {
      const criterion = rubric.criteria.find((each) => each.id === row.criterionId);
      const { levelId } = outcomeOf(row, result.decisions);
      const level = rubric.levels.find((each) => each.id === levelId);
      if (!criterion || (row.scored === 0 && row.notObserved === 0 && !level)) return [];
      // Voices that name no level together are said as such, not as "not observed".
      return row.scored > 0 && !level ? [] : [{ criterion: criterion.name, level: level?.name ?? null }];
    }),
  };
}

function togetherIn({ slot: { together } }: Result, rubric: Rubric): Pick<TranscriptExhibition, 'together'> {
  if (together === undefined) return {};
  return {
    together: { students: together, criteria: rubric.criteria.filter(isGroupRow).map(({ name }) => name) },
  };
}

/** Visitors who left a score or words; left out where there were none. */
function visitorsOf(result: Result): { visitors?: number } {
  const scored = result.sheets.filter((sheet) => sheet.visit).map((sheet) => sheet.seatId);
  const visitors = new Set([...scored, ...(result.visits ?? []).map((visit) => visit.visitId)]).size;
  return visitors > 0 ? { visitors } : {};
}
