/**
 * Shows both answers of a conflict at the field that they belong to; the page brings the pattern of such a box with it.
 */
import { NOT_OBSERVED, type FieldConflict } from './changes.js';

/** `isOwn`: whether an operation was made on this device. */
export function showConflicts(
  form: HTMLFormElement,
  conflicts: FieldConflict[],
  isOwn: (conflict: FieldConflict) => boolean,
): void {
  const pattern = document.querySelector<HTMLTemplateElement>('#conflict-pattern');
  const boxes = [...form.querySelectorAll<HTMLElement>('[data-conflict]')];
  const focused = boxes.find((box) => box.contains(document.activeElement))?.dataset['conflict'];
  boxes.forEach((box) => box.remove());
  for (const conflict of conflicts) {
    const place = placeOf(form, conflict.field)?.querySelector('[data-conflicts]');
    const box = (
      pattern?.content.cloneNode(true) as DocumentFragment | undefined
    )?.querySelector<HTMLElement>('[data-conflict]');
    if (!place || !box) continue;
    fill(form, box, conflict, isOwn(conflict));
    place.append(box);
    if (focused === conflict.operationId) box.querySelector('input')?.focus();
  }
}

function placeOf(form: HTMLFormElement, field: string): Element | null {
  const criterionId = field.split('.')[1];
  return criterionId === undefined
    ? form.querySelector('#c-overall')
    : form.querySelector(`[data-criterion="${CSS.escape(criterionId)}"]`);
}

function fill(form: HTMLFormElement, box: HTMLElement, conflict: FieldConflict, own: boolean): void {
  box.dataset['conflict'] = conflict.operationId;
  box.dataset['field'] = conflict.field;
  box.id = `f-resolve.${conflict.operationId}`;
  for (const keep of ['mine', 'theirs'] as const) {
    const choice = box.querySelector(`[data-keep=${keep}]`);
    const input = choice?.querySelector('input');
    const words = choice?.querySelector('.conflict-words');
    const from = choice?.querySelector('.eyebrow');
    if (input) input.name = `resolve.${conflict.operationId}`;
    if (words) words.textContent = wordsOf(form, conflict.field, conflict[keep]) || words.textContent;
    const where = own === (keep === 'mine') ? 'here' : 'elsewhere';
    if (from) from.textContent = box.dataset[where] ?? '';
  }
}

/** A level by its name, words as they are; empty for no answer. */
function wordsOf(form: HTMLFormElement, field: string, value: string): string {
  if (!field.startsWith('level.')) return value;
  const radio = form.querySelector(`input[name="${CSS.escape(field)}"][value="${CSS.escape(value)}"]`);
  const name = radio?.closest('label')?.querySelector('.level-choice-name')?.textContent;
  return name ?? (value === NOT_OBSERVED ? value : '');
}
