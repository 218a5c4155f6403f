/**
 * Which line of the texts stands where on the printed pages. Each has letters of its own there, also one that
 * goes over to the next page: no letter is counted for two lines. Pure.
 */

/** What was read from the pages, in their order. */
export interface PrintedLetters {
  /** As `lettersOf` gives them. */
  letters: string;
  /** Places in `letters` at which a word begins or ends. */
  edges: ReadonlySet<number>;
  /** Those of them at which a line of the page begins or ends. */
  lineEdges: ReadonlySet<number>;
  /** Where each page begins, and where the last one ends. */
  pageEdges: readonly number[];
  /** The same as it was read, with glyphs that do not name their letter (U+0000). */
  raw: string;
}

/** From one letter to before another. */
type Part = readonly [from: number, to: number];
/** One part, or the end of one page, whole lines of those between, and a beginning on the last. */
type Place = readonly Part[];

/** Looked at of one line; a word of a table may stand anywhere. */
const MAX_PLACES = 2000;
/** Places tried for one line, and for all lines of a document, so that no text keeps the printer busy. */
const MAX_TRIED_FOR_LINE = 300;
const MAX_TRIED = 3000;

interface Owner {
  needle: string;
  place: Place | null;
}

/**
 * Which line has which letters. Where the place of one is taken by others that could stand elsewhere, those move, as
 * along an augmenting path of a matching (H. W. Kuhn, "The Hungarian method for the assignment problem", 1955).
 */
export class PrintedPlaces {
  readonly #printed: PrintedLetters;
  readonly #pages: readonly { edges: number[]; lineEdges: number[] }[];
  readonly #whole = new Map<string, { atEdges: Place[]; inside: Place[] }>();
  readonly #parted = new Map<string, Place[]>();
  #triedInAll = 0;
  #tried = 0;
  /** Something was not tried, so that a line may have a place that was not found. */
  #isCut = false;
  /** By letter the needle that has it, from 1 on; 0: nobody. */
  readonly #owners: Uint32Array;
  readonly #needles: Owner[] = [{ needle: '', place: null }];
  /** Who stood where before each change since somebody began to make room. */
  #changes: { owner: number; before: Place | null }[] = [];

