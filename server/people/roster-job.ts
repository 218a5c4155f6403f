/**
 * What the background worker does for a roster: reads the kept file, finds out what it changes and, unless it
 * is a preview, brings it in.
 */
import { tellOwner } from '../access/reset-password.js';
import type { Clock } from '../clock.js';
import type { Database, SchoolScope } from '../db/database.js';
import type { JobHandler } from '../jobs/run-jobs.js';
import { NotFound } from '../errors.js';
import type { Call } from '../http/route.js';
import type { Log } from '../log.js';
import type { Mailer } from '../mailer.js';
import type { Texts } from '../rendering/texts.js';
import { dayIn } from '../school/school.js';
import { findSchool } from '../school/school-records.js';
import { upsertTerms } from '../school/upsert-terms.js';
import type { FamilyPorts } from './change-family.js';
import { importRoster, type ImportNeeds } from './import-roster.js';
import type { TermChanges } from './plan-roster.js';
import { readRoster } from './read-roster.js';
import { unreadable } from './read-table.js';
import type { RosterOrder } from './request-import.js';
import { findRosterImport } from './roster-import-records.js';
import { answersFrom } from './roster-questions.js';
import { findRosterUpload, saveRosterUploadRemoved } from './roster-upload-records.js';

export interface RosterJobNeeds extends FamilyPorts {
  db: Database;
  clock: Clock;
  mailer: Mailer | null;
  log: Log;
  texts: Texts;
  isNamed: ImportNeeds['isNamed'];
  askForHandovers: ImportNeeds['askForHandovers'];
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
    // In the language of the school.
    const t: Call['t'] = (key, params) => needs.texts.t(school.locale, key, params);
    const told = {
      upsertTerms: (inside: SchoolScope, terms: TermChanges) => upsertTerms(needs, inside, terms),
      tellMoved: (_inside: unknown, to: string, name: string): void =>
        tellOwner({ ...needs, t }, to, 'moved', { name }),
    };
    await importRoster({ ...needs, ...told }, scope, actor, {
      ...{ importId: job.id, uploadId, fileName: upload.name, roster, dryRun, signal, progress },
      ...{ endTies: order.endTies ?? [], ask: order.ask ?? [] },
      ...{ answers: order.answers ?? { same: [], two: [] }, said, leaving: order.leaving ?? null },
    });
    if (!dryRun && !signal.aborted) await saveRosterUploadRemoved(scope, uploadId);
    return result;
  };
}
