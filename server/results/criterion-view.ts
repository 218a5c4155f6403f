/**
 * What people see of one row of a result: every voice at its place, what the rule makes of them, and what
 * people decided.
 */
import type { NotCounted } from '../exhibitions/counting/counted-seats.js';
import type { PinnedWork } from '../artifacts/pin.js';
import { DEFAULT_SHARE, describedLevelIds, type Level, type Rubric } from '../rubrics/rubric.js';
import { decisionsOn, outcomeOf } from './decision.js';
import type { Talk } from './gather-result.js';
import { evidenceHref, panelEvidenceOn, provenBy } from './row-evidence.js';
import type { FrozenSheet } from './result.js';
import { voicesNeeded, type CriterionTally } from './tally.js';

export interface CriterionVoice {
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

/** The voices of a panel and everything they said. */
export interface PanelStatements {
  sheets: FrozenSheet[];
  voices: CriterionVoice[];
  talk: Talk;
  rolesOnly: boolean;
  roleName(role: string): string;
  slotId: string;
  /** Behind the pins, by version id. */
  works: ReadonlyMap<string, PinnedWork>;
  /** Left out where it is shown: the panel talks first, and what the rule makes of its voices comes after that. */
  withoutTally?: boolean;
}

export const levelName = (levels: Level[], id: string | null) =>
  levels.find((level) => level.id === id)?.name ?? null;

export function commentsOn(criterionId: string, { sheets, voices, talk }: PanelStatements, levels: Level[]) {
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

export function criterionView(rubric: Rubric, row: CriterionTally, saying: PanelStatements) {
  const { voices, talk, rolesOnly, roleName } = saying;
  const criterion = rubric.criteria.find((one) => one.id === row.criterionId)!;
  const voiceOf = (seatId: string) => voices.find((voice) => voice.seatId === seatId)!;
  const label = (voice: CriterionVoice) =>
    voice.name === null ? roleName(voice.role) : `${voice.name}, ${roleName(voice.role)}`;
  const evidence = panelEvidenceOn(row.criterionId, saying);
  const found = outcomeOf(row, talk.decisions);
  const byPeople = found.by !== 'tally';
  const hidden = saying.withoutTally ?? false;
  const outcome = hidden && !byPeople ? { levelId: null, by: 'tally' as const } : found;
  const described = describedLevelIds(rubric);
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
      descriptor: described.includes(level.id) ? (criterion.descriptors[level.id] ?? null) : null,
      value: level.value ?? null,
      /** By people; what the rule makes of the voices is no decision. */
      decided: byPeople && level.id === outcome.levelId,
      // One level counts: where people have decided, what the rule makes of the voices is told in words alone.
      tallied: !hidden && !byPeople && level.id === row.decision.levelId,
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
    tally: hidden ? null : tallyView(rubric, row),
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

/** What the rule makes of the voices, with everything it is made from: the values of a mean, the voices of a share. */
function tallyView(rubric: Rubric, { decision, voices }: CriterionTally) {
  const { policy, share = DEFAULT_SHARE } = rubric.tally;
  const positions = voices
    .flatMap(({ position }) => (position === null ? [] : [position]))
    .sort((a, b) => a - b);
  const reached =
    decision.levelId === null ? -1 : rubric.levels.findIndex(({ id }) => id === decision.levelId);
  return {
    ...decision,
    level: levelName(rubric.levels, decision.levelId),
    tied: decision.tiedLevelIds.map((id) => levelName(rubric.levels, id)).join(', '),
    /** Lowest first. */
    values:
      decision.number === null ? null : positions.flatMap((position) => rubric.levels[position]?.value ?? []),
    share:
      policy === 'highest-agreed' && positions.length > 0
        ? {
            percent: Math.round(share * 1000) / 10,
            needed: voicesNeeded(share, positions.length),
            reached: positions.filter((position) => position >= reached).length,
            voices: positions.length,
          }
        : null,
  };
}
