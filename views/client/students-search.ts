/**
 * A field that narrows a long list of students as somebody types. Without script the whole list is there, in
 * a box of its own.
 */
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();

function setUp(part: HTMLElement, at: number): void {
  const list = part.nextElementSibling;
  if (!list) return;
  const rows = [...list.querySelectorAll<HTMLElement>('.tick')];
  const label = document.createElement('label');
  label.htmlFor = `students-search-${at}`;
  label.textContent = part.dataset['search'] ?? '';
  const search = document.createElement('input');
  search.type = 'search';
  search.id = label.htmlFor;
  search.autocomplete = 'off';
  const told = document.createElement('p');
  told.className = 'soft';
  told.setAttribute('role', 'status');
  const tell = (): void => {
    const chosen = list.querySelectorAll('input:checked').length;
    told.textContent = (part.dataset['count'] ?? '').replace('{count}', String(chosen));
  };
  search.addEventListener('input', () => {
    const wanted = plain(search.value.trim());
    for (const row of rows) row.hidden = !plain(row.textContent ?? '').includes(wanted);
  });
  // Enter in the search must not send the whole form.
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') event.preventDefault();
  });
  list.addEventListener('change', tell);
  part.append(label, search, told);
  part.hidden = false;
  tell();
}

document.querySelectorAll<HTMLElement>('.students-search').forEach(setUp);
export {};
