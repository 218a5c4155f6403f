/** What people see of a result. Who sees anything at all was decided by the seal before a view is made. */
import { markView, type PasswordLinkMark } from '../access/password-link.js';
import { initialsOf } from '../people/person.js';
import type { Actor } from '../access/actor.js';
import type { PinnedWork } from '../artifacts/pin.js';
import type { Level, Rubric } from '../rubrics/rubric.js';
import { sightOf } from '../scores/seal.js';
import { isCounted, type NotCounted } from '../panel/counted-seats.js';
import { anewViews } from '../panel/seat.js';
import { decisionsOn, outcomeOf } from './decision.js';
import { evidenceHref, evidenceOn, provenBy } from './row-evidence.js';
import { isAbsent, type ShownSheet, type SlotPanel, type Talk } from './gather-result.js';
import { countedSheets, publishObstacle, type FrozenSheet, type FrozenVisit } from './result.js';
import type { CriterionTally, Tally } from './tally.js';

export interface Voice {
  seatId: string;
  /** Null where the school shows roles alone. */
  name: string | null;
  role: string;
  chair: boolean;
  /** A visitor of a stand, not of the panel. */
  visit: boolean;
  initials: string;
  /** The voice stays in the record and counts nowhere. */
  notCounted: { why: NotCounted; reason: string | null } | null;
}

export { initialsOf };

/** The voices of a panel and everything they said. */
export interface Saying {
  sheets: FrozenSheet[];
  voices: Voice[];
  talk: Talk;
  rolesOnly: boolean;
  roleName(role: string): string;
  slotId: string;
  /** Behind the pins, by version id. */
  works: ReadonlyMap<string, PinnedWork>;
}

export function voicesOf(
  sheets: ShownSheet[],
  rolesOnly: boolean,
  roleName: (role: string) => string,
): Voice[] {
  return sheets.map(({ seatId, panelistName, role, chair, visit = false, notCounted, setAsideReason }) => ({
    seatId,
    name: rolesOnly ? null : panelistName,
    role,
    chair,
    visit,
    initials: initialsOf(rolesOnly ? roleName(role) : panelistName),
    notCounted: notCounted ? { why: notCounted.why, reason: setAsideReason ?? null } : null,
  }));
}

/** Whose sheets began anew on another phone. Where only roles are shown it would point at a guest. */
export const anewOf = (sheets: FrozenSheet[], rolesOnly: boolean) =>
  rolesOnly
    ? []
    : sheets
        .filter((sheet) => sheet.anew?.length)
        .map(({ seatId, panelistName, anew }) => ({ seatId, name: panelistName, anew: anewViews(anew) }));

