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
/** One part, or the end of one page and a beginning on the next. */
type Place = readonly Part[];

/** Looked at of one line; a word of a table may stand anywhere. */
const MAX_PLACES = 2000;
/** Places at which somebody is asked to move. */
const MAX_MOVES = 20;

interface Owner {
  needle: string;
  place: Place | null;
}

/** Who stands where. Where the place of one is taken by another that could stand elsewhere, that one moves. */
export class PrintedPlaces {
  readonly #printed: PrintedLetters;
  readonly #pages: readonly { edges: number[]; lineEdges: number[] }[];
  readonly #known = new Map<string, Place[]>();
  /** That are tried in all, so that no text keeps the printer busy. */
  #moves = 500;
  /** By letter the needle that has it, from 1 on; 0: nobody. */
  readonly #owners: Uint32Array;
  readonly #needles: Owner[] = [{ needle: '', place: null }];

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
    this.#needles.push({ needle, place: null });
    if (this.#place(this.#needles.length - 1, 2)) return true;
    // In doubt it is there: a text that says the same sentence again and again can be laid out in many ways.
    return this.#placesOf(needle).some((place) =>
      [...this.#ownersAt(place)].every((owner) => {
        const other = this.#needles[owner]!.needle;
        return other !== needle && this.#placesOf(other).length > 1;
      }),
    );
  }

  /** @param moves how many others may move one after the other */
  #place(owner: number, moves: number): boolean {
    const { needle } = this.#needles[owner]!;
    const places = this.#placesOf(needle);
    const free = places.find((place) => this.#ownersAt(place).size === 0);
    if (free !== undefined) {
      this.#set(owner, free);
      return true;
    }
    if (moves === 0) return false;
    for (const place of places.slice(0, MAX_MOVES)) {
      if (this.#moves === 0) return false;
      this.#moves -= 1;
      const others = [...this.#ownersAt(place)];
      // Two lines with the same words have as many places: neither makes room for the other.
      if (others.length > 2 || others.some((other) => this.#needles[other]!.needle === needle)) continue;
      const before = others.map((other) => this.#needles[other]!.place!);
      others.forEach((other) => this.#clear(other));
      this.#set(owner, place);
      if (others.every((other) => this.#place(other, moves - 1))) return true;
      this.#clear(owner);
      others.forEach((other) => this.#clear(other));
      others.forEach((other, index) => this.#set(other, before[index]!));
    }
    return false;
  }

  /**
   * First those that begin and end with a line of the page, then those that do as words do, then those over two pages.
   */
  #placesOf(needle: string): Place[] {
    const known = this.#known.get(needle);
    if (known) return known;
    const { letters, edges, lineEdges } = this.#printed;
    const [lines, words, inside]: [Place[], Place[], Place[]] = [[], [], []];
    for (let at = letters.indexOf(needle); at >= 0; at = letters.indexOf(needle, at + 1)) {
      const isAt = (all: ReadonlySet<number>) => all.has(at) && all.has(at + needle.length);
      (isAt(lineEdges) ? lines : isAt(edges) ? words : inside).push([[at, at + needle.length]]);
    }
    const places = [...lines, ...words, ...this.#overPages(needle), ...inside].slice(0, MAX_PLACES);
    this.#known.set(needle, places);
    return places;
  }

  /**
   * A line that goes over to the next page may stand there after what is beside it: its beginning ends with a
   * line of one page, and the rest begins with a line of the next. It may be parted within a word.
   */
  #overPages(needle: string): Place[] {
    const { letters } = this.#printed;
    const places: Place[] = [];
    for (const [index, page] of this.#pages.slice(0, -1).entries()) {
      const rests = new Map<number, Part[]>();
      for (const from of page.edges) {
        const same = Math.min(sameLetters(letters, from, needle), needle.length - 1);
        for (const end of page.lineEdges.filter((at) => at > from && at - from <= same)) {
          const known = rests.get(end - from);
          const parts = known ?? this.#beginningsWith(needle.slice(end - from), index + 1);
          if (!known) rests.set(end - from, parts);
          // What follows at once is a place in one part.
          const apart = parts.filter(([at]) => at > end);
          places.push(...apart.map((part) => [[from, end], part] as const));
          if (places.length >= MAX_PLACES) return places;
        }
      }
    }
    return places;
  }

  /** Where lines of the page begin so, up to the end of a word. */
  #beginningsWith(rest: string, page: number): Part[] {
    const { letters, edges } = this.#printed;
    const { lineEdges } = this.#pages[page]!;
    return lineEdges
      .map((at): Part => [at, at + rest.length])
      .filter(([at, to]) => to <= lineEdges.at(-1)! && edges.has(to) && letters.startsWith(rest, at));
  }

  #ownersAt(place: Place): Set<number> {
    const owners = new Set(place.flatMap(([from, to]) => [...new Set(this.#owners.subarray(from, to))]));
    owners.delete(0);
    return owners;
  }

  #set(owner: number, place: Place): void {
    this.#needles[owner]!.place = place;
    for (const [from, to] of place) this.#owners.fill(owner, from, to);
  }

  #clear(owner: number): void {
    for (const [from, to] of this.#needles[owner]!.place ?? [])
      for (let at = from; at < to; at += 1) if (this.#owners[at] === owner) this.#owners[at] = 0;
    this.#needles[owner]!.place = null;
  }
}

/** How many letters from there on are those of the needle. */
function sameLetters(letters: string, from: number, needle: string): number {
  let count = 0;
  while (count < needle.length && letters[from + count] === needle[count]) count += 1;
  return count;
}
