import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { scriptActor } from '../../../server/access/actor.js';
import { hashOfPart } from '../../../server/handover/earlier-record.js';
import { savePart } from '../../../server/handover/earlier-part-records.js';
import { saveHandoverState } from '../../../server/handover/handover-records.js';
import { startHandover } from '../../../server/handover/start-handover.js';
import { storageKey } from '../../../storage/storage-key.js';
import type { World } from '../../harness/builders/world.js';
import { ownRunners, readers, runners } from './groups.js';
import type { Anew, Rows } from './row.js';

const neighbor = ({ app, home }: World) => app.aSchool({ networkId: home.school.networkId! });
const aLeaver = async ({ home }: World) => home.person({ name: 'Kim Leaver', roles: ['student'] });

const readyToLeave: Anew = async (world) => ({
  ids: { leaver: (await aLeaver(world)).id },
  body: { schoolId: (await neighbor(world)).school.id, reason: '' },
});

/** From the world's school to another one, or the other way. */
const made =
  (way: 'from' | 'to', state: 'offered' | 'asked' | 'accepted' = 'offered'): Anew =>
  async (world) => {
    const { app, home } = world;
    const other = await neighbor(world);
    const [old, next] = way === 'from' ? [home, other] : [other, home];
    const student = await old.person({ name: 'Kim Leaver', roles: ['student'] });
    const { id } = await startHandover(app.context, old.scope, scriptActor(old.scope, 'test'), student.id, {
      schoolId: next.school.id,
      reason: '',
    });
    if (state !== 'offered')
      await saveHandoverState({ db: app.context.db }, id, ['offered'], {
        ...{ state, openKey: null, offeredAt: null },
        ...(state === 'asked' ? { asked: { name: 'Kim', by: 'number' } } : {}),
      });
    return { ids: { handover: id } };
  };

/** A work that the world's student has brought along. */
const earlierWork: Anew = async ({ app, home, people }) => {
  const bytes = Buffer.from(`brought along ${randomUUID()}`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const key = storageKey(people.student.id, sha256);
  await app.context.storage.write(key, Readable.from([bytes]), { type: 'text/plain' });
  const now = app.context.clock.now();
  const part = {
    ...{ id: randomUUID(), schoolId: home.school.id, handoverId: randomUUID(), studentId: people.student.id },
    ...{
      kind: 'work' as const,
      sourceId: randomUUID(),
      fromSchoolId: randomUUID(),
      title: 'A boat',
      term: '',
    },
    ...{
      at: now,
      copiedAt: now,
      file: { key, name: 'boat.txt', bytes: bytes.length, sha256, type: 'text/plain' },
    },
    content: {
      ...{ artifactId: randomUUID(), number: 1, title: 'A boat', caption: '', altText: '' },
      ...{ medium: 'document' as const, sha256, url: null, text: null, shown: true },
    },
  };
  await savePart(home.scope, { ...part, hash: hashOfPart(part) });
  return { ids: { earlier: part.id } };
};

const ofHandover = { of: { id: 'handover' }, expect: ownRunners, otherwise: 'no' as const };
const ofEarlier = { of: { id: 'earlier' }, expect: readers, otherwise: 'no' as const, anew: earlierWork };
const staffOfNetwork = { network: 'ok', visitor: 'in' } as const;

export const handoverRows: Rows = [
  { route: 'GET /network/policies', expect: staffOfNetwork, otherwise: 'no' },
  ...['PUT', 'POST'].map((method) => ({
    route: `${method} /network/policies`,
    expect: staffOfNetwork,
    otherwise: 'no' as const,
    body: { handoverRule: 'keeps-reading' },
  })),
  {
    route: 'GET /people/:id/handover',
    of: { id: 'leaver' },
    expect: ownRunners,
    otherwise: 'no',
    anew: readyToLeave,
  },
  {
    route: 'POST /people/:id/handover',
    of: { id: 'leaver' },
    expect: ownRunners,
    otherwise: 'no',
    anew: readyToLeave,
  },
  { route: 'GET /handovers', expect: runners, otherwise: 'no' },
  { route: 'GET /handovers/:id', ...ofHandover, anew: made('from') },
  { route: 'POST /handovers/:id/accept', ...ofHandover, anew: made('to'), body: {} },
  { route: 'POST /handovers/:id/decline', ...ofHandover, anew: made('to'), body: { reason: '' } },
  { route: 'POST /handovers/:id/take-back', ...ofHandover, anew: made('from') },
  { route: 'POST /handovers/:id/offer', ...ofHandover, anew: made('from', 'asked'), body: { reason: '' } },
  { route: 'POST /handovers/:id/copy', ...ofHandover, anew: made('to', 'accepted') },
  { route: 'GET /earlier-records/:id', ...ofEarlier },
  { route: 'GET /earlier-records/:id/file', ...ofEarlier },
  {
    route: 'POST /earlier-records/:id/take-down',
    ...{ of: { id: 'earlier' }, expect: ownRunners, otherwise: 'no', anew: earlierWork },
    body: { reason: 'privacy' },
  },
];
