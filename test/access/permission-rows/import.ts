import { newId } from '../../../server/ids.js';
import { newJob } from '../../../server/jobs/job.js';
import { saveJob } from '../../../server/jobs/job-records.js';
import { saveRosterImport } from '../../../server/people/roster-import-records.js';
import { actorOf } from '../../harness/builders/transcript.js';
import { fromNow } from '../../harness/test-clock.js';
import { ownRunners, runners } from './groups.js';
import type { Anew, Rows } from './row.js';

function roster(): FormData {
  const form = new FormData();
  form.append('roster', new Blob(['role,id,name\nstudent,s-1,Itzel Núñez\n']), 'roster.csv');
  return form;
}

/** A preview that has ended. */
const rosterImport: Anew = async ({ app, home, people }) => {
  const { scope } = home;
  const { clock } = app.context;
  const registrar = actorOf(people.registrar);
  const asked = { kind: 'roster-preview', key: newId(), payload: {}, total: 0 };
  const job = await saveJob(scope, { ...newJob(scope, clock, registrar, asked), state: 'done' });
  await saveRosterImport(scope, {
    ...{ id: job.id, schoolId: scope.schoolId, personId: registrar.personId, fileName: 'roster.csv' },
    ...{ uploadId: newId(), dryRun: true, utf8: true, unchanged: 3, expiresAt: fromNow({ hours: 1 }) },
    ...{ advisories: { created: 0, updated: 0 }, terms: { created: 0, updated: 0 } },
  });
  return { ids: { rosterImport: job.id } };
};

/** A table with the hours of somebody of the school of whoever knocks. */
const hours: Anew = async ({ home, strange }, persona) => {
  const { id } = await (persona.startsWith('strange') ? strange : home).person({
    ...{ name: 'Ola Berg', roles: ['guest'] },
  });
  const form = new FormData();
  form.append('file', new Blob([`id,hours\n${id},Mon 09:00-10:00\n`]), 'hours.csv');
  return { body: form };
};

export const importRows: Rows = [
  { route: 'GET /people/hours', expect: runners, otherwise: 'no' },
  { route: 'POST /people/hours', expect: runners, otherwise: 'no', anew: hours },
  { route: 'GET /people/import', expect: runners, otherwise: 'no' },
  {
    route: 'GET /people/imports/:id',
    of: { id: 'rosterImport' },
    expect: ownRunners,
    otherwise: 'no',
    anew: rosterImport,
  },
  { route: 'POST /people/import', expect: runners, otherwise: 'no', anew: () => ({ body: roster() }) },
];
