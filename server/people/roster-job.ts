/** What the background worker does for a roster: reads the kept file, finds out what it changes and, unless it is a preview, brings it in. */
import type { Clock } from '../clock.js';
import type { Database, SchoolScope } from '../database.js';
import type { JobHandler } from '../jobs/run-jobs.js';
import { NotFound } from '../errors.js';
import { dayIn } from '../school/school.js';
import { findSchool } from '../school/school-records.js';
import type { EndFamilySeats } from './change-family.js';
import { importRoster, type ImportNeeds } from './import-roster.js';
import type { TermChanges } from './plan-roster.js';
import { readRoster } from './read-roster.js';
import { unreadable } from './read-table.js';
import type { RosterOrder } from './request-import.js';
import { findRosterImport } from './roster-import-records.js';
import { answersFrom } from './roster-questions.js';
import { findRosterUpload, saveRosterUploadRemoved } from './roster-upload-records.js';

export interface RosterJobNeeds {
  db: Database;
  clock: Clock;
  keepTerms(scope: SchoolScope, terms: TermChanges): Promise<void>;
  endFamilySeats: EndFamilySeats;
  isNamed: ImportNeeds['isNamed'];
  askForHandovers: ImportNeeds['askForHandovers'];
  /** In the language of the school. */
  tellMoved(locale: string, to: string, name: string): void;
}

export function rosterJobHandler(needs: RosterJobNeeds): JobHandler {
  return async (job, { scope, signal, progress }) => {
    const order = job.payload as unknown as RosterOrder;
    const { uploadId, dryRun, actor } = order;
    const result = { href: `/people/imports/${job.id}` };
    const upload = await findRosterUpload(scope, uploadId, actor.personId);
    // The file goes when everything is in: an earlier worker died just after that.
    if (!upload && (await findRosterImport(scope, job.id))) return result;
    if (!upload) throw unreadable('people.import.problem.kept-gone');
    const school = await findSchool(needs.db, job.schoolId);
    if (!school) throw new NotFound();
    const said = answersFrom(order.said ?? []);
    const today = dayIn(school.timeZone, needs.clock.now());
    const roster = await readRoster(upload, { school, today, answers: said, mayAsk: order.dryRun });
    const tellMoved = (_inside: unknown, to: string, name: string): void =>
      needs.tellMoved(school.locale, to, name);
    await importRoster({ ...needs, tellMoved }, scope, actor, {
      ...{ importId: job.id, uploadId, fileName: upload.name, roster, dryRun, signal, progress },
      ...{ endTies: order.endTies ?? [], ask: order.ask ?? [] },
      ...{ answers: order.answers ?? { same: [], two: [] }, said, leaving: order.leaving ?? null },
    });
    if (!dryRun && !signal.aborted) await saveRosterUploadRemoved(scope, uploadId);
    return result;
  };
}
