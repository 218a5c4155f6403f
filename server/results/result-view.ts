/** What people see of a result. Who sees anything at all was decided by the seal before a view is made. */
import { markView, type PasswordLinkMark } from '../access/password-link.js';
import { distinctInitials } from '../people/distinct-initials.js';
import { initialsOf } from '../people/person.js';
import { hasRole, type Actor } from '../access/actor.js';
import type { PinnedWork } from '../artifacts/pin.js';
import { scoreVisibilityFor } from '../scores/seal.js';
import { isCounted } from '../exhibitions/counting/counted-seats.js';
import { restartViews } from '../exhibitions/seats/seat.js';
import { criterionView, type PanelStatements, type CriterionVoice } from './criterion-view.js';
import { isAbsent, type ShownSheet, type SlotPanel, type Talk } from './gather-result.js';
import { lateSheetViews } from './show-warnings.js';
import { countedSheets, publishObstacle, type FrozenSheet, type FrozenVisit } from './result.js';
import type { Tally } from './tally.js';

export function voicesOf(
  sheets: ShownSheet[],
  rolesOnly: boolean,
  roleName: (role: string) => string,
): CriterionVoice[] {
  const initials = distinctInitials(
    sheets.map(({ role, panelistName }) => (rolesOnly ? roleName(role) : panelistName)),
  );
  return sheets.map((sheet, at) => {
    const { seatId, panelistName, role, chair, visit = false, notCounted, setAsideReason } = sheet;
    return {
      seatId,
      name: rolesOnly ? null : panelistName,
      role,
      chair,
      visit,
      initials: initials[at]!,
      notCounted: notCounted ? { why: notCounted.why, reason: setAsideReason ?? null } : null,
    };
  });
}

/** Whose sheets began anew on another phone. Where only roles are shown it would point at a guest. */
export const anewOf = (sheets: FrozenSheet[], rolesOnly: boolean) =>
  rolesOnly
    ? []
    : sheets
        .filter((sheet) => sheet.anew?.length)
        .map(({ seatId, panelistName, anew }) => ({ seatId, name: panelistName, anew: restartViews(anew) }));

/**
 * What was signed within a day after a password link was used, and by whose account; names only where the
 * reader sees names.
 */
function signedByLink(
  { result }: Pick<SlotPanel, 'result'>,
  { sheets, talk, rolesOnly }: Pick<PanelStatements, 'sheets' | 'talk' | 'rolesOnly'>,
) {
  const line = (
    what: 'sheet' | 'revision' | 'decision' | 'publish',
    name: string | null,
    mark?: PasswordLinkMark,
  ) => (mark ? [{ what, name: rolesOnly ? null : name, passwordLink: markView(mark) }] : []);
  const nameOf = (seatId: string) => sheets.find((sheet) => sheet.seatId === seatId)?.panelistName ?? null;
  return [
    ...sheets.flatMap(({ panelistName, passwordLink }) => line('sheet', panelistName, passwordLink)),
    ...talk.revisions.flatMap(({ seatId, passwordLink }) => line('revision', nameOf(seatId), passwordLink)),
    ...talk.decisions.flatMap(({ decidedByName, passwordLink }) =>
      line('decision', decidedByName, passwordLink),
    ),
    ...line('publish', null, result?.passwordLink),
  ];
}

/**
 * Where roles alone are shown, nothing else may lead to a name: the seats stand with names on the slot's
 * page, so neither their ids, nor their order, nor who had the chair go out. Sorted by seal: the same on
 * every showing, and of no meaning.
 */
export function withoutTraces({ sheets, tally, talk }: Pick<ResultOpening, 'sheets' | 'tally' | 'talk'>) {
  const sorted = [...sheets].sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const order = sorted.map(({ seatId }) => seatId);
  const veiled = (seatId: string) => `voice-${order.indexOf(seatId) + 1}`;
  return {
    sheets: sorted.map((sheet) => ({ ...sheet, seatId: veiled(sheet.seatId), chair: false })),
    talk: {
      revisions: talk.revisions.map((one) => ({ ...one, seatId: veiled(one.seatId) })),
      decisions: talk.decisions,
    },
    tally: {
      ...tally,
      criteria: tally.criteria.map((row) => ({
        ...row,
        voices: [...row.voices]
          .sort((a, b) => order.indexOf(a.seatId) - order.indexOf(b.seatId))
          .map((voice) => ({ ...voice, seatId: veiled(voice.seatId) })),
      })),
    },
  };
}

/** The slot and how far the panel is: what everybody who may see the page sees, without any score. */
export function panelView(actor: Actor, panel: SlotPanel) {
  return {
    slot: {
      id: panel.slot.id,
      presentationId: panel.presentation.id,
      startsAt: (panel.result?.slot.startsAt ?? panel.slot.startsAt).toISOString(),
      minutes: panel.slot.minutes,
      room: panel.slot.room,
      attempt: panel.slot.attempt,
    },
    exhibition: { id: panel.exhibition.id, title: panel.exhibition.title, phase: panel.exhibition.phase },
    absent: isAbsent(panel),
    student: { id: panel.student.id, name: panel.student.displayName },
    group: panel.members.map(({ slotId, student, absent, published }) => ({
      slotId,
      name: student.displayName,
      absent,
      current: slotId === panel.slot.id,
      readable: !absent && scoreVisibilityFor(actor, { ...panel, student, published }) !== 'none',
    })),
    rubric: {
      slug: panel.rubric.slug,
      title: panel.rubric.title,
      hash: (panel.result ?? panel.exhibition).rubric.hash,
    },
    panel: {
      // Nobody scores somebody who did not come.
      seats: isAbsent(panel) ? 0 : panel.seats.filter(isCounted).length,
      submitted: panel.submitted,
      awaited: isAbsent(panel) ? 0 : panel.awaited - panel.lateSeats.length,
      late: panel.lateSeats.length,
    },
  };
}

