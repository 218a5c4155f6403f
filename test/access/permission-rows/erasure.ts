/** Erasing people: administrators of the school alone. */
import { newId } from '../../../server/ids.js';
import { saveErasure } from '../../../server/erasure/erasure-records.js';
import type { Erasure } from '../../../server/erasure/erasure.js';
import type { Anew, Row, Rows } from './row.js';

const administrator: Row['expect'] = {
  ...{ admin: 'ok', registrar: 'no', network: 'no' },
  ...{ strangeRegistrar: 'no', strangeAdmin: 'gone', visitor: 'in' },
};

/** Somebody to erase. */
const somebody: Anew = async ({ app, home }) => {
  // Nobody works on the rosters and transcripts of other rows, and while one is under way nobody is erased.
  const jobs = app.context.db.connection.collection('jobs');
  const kind = /^(roster|transcripts)/;
  await jobs.updateMany({ kind, state: 'waiting' }, { $set: { state: 'cancelled' } });
  while (await jobs.findOne({ kind, state: 'running' }))
    await new Promise((resolve) => setTimeout(resolve, 50));
  const name = `Erasable ${newId().slice(0, 8)}`;
  const { id } = await home.person({ name, roles: ['guest'] });
  return {
    ids: { erasable: id },
    body: { ground: 'person-asks', reason: 'They wrote to us.', confirm: name },
  };
};

/** An erasure whose work has stopped. */
const stopped: Anew = async ({ app, home, people }) => {
  const erasure: Erasure = {
    ...{ id: newId(), schoolId: home.school.id, personId: newId(), ground: 'other', reason: 'A reason.' },
    ...{
      keepIssued: false,
      eraseTranscripts: false,
      byName: false,
      mark: 'Erased person',
      requestedBy: people.admin.id,
    },
    ...{ requestedAt: app.context.clock.now(), state: 'running', counts: {}, turns: 1, doneAt: null },
    traces: { names: ['Nobody Here'], email: null, sourcedId: null, roles: [], madeLinks: false },
  };
  await saveErasure(home.scope, erasure);
  return { ids: { erasure: erasure.id } };
};

export const erasureRows: Rows = [
  { route: 'GET /people/:id/erase', of: { id: 'sparePerson' }, expect: administrator, otherwise: 'no' },
  {
    route: 'POST /people/:id/erase',
    of: { id: 'erasable' },
    expect: administrator,
    otherwise: 'no',
    anew: somebody,
  },
  { route: 'GET /erasures', expect: { ...administrator, strangeAdmin: 'ok' }, otherwise: 'no' },
  {
    route: 'GET /erasures/:id',
    of: { id: 'erasure' },
    expect: administrator,
    otherwise: 'no',
    anew: stopped,
  },
  {
    route: 'POST /erasures/:id/continue',
    of: { id: 'erasure' },
    expect: administrator,
    otherwise: 'no',
    anew: stopped,
  },
];
