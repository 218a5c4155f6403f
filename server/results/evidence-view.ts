/** The page of proof: every voice on a row, or on one level of it, with each place that it has pinned. */
import type { Actor } from '../access/actor.js';
import type { Pin, PinnedWork } from '../artifacts/pin.js';
import { workDisplay, pinView } from '../artifacts/show-place.js';
import { pinsOn } from '../scores/sheet-pins.js';
import type { SlotPanel } from './gather-result.js';
import { commentsOn, levelName } from './criterion-view.js';
import { panelView, voicesOf, withoutHidden, withoutTraces, type ResultOpening } from './result-view.js';
import { evidenceHref, panelEvidenceOn, provenBy } from './row-evidence.js';

function proof(pin: Pin, works: ReadonlyMap<string, PinnedWork>) {
  const work = works.get(pin.artifactVersionId);
  return work ? [{ ...pinView(pin, work), hung: workDisplay(work, pin.place) }] : [];
}

/** Null for a row or level that the rubric does not have. `levelId` left out: every voice on the row. */
export function evidenceView(
  actor: Actor,
  panel: SlotPanel,
  opening: ResultOpening,
  criterionId: string,
  levelId: string | undefined,
) {
  const { rubric } = panel;
  const { rolesOnly, roleName, works } = opening;
  const read = { ...opening, sheets: withoutHidden(opening) };
  const { sheets, tally, talk } = rolesOnly ? withoutTraces(read) : read;
  const voices = voicesOf(sheets, rolesOnly, roleName);
  const saying = { sheets, voices, talk, rolesOnly, roleName, works, slotId: panel.slot.id };
  const row = tally.criteria.find((one) => one.criterionId === criterionId);
  const level = rubric.levels.find(({ id }) => id === levelId);
  if (!row || (levelId !== undefined && !level)) return null;
  const comments = commentsOn(criterionId, saying, rubric.levels);
  const said = sheets.map((sheet, at) => {
    const voice = voices[at]!;
    const now = row.voices.find(({ seatId }) => seatId === sheet.seatId);
    const words = comments.find((one) => one.voice.seatId === sheet.seatId);
    return {
      voice,
      levelId: now?.levelId ?? null,
      level: levelName(rubric.levels, now?.levelId ?? null),
      comment: words?.comment ?? '',
      pins: pinsOn(sheet, criterionId).flatMap((pin) => proof(pin, works)),
    };
  });
  const evidence = panelEvidenceOn(criterionId, saying);
  return {
    ...panelView(actor, panel),
    criterion: { id: criterionId, name: rubric.criteria.find(({ id }) => id === criterionId)!.name },
    level: level ? { id: level.id, name: level.name } : null,
    levels: rubric.levels.flatMap(({ id, name }) => {
      const proven = provenBy(row, id, evidence, panel.slot.id);
      return proven.href ? [{ id, name, ...proven, current: id === levelId }] : [];
    }),
    allHref: evidenceHref(panel.slot.id, criterionId),
    backHref: `/slots/${panel.slot.id}/result#${criterionId}`,
    said: said.filter((one) => (level ? one.levelId === level.id : one.pins.length > 0)),
  };
}
