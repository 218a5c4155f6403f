/**
 * The part of a result page about its corrections: what was corrected and why, the earlier versions, and the
 * form of the office.
 */
import { z } from 'zod';
import type { Call } from '../http/route.js';
import { listOffice } from '../people/people-records.js';
import { attainmentProposalView, type attainmentProposalAnswer } from './attainment-view.js';
import { attainments, type Met } from './attainment.js';
import { correctionRights } from './correct-result.js';
import { changedRows, type Consequence } from './correction-consequences.js';
import { listEarlierVersions } from './earlier-result-records.js';
import { placeOfWarnings } from './show-warnings.js';
import { warningView } from './publish-warnings.js';
import { isOwnSeat } from '../exhibitions/seats/seat.js';
import { outcomeOf } from './decision.js';
import type { SlotPanel } from './gather-result.js';
import { sheetsSince } from './gather-seen.js';
import type { ResultOpening } from './result-view.js';
import { frozenAt, mayPublish, versionOf, type Result } from './result.js';

type PageCall = Pick<Call, 'actor' | 'scope' | 't' | 'timeZone' | 'locale' | 'context'>;

export const correctionAnswer = z.object({
  version: z.number(),
  reason: z.string(),
  at: z.string(),
  by: z.string().nullable(),
});
export const resultVersionAnswer = z.object({
  version: z.number(),
  at: z.string().describe('When it was published, or corrected to this.'),
  reason: z.string().nullable(),
  current: z.boolean(),
  shown: z.boolean().describe('Whether it is the one in this answer.'),
  href: z.string(),
});

export const correctorAnswer = z.object({ name: z.string(), email: z.string().nullable() });

export interface ConsequenceView {
  slotId: string;
  /** Of the student. */
  name: string;
  rows: { id: string; name: string; before: string | null; after: string | null }[];
  /** As it is published. */
  outcome: Met | null;
  proposal: z.output<typeof attainmentProposalAnswer> | null;
  /** Something else is proposed than before: `answers` has to say the outcome. */
  asks: boolean;
  /** What was not so before, and is asked about. */
  warnings: string[];
  /** Sent back in `consequences`, it says that this was read. */
  seen: string;
}

/** What a correction means for one result, to whoever makes it. */
export function consequenceView(call: Omit<PageCall, 'scope'>, consequence: Consequence): ConsequenceView {
  const { panel, before, bar, proposal, isOther, warnings, seen } = consequence;
  const { t } = call;
  const place = placeOfWarnings(call, panel);
  return {
    ...{ slotId: panel.slot.id, name: panel.student.displayName, rows: changedRows(consequence) },
    outcome: before.attainment?.outcome ?? null,
    proposal: bar && proposal ? attainmentProposalView(panel.rubric, bar, proposal) : null,
    asks: isOther,
    warnings: warnings.map((each) => warningView(each, place, t).words),
    seen,
  };
}

/**
 * What whoever makes a correction is shown before it is made: for each result what it means, and what they are asked.
 */
function askForm(call: PageCall, consequence: Consequence, ownSlotId: string) {
  const { slotId, ...view } = consequenceView(call, consequence);
  const rows = consequence.panel.rubric.criteria;
  return {
    ...{ ...view, slotId, isOwn: slotId === ownSlotId },
    answers: attainments.map((value) => ({
      value: `${slotId}:${value}`,
      label: call.t(`results.say.${value}`),
    })),
    missedRows: rows.map(({ id, name }) => ({ value: `${slotId}:${id}`, label: name })),
    missed: (consequence.proposal?.missed ?? []).map((id) => `${slotId}:${id}`),
  };
}

export const noCorrection = {
  correction: null,
  versions: [],
  earlier: null,
  correctForm: null,
  correctors: [],
};

/**
 * @param of.isEarlier what is shown was corrected since
 * @param of.told consequences of the correction that was just asked for
 */
