/**
 * What has changed since a portfolio was last submitted. A change lies in the portfolio itself or in the
 * works that it shows: a new version, or other words on a label, are frozen with the next snapshot and so are
 * changes as well. Pure.
 */
import { hashOf } from '../canonical.js';
import { versionsShown, type FrozenEntry, type SnapshotContent } from './portfolio.js';

/** How a work differs from what was submitted. */
export const workChangeKinds = ['version', 'label', 'gone'] as const;
export interface WorkChange {
  kind: (typeof workChangeKinds)[number];
  artifactId: string;
  title: string;
  /** Of the version that would be frozen now; of a work that is gone the one that was. */
  versionNumber: number;
}

const labelOf = ({ title, caption, altText }: FrozenEntry) => ({ title, caption, altText });

/** Only what people wrote and chose: a field that later programs add to a snapshot is no change that anybody made. */
const chosenOf = ({ title, statement, rubric, entries }: SnapshotContent) => ({
  ...{ title, statement, rubric: rubric?.hash ?? null },
  // What was taken down is no change of the student's.
  entries: entries
    .filter(({ takenDown }) => !takenDown)
    .map((entry) => ({
      ...labelOf(entry),
      artifactVersionId: entry.artifactVersionId,
      reflection: entry.reflection,
      criterionIds: entry.criterionIds,
      pins: versionsShown(entry).map(({ pins = [] }) => pins),
    })),
});

/** Whether submitting now would freeze anything else than what was submitted. */
export const differs = (before: SnapshotContent, now: SnapshotContent): boolean =>
  hashOf(chosenOf(before)) !== hashOf(chosenOf(now));

/** The works that were submitted and are different now, in the order in which they were submitted. */
export function changedWorks(before: SnapshotContent, now: SnapshotContent): WorkChange[] {
  return before.entries.flatMap((was): WorkChange[] => {
    const is = now.entries.find(({ artifactId }) => artifactId === was.artifactId);
    const { artifactId } = was;
    if (!is)
      return was.takenDown
        ? []
        : [{ kind: 'gone', artifactId, title: was.title, versionNumber: was.versionNumber }];
    const { title, versionNumber } = is;
    if (is.artifactVersionId !== was.artifactVersionId)
      return [{ kind: 'version', artifactId, title, versionNumber }];
    const isSame = hashOf(labelOf(is)) === hashOf(labelOf(was));
    return isSame ? [] : [{ kind: 'label', artifactId, title, versionNumber }];
  });
}
