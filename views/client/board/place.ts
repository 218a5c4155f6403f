/**
 * Where on the board a time and a room are, and what time and room a point of the screen means. Times are
 * milliseconds since 1970.
 */
const step = 5 * 60_000;

export interface BoardPlace {
  startsAt: number;
  room: string;
}

/** A presentation as the board shows it. */
export interface ShownPlace {
  id: string;
  name: string;
  startsAt: number;
  minutes: number;
  room: string;
  revision: number;
}

const everyPlace = (): HTMLElement[] => [
  ...document.querySelectorAll<HTMLElement>('.board-place[data-slot]'),
];

/** What stands for this slot on the screen: in the table and in the list. */
export const slotElements = (id: string): HTMLElement[] =>
  everyPlace().filter((each) => each.dataset['slot'] === id);

/** The one of them that can be seen. */
export const visiblePlaceOf = (id: string): HTMLElement | null =>
  slotElements(id).find((each) => each.offsetParent !== null) ?? null;

function shownIn(place: HTMLElement): ShownPlace {
  const { slot, name, starts, minutes, room, revision } = place.dataset;
  return {
    id: slot ?? '',
    name: name ?? '',
    startsAt: Date.parse(starts ?? ''),
    minutes: Number(minutes),
    room: room ?? '',
    revision: Number(revision),
  };
}

export function shownOf(id: string): ShownPlace | null {
  const [place] = slotElements(id);
  return place ? shownIn(place) : null;
}

/** The one presentation that takes up this place; null when there is none, or several. */
export function takerOf(id: string, at: BoardPlace, minutes: number): ShownPlace | null {
  const until = at.startsAt + minutes * 60_000;
  const others = everyPlace()
    .map(shownIn)
    .filter((each) => each.id !== id && each.room === at.room)
    .filter((each) => each.startsAt < until && at.startsAt < each.startsAt + each.minutes * 60_000);
  const ids = new Set(others.map((each) => each.id));
  return ids.size === 1 ? others[0]! : null;
}

/** The next time of the grid before or after `from`. */
export const nextStep = (from: number, later: boolean): number =>
  later ? Math.floor(from / step) * step + step : Math.ceil(from / step) * step - step;

interface Grid {
  table: HTMLTableElement;
  from: number;
  columns: number;
  rows: { room: string; box: DOMRect }[];
  /** Where the first column begins and how wide one is; negative where time runs to the left. */
  zero: number;
  width: number;
}

const tables = (): HTMLTableElement[] => [
  ...document.querySelectorAll<HTMLTableElement>('table[data-board]'),
];

/** Null while the board is shown as a list. */
function gridOf(table: HTMLTableElement): Grid | null {
  const head = table.querySelector('thead th');
  const box = table.getBoundingClientRect();
  if (!head || box.width === 0) return null;
  const left = getComputedStyle(table).direction === 'rtl';
  const names = head.getBoundingClientRect().width;
  const columns = Number(table.dataset['columns']);
  const width = (box.width - names) / columns;
  return {
    table,
    from: Date.parse(table.dataset['from'] ?? ''),
    columns,
    rows: [...table.tBodies].map((body) => ({
      room: body.dataset['room'] ?? '',
      box: body.getBoundingClientRect(),
    })),
    zero: left ? box.right - names : box.left + names,
    width: left ? -width : width,
  };
}

/** The board of the day on which this slot stands now. */
function gridAround(id: string): Grid | null {
  const table = slotElements(id)
    .map((each) => each.closest<HTMLTableElement>('table[data-board]'))
    .find((each) => each !== null);
  return table ? gridOf(table) : null;
}

/**
 * @param grab how much later than the beginning of the slot the pointer holds it
 * @returns null outside every board
 */
export function placeAt(x: number, y: number, minutes: number, grab: number): BoardPlace | null {
  for (const table of tables()) {
    const grid = gridOf(table);
    const wrap = table.closest('.board-wrap')?.getBoundingClientRect();
    if (!grid || !wrap || y < wrap.top || y > wrap.bottom) continue;
    const row = nearestRow(grid, y);
    if (!row) continue;
    const wanted = grid.from + ((x - grid.zero) / grid.width) * step - grab;
    const last = grid.from + grid.columns * step - minutes * 60_000;
    const startsAt = Math.round(Math.max(grid.from, Math.min(last, wanted)) / step) * step;
    return { startsAt, room: row.room };
  }
  return null;
}

const nearestRow = (grid: Grid, y: number) => {
  const away = (box: DOMRect) => Math.max(box.top - y, y - box.bottom, 0);
  return [...grid.rows].sort((a, b) => away(a.box) - away(b.box))[0];
};

/** How much later than its beginning the pointer holds the slot. */
export function grabOf(id: string, x: number): number {
  const [grid, shown] = [gridAround(id), shownOf(id)];
  return grid && shown ? grid.from + ((x - grid.zero) / grid.width) * step - shown.startsAt : 0;
}

/** Rooms of the day in the order of the board. */
export function roomsAround(id: string): string[] {
  const grid = gridAround(id);
  if (grid) return grid.rows.map(({ room }) => room);
  const table = slotElements(id)
    .map((each) => each.closest('table[data-board]'))
    .find((each) => each !== null);
  return [...(table?.querySelectorAll('tbody') ?? [])].map((body) => body.dataset['room'] ?? '');
}

/** A mark on the board where the slot would be; null while the board is shown as a list. */
export function ghostOf(id: string, at: BoardPlace, minutes: number): HTMLElement | null {
  const day = tables()
    .map(gridOf)
    .find((grid) => grid && at.startsAt >= grid.from && at.startsAt < grid.from + grid.columns * step);
  const grid = day ?? gridAround(id);
  const wrap = grid?.table.closest<HTMLElement>('.board-wrap');
  const row = grid?.rows.find(({ room }) => room === at.room);
  if (!grid || !wrap || !row) return null;
  const ghost = wrap.querySelector<HTMLElement>('.board-ghost') ?? document.createElement('div');
  ghost.className = 'board-ghost';
  ghost.setAttribute('aria-hidden', 'true');
  const edge = wrap.getBoundingClientRect();
  const a = grid.zero + ((at.startsAt - grid.from) / step) * grid.width;
  const b = a + ((minutes * 60_000) / step) * grid.width;
  ghost.style.left = `${Math.min(a, b) - edge.left + wrap.scrollLeft}px`;
  ghost.style.width = `${Math.abs(b - a)}px`;
  ghost.style.top = `${row.box.top - edge.top + wrap.scrollTop}px`;
  ghost.style.height = `${row.box.height}px`;
  if (ghost.parentElement !== wrap) {
    noGhost();
    wrap.append(ghost);
  }
  return ghost;
}

export function noGhost(): void {
  document.querySelectorAll('.board-ghost').forEach((each) => each.remove());
}