export async function correctionPart(
  call: PageCall,
  panel: SlotPanel,
  { opening, isEarlier, told }: { opening: ResultOpening; isEarlier: boolean; told: readonly Consequence[] },
) {
  const { result, slot } = panel;
  if (!result) return noCorrection;
  const unnamed = opening.rolesOnly;
  const earlier = result.correction || isEarlier ? await listEarlierVersions(call.scope, slot.id) : [];
  const shown = versionOf(result);
  const lines = [...earlier, ...(isEarlier ? [] : [result])].map((each) => lineOf(slot.id, each, shown));
  const rights = isEarlier ? null : correctionRights(call.actor, panel);
  const form = rights ? await correctForm(call, panel, result, opening) : null;
  const asksOffice =
    !isEarlier && rights !== 'all' && call.actor.seatIds === null && mayPublish(call.actor, panel);
  const office = asksOffice ? await listOffice(call.scope) : [];
  return {
    correction: result.correction ? correctionView(result.correction, unnamed) : null,
    versions: lines.length > 1 || isEarlier ? lines.map((line) => current(line, isEarlier)) : [],
    /** For whoever may publish and finds a mistake afterwards: who corrects it. */
    correctors: office.map(({ displayName, email }) => ({ name: displayName, email })),
    earlier: isEarlier ? { version: shown, at: frozenAt(result).toISOString() } : null,
    correctForm: form && {
      ...form,
      ...(rights === 'all' ? {} : { rows: [], outcomes: [], missedRows: [] }),
      countsOnly: rights === 'counting',
      told: told.map((each) => askForm(call, each, slot.id)),
      asksOwn: told.some((each) => each.isOther && each.before.id === slot.id),
    },
  };
}

const correctionView = (
  { version, reason, at, byName }: NonNullable<Result['correction']>,
  unnamed: boolean,
): z.output<typeof correctionAnswer> => ({
  ...{ version, reason, at: at.toISOString(), by: unnamed ? null : byName },
});

const lineOf = (slotId: string, version: Pick<Result, 'publishedAt' | 'correction'>, shown: number) => {
  const number = versionOf(version);
  return {
    ...{ version: number, at: frozenAt(version).toISOString() },
    ...{ reason: version.correction?.reason ?? null, shown: number === shown },
    href: `/slots/${slotId}/result/versions/${number}`,
  };
};
const current = (line: ReturnType<typeof lineOf>, isEarlier: boolean) => ({
  ...line,
  current: !isEarlier && line.shown,
});

/** What may be said otherwise, as it is now. */
async function correctForm(
  { scope, t, actor }: PageCall,
  panel: SlotPanel,
  result: Result,
  { sheets }: Pick<ResultOpening, 'sheets'>,
) {
  const { rubric } = panel;
  // By the names that are shown, which may be corrected since.
  const names = new Map(sheets.map(({ seatId, panelistName }) => [seatId, panelistName]));
  const nameOf = ({ seatId, panelistName }: { seatId: string; panelistName: string }) =>
    names.get(seatId) ?? panelistName;
  const now = await sheetsSince(scope, panel, result);
  // New, or counting otherwise than it was published.
  const added = now.filter((sheet) => {
    const before = result.sheets.find(({ seatId }) => seatId === sheet.seatId);
    return !before || Boolean(before.notCounted) !== Boolean(sheet.notCounted);
  });
  const onPanel = now.filter(({ visit }) => !visit);
  // Whether their own sheet counts again is for others to say.
  const ofOthers = onPanel.filter(
    ({ seatId, panelistId }) => !isOwnSeat(actor, { id: seatId, personId: panelistId }),
  );
  const choice = (list: typeof now) => list.map((sheet) => ({ value: sheet.seatId, label: nameOf(sheet) }));
  const outcomes = [...(result.attainment?.bar ? [] : ['none']), 'met', 'not-yet'];
  return {
    rows: result.tally.criteria.map((row) => {
      const { levelId } = outcomeOf(row, result.decisions);
      const level = rubric.levels.find((one) => one.id === levelId)?.name;
      return {
        id: row.criterionId,
        name: rubric.criteria.find((one) => one.id === row.criterionId)?.name ?? row.criterionId,
        stays: level ? t('results.correct.stays', { level }) : t('results.correct.stays-open'),
        levels: rubric.levels
          .filter((one) => one.id !== levelId)
          .map((one) => ({ value: `${row.criterionId}:${one.id}`, label: one.name })),
      };
    }),
    added: added.map(nameOf),
    setAside: choice(onPanel.filter(({ notCounted }) => !notCounted)),
    countAgain: choice(ofOthers.filter(({ notCounted }) => notCounted?.why === 'set-aside')),
    admit: choice(ofOthers.filter(({ notCounted }) => notCounted?.why === 'not-admitted')),
    outcome: result.attainment?.outcome ?? 'none',
    outcomes: outcomes.map((value) => ({ value, label: t(`results.say.${value}`) })),
    missed: result.attainment?.missed ?? [],
    missedRows: rubric.criteria.map(({ id, name }) => ({ value: id, label: name })),
    words: result.attainment?.words ?? '',
  };
}
