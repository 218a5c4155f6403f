/**
 * What a result is made of at this moment: before publishing the records themselves, afterwards what was
 * frozen, with the sheets as they are now.
 */
import type { SchoolScope } from '../db/database.js';
import { gatherSheets, gatherTalk, type SlotPanel, type Talk } from './gather-result.js';
import type { FrozenSheet, Result } from './result.js';

export interface SeenResult {
  sheets: FrozenSheet[];
  talk: Talk;
}

/** What actions on a result are compared with (`stateOf`). */
export async function gatherSeen(scope: SchoolScope, panel: SlotPanel): Promise<SeenResult> {
  const { result } = panel;
  const [sheets, talk] = await Promise.all([
    result ? sheetsSince(scope, panel, result) : gatherSheets(scope, panel),
    gatherTalk(scope, panel),
  ]);
  return { sheets, talk };
}

/**
 * The sheets of a published result as a correction would freeze them. What was frozen stays as it was: a
 * voice is never dropped because its own record is gone. Whether it counts is as it is now, and sheets that
 * came in since are added, as are scores of visitors that the office has admitted.
 */
export async function sheetsSince(
  scope: SchoolScope,
  panel: SlotPanel,
  { sheets }: Pick<Result, 'sheets'>,
): Promise<FrozenSheet[]> {
  const now = await gatherSheets(scope, panel);
  const added = now.filter((sheet) => !sheets.some(({ seatId }) => seatId === sheet.seatId));
  const kept = sheets.map((sheet) => {
    const found = now.find(({ seatId }) => seatId === sheet.seatId);
    if (!found) return sheet;
    const { notCounted, ...rest } = sheet;
    void notCounted;
    return found.notCounted ? { ...rest, notCounted: found.notCounted } : rest;
  });
  return [...kept, ...added];
}
