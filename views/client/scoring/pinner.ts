/**
 * The dialog over the sheet in which a place is set or looked at: the works to choose from, and one of them
 * with its fields.
 */
import { followHand, placeIn, showPlace } from '../places/fields.js';
import type { PlaceOnWork } from '../places/place.js';
import type { ShownPin } from './pin-line.js';

export interface PinnerOpening {
  row: string;
  name: string;
  /** A pin to look at, or null to set a new one. */
  pin: ShownPin | null;
}

type Add = (criterionId: string, artifactVersionId: string, place: PlaceOnWork, note: string) => void;

/** Null on a page that has no work. `open` answers whether it could. */
export function pinner(add: Add): { open(opening: PinnerOpening): boolean } | null {
  const dialog = document.querySelector<HTMLDialogElement>('#pinner');
  const room = dialog?.querySelector<HTMLElement>('[data-pinner-editor]');
  const title = dialog?.querySelector<HTMLElement>('[data-pinner-row]');
  if (!dialog || !room || !title) return null;
  const pieces = [...dialog.querySelectorAll<HTMLElement>('[data-piece]')];
  let row = '';

  /** Only one editor is there at a time, so that sound and film of the others are silent. */
  function showPiece(versionId: string, pin: ShownPin | null): boolean {
    const pattern = document.querySelector<HTMLTemplateElement>(
      `template[data-editor="${CSS.escape(versionId)}"]`,
    );
    if (!pattern) return false;
    room?.replaceChildren(pattern.content.cloneNode(true));
    for (const piece of pieces)
      piece.setAttribute('aria-pressed', String(piece.dataset['piece'] === versionId));
    const box = room?.querySelector<HTMLElement>('[data-place]');
    if (box) followHand(box);
    if (box && pin) showPlace(box, pin.place);
    room?.querySelector('form')?.addEventListener('submit', (event) => {
      event.preventDefault();
      const form = event.currentTarget as HTMLFormElement;
      const place = box ? placeIn(box) : null;
      const problem = form.querySelector<HTMLElement>('[data-place-problem]');
      if (problem) problem.hidden = place !== null;
      if (!place) return void problem?.focus();
      const note = form.querySelector<HTMLTextAreaElement>('[name="note"]')?.value.trim() ?? '';
      add(row, versionId, place, note);
      dialog?.close();
    });
    return true;
  }

  pieces.forEach((piece) =>
    piece.addEventListener('click', () => void showPiece(piece.dataset['piece'] ?? '', null)),
  );
  dialog.querySelector('[data-pinner-close]')?.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => room.replaceChildren());

  return {
    open(opening) {
      row = opening.row;
      title.textContent = opening.name;
      const first = opening.pin?.artifactVersionId ?? pieces[0]?.dataset['piece'] ?? '';
      if (!showPiece(first, opening.pin)) return false;
      dialog.showModal();
      dialog.scrollTop = 0;
      return true;
    },
  };
}
