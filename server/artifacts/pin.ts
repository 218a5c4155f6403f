/**
 * A pin: a criterion tied to a place in one version of a work. The version never changes, so a pin shows for
 * ever what its maker saw. Students set them beforehand in a portfolio, panelists on the score sheet. Pure.
 */
import type { ArtifactVersion, Artifact, VersionKind } from './artifact.js';
import { anchor, isSamePassage } from './passage.js';
import { problemOfPlace, tidyPlace, type Extent, type PinPlace, type PlaceProblem } from './place.js';
import { shownAs, type ShownKind } from './show-version.js';

export interface Pin {
  /** Made up by whoever sets it; a pin is never changed, only taken away, and its id does not come back. */
  id: string;
  criterionId: string;
  artifactVersionId: string;
  place: PinPlace;
  /** Why here; may be empty. */
  note: string;
}

export const MAX_NOTE = 500;

/** One version of a work, with all that setting and showing a place in it needs. */
export interface PinnedWork {
  artifactId: string;
  artifactVersionId: string;
  versionNumber: number;
  title: string;
  altText: string;
  shown: ShownKind;
  url: string | null;
  text: string | null;
  /** Left out where nobody has looked yet; empty where nothing could be found. */
  extent?: Extent;
}

/** As a portfolio has frozen it, or straight from the records. */
export const pinnedWorkOf = (work: {
  artifactId: string;
  artifactVersionId: string;
  versionNumber: number;
  title: string;
  altText: string;
  kind: VersionKind;
  file: { type: string } | null;
  url: string | null;
  text: string | null;
  takenDown?: unknown;
}): PinnedWork => {
  const { artifactId, artifactVersionId, versionNumber, title, altText, url, text } = work;
  const shown = work.takenDown ? 'taken-down' : shownAs(work.kind, work.file);
  return { artifactId, artifactVersionId, versionNumber, title, altText, shown, url, text };
};

export const workOfVersion = (artifact: Artifact, version: ArtifactVersion): PinnedWork =>
  pinnedWorkOf({
    ...artifact,
    ...version,
    takenDown: version.takenDown,
    artifactId: artifact.id,
    artifactVersionId: version.id,
    versionNumber: version.number,
  });

/** The place as it is kept, or what speaks against it. */
export function resolvePlace(
  work: Pick<PinnedWork, 'shown' | 'text' | 'extent'>,
  place: PinPlace,
): { place: PinPlace } | { problem: PlaceProblem } {
  const problem = problemOfPlace(place, work.shown, work.extent);
  if (problem) return { problem };
  if (place.kind !== 'passage') return { place: tidyPlace(place, work.extent) };
  const passage = anchor(work.text ?? '', place);
  return passage
    ? { place: { kind: 'passage', ...passage } }
    : { problem: { message: 'artifacts.problem.place-passage' } };
}

/**
 * A pin that was set on another version of the same work, as it stands on this one: words are found again,
 * whatever else moved. Null where nobody can know whether it still shows what was meant: a short word in
 * another sentence is not the one that was marked.
 */
export function carryOver<P extends Pin>(pin: P, work: PinnedWork): P | null {
  if (pin.artifactVersionId === work.artifactVersionId) return pin;
  const settled = pin.place.kind === 'passage' ? resolvePlace(work, pin.place) : null;
  if (!settled || 'problem' in settled) return null;
  const { place } = settled;
  if (pin.place.kind === 'passage' && place.kind === 'passage' && !isSamePassage(pin.place, place))
    return null;
  return { ...pin, artifactVersionId: work.artifactVersionId, place: settled.place };
}
