/** What is under way: things that begin in some order and end in any. */

/** Whoever may be on a roster keeps its place there, for the roster alone. */
export interface Enrolled {
  place: number;
}

const placesFirst = 16;

/**
 * Its items in the order in which they were added, each once. Adding and removing take constant time and allocate
 * nothing (bench row `sim.disk`). A `Set` does: each time it is full of what was deleted it makes itself anew, and the
 * old ones, which know the newer ones, keep all that was in them from the collector of young objects.
 */
export class Roster<T extends Enrolled> {
  readonly #places: (T | undefined)[] = [];
  #end = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** It begins. */
  add(item: T): void {
    if (this.#end >= placesFirst && this.#end >= 2 * this.#size) this.#close();
    item.place = this.#end;
    this.#places[this.#end] = item;
    this.#end += 1;
    this.#size += 1;
  }

  /** It is over. Nothing happens if it is not on the roster. */
  delete(item: T): void {
    if (this.#places[item.place] !== item) return;
    this.#places[item.place] = undefined;
    this.#size -= 1;
  }

  clear(): void {
    this.#places.length = 0;
    this.#end = 0;
    this.#size = 0;
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (const item of this.#places) if (item !== undefined) yield item;
  }

  /** Everybody moves up, so that no place is empty. */
  #close(): void {
    const places = this.#places;
    let end = 0;
    for (let place = 0; place < this.#end; place += 1) {
      const item = places[place];
      if (item === undefined) continue;
      places[place] = undefined;
      places[end] = item;
      item.place = end;
      end += 1;
    }
    this.#end = end;
  }
}
