/**
 * Everything that is erased of a person, feature by feature, written out by hand; and the collections in
 * which there is nothing to erase, each with the reason. A test fails when a collection is in neither list.
 */
import { eraseAccountOfPerson } from '../access/erase-person.js';
import { erasePersonFromWorks } from '../artifacts/erase-person.js';
import { erasePersonFromCalendar } from '../calendar/erase-person.js';
import { erasePersonFromExhibitions, erasePresenterAtOnce } from '../exhibitions/erase-person.js';
import { eraseTypingAtOnce } from '../forms/erase-person.js';
import { erasePersonFromHandovers } from '../handover/erase-person.js';
import { erasePersonFromJobs } from '../jobs/erase-person.js';
import { erasePersonFromNarratives } from '../narratives/erase-person.js';
import { erasePersonFromPanels, eraseSeatsAtOnce } from '../exhibitions/seats/erase-person.js';
import { erasePersonAtOnce, erasePersonFromPeople } from '../people/erase-person.js';
import type { ErasePart } from '../person-traces.js';
import { erasePersonFromPlans } from '../plan/erase-person.js';
import { erasePersonFromPortfolios } from '../portfolio/erase-person.js';
import { erasePersonFromRehearsals } from '../rehearsals/erase-person.js';
import { erasePersonFromResults } from '../results/erase-person.js';
import { erasePersonFromTimetables } from '../schedule/erase-person.js';
import { eraseDraftsAtOnce, erasePersonFromSheets } from '../scores/erase-person.js';
import { erasePersonFromTranscripts } from '../transcript/erase-person.js';
import { erasePersonFromVisits } from '../visits/erase-person.js';

/**
 * In the transaction of the request: the person is gone from every screen, signs in no more, and nobody
 * writes about them any more.
 */
export const partsAtOnce: readonly ErasePart[] = [
  ...erasePersonAtOnce,
  ...eraseAccountOfPerson,
  ...eraseDraftsAtOnce,
  ...eraseTypingAtOnce,
  ...eraseSeatsAtOnce,
  ...erasePresenterAtOnce,
];

/** In the background, in this order. */
export const partsInBackground: readonly ErasePart[] = [
  ...erasePersonFromPeople,
  ...erasePersonFromPlans,
  ...erasePersonFromRehearsals,
  ...erasePersonFromHandovers,
  ...erasePersonFromTranscripts,
  ...erasePersonFromNarratives,
  ...erasePersonFromResults,
  ...erasePersonFromVisits,
  ...erasePersonFromSheets,
  ...erasePersonFromTimetables,
  ...erasePersonFromCalendar,
  ...erasePersonFromPanels,
  ...erasePersonFromExhibitions,
  ...erasePersonFromPortfolios,
  ...erasePersonFromWorks,
  ...erasePersonFromJobs,
];

/** Collections in which nothing of a person is erased, and why. */
export const nothingToErase: Readonly<Record<string, string>> = {
  migrations: 'names of migrations',
  databasestate: 'the state of the database',
  auditforks: 'audit entries: ids, numbers and hashes',
  auditentries: 'ids, numbers and hashes; names are looked up by id',
  auditpending: 'the same, for a moment',
  auditheads: 'where a chain ends',
  recordlocks: 'ids; removed by itself after a day',
  attempts: 'hashed addresses; removed by itself',
  schools: 'what the school says of itself',
  networks: 'what the network says of itself',
  terms: 'names and days of terms',
  openings: 'one document, without content',
  setupcodes: 'hashes of codes',
  enrolledterms: 'ids of terms',
  administratorlocks: 'a counter',
  fileremovals: 'keys of files whose bytes are being removed',
  rubricversions: 'rubrics, shared by all schools',
  roompasses: 'ids and keyed hashes',
  standpasses: 'ids and keyed hashes',
  schedules: 'ids of whoever was chosen',
  signuplinks: 'ids and hashes',
  transcriptcounters: 'a counter',
  sampleloads: 'how far the sample school was loaded',
  distinctpeople: 'pairs of ids of people who are two',
  erasures: 'what is needed to erase is removed with the last step; id, reason and counts stay',
};
