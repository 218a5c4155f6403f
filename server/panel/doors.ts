/**
 * What this room must ask of others that it does not import: the score sheets, which come later, and the writing of a
 * guest's person record, which is the people's own. app.ts connects them; here is also what the panel tells the exhibition.
 */
import type { PanelDoor } from '../exhibition/panel-door.js';
import { endOf } from '../exhibition/slot.js';
import type { SchoolScope } from '../database.js';
import type { Person } from '../people/person.js';
import { expiryOf } from './pass.js';
import type { SheetState } from './seat.js';
import { listSeatsOfSlot, listSeatsOfSlots, removeSeatsOfSlot, savePassExpiry } from './seat-records.js';

export interface PanelNeeds {
  /** The state of the sheets of these seats; a seat whose sheet nobody has touched is missing. */
  listSheetStates(scope: SchoolScope, seatIds: readonly string[]): Promise<Map<string, SheetState>>;
  saveGuest(scope: SchoolScope, guest: Person): Promise<unknown>;
}

let connected: PanelNeeds | null = null;

export function connectPanelNeeds(needs: PanelNeeds): void {
  connected = needs;
}

export function panelNeeds(): PanelNeeds {
  if (!connected) throw new Error('panel: the score sheets are not connected; app.ts does that');
  return connected;
}

/** The answers of this room to the exhibition's questions. */
export function panelAnswers(needs: Pick<PanelNeeds, 'listSheetStates'>): PanelDoor {
  return {
    async listSeatFacts(scope, slotIds) {
      const seats = await listSeatsOfSlots(scope, slotIds);
      const sheets = await needs.listSheetStates(
        scope,
        seats.map((seat) => seat.id),
      );
      return seats.map(({ id, slotId, personId, name, role, chair }) => ({
        id,
        slotId,
        personId,
        name,
        role,
        chair,
        sheet: sheets.get(id) ?? 'not-started',
      }));
    },
    async slotMoved(scope, slot, now) {
      for (const seat of await listSeatsOfSlot(scope, slot.id)) {
        if (seat.pass) await savePassExpiry(scope, seat.id, expiryOf(now, endOf(slot)));
      }
    },
    async slotRemoved(scope, slotId) {
      await removeSeatsOfSlot(scope, slotId);
    },
  };
}
