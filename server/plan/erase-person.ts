/** What is erased of a person in learning plans and internships: their own, and their name as a mentor of others. */
import { erasing, rewriting, type ErasePart } from '../person-traces.js';
import { removeInternshipsOf, saveMentorUnnamed } from './internship-records.js';
import { removePlansOf } from './plan-records.js';

export const erasePersonFromPlans: readonly ErasePart[] = [
  erasing('plan', removePlansOf),
  erasing('internship', removeInternshipsOf),
  rewriting('internship', saveMentorUnnamed, (internship, { mark }) => ({ ...internship, mentorName: mark })),
];