/** What was signed within a day after a password link was used, and by whose account; names only where the reader sees names. */
export function signedByLink(
  { result }: Pick<SlotPanel, 'result'>,
  { sheets, talk, rolesOnly }: Pick<Saying, 'sheets' | 'talk' | 'rolesOnly'>,
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

export const levelName = (levels: Level[], id: string | null) =>
  levels.find((level) => level.id === id)?.name ?? null;

/**
 * Where roles alone are shown, nothing else may lead to a name: the seats stand with names on the slot's page, so neither their ids,
 * nor their order, nor who had the chair go out. Sorted by seal: the same on every showing, and of no meaning.
 */
export function withoutTraces({ sheets, tally, talk }: Pick<Opening, 'sheets' | 'tally' | 'talk'>) {
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

export function commentsOn(criterionId: string, { sheets, voices, talk }: Saying, levels: Level[]) {
  return sheets.flatMap((sheet, at) => {
    const response = sheet.responses[criterionId];
    const notes = Object.entries(response?.notes ?? {})
      .filter(([, text]) => text !== '')
      .map(([levelId, text]) => ({ name: levelName(levels, levelId), text }));
    if (!response || (response.comment === '' && notes.length === 0)) return [];
    const revised = talk.revisions.some(
      (one) => one.seatId === sheet.seatId && one.criterionId === criterionId,
    );
    const level = levelName(levels, response.levelId);
    return [{ voice: voices[at]!, level, revised, comment: response.comment, notes }];
  });
}

export function criterionView(rubric: Rubric, row: CriterionTally, saying: Saying) {
  const { voices, talk, rolesOnly, roleName } = saying;
  const criterion = rubric.criteria.find((one) => one.id === row.criterionId)!;
  const voiceOf = (seatId: string) => voices.find((voice) => voice.seatId === seatId)!;
  const label = (voice: Voice) =>
    voice.name === null ? roleName(voice.role) : `${voice.name}, ${roleName(voice.role)}`;
  const { decision } = row;
  const evidence = evidenceOn(row.criterionId, saying);
  const outcome = outcomeOf(row, talk.decisions);
  return {
    id: row.criterionId,
    name: criterion.name,
    description: criterion.description ?? null,
    part: criterion.part ?? 'both',
    section: row.section,
    levels: rubric.levels.map((level) => ({
      id: level.id,
      name: level.name,
      between: level.between ?? false,
      decided: level.id === outcome.levelId,
      ...provenBy(row, level.id, evidence, saying.slotId),
      voices: row.counts.find((one) => one.levelId === level.id)?.voices ?? 0,
      marks: row.voices
        .filter((voice) => voice.levelId === level.id)
        .map((voice) => ({ initials: voiceOf(voice.seatId).initials, label: label(voiceOf(voice.seatId)) })),
    })),
    scored: row.scored,
    notObserved: row.voices
      .filter((voice) => voice.state === 'not-observed')
      .map((voice) => label(voiceOf(voice.seatId))),
    spread: row.spread,
    lowest: levelName(rubric.levels, row.lowestLevelId),
    highest: levelName(rubric.levels, row.highestLevelId),
    needsTalk: row.needsTalk,
    decision: {
      ...decision,
      level: levelName(rubric.levels, decision.levelId),
      tied: decision.tiedLevelIds.map((id) => levelName(rubric.levels, id)).join(', '),
    },
    outcome: { ...outcome, level: levelName(rubric.levels, outcome.levelId) },
    revisions: talk.revisions
      .filter((one) => one.criterionId === row.criterionId)
      .map(({ seatId, before, after, reason, at }) => ({
        voice: voiceOf(seatId),
        before: levelName(rubric.levels, before.levelId),
        after: levelName(rubric.levels, after.levelId),
        reason,
        at: at.toISOString(),
      })),
    panelDecisions: decisionsOn(row.criterionId, talk.decisions).map((one, index, all) => ({
      kind: one.kind,
      levelId: one.levelId,
      level: levelName(rubric.levels, one.levelId),
      reason: one.reason,
      by: rolesOnly ? null : one.decidedByName,
      as: one.decidedAs,
      at: one.at.toISOString(),
      counts: index === all.length - 1,
    })),
    comments: commentsOn(row.criterionId, saying, rubric.levels),
    evidence,
    evidenceHref: evidence.length > 0 ? evidenceHref(saying.slotId, row.criterionId) : null,
  };
}

/** The slot and how far the panel is: what everybody who may see the page sees, without any score. */
export function panelView(actor: Actor, panel: SlotPanel) {
  return {
    slot: {
      id: panel.slot.id,
      startsAt: (panel.result?.slot.startsAt ?? panel.slot.startsAt).toISOString(),
      minutes: panel.slot.minutes,
      room: panel.slot.room,
      attempt: panel.slot.attempt,
    },
    exhibition: { id: panel.exhibition.id, title: panel.exhibition.title, phase: panel.exhibition.phase },
    student: { id: panel.student.id, name: panel.student.displayName },
    group: panel.members.map(({ slotId, student, absent, published }) => ({
      slotId,
      name: student.displayName,
      absent,
      current: slotId === panel.slot.id,
      readable: !absent && sightOf(actor, { ...panel, student, published }) !== 'none',
    })),
    rubric: {
      slug: panel.rubric.slug,
      title: panel.rubric.title,
      hash: (panel.result ?? panel.exhibition).rubric.hash,
    },
    panel: {
      seats: panel.seats.filter(isCounted).length,
      submitted: panel.submitted,
      awaited: panel.awaited,
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
      voices: [],
      anew: [],
      signedByLink: [],
      corrected: [],
      criteria: [],
      overall: [],
    },
    visits: [],
  };
  return { slot, exhibition, student, group, rubric, sight, ownSeatId, ...nothing };
}

export interface Opening {
  sheets: ShownSheet[];
  tally: Tally;
  talk: Talk;
  visits: FrozenVisit[];
  /** Visits that were set aside, and whether this reader reads them all the same. */
  hidden: { ids: readonly string[]; shown: boolean };
  rolesOnly: boolean;
  /** Who is shown by a corrected name. */
  corrected: { name: string; at: string }[];
  mayPublish: boolean;
  /** May go on to the rows that the panel talks about. */
  mayTalk: boolean;
  works: ReadonlyMap<string, PinnedWork>;
  roleName(role: string): string;
}

export function openView(actor: Actor, panel: SlotPanel, opening: Opening) {
  const { rolesOnly, mayPublish, mayTalk, roleName, works } = opening;
  const read = { ...opening, sheets: withoutHidden(opening) };
  const { sheets, tally, talk } = rolesOnly ? withoutTraces(read) : read;
  const facts = panelView(actor, panel);
  const voices = voicesOf(sheets, rolesOnly, roleName);
  const saying = { sheets, voices, talk, rolesOnly, roleName, works, slotId: panel.slot.id };
  const criteria = tally.criteria.map((row) => criterionView(panel.rubric, row, saying));
  const obstacle = publishObstacle({
    submitted: countedSheets(sheets).length,
    awaited: facts.panel.awaited,
    closed: panel.closed,
    takesVisits: panel.takesVisits,
    absent: isAbsent(panel),
  });
  return {
    ...facts,
    sight: 'open' as const,
    ownSeatId: null,
    publishedAt: panel.result?.publishedAt.toISOString() ?? null,
    hash: panel.result?.hash ?? null,
    anew: anewOf(sheets, rolesOnly),
    signedByLink: signedByLink(panel, { sheets, talk, rolesOnly }),
    corrected: rolesOnly ? [] : opening.corrected,
    policy: { name: tally.policy, share: tally.share, threshold: tally.threshold },
    voices,
    criteria,
    sections: (['individual', 'group', 'holistic'] as const)
      .map((section) => ({ section, criteria: criteria.filter((row) => row.section === section) }))
      .filter((one) => one.criteria.length > 0),
    talk: criteria.filter((row) => row.needsTalk).map(({ id, name }) => ({ id, name })),
    revealHref: mayTalk ? `/slots/${panel.slot.id}/reveal` : null,
    overall: sheets.flatMap((sheet, at) =>
      sheet.overallComment === '' ? [] : [{ voice: voices[at]!, comment: sheet.overallComment }],
    ),
    visits: wordsView(opening),
    publish: mayPublish && !panel.result ? { possible: obstacle === null, obstacle } : null,
  };
}

/** A score that came with words that were set aside, or wait for review, still counts; comment and name go with the words. */
export const withoutHidden = ({
  sheets,
  hidden,
  roleName,
}: Pick<Opening, 'sheets' | 'hidden' | 'roleName'>): ShownSheet[] =>
  hidden.shown
    ? sheets
    : sheets.map((sheet) =>
        sheet.visit && hidden.ids.includes(sheet.seatId)
          ? { ...sheet, overallComment: '', panelistName: roleName(sheet.role) }
          : sheet,
      );

const wordsView = ({ visits, hidden, rolesOnly, roleName }: Opening) =>
  visits
    .filter((visit) => hidden.shown || !hidden.ids.includes(visit.visitId))
    .map(({ visitId, name, role, feedback }) => ({
      name: rolesOnly ? null : name,
      role,
      initials: initialsOf(rolesOnly ? roleName(role) : name),
      feedback,
      hidden: hidden.ids.includes(visitId),
    }));
