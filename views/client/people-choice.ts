/**
 * Choosing people among many: a field that narrows the list as somebody types and asks the server for those
 * who are not listed; ticking a group ticks everybody in it. Without script the groups open and close, the
 * server finds, and takes everybody of a group that is ticked.
 */
import { findMore } from './people-find.js';

const boxesOf = (part: Element): HTMLInputElement[] => [
  ...part.querySelectorAll<HTMLInputElement>('.tick:not(.people-all) input'),
];

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();

function setUp(choice: HTMLElement): void {
  // With script, people are found as somebody types.
  for (const each of (choice.closest('section') ?? choice).querySelectorAll<HTMLElement>(
    '[data-people-find]',
  ))
    each.remove();
  const id = `search-${choice.id}`;
  const label = document.createElement('label');
  label.htmlFor = id;
  label.textContent = choice.dataset['search'] ?? '';
  const search = document.createElement('input');
  search.type = 'search';
  search.id = id;
  search.autocomplete = 'off';
  const told = document.createElement('p');
  told.className = 'soft';
  told.setAttribute('role', 'status');
  const first = choice.querySelector('.people-group, .people-all');
  if (first) first.before(label, search, told);
  else choice.append(label, search, told);

  const tell = (): void => {
    const chosen = boxesOf(choice).filter((box) => box.checked).length;
    told.textContent = (choice.dataset['count'] ?? '').replace('{count}', String(chosen));
  };
  search.addEventListener('input', () => {
    const wanted = plain(search.value.trim());
    for (const group of choice.querySelectorAll<HTMLDetailsElement>('.people-group')) {
      const boxes = boxesOf(group).map((box) => box.closest<HTMLElement>('.tick')!);
      const found = boxes.filter((each) => plain(each.textContent ?? '').includes(wanted));
      for (const each of boxes) each.hidden = !found.includes(each);
      group.hidden = found.length === 0;
      if (wanted !== '') group.open = found.length > 0;
    }
    findMore(choice, search.value.trim(), told);
  });
  // Enter in the search must not send the whole form.
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') event.preventDefault();
  });
  choice.addEventListener('change', (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement)) return;
    const group = box.closest('.people-group');
    const whole = group?.querySelector<HTMLInputElement>('.people-all input');
    if (group && box === whole) for (const each of boxesOf(group)) each.checked = box.checked;
    // Whoever takes one out of a group no longer takes the group.
    else if (whole && !box.checked) whole.checked = false;
    tell();
  });
  for (const group of choice.querySelectorAll<HTMLDetailsElement>('.people-group'))
    group.open = boxesOf(group).some((box) => box.checked);
  tell();
}

document.querySelectorAll<HTMLElement>('[data-people-choice]').forEach(setUp);
