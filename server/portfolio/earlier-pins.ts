/**
 * Pins that were set on an earlier version of a work than the newest. Each is kept where it is, moved or
 * removed by a person; words that the newest version still has are found again by themselves. Nothing is left
 * out of a snapshot without anybody having said so.
 */
import type { Artifact, ArtifactVersion } from '../artifacts/artifact.js';
import { listVersionsByIds } from '../artifacts/artifact-records.js';
import { carryOver, workOfVersion, type Pin } from '../artifacts/pin.js';
import type { SchoolScope } from '../db/database.js';
import type { PortfolioEntry, EntryPin } from './portfolio.js';

export const earlierStates = ['undecided', 'kept', 'found-again'] as const;

export interface EarlierPin {
  pin: EntryPin;
  /** That it was set on; null when it is gone. */
  version: ArtifactVersion | null;
  /** `found-again`: its words are in the newest version, and it goes there with the next submission. */
  state: (typeof earlierStates)[number];
}

export interface SortedPins {
  /** On the newest version, or found again there: what a snapshot has on it. */
  here: Pin[];
  earlier: EarlierPin[];
}

export type OlderVersions = ReadonlyMap<string, ArtifactVersion>;

/** The versions that pins are on beside the newest of each work, by their ids. */
export async function findOlderVersions(
  scope: SchoolScope,
  entries: readonly Pick<PortfolioEntry, 'pins'>[],
  newest: ReadonlyMap<string, Pick<ArtifactVersion, 'id'>>,
): Promise<OlderVersions> {
  const known = new Set([...newest.values()].map(({ id }) => id));
  const pinned = entries.flatMap(({ pins = [] }) => pins.map((pin) => pin.artifactVersionId));
  const older = [...new Set(pinned)].filter((id) => !known.has(id));
  const found = older.length > 0 ? await listVersionsByIds(scope, older) : [];
  return new Map(found.map((version) => [version.id, version]));
}

const withoutDecision = (pin: EntryPin): Pin => {
  const plain = { ...pin };
  delete plain.keptFor;
  return plain;
};

/** @param newest version of the entry's work */
export function sortPins(
  { pins = [] }: Pick<PortfolioEntry, 'pins'>,
  artifact: Artifact,
  newest: ArtifactVersion,
  older: OlderVersions,
): SortedPins {
  const work = workOfVersion(artifact, newest);
  const sorted: SortedPins = { here: [], earlier: [] };
  for (const pin of pins) {
    if (pin.artifactVersionId === newest.id) {
      sorted.here.push(withoutDecision(pin));
      continue;
    }
    const version = older.get(pin.artifactVersionId) ?? null;
    const isThere = version !== null && !version.takenDown;
    const carried = carryOver(withoutDecision(pin), work);
    if (isThere && pin.keptFor === newest.id) sorted.earlier.push({ pin, version, state: 'kept' });
    else if (carried) {
      sorted.here.push(carried);
      sorted.earlier.push({ pin, version, state: 'found-again' });
    } else sorted.earlier.push({ pin, version, state: 'undecided' });
  }
  return sorted;
}

/** Pins that stay on their version, by that version, the newest first: what a snapshot shows beside the newest one. */
export function keptByVersion(earlier: readonly EarlierPin[]): { version: ArtifactVersion; pins: Pin[] }[] {
  const groups = new Map<string, { version: ArtifactVersion; pins: Pin[] }>();
  for (const { pin, version, state } of earlier) {
    if (state !== 'kept' || !version) continue;
    const group = groups.get(version.id) ?? { version, pins: [] };
    group.pins.push(withoutDecision(pin));
    groups.set(version.id, group);
  }
  return [...groups.values()].sort((a, b) => b.version.number - a.version.number);
}
