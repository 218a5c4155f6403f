/** The proof under a row: which places in the work each voice has pinned, and what of it a level links to. */
import type { PinnedWork } from '../artifacts/pin.js';
import { pinViews } from '../artifacts/show-place.js';
import { pinsOn } from '../scores/sheet-pins.js';
import type { FrozenSheet } from './result.js';
import type { CriterionVoice } from './criterion-view.js';
import type { CriterionTally } from './tally.js';

export const evidenceHref = (slotId: string, criterionId: string, levelId?: string): string =>
  `/slots/${slotId}/result/evidence/${criterionId}${levelId ? `?level=${levelId}` : ''}`;

interface Voices {
  sheets: FrozenSheet[];
  voices: CriterionVoice[];
  works: ReadonlyMap<string, PinnedWork>;
}

/** Voices that have pinned something to this row. */
export function panelEvidenceOn(criterionId: string, { sheets, voices, works }: Voices) {
  return sheets.flatMap((sheet, at) => {
    const pins = pinViews(pinsOn(sheet, criterionId), works);
    return pins.length > 0 ? [{ voice: voices[at]!, pins }] : [];
  });
}

/** How many places stand under a level, by the voices that name it now, and where they are shown. */
export function provenBy(
  row: CriterionTally,
  levelId: string,
  evidence: ReturnType<typeof panelEvidenceOn>,
  slotId: string,
) {
  const seats = new Set(row.voices.filter((voice) => voice.levelId === levelId).map(({ seatId }) => seatId));
  const pins = evidence
    .filter(({ voice }) => seats.has(voice.seatId))
    .reduce((sum, one) => sum + one.pins.length, 0);
  return { pins, href: pins > 0 ? evidenceHref(slotId, row.criterionId, levelId) : null };
}
