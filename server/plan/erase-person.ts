/** What is erased of a person in learning plans and internships: their own, and their name as a mentor of others. */
import { erasing, keeping, rewriting, type ErasePart } from '../person-traces.js';
import { countMentorNamed, removeInternshipsOf, saveMentorUnnamed } from './internship-records.js';
import { removePlansOf } from './plan-records.js';

export const erasePersonFromPlans: readonly ErasePart[] = [
  erasing('plan', removePlansOf),
  erasing('internship', removeInternshipsOf),
  rewriting('by-name', saveMentorUnnamed, (internship, { mark }) => ({ ...internship, mentorName: mark })),
  keeping('by-name', countMentorNamed),
];
