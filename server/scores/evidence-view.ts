/**
 * The evidence of one row as the holder of a sheet sees it: what the student suggests, and what they have
 * pinned themselves.
 */
import { placeCode } from '../artifacts/place.js';
import type { Pin } from '../artifacts/pin.js';
import { pinViews, type PinView } from '../artifacts/show-place.js';
import type { Criterion } from '../rubrics/rubric.js';
import { responseTo, type ScoreSheet } from './score-sheet.js';
import { pinsOn } from './sheet-pins.js';
import type { WorkView } from './work.js';

const placeOf = ({ artifactVersionId, place }: Pick<Pin, 'artifactVersionId' | 'place'>): string =>
  `${artifactVersionId} ${placeCode(place)}`;

/** For the page: each pin also as the text that its script reads. */
export function withPinData<R extends { pins: PinView[]; suggested: PinView[] }>(row: R) {
  const data = ({ id, artifactVersionId, place, note }: PinView) =>
    JSON.stringify({ id, artifactVersionId, place, note });
  return {
    ...row,
    pins: row.pins.map((pin) => ({ ...pin, data: data(pin) })),
    suggested: row.suggested.map((pin) => ({ ...pin, data: data(pin) })),
  };
}

export function sheetEvidenceOn(row: Criterion, sheet: ScoreSheet | null, work: WorkView | null) {
  const pieces = work?.pieces ?? [];
  const works = new Map(pieces.map((piece) => [piece.artifactVersionId, piece]));
  const own = pinsOn(sheet, row.id);
  const taken = new Set(own.map(placeOf));
  const isEarlier = ({ artifactVersionId }: PinView) => works.get(artifactVersionId)?.isEarlier ?? false;
  const suggested = pieces.flatMap(({ pins }) => pins).filter(({ criterionId }) => criterionId === row.id);
  const asksForPin = row.evidence === 'pin' && pieces.length > 0;
  const isScored = responseTo(sheet, row.id).levelId !== null;
  return {
    mayPin: pieces.length > 0,
    asksForPin,
    lacksPin: asksForPin && isScored && own.length === 0,
    pins: pinViews(own, works).map((pin) => ({ ...pin, isEarlier: isEarlier(pin) })),
    suggested: pinViews(suggested, works).map((pin) => ({
      ...{ ...pin, isEarlier: isEarlier(pin) },
      taken: taken.has(placeOf(pin)),
    })),
  };
}
