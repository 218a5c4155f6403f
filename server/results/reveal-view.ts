/** What a panel sees at its reveal: the rows that differ, with every voice on them; the others by name alone. */
import type { Actor } from '../access/actor.js';
import { findCriterion } from '../rubrics/rubric.js';
import { isGroupRow } from '../scores/group-rows.js';
import { NOT_OBSERVED_CHOICE } from '../scores/score-fields.js';
import type { PinnedWork } from '../artifacts/pin.js';
import type { ShownSheet, SlotPanel, Talk } from './gather-result.js';
import { criterionView } from './criterion-view.js';
import { openRows, wantsTalk } from './open-rows.js';
import { mayPublish } from './result.js';
import { anewOf, panelView, voicesOf } from './result-view.js';
import { answerNow, revisedSheets } from './revision.js';
import type { DecisionKind } from './decision.js';
import { lateSheetViews } from './show-warnings.js';
import { isTallyOpen } from './reveal.js';
import { tallySheets, type CriterionTally } from './tally.js';

export interface RevealRights {
  mayOpen: boolean;
  kinds: DecisionKind[];
  /** The reader's own seat on this panel, whose sheet is in. */
  seatId: string | null;
}

/** The one form that a showing of the page has. */
export interface RevealForm {
  act: 'revise' | 'decide';
  criterionId: string;
}

/** Whose sheets are missing, and whose were handed in late and wait for the office. */
function awaitedView(actor: Actor, panel: SlotPanel) {
  const lateSheets = lateSheetViews(actor, panel);
  const late = new Set(lateSheets.map(({ seatId }) => seatId));
  return {
    awaited: panel.awaitedSeats.filter(({ id }) => !late.has(id)).map(({ name }) => name),
    lateSheets,
  };
}

/** Before the reveal: who is awaited, nothing of what anybody said. */
export function sealedRevealView(actor: Actor, panel: SlotPanel, { mayOpen }: RevealRights) {
  return {
    ...panelView(actor, panel),
    state: null,
    revealed: false,
    ...awaitedView(actor, panel),
    open: mayOpen ? { possible: panel.submitted > 0 } : null,
    openedBy: null,
    publishedAt: null,
    voices: [],
    anew: [],
    rows: [],
    openCount: 0,
    publishHref: null,
    tallyHidden: true,
    agreeing: [],
  };
}

export interface RevealFacts {
  state: string;
  sheets: ShownSheet[];
  talk: Talk;
  rights: RevealRights;
  form: RevealForm | null;
  works: ReadonlyMap<string, PinnedWork>;
  roleName(role: string): string;
}

export function openRevealView(
  actor: Actor,
  panel: SlotPanel,
  { state, sheets, talk, rights, form, works, roleName }: RevealFacts,
) {
  const { rubric } = panel;
  const voices = voicesOf(sheets, false, roleName);
  const first = tallySheets(rubric, revisedSheets(sheets, []));
  const now = tallySheets(rubric, revisedSheets(sheets, talk.revisions));
  const withoutTally = !isTallyOpen(panel, now, talk.decisions);
  const saying = {
    ...{ sheets, voices, talk, rolesOnly: false, roleName, works, slotId: panel.slot.id },
    withoutTally,
  };
  // What was on the table stays on it, also when a revision has brought the voices together.
  const isTalked = (row: CriterionTally, at: number) =>
    wantsTalk(row) !== null ||
    wantsTalk(first.criteria[at]!) !== null ||
    [...talk.revisions, ...talk.decisions].some((one) => one.criterionId === row.criterionId);
  const own = sheets.find((sheet) => sheet.seatId === rights.seatId);
  const isOpen = (criterionId: string) =>
    panel.result === null && !(panel.groupFixed && isGroupRow(findCriterion(rubric, criterionId) ?? {}));
  const rows = now.criteria.filter(isTalked).map((row) => {
    const shown = criterionView(rubric, row, saying);
    const mine = own && answerNow(own, row.criterionId, talk.revisions);
    const open = isOpen(row.criterionId);
    return {
      ...shown,
      /** With the words of the levels, for those who talk about them. */
      talking: true,
      decidedLevelId: shown.outcome.by === 'tally' ? null : shown.outcome.levelId,
      /** The reader's own answer as it stands, in the words of the form. */
      choice: mine ? (mine.notObserved ? NOT_OBSERVED_CHOICE : mine.levelId) : null,
      mayRevise: open && own !== undefined && !own.notCounted,
      mayDecide: open && rights.kinds.length > 0,
      revising: form?.act === 'revise' && form.criterionId === row.criterionId,
      deciding: form?.act === 'decide' && form.criterionId === row.criterionId,
    };
  });
  return {
    ...panelView(actor, panel),
    state,
    revealed: true,
    ...awaitedView(actor, panel),
    open: null,
    openedBy: panel.opened?.byName ?? null,
    publishedAt: panel.result?.publishedAt.toISOString() ?? null,
    threshold: now.threshold,
    tallyHidden: withoutTally,
    mayShowTally: withoutTally && rights.mayOpen,
    voices,
    anew: anewOf(sheets, false),
    rows,
    /** Left to talk about. */
    openCount: openRows(now, talk.decisions).length,
    publishHref:
      panel.result === null && !withoutTally && mayPublish(actor, panel)
        ? `/slots/${panel.slot.id}/result#publish`
        : null,
    agreeing: now.criteria
      .filter((row, at) => !isTalked(row, at))
      .map(({ criterionId }) => ({
        id: criterionId,
        name: rubric.criteria.find((one) => one.id === criterionId)!.name,
      })),
  };
}
