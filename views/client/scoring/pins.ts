/**
 * Evidence on the score sheet: pins are set in a dialog over the sheet, so that nobody loses their place in
 * it, and travel through the outbox like every other change. What is shown is what the server has, and what
 * waits on this device.
 */
import type { PlaceOnWork } from '../places/place.js';
import { newOperationId, type Outbox } from './outbox.js';
import type { QueuedChange } from './changes.js';
import { pinLine, type ShownPin } from './pin-line.js';
import { pinner } from './pinner.js';

type PinChange = Extract<QueuedChange, { kind: 'add-pin' | 'remove-pin' }>;
const isPinChange = (change: QueuedChange): change is PinChange =>
  change.kind === 'add-pin' || change.kind === 'remove-pin';

const dataOf = (item: Element | null | undefined): ShownPin | null =>
  item instanceof HTMLElement && item.dataset['pin'] ? (JSON.parse(item.dataset['pin']) as ShownPin) : null;
const samePlace = (a: ShownPin, b: ShownPin): boolean =>
  a.artifactVersionId === b.artifactVersionId && JSON.stringify(a.place) === JSON.stringify(b.place);

/** @param take brings a change on its way */
export function startPins(form: HTMLFormElement, outbox: Outbox, take: (change: QueuedChange) => void) {
  const rows = [...form.querySelectorAll<HTMLElement>('[data-evidence]')];
  const rowOf = (element: Element): string =>
    element.closest<HTMLElement>('[data-evidence]')?.dataset['evidence'] ?? '';
  /** As the page came; a later answer of the server replaces it. */
  const printed = new Map(
    rows.map((row) => [
      row.dataset['evidence'] ?? '',
      [...row.querySelectorAll('[data-own]')].flatMap((item) => dataOf(item) ?? []),
    ]),
  );
  const printedAt = Number(form.dataset['revision'] ?? '0');

  function pinsOf(row: string): ShownPin[] {
    const { answer } = outbox;
    const known =
      answer && answer.revision >= printedAt
        ? Object.values(answer.sheet.responses[row]?.pins ?? {})
        : (printed.get(row) ?? []);
    const pins = new Map(known.map((pin) => [pin.id, pin]));
    for (const { change } of outbox.list()) {
      if (!isPinChange(change) || change.criterionId !== row) continue;
      if (change.kind === 'add-pin') pins.set(change.pin.id, change.pin);
      else pins.delete(change.pinId);
    }
    return [...pins.values()];
  }

  function show(): void {
    for (const row of rows) {
      const pins = pinsOf(row.dataset['evidence'] ?? '');
      const list = row.querySelector('[data-own-pins]');
      const items = [...row.querySelectorAll<HTMLElement>('[data-own]')];
      items
        .filter(({ dataset }) => !pins.some(({ id }) => id === dataset['own']))
        .forEach((item) => item.remove());
      for (const pin of pins)
        if (!items.some(({ dataset }) => dataset['own'] === pin.id)) list?.append(pinLine(pin));
      row
        .querySelectorAll<HTMLElement>('[data-own-title]')
        .forEach((title) => (title.hidden = pins.length === 0));
      row.querySelectorAll<HTMLElement>('[data-suggested]').forEach((item) => {
        const suggested = dataOf(item);
        const taken = suggested !== null && pins.some((pin) => samePlace(pin, suggested));
        item.querySelectorAll<HTMLElement>('[data-pin-take]').forEach((one) => (one.hidden = taken));
        item.querySelectorAll<HTMLElement>('[data-pin-taken]').forEach((one) => (one.hidden = !taken));
      });
    }
  }

  function add(criterionId: string, artifactVersionId: string, place: PlaceOnWork, note: string): void {
    take({ kind: 'add-pin', criterionId, pin: { id: newOperationId(), artifactVersionId, place, note } });
    show();
  }

  const window = pinner(add);
  form.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const act = target?.closest('[data-pin-open], [data-pin-take], [data-pin-drop], [data-pin-show]');
    if (!act) return;
    const row = rowOf(act);
    const pin = dataOf(act.closest('[data-pin]'));
    const name = act.closest('[data-criterion]')?.querySelector('.criterion-name')?.textContent ?? '';
    const isShown = act.matches('[data-pin-open], [data-pin-show]') && window?.open({ row, name, pin });
    if (act.matches('[data-pin-take]') && pin) add(row, pin.artifactVersionId, pin.place, pin.note);
    else if (act.matches('[data-pin-drop]') && pin) {
      take({ kind: 'remove-pin', criterionId: row, pinId: pin.id });
      show();
      form.querySelector<HTMLElement>(`[data-evidence="${CSS.escape(row)}"] [data-pin-open]`)?.focus();
    } else if (!isShown) return;
    event.preventDefault();
  });
  show();
  return { show };
}
