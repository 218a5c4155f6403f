/** What is erased of a person in exhibitions: the tie to what they submitted, and their name in the title of a group. */
import { rewriting, textWithoutNames, type ErasePart } from '../person-traces.js';
import { saveGroupTitleUnnamed, saveSnapshotUnpinned } from './slot-records.js';

export const erasePersonFromExhibitions: readonly ErasePart[] = [
  rewriting(null, saveSnapshotUnpinned, (slot) => ({ ...slot, snapshotId: null })),
  rewriting(null, saveGroupTitleUnnamed, (slot, person) => {
    if (!slot.group) return null;
    const title = textWithoutNames(slot.group.title, person);
    return title === slot.group.title ? null : { ...slot, group: { ...slot.group, title: '' } };
  }),
];
