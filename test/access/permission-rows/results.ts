import { randomUUID } from 'node:crypto';
import { saveExhibitionChange } from '../../../server/exhibitions/exhibition-records.js';
import { publishSlot, seenState } from '../../harness/builders/publishing.js';
import type { World } from '../../harness/builders/world.js';
import { aRow, heard, later, over, revealed, type FreshPresentation } from './anew.js';
import { ownActors, ownRunners, strangers } from './groups.js';
import type { Anew, Rows } from './row.js';

/** One level up from what the panelist said. */
const levelId = 'extending';
const published: Anew = async (world) => {
  const { ids } = await over(world);
  await publishSlot(await world.client('registrar'), ids.slot);
  return { ids: { ...ids }, body: { slotId: ids.slot, reason: 'Both were good' } };
};

/** Published below the bar, while its day goes on. */
async function notYet(world: World): Promise<FreshPresentation> {
  const made = await over(world);
  const { scope } = world.home;
  const bar = { levelId, criterionIds: null };
  await saveExhibitionChange(scope, made.ids.exhibition, 'closed', { bar });
  await publishSlot(await world.client('registrar'), made.ids.slot);
  await saveExhibitionChange(scope, made.ids.exhibition, 'closed', { phase: 'scoring' });
  return made;
}

/** The panel talks, and the registrar has read what it says. */
const talking =
  (body: object): Anew =>
  async (world, persona) => {
    const made = await revealed(world, persona);
    const seen = await seenState(await world.client('registrar'), made.ids!.slot!, 'reveal');
    return { ...made, body: { ...body, ...seen } };
  };

export const resultRows: Rows = [
  ...['', '/slots.csv', '/seats.csv', '/scores.csv', '/comments.csv', '/results.csv', '/visits.csv'].map(
    (file) => ({
      route: `GET /exhibitions/:id/downloads${file}`,
      of: { id: 'exhibition' },
      expect: ownRunners,
      otherwise: 'no' as const,
    }),
  ),
  {
    route: 'GET /slots/:id/result',
    of: { id: 'slot' },
    expect: {
      student: 'ok',
      guardian: 'ok',
      advisor: 'ok',
      panelist: 'ok',
      guest: 'ok',
      registrar: 'ok',
      admin: 'ok',
      ...strangers,
    },
    otherwise: 'no',
  },
  {
    // Nothing is published here, and the panelist's and the guest's own sheets are not in.
    route: 'GET /slots/:id/result/evidence/:criterion',
    of: { id: 'slot', criterion: 'commitment-to-personal-vision' },
    expect: { advisor: 'ok', registrar: 'ok', admin: 'ok', ...strangers },
    otherwise: 'no',
  },
  {
    // On this slot the panelist's and the guest's own sheets are not in.
    route: 'GET /slots/:id/reveal',
    of: { id: 'slot' },
    expect: { advisor: 'ok', registrar: 'ok', admin: 'ok', ...strangers },
    otherwise: 'no',
  },
  {
    route: 'POST /slots/:id/reveal',
    of: { id: 'slot' },
    expect: ownRunners,
    otherwise: 'no',
    anew: async (world) => ({ ids: { ...(await heard(world)).ids } }),
  },
  {
    route: 'POST /seats/:id/sheet/revisions',
    of: { id: 'seat' },
    anew: talking({ id: randomUUID(), criterionId: aRow, levelId, reason: 'Heard again' }),
    expect: { panelist: 'ok', ...strangers },
    otherwise: 'no',
  },
  {
    route: 'POST /slots/:id/decisions',
    of: { id: 'slot' },
    anew: talking({ criterionId: aRow, kind: 'moderation', levelId, reason: 'Settled' }),
    expect: ownRunners,
    otherwise: 'no',
  },
  {
    route: 'POST /slots/:id/next-attempt',
    of: { id: 'slot' },
    anew: async (world) => {
      const made = await notYet(world);
      const body = { startsAt: later(made, 60), room: 'Room 1', samePanel: true };
      return { ids: { ...made.ids }, body: { ...body, exhibitionId: made.ids.exhibition } };
    },
    expect: ownActors,
    otherwise: 'no',
  },
  {
    route: 'POST /slots/:id/counts',
    of: { id: 'slot' },
    anew: async (world, persona) => {
      const made = await published(world, persona);
      const registrar = await world.client('registrar');
      const seen = await registrar.get(`/slots/${made.ids!.slot!}/result`);
      const { attemptsState } = seen.json<{ attemptsState: string }>();
      return { ...made, body: { ...made.body, state: attemptsState } };
    },
    expect: { advisor: 'ok', registrar: 'ok', admin: 'ok', ...strangers },
    otherwise: 'no',
  },
  {
    route: 'GET /slots/:id/result/versions/:version',
    of: { id: 'slot', version: '1' },
    anew: published,
    expect: {
      ...{ student: 'ok', guardian: 'ok', advisor: 'ok', panelist: 'ok', registrar: 'ok', admin: 'ok' },
      ...strangers,
    },
    otherwise: 'no',
  },
  {
    route: 'GET /exhibitions/:id/results',
    of: { id: 'exhibition' },
    expect: { advisor: 'ok', otherAdvisor: 'ok', registrar: 'ok', admin: 'ok', ...strangers },
    otherwise: 'no',
  },
  {
    route: 'POST /exhibitions/:id/results/publish',
    of: { id: 'exhibition' },
    body: { items: ['none none'] },
    expect: { advisor: 'ok', otherAdvisor: 'ok', registrar: 'ok', admin: 'ok', ...strangers },
    otherwise: 'no',
  },
  {
    route: 'POST /slots/:id/reveal/tally',
    of: { id: 'slot' },
    anew: revealed,
    expect: ownRunners,
    otherwise: 'no',
  },
  {
    route: 'POST /slots/:id/result/corrections',
    of: { id: 'slot' },
    anew: async (world, persona) => {
      const made = await published(world, persona);
      const seen = await seenState(await world.client('registrar'), made.ids!.slot!);
      return { ...made, body: { ...seen, levels: [`${aRow}:${levelId}`], reason: 'Read again' } };
    },
    expect: ownRunners,
    otherwise: 'no',
  },
  {
    route: 'POST /slots/:id/result/publish',
    of: { id: 'slot' },
    anew: async (world) => {
      const { ids } = await over(world);
      const seen = await seenState(await world.client('registrar'), ids.slot);
      return { ids: { ...ids }, body: { ...seen, confirmed: true } };
    },
    expect: { advisor: 'ok', registrar: 'ok', admin: 'ok', ...strangers },
    otherwise: 'no',
  },
];