/** For those who must wait: no level, no count, no comment. */
export function closedView(
  actor: Actor,
  panel: SlotPanel,
  sight: 'own-sheet-first' | 'not-revealed' | 'not-admitted' | 'not-published',
  ownSeatId: string | null,
) {
  const { slot, exhibition, student, group, rubric } = panelView(actor, panel);
  const nothing = {
    ...{
      publishedAt: null,
      state: null,
      tallyHidden: false,
      voices: [],
      anew: [],
      lateSheets: [],
      signedByLink: [],
      corrected: [],
      decided: [],
      criteria: [],
      overall: [],
    },
    visits: [],
  };
  return { slot, exhibition, student, group, rubric, sight, ownSeatId, ...nothing };
}

export interface ResultOpening {
  /** What its readers have seen; null for those who only read. */
  state: string | null;
  sheets: ShownSheet[];
  tally: Tally;
  talk: Talk;
  visits: FrozenVisit[];
  /** Visits that were set aside, and whether this reader reads them all the same. */
  hidden: { ids: readonly string[]; shown: boolean };
  rolesOnly: boolean;
  /** The reader talks with the panel before seeing what the rule makes of its voices. */
  withoutTally: boolean;
  /** Who is shown by a corrected name. */
  corrected: { name: string; at: string }[];
  mayPublish: boolean;
  /** May go on to the rows that the panel talks about. */
  mayTalk: boolean;
  works: ReadonlyMap<string, PinnedWork>;
  roleName(role: string): string;
}

export function openView(actor: Actor, panel: SlotPanel, opening: ResultOpening) {
  const { rolesOnly, mayPublish, mayTalk, roleName, works } = opening;
  const read = { ...opening, sheets: withoutHidden(opening) };
  const { sheets, tally, talk } = rolesOnly ? withoutTraces(read) : read;
  const facts = panelView(actor, panel);
  const voices = voicesOf(sheets, rolesOnly, roleName);
  const saying = {
    ...{ sheets, voices, talk, rolesOnly, roleName, works, slotId: panel.slot.id },
    withoutTally: opening.withoutTally,
  };
  const criteria = tally.criteria.map((row) => criterionView(panel.rubric, row, saying));
  const obstacle = opening.withoutTally
    ? 'results.problem.tally-hidden'
    : publishObstacle({
        submitted: countedSheets(sheets).length,
        takesVisits: panel.takesVisits,
        absent: isAbsent(panel),
      });
  return {
    ...facts,
    sight: 'open' as const,
    ownSeatId: null,
    state: opening.state,
    publishedAt: panel.result?.publishedAt.toISOString() ?? null,
    hash: panel.result?.hash ?? null,
    anew: anewOf(sheets, rolesOnly),
    lateSheets: mayTalk || mayPublish ? lateSheetViews(actor, panel) : [],
    signedByLink: signedByLink(panel, { sheets, talk, rolesOnly }),
    corrected: rolesOnly ? [] : opening.corrected,
    policy: { name: tally.policy, share: tally.share, threshold: tally.threshold },
    voices,
    criteria,
    sections: (['individual', 'group', 'holistic'] as const)
      .map((section) => ({ section, criteria: criteria.filter((row) => row.section === section) }))
      .filter((one) => one.criteria.length > 0),
    tallyHidden: opening.withoutTally,
    decided: criteria.flatMap(decidedView),
    talk: criteria
      .filter((row) => row.panelDecisions.length === 0 && (row.needsTalk || row.tally?.why === 'tie'))
      .map(({ id, name }) => ({ id, name })),
    // A fingerprint says something to those who check records, and nothing to a family.
    showsSeal: actor.seatIds === null && hasRole(actor, 'advisor', 'registrar', 'admin'),
    revealHref: mayTalk ? `/slots/${panel.slot.id}/reveal` : null,
    overall: sheets.flatMap((sheet, at) =>
      sheet.overallComment === '' ? [] : [{ voice: voices[at]!, comment: sheet.overallComment }],
    ),
    visits: wordsView(opening),
    publish:
      mayPublish && !panel.result
        ? { possible: obstacle === null, obstacle, voices: countedSheets(sheets).length }
        : null,
  };
}

/** Where the level that counts is not what the voices, or an earlier decision, came to: by whom, and why. */
function decidedView({ id, name, tally, panelDecisions }: ReturnType<typeof criterionView>) {
  const last = panelDecisions.at(-1);
  const before = panelDecisions.at(-2)?.level ?? tally?.level ?? null;
  if (!last || before === last.level) return [];
  const { level: after, reason, by, as } = last;
  return [{ id, name, before, after, reason, by, as }];
}

/**
 * A score that came with words that were set aside, or wait for review, still counts; comment and name go
 * with the words.
 */
export const withoutHidden = ({
  sheets,
  hidden,
  roleName,
}: Pick<ResultOpening, 'sheets' | 'hidden' | 'roleName'>): ShownSheet[] =>
  hidden.shown
    ? sheets
    : sheets.map((sheet) =>
        sheet.visit && hidden.ids.includes(sheet.seatId)
          ? { ...sheet, overallComment: '', panelistName: roleName(sheet.role) }
          : sheet,
      );

const wordsView = ({ visits, hidden, rolesOnly, roleName }: ResultOpening) =>
  visits
    .filter((visit) => hidden.shown || !hidden.ids.includes(visit.visitId))
    .map(({ visitId, name, role, feedback }) => ({
      name: rolesOnly ? null : name,
      role,
      initials: initialsOf(rolesOnly ? roleName(role) : name),
      feedback,
      hidden: hidden.ids.includes(visitId),
    }));
