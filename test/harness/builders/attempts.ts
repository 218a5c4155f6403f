/** A panel before a bar, and the way to a second attempt: what tests of "not yet" stand on. */
import { saveExhibitionChange } from '../../../server/exhibitions/exhibition-records.js';
import type { Bar } from '../../../server/exhibitions/bar/bar.js';
import { listSeatsOfSlot } from '../../../server/exhibitions/seats/seat-records.js';
import type { Reply } from '../client.js';
import type { TestApp } from '../start-app.js';
import { dayFromNow } from '../test-clock.js';
import { aPanel, fillSheet, type PanelOptions, type TestPanel } from './scores.js';
import { publishSlot } from './publishing.js';

export interface BarredPanel extends TestPanel {
  /** Ids of the rubric's rows, in order. */
  rows: string[];
  result(who: string, slotId?: string, as?: 'json' | 'page'): Promise<Reply>;
  publish(who?: string, body?: object, slotId?: string): Promise<Reply>;
  /** Plans the next attempt, a day after the first unless said otherwise. */
  planNext(who: string, body?: object): Promise<Reply>;
  /** Every seat of the slot fills its sheet with these levels and submits. */
  score(slotId: string, levels: (string | null)[]): Promise<void>;
}

/** Ten o'clock some days from today, as a form sends it. */
export const laterDay = (days: number): string => `${dayFromNow(days)}T10:00`;

/** @param levels what every panelist says of the first attempt; null leaves the sheets unwritten */
export async function aBarredPanel(
  app: TestApp,
  levels: (string | null)[] | null = ['meeting', 'building', 'meeting'],
  options: PanelOptions & { bar?: Bar | null } = {},
): Promise<BarredPanel> {
  const panel = await aPanel(app, { roles: ['teacher', 'advisor'], ...options });
  const { bar = { levelId: 'meeting', criterionIds: null } } = options;
  await saveExhibitionChange(panel.home.scope, panel.exhibitionId, 'scoring', { bar });
  const { rubric } = app.context.rubrics.bySlug(options.rubric ?? 'exhibition');
  const score: BarredPanel['score'] = async (slotId, given) => {
    for (const seat of await listSeatsOfSlot(panel.home.scope, slotId)) {
      const at = panel.seats.findIndex((each) => each.personId === seat.personId);
      await fillSheet(await panel.as(`panelist-${at}`), seat.id, given);
    }
  };
  if (levels) await score(panel.slotId, levels);
  return {
    ...panel,
    rows: rubric.criteria.map((row) => row.id),
    result: async (who, slotId = panel.slotId, as = 'json') =>
      (await panel.as(who)).get(`/slots/${slotId}/result`, { as }),
    publish: async (who = 'registrar', body = {}, slotId = panel.slotId) =>
      publishSlot(await panel.as(who), slotId, body),
    planNext: async (who, body = {}) =>
      (await panel.as(who)).post(`/slots/${panel.slotId}/next-attempt`, {
        exhibitionId: panel.exhibitionId,
        startsAt: laterDay(1),
        room: 'Room 9',
        samePanel: true,
        ...body,
      }),
    score,
  };
}
