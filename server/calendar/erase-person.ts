/** What is erased of a person's calendar: the address under which they subscribed to it. */
import { erasing, type ErasePart } from '../person-traces.js';
import { removeFeedsOf } from './calendar-feed-records.js';

export const erasePersonFromCalendar: readonly ErasePart[] = [erasing('feed', removeFeedsOf)];
