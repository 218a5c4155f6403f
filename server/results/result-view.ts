/** What people see of a result. Who sees anything at all was decided by the seal before a view is made. */
import type { Level, Rubric } from '../rubrics/rubric.js';
import type { SlotPanel } from './gather-result.js';
import { awaitedSeats, publishObstacle, type FrozenSheet } from './result.js';
import type { CriterionTally, Tally } from './tally.js';

interface Voice {
  seatId: string;
  /** Null where the school shows roles alone. */
  name: string | null;
  role: string;
  chair: boolean;
  initials: string;
}

/** First letters of the first and the last word of a name, in any script. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => [...(word ?? '')][0] ?? '',
  );
  return letters.join('').toLocaleUpperCase();
}

function voicesOf(sheets: FrozenSheet[], rolesOnly: boolean, roleName: (role: string) => string): Voice[] {
  return sheets.map(({ seatId, panelistName, role, chair }) => ({
    seatId,
    name: rolesOnly ? null : panelistName,
    role,
    chair,
    initials: initialsOf(rolesOnly ? roleName(role) : panelistName),
  }));
}

const levelName = (levels: Level[], id: string | null) =>
  levels.find((level) => level.id === id)?.name ?? null;

/**
 * Where roles alone are shown, nothing else may lead to a name: the seats stand with names on the slot's page, so neither their ids,
 * nor their order, nor who had the chair go out. Sorted by seal: the same on every showing, and of no meaning.
 */
function withoutTraces({ sheets, tally }: Pick<Opening, 'sheets' | 'tally'>) {
  const sorted = [...sheets].sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const order = sorted.map(({ seatId }) => seatId);
  const veiled = (seatId: string) => `voice-${order.indexOf(seatId) + 1}`;
  return {
    sheets: sorted.map((sheet) => ({ ...sheet, seatId: veiled(sheet.seatId), chair: false })),
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

function commentsOn(criterionId: string, sheets: FrozenSheet[], voices: Voice[], levels: Level[]) {
  return sheets.flatMap((sheet, at) => {
    const response = sheet.responses[criterionId];
    const notes = Object.entries(response?.notes ?? {})
      .filter(([, text]) => text !== '')
      .map(([levelId, text]) => ({ name: levelName(levels, levelId), text }));
    if (!response || (response.comment === '' && notes.length === 0)) return [];
    return [
      { voice: voices[at]!, level: levelName(levels, response.levelId), comment: response.comment, notes },
    ];
  });
}

function criterionView(
  rubric: Rubric,
  row: CriterionTally,
  sheets: FrozenSheet[],
  voices: Voice[],
  roleName: (role: string) => string,
) {
  const criterion = rubric.criteria.find((one) => one.id === row.criterionId)!;
  const voiceOf = (seatId: string) => voices.find((voice) => voice.seatId === seatId)!;
  const label = (voice: Voice) =>
    voice.name === null ? roleName(voice.role) : `${voice.name}, ${roleName(voice.role)}`;
  const { decision } = row;
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
      decided: level.id === decision.levelId,
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
    comments: commentsOn(row.criterionId, sheets, voices, rubric.levels),
  };
}

/** The slot and how far the panel is: what everybody who may see the page sees, without any score. */
function panelView(panel: SlotPanel) {
  const submitted = panel.seats.filter((seat) => panel.states.get(seat.id) === 'submitted').length;
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
    rubric: {
      slug: panel.rubric.slug,
      title: panel.rubric.title,
      hash: (panel.result ?? panel.exhibition).rubric.hash,
    },
    panel: { seats: panel.seats.length, submitted, awaited: awaitedSeats(panel.seats, panel.states).length },
  };
}

/** For those who must wait: no level, no count, no comment. */
export function closedView(
  panel: SlotPanel,
  sight: 'own-sheet-first' | 'not-published',
  ownSeatId: string | null,
) {
  const { slot, exhibition, student, rubric } = panelView(panel);
  const nothing = { publishedAt: null, voices: [], criteria: [], overall: [] };
  return { slot, exhibition, student, rubric, sight, ownSeatId, ...nothing };
}

export interface Opening {
  sheets: FrozenSheet[];
  tally: Tally;
  rolesOnly: boolean;
  mayPublish: boolean;
  roleName(role: string): string;
}

export function openView(panel: SlotPanel, opening: Opening) {
  const { rolesOnly, mayPublish, roleName } = opening;
  const { sheets, tally } = rolesOnly ? withoutTraces(opening) : opening;
  const facts = panelView(panel);
  const voices = voicesOf(sheets, rolesOnly, roleName);
  const criteria = tally.criteria.map((row) => criterionView(panel.rubric, row, sheets, voices, roleName));
  const obstacle = publishObstacle({
    submitted: sheets.length,
    awaited: facts.panel.awaited,
    closed: panel.closed,
  });
  return {
    ...facts,
    sight: 'open' as const,
    ownSeatId: null,
    publishedAt: panel.result?.publishedAt.toISOString() ?? null,
    hash: panel.result?.hash ?? null,
    policy: { name: tally.policy, share: tally.share, threshold: tally.threshold },
    voices,
    criteria,
    sections: (['individual', 'group', 'holistic'] as const)
      .map((section) => ({ section, criteria: criteria.filter((row) => row.section === section) }))
      .filter((one) => one.criteria.length > 0),
    talk: criteria.filter((row) => row.needsTalk).map(({ id, name }) => ({ id, name })),
    overall: sheets.flatMap((sheet, at) =>
      sheet.overallComment === '' ? [] : [{ voice: voices[at]!, comment: sheet.overallComment }],
    ),
    publish: mayPublish && !panel.result ? { possible: obstacle === null, obstacle } : null,
  };
}
