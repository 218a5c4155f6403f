import { randomUUID } from 'node:crypto';
import { saveExhibitionChange } from '../../../server/exhibitions/exhibition-records.js';
import type { World } from '../../harness/builders/world.js';
import { aLevel, aRow, havingSeen, inPhase, panelistFills, presentationIn, read } from './anew.js';
import { ownRunners, runners, strangers } from './groups.js';
import type { Anew, Rows } from './row.js';

/**
 * `seat` is the panelist's: a sheet is open to the one who holds its seat, whatever anybody else may do in the school.
 */
const holder = { panelist: 'ok', ...strangers } as const;

const pinIn = ({ ids }: World) => ({
  ...{ id: randomUUID(), criterionId: aRow, artifactVersionId: ids['pictureVersion'] },
  ...{ x: '0', y: '0', width: '100', height: '100' },
});
/** The panelist has pinned the row already. */
const pinned: Anew = async (world) => {
  const pin = pinIn(world);
  const panelist = await world.client('panelist');
  const set = await panelist.post(`/seats/${world.ids['seat']}/sheet/pins`, pin);
  if (set.status !== 200) throw new Error(`no pin was set: ${set.status} ${set.text}`);
  return { ids: { pin: pin.id }, body: { criterionId: aRow } };
};
/** A draft in which every row is answered. */
const answered: Anew = async (world) => {
  const { ids } = await presentationIn(world, 'scoring');
  await panelistFills(world, ids.seat, false);
  return { ids: { ...ids } };
};

/** A draft over which the exhibition was closed. */
const closedOver: Anew = async (world) => {
  const { ids } = await presentationIn(world, 'scoring');
  await panelistFills(world, ids.seat, false);
  await saveExhibitionChange(world.home.scope, ids.exhibition, 'scoring', {
    phase: 'closed',
    closedAt: world.app.context.clock.now(),
  });
  return { ids: { ...ids } };
};

const handedIn: Anew = async (world, persona) => {
  const made = await closedOver(world, persona);
  const panelist = await world.client('panelist');
  const sent = await panelist.post(`/seats/${made.ids!['seat']!}/sheet/late`, {});
  if (sent.status !== 200) throw new Error(`not handed in: ${sent.status} ${sent.text}`);
  return made;
};

export const scoreRows: Rows = [
  { route: 'GET /sw.js', expect: {}, otherwise: 'ok' },
  { route: 'GET /manifest.webmanifest', expect: {}, otherwise: 'ok' },
  { route: 'GET /seats/:id/sheet', of: { id: 'seat' }, expect: holder, otherwise: 'no' },
  { route: 'GET /seats/:id/sheet/review', of: { id: 'seat' }, expect: holder, otherwise: 'no' },
  {
    route: 'GET /seats/:id/sheet/pins/:criterion',
    of: { id: 'seat', criterion: aRow },
    expect: holder,
    otherwise: 'no',
  },
  {
    route: 'POST /seats/:id/sheet/pins',
    of: { id: 'seat' },
    anew: (world) => ({ body: pinIn(world) }),
    expect: holder,
    otherwise: 'no',
  },
  {
    route: 'POST /seats/:id/sheet/pins/:pin/remove',
    of: { id: 'seat', pin: 'pin' },
    anew: pinned,
    expect: holder,
    otherwise: 'no',
  },
  {
    route: 'POST /seats/:id/sheet/operations',
    of: { id: 'seat' },
    anew: inPhase('scoring'),
    body: {
      operations: [{ id: randomUUID(), kind: 'set-level', criterionId: aRow, levelId: aLevel }],
    },
    expect: holder,
    otherwise: 'no',
  },
  {
    route: 'POST /seats/:id/sheet/late',
    of: { id: 'seat' },
    body: { note: 'No network' },
    anew: closedOver,
    expect: holder,
    otherwise: 'no',
  },
  { route: 'GET /late-sheets', expect: runners, otherwise: 'no' },
  {
    route: 'POST /seats/:id/sheet/late/decide',
    of: { id: 'seat' },
    anew: havingSeen(handedIn, async ({ seat }, world) => {
      const { items } = await read<{ items: { seatId: string; handedInAt: string }[] }>(
        world,
        '/late-sheets?perPage=200',
      );
      const { handedInAt } = items.find(({ seatId }) => seatId === seat)!;
      return { decision: 'admit', handedInAt };
    }),
    expect: ownRunners,
    otherwise: 'no',
  },
  {
    route: 'POST /seats/:id/sheet/submit',
    of: { id: 'seat' },
    body: { early: true },
    anew: answered,
    expect: holder,
    otherwise: 'no',
  },
];
