/** A list that only grows at its end, read by many, each at its own pace. */

/**
 * Entries are numbered from 0 for ever. With a bound the oldest are dropped, a batch at a time, and readers that come
 * late are told how many they missed.
 *
 * Invariants
 * 1. What was pushed is never changed or reordered.
 * 2. At least the last `keepMax` entries are there, and at most twice as many.
 */
export class AppendList<T> {
  readonly #keepMax: number;
  readonly #entries: T[] = [];
  #dropped = 0;

  /** @param keepMax how many of the last entries stay; `Infinity` keeps all. */
  constructor(keepMax: number = Infinity) {
    this.#keepMax = keepMax;
  }

  /** How many were ever pushed: the number that the next one gets. */
  get length(): number {
    return this.#dropped + this.#entries.length;
  }

  /** The number of the oldest entry that is still there. */
  get first(): number {
    return this.#dropped;
  }

  push(entry: T): void {
    this.#entries.push(entry);
    if (this.#entries.length <= this.#keepMax * 2) return;
    const surplus = this.#entries.length - this.#keepMax;
    this.#entries.splice(0, surplus);
    this.#dropped += surplus;
  }

  /** The entry of that number; `undefined` when it was dropped, or is still to come. */
  at(number: number): T | undefined {
    return this.#entries[number - this.#dropped];
  }

  /** The newest entry. */
  get last(): T | undefined {
    return this.#entries[this.#entries.length - 1];
  }

  /** A copy of the newest entries, oldest first: those from `number` on, or all that are there. */
  since(number: number = 0): T[] {
    return this.#entries.slice(Math.max(0, number - this.#dropped));
  }

  /** A reader that begins at that entry. */
  cursor(from: number = 0): ListCursor<T> {
    return new ListCursor(this, from);
  }
}

/** One reader's place in a list. Reading allocates nothing. */
export class ListCursor<T> {
  readonly #list: AppendList<T>;
  #position: number;
  #missed = 0;

  constructor(list: AppendList<T>, from: number) {
    this.#list = list;
    this.#position = from;
  }

  /** The next entry that this reader has not seen; `undefined` when there is none yet. */
  next(): T | undefined {
    const list = this.#list;
    if (this.#position >= list.length) return undefined;
    if (this.#position < list.first) {
      this.#missed += list.first - this.#position;
      this.#position = list.first;
    }
    const entry = list.at(this.#position);
    this.#position += 1;
    return entry;
  }

  /** How many entries this reader has not seen yet, those that it can no longer see among them. */
  get pending(): number {
    return Math.max(0, this.#list.length - this.#position);
  }

  /** How many entries were dropped before this reader came to them. */
  get missed(): number {
    return this.#missed;
  }
}
