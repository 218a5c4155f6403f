/**
 * What is erased of a person in exhibitions: the tie to what they submitted, their name in the title of a
 * group and in reasons.
 */
import { rewriting, textWithoutNames, withoutNames, type ErasePart } from '../person-traces.js';
import { saveMoveReasonsUnnamed } from './exhibition-records.js';
import { withErased } from './groups/group.js';
import {
  saveGroupTitleUnnamed,
  saveMemberErased,
  savePresenterErased,
  saveSlotReasonsUnnamed,
  saveSnapshotUnpinned,
} from './slots/slot-records.js';

/** With the request itself: a phone that comes back from where it had no network brings nothing about them any more. */
export const erasePresenterAtOnce: readonly ErasePart[] = [
  rewriting(null, savePresenterErased, (slot, { at }) => ({ ...slot, presenterErasedAt: at })),
  rewriting(null, saveMemberErased, (slot, { ids }) =>
    slot.group ? { ...slot, group: { ...slot.group, members: withErased(slot.group.members, ids) } } : null,
  ),
];

export const erasePersonFromExhibitions: readonly ErasePart[] = [
  rewriting(null, saveSnapshotUnpinned, (slot) => ({
    ...slot,
    snapshotId: null,
    ...(slot.portfolioChoices ? { portfolioChoices: [] } : {}),
  })),
  rewriting(null, saveGroupTitleUnnamed, (slot, person) => {
    if (!slot.group) return null;
    const title = textWithoutNames(slot.group.title, person);
    return title === slot.group.title ? null : { ...slot, group: { ...slot.group, title: '' } };
  }),
  rewriting(null, saveMoveReasonsUnnamed, (exhibition, person) => {
    const found = withoutNames({ moveReasons: exhibition.moveReasons ?? [] }, person);
    return found && { ...exhibition, ...found };
  }),
  rewriting(null, saveSlotReasonsUnnamed, (slot, person) => {
    const found = withoutNames({ moveReasons: slot.moveReasons ?? [] }, person);
    return found && { ...slot, ...found };
  }),
];
