/** Places that students and panelists of the sample school pin: the same on every run. */
import { anchor } from '../artifacts/passage.js';
import type { Pin, PinnedWork } from '../artifacts/pin.js';
import { pinnedWorkOf } from '../artifacts/pin.js';
import { tidyPlace, type PinPlace } from '../artifacts/place.js';
import type { FrozenEntry } from '../portfolio/portfolio.js';
import { between, seededChance, idOf, pick, whole, type SeededChance } from './seeded.js';

/** Somewhere that the work really has: photos are large, documents have two pages, sounds last six seconds. */
function placeIn(chance: SeededChance, work: Pick<PinnedWork, 'shown' | 'text'>): PinPlace {
  if (work.shown === 'image') {
    const [x, y] = [between(chance, 0.1, 0.4), between(chance, 0.1, 0.4)];
    return tidyPlace({ kind: 'region', x, y, width: 0.42, height: 0.38 });
  }
  if (work.shown === 'pdf') return { kind: 'page', page: 2 };
  if (work.shown === 'audio' || work.shown === 'video') {
    const from = whole(chance, 0, 3);
    return { kind: 'time', from, to: from + 2 };
  }
  const sentences = (work.text ?? '').match(/[^.!?\n]{12,200}[.!?]/g) ?? [];
  const passage =
    sentences.length > 0 ? anchor(work.text ?? '', { quote: pick(chance, sentences).trim() }) : null;
  return passage ? { kind: 'passage', ...passage } : { kind: 'whole' };
}

/** About half of the works carry a pin for the first criterion that they are proof of. */
export function studentPins(word: string, work: PinnedWork, criterionIds: readonly string[]): Pin[] {
  const chance = seededChance(`pins ${word}`);
  const [criterionId] = criterionIds;
  if (chance() < 0.5 || criterionId === undefined) return [];
  const place = placeIn(chance, work);
  if (place.kind === 'whole' && work.shown === 'text') return [];
  const { artifactVersionId } = work;
  return [{ id: idOf(`pin ${word}`), criterionId, artifactVersionId, place, note: '' }];
}

const reasons = ['I asked about this.', 'Here it shows.', 'This convinced me.', ''];

/** What a panelist pins to a row: often what the student points to, now and then a place of their own. */
export function panelistPins(word: string, criterionId: string, entries: readonly FrozenEntry[]): Pin[] {
  const chance = seededChance(`pins ${word} ${criterionId}`);
  const suggested = entries.flatMap(({ pins }) => pins ?? []).find((pin) => pin.criterionId === criterionId);
  const id = idOf(`pin ${word} ${criterionId}`);
  if (suggested && chance() < 0.6) return [{ ...suggested, id, note: pick(chance, reasons) }];
  if (entries.length === 0 || chance() > 0.12) return [];
  const work = pinnedWorkOf(pick(chance, entries));
  const place = placeIn(chance, work);
  if (place.kind === 'whole' && work.shown === 'text') return [];
  const { artifactVersionId } = work;
  return [{ id, criterionId, artifactVersionId, place, note: pick(chance, reasons) }];
}
