/** A panel whose sheets are in and differ: what tests of the talk after the reveal stand on. */
import type { Reply } from '../client.js';
import type { TestApp } from '../start-app.js';
import { decideOn, publishSlot, reviseOn } from './publishing.js';
import { aPanel, fillSheet, type PanelOptions, type TestPanel } from './scores.js';

export interface Talking extends TestPanel {
  /** Ids of the rubric's rows, in order. */
  rows: string[];
  reveal(who: string, as?: 'json' | 'page'): Promise<Reply>;
  open(who: string): Promise<Reply>;
  revise(who: string, seat: number, change: object): Promise<Reply>;
  decide(who: string, decision: object): Promise<Reply>;
  publish(): Promise<Reply>;
}

/** @param levels one list per seat that has submitted: levels for the rows in turn, null for "not observed" */
export async function aTalkingPanel(
  app: TestApp,
  levels: (string | null)[][] = [
    ['extending', 'meeting', 'meeting'],
    ['beginning', 'meeting', 'building'],
    ['building', 'meeting', 'meeting'],
  ],
  options: PanelOptions = {},
): Promise<Talking> {
  const panel = await aPanel(app, options);
  for (const [at, given] of levels.entries()) {
    const comment = `canary-${at} was said in confidence`;
    await fillSheet(await panel.as(`panelist-${at}`), panel.seats[at]!.id, given, { comment });
  }
  const { rubric } = app.context.rubrics.bySlug(options.rubric ?? 'exhibition');
  const slot = `/slots/${panel.slotId}`;
  return {
    ...panel,
    rows: rubric.criteria.map((row) => row.id),
    reveal: async (who, as = 'json') => (await panel.as(who)).get(`${slot}/reveal`, { as }),
    open: async (who) => (await panel.as(who)).post(`${slot}/reveal`),
    revise: async (who, seat, change) =>
      reviseOn(await panel.as(who), { slotId: panel.slotId, seatId: panel.seats[seat]!.id }, change),
    decide: async (who, decision) => decideOn(await panel.as(who), panel.slotId, decision),
    publish: async () => publishSlot(await panel.as('registrar'), panel.slotId),
  };
}
