/**
 * Asks the server for people who are not listed on the page, and lists them: a school has more than a page should hold.
 */
interface Found {
  value: string;
  label: string;
  help: string;
}

const waits = new WeakMap<HTMLElement, number>();
/** The question that is under way: its answer is for nobody once something else was typed. */
const asked = new WeakMap<HTMLElement, AbortController>();
const MILLISECONDS_AFTER_TYPING = 250;
const MIN_LETTERS = 2;

/** @param after the element behind which they are listed */
export function findMore(choice: HTMLElement, search: string, after: HTMLElement): void {
  const href = choice.dataset['peopleHref'];
  if (!href) return;
  window.clearTimeout(waits.get(choice));
  asked.get(choice)?.abort();
  if (search.length < MIN_LETTERS) {
    list(choice, [], after);
    return;
  }
  const question = new AbortController();
  asked.set(choice, question);
  const ask = async (): Promise<void> => {
    const { signal } = question;
    const found = await fetch(`${href}&search=${encodeURIComponent(search)}`, {
      headers: { Accept: 'application/json' },
      signal,
    })
      .then(async (answer) => (answer.ok ? ((await answer.json()) as { people: Found[] }) : null))
      .catch(() => null);
    if (found && !signal.aborted) list(choice, found.people, after);
  };
  waits.set(
    choice,
    window.setTimeout(() => void ask(), MILLISECONDS_AFTER_TYPING),
  );
}

/** Who is listed already is not listed twice, and who was chosen among those found stays. */
function list(choice: HTMLElement, people: readonly Found[], after: HTMLElement): void {
  const group = choice.querySelector<HTMLDetailsElement>('[data-people-found]') ?? emptyGroup(choice, after);
  for (const tick of group.querySelectorAll('.tick'))
    if (!tick.querySelector<HTMLInputElement>('input')?.checked) tick.remove();
  const listed = new Set(
    [...choice.querySelectorAll<HTMLInputElement>('.tick input')].map((box) => box.value),
  );
  for (const person of people.filter(({ value }) => !listed.has(value))) group.append(tickOf(choice, person));
  group.hidden = !group.querySelector('.tick');
  group.open = true;
}

function emptyGroup(choice: HTMLElement, after: HTMLElement): HTMLDetailsElement {
  const group = document.createElement('details');
  group.className = 'people-found';
  group.dataset['peopleFound'] = '';
  const summary = document.createElement('summary');
  summary.textContent = choice.dataset['found'] ?? '';
  group.append(summary);
  after.after(group);
  return group;
}

function tickOf(choice: HTMLElement, { value, label, help }: Found): HTMLLabelElement {
  const tick = document.createElement('label');
  tick.className = 'tick';
  const box = document.createElement('input');
  box.type = choice.dataset['kind'] ?? 'checkbox';
  box.name = choice.dataset['name'] ?? '';
  box.value = value;
  const words = document.createElement('span');
  words.textContent = label;
  if (help) {
    const more = document.createElement('small');
    more.textContent = help;
    more.id = `${box.name}-${value}-help`;
    box.setAttribute('aria-label', label);
    box.setAttribute('aria-describedby', more.id);
    words.append(more);
  }
  tick.append(box, words);
  return tick;
}
