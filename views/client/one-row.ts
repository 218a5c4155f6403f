/**
 * One row at a time, for long rubrics on a small screen: the same form, of which one row is shown. The device
 * remembers the choice. Without this script, and without storage, the page is the full list.
 */
const key = 'vitrine.one-row';

function remembered(): boolean {
  try {
    return localStorage.getItem(key) === 'yes';
  } catch {
    return false;
  }
}

function remember(isOn: boolean): void {
  try {
    localStorage.setItem(key, isOn ? 'yes' : 'no');
  } catch {
    // Storage is refused: the choice holds for this page.
  }
}

function startOneRow(form: HTMLFormElement, toggle: HTMLButtonElement, nav: HTMLElement): void {
  const rows = [...form.querySelectorAll<HTMLElement>('fieldset.criterion')];
  const heads = [...form.querySelectorAll<HTMLElement>('.sheet-about')];
  const where = nav.querySelector('[data-where]');
  const back = nav.querySelector<HTMLButtonElement>('[data-back]');
  const next = nav.querySelector<HTMLButtonElement>('[data-next]');
  let isOn = remembered();
  const isAnswered = (row: HTMLElement): boolean =>
    row.dataset['criterion'] === undefined || row.querySelector('input[name^="level."]:checked') !== null;
  const rowOf = (hash: string): number =>
    rows.findIndex(
      (row) => hash !== '' && (row.id === hash || row.querySelector(`[id="${CSS.escape(hash)}"]`)),
    );
  const named = rowOf(decodeURIComponent(location.hash.slice(1)));
  const open = rows.findIndex((row) => !isAnswered(row));
  let at = Math.max(0, named >= 0 ? named : open);

  function show(): void {
    toggle.setAttribute('aria-pressed', String(isOn));
    form.classList.toggle('one-row', isOn);
    nav.hidden = !isOn;
    rows.forEach((row, index) => (row.hidden = isOn && index !== at));
    heads.forEach((head) => (head.hidden = isOn));
    if (back) back.disabled = at === 0;
    if (next) next.disabled = at === rows.length - 1;
    const words = nav.dataset['sayWhere'] ?? '';
    const number = new Intl.NumberFormat(document.documentElement.lang);
    if (where)
      where.textContent = words
        .replace('{n}', number.format(at + 1))
        .replace('{total}', number.format(rows.length));
  }

  function go(index: number): void {
    at = Math.min(rows.length - 1, Math.max(0, index));
    show();
    const row = rows[at];
    row?.setAttribute('tabindex', '-1');
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'start' });
  }

  toggle.hidden = false;
  toggle.addEventListener('click', () => {
    isOn = !isOn;
    remember(isOn);
    if (isOn) go(at);
    else show();
  });
  back?.addEventListener('click', () => go(at - 1));
  next?.addEventListener('click', () => go(at + 1));
  // The dots, and the links of the review, lead to rows that may not be shown.
  document.addEventListener('click', ({ target }) => {
    const link = target instanceof Element ? target.closest<HTMLAnchorElement>('a[href^="#"]') : null;
    const index = link ? rowOf(decodeURIComponent(link.hash.slice(1))) : -1;
    if (isOn && index >= 0) go(index);
  });
  show();
}

const sheetForm = document.querySelector<HTMLFormElement>('#sheet');
const oneRowToggle = document.querySelector<HTMLButtonElement>('[data-one-row]');
const oneRowNav = document.querySelector<HTMLElement>('[data-one-row-nav]');
if (sheetForm && oneRowToggle && oneRowNav) startOneRow(sheetForm, oneRowToggle, oneRowNav);
