/** A result that stands: a panel that has scored, closed and published. Makes everything that it needs. */
import type { Result } from '../../../server/results/result.js';
import { findResult } from '../../../server/results/result-records.js';
import type { TestApp } from '../start-app.js';
import { aPanel, fillSheet, type PanelOptions, type TestPanel } from './scores.js';
import { publishSlot } from './publishing.js';

export interface ResultOptions extends PanelOptions {
  /** One list per seat: levels for the rows in turn, null for "not observed". */
  levels?: (string | null)[][];
  comment?: string;
}

export async function aPublishedResult(
  app: TestApp,
  options: ResultOptions = {},
): Promise<{ panel: TestPanel; result: Result }> {
  const {
    levels = [['meeting'], ['building'], ['meeting', null]],
    comment = 'Well argued.',
    ...rest
  } = options;
  const panel = await aPanel(app, rest);
  for (const [at, given] of levels.entries()) {
    await fillSheet(await panel.as(`panelist-${at}`), panel.seats[at]!.id, given, { comment });
  }
  await panel.moveTo('closed', 'scoring');
  const reply = await publishSlot(await panel.as('registrar'), panel.slotId);
  if (reply.status !== 200) throw new Error(`publish: ${reply.status} ${reply.text}`);
  return { panel, result: (await findResult(panel.home.scope, panel.slotId))! };
}
