/** What is erased of unsaved typing: the person's own, and what others typed on pages about them. */
import { erasing, type ErasePart } from '../person-traces.js';
import { removeFormDraftsOf } from './form-draft-records.js';

export const eraseTypingAtOnce: readonly ErasePart[] = [erasing('unsaved-text', removeFormDraftsOf)];