  constructor(printed: PrintedLetters) {
    this.#printed = printed;
    this.#owners = new Uint32Array(printed.letters.length);
    const { edges, lineEdges, pageEdges } = printed;
    const within = (all: ReadonlySet<number>, from: number, to: number) =>
      [...all].filter((at) => at >= from && at <= to);
    this.#pages = pageEdges.slice(1).map((to, page) => ({
      edges: within(edges, pageEdges[page]!, to),
      lineEdges: within(lineEdges, pageEdges[page]!, to),
    }));
  }

  /**
   * @param needle as `lettersOf` gives it; longer ones first
   * @returns whether there are letters for it that no other line needs
   */
  take(needle: string): boolean {
    const owner = this.#needles.push({ needle, place: null }) - 1;
    [this.#tried, this.#isCut, this.#changes] = [0, false, []];
    if (this.#settle(owner, new Set([owner]))) return true;
    // In doubt it is there: a text that says the same sentence again and again can be laid out in many ways.
    return (
      this.#isCut &&
      this.#placesOf(needle).some((place) =>
        [...this.#ownersAt(place)].every((each) => {
          const other = this.#needles[each]!.needle;
          return other !== needle && this.#placesOf(other).length > 1;
        }),
      )
    );
  }

  /** @param asked who has been asked to move already, or looks for a place */
  #settle(owner: number, asked: Set<number>): boolean {
    const { needle } = this.#needles[owner]!;
    const free = this.#freePlace(needle);
    if (free) this.#put(owner, free);
    return free !== undefined || this.#placesOf(needle).some((place) => this.#makeRoom(owner, place, asked));
  }

  /** The others there find another place, or all stays as it was. */
  #makeRoom(owner: number, place: Place, asked: Set<number>): boolean {
    if (this.#tried >= MAX_TRIED_FOR_LINE || this.#triedInAll >= MAX_TRIED) {
      this.#isCut = true;
      return false;
    }
    this.#tried += 1;
    this.#triedInAll += 1;
    const others = [...this.#ownersAt(place)];
    const { needle } = this.#needles[owner]!;
    // Two lines with the same words have as many places: neither makes room for the other.
    if (others.some((other) => this.#needles[other]!.needle === needle)) return false;
    // Several at once may move in more ways than are tried here.
    if (others.length > 1) this.#isCut = true;
    if (others.some((other) => asked.has(other))) return false;
    const begun = this.#changes.length;
    for (const other of others) {
      asked.add(other);
      this.#put(other, null);
    }
    this.#put(owner, place);
    if (others.every((other) => this.#settle(other, asked))) return true;
    this.#undo(begun);
    return false;
  }

  #freePlace(needle: string): Place | undefined {
    const isFree = (place: Place) => this.#ownersAt(place).size === 0;
    const { atEdges, inside } = this.#wholePlaces(needle);
    return atEdges.find(isFree) ?? this.#partedPlaces(needle).find(isFree) ?? inside.find(isFree);
  }

  /**
   * First those that begin and end with a line of the page, then those that do as words do, then those over several
   * pages, then those within words.
   */
  #placesOf(needle: string): Place[] {
    const { atEdges, inside } = this.#wholePlaces(needle);
    return [...atEdges, ...this.#partedPlaces(needle), ...inside].slice(0, MAX_PLACES);
  }

  #wholePlaces(needle: string): { atEdges: Place[]; inside: Place[] } {
    const known = this.#whole.get(needle);
    if (known) return known;
    const { letters, edges, lineEdges } = this.#printed;
    const [lines, words, inside]: [Place[], Place[], Place[]] = [[], [], []];
    for (let at = letters.indexOf(needle); at >= 0; at = letters.indexOf(needle, at + 1)) {
      const isAt = (all: ReadonlySet<number>) => all.has(at) && all.has(at + needle.length);
      (isAt(lineEdges) ? lines : isAt(edges) ? words : inside).push([[at, at + needle.length]]);
    }
    const places = { atEdges: [...lines, ...words], inside };
    this.#whole.set(needle, places);
    return places;
  }

  /**
   * A line that goes over to the next page may stand there after what is beside it: its beginning ends with a line
   * of one page, and the rest begins with a line of the next. It may be parted within a word.
   */
  #partedPlaces(needle: string): Place[] {
    const known = this.#parted.get(needle);
    if (known) return known;
    const rests = new Map<string, Place[]>();
    const places: Place[] = [];
    for (const [page, { edges }] of this.#pages.slice(0, -1).entries())
      for (const from of edges)
        if (places.length < MAX_PLACES)
          places.push(...this.#beginningAt({ needle, done: 0, page, rests }, from));
    const parted = places.filter(hasGap);
    this.#parted.set(needle, parted);
    return parted;
  }

  /** Places of what is left of a needle that begin there, end with a line of the page and go on over the next. */
  #beginningAt(left: NeedleRest, from: number): Place[] {
    const { needle, done, page } = left;
    const same = Math.min(sameLetters(this.#printed.letters, from, needle, done), needle.length - done - 1);
    if (same <= 0) return [];
    const places: Place[] = [];
    for (const end of this.#pages[page]!.lineEdges) {
      if (end <= from || end - from > same || places.length >= MAX_PLACES) continue;
      const rests = this.#restsOn({ ...left, done: done + end - from, page: page + 1 });
      places.push(...rests.map((rest) => [[from, end] as const, ...rest]));
    }
    return places;
  }

  /** Places of what is left of a needle that begin with a line of the page. */
  #restsOn(left: NeedleRest): Place[] {
    const { needle, done, page, rests } = left;
    const known = rests.get(`${done} ${page}`);
    if (known) return known;
    const { letters, edges } = this.#printed;
    const { lineEdges } = this.#pages[page]!;
    const places: Place[] = [];
    for (const at of lineEdges) {
      const to = at + needle.length - done;
      const isHere = to <= lineEdges.at(-1)! && edges.has(to) && letters.startsWith(needle.slice(done), at);
      if (isHere) places.push([[at, to]]);
      if (page + 1 < this.#pages.length && places.length < MAX_PLACES)
        places.push(...this.#beginningAt(left, at));
    }
    rests.set(`${done} ${page}`, places);
    return places;
  }

  #ownersAt(place: Place): Set<number> {
    const owners = new Set<number>();
    for (const [from, to] of place) for (let at = from; at < to; at += 1) owners.add(this.#owners[at]!);
    owners.delete(0);
    return owners;
  }

  #put(owner: number, place: Place | null): void {
    const { place: before } = this.#needles[owner]!;
    this.#changes.push({ owner, before });
    for (const [from, to] of before ?? []) this.#owners.fill(0, from, to);
    for (const [from, to] of place ?? []) this.#owners.fill(owner, from, to);
    this.#needles[owner]!.place = place;
  }

  #undo(begun: number): void {
    const changes = this.#changes.splice(begun);
    for (const { owner } of changes) {
      for (const [from, to] of this.#needles[owner]!.place ?? []) this.#owners.fill(0, from, to);
      this.#needles[owner]!.place = null;
    }
    // Where somebody stood first is where they stand again.
    const first = new Map(changes.toReversed().map(({ owner, before }) => [owner, before]));
    for (const [owner, place] of first) {
      for (const [from, to] of place ?? []) this.#owners.fill(owner, from, to);
      this.#needles[owner]!.place = place;
    }
  }
}

/** What follows at once, on whatever page, is a place in one part. */
const hasGap = (place: Place): boolean =>
  place.some(([from], index) => index > 0 && from > place[index - 1]![1]);

/** What of a needle is still to be found, from a page on. */
interface NeedleRest {
  needle: string;
  /** So many letters of it stand on the pages before. */
  done: number;
  page: number;
  /** Found before, by `done` and page. */
  rests: Map<string, Place[]>;
}

/** How many letters from there on are those of the needle from `done` on. */
function sameLetters(letters: string, from: number, needle: string, done: number): number {
  let count = 0;
  while (done + count < needle.length && letters[from + count] === needle[done + count]) count += 1;
  return count;
}
