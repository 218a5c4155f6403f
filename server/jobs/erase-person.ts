/** What is erased of a person in background jobs: their name where they asked for one, or where it is about them. */
import { rewriting, withoutNames, type ErasePart } from '../person-traces.js';
import { saveJobsUnnamed } from './job-records.js';

export const erasePersonFromJobs: readonly ErasePart[] = [
  rewriting(null, saveJobsUnnamed, (job, person) => {
    const found = withoutNames({ payload: job.payload, problems: job.problems }, person);
    return found && { ...job, ...found };
  }),
];
