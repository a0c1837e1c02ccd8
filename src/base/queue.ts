import { invariant } from "./invariant.ts";

const initialCapacity = 16;

/** First in, first out, in constant time and without allocation once it has grown: a ring of a power of two places. */
export class Queue<T> {
  #ring: (T | undefined)[] = new Array<T | undefined>(initialCapacity).fill(
    undefined,
  );
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(item: T): void {
    if (this.#size === this.#ring.length) this.#grow();
    this.#ring[(this.#head + this.#size) & (this.#ring.length - 1)] = item;
    this.#size += 1;
  }

  /** Put an item back at the front, as if it had never been taken. */
  unshift(item: T): void {
    if (this.#size === this.#ring.length) this.#grow();
    this.#head = (this.#head - 1) & (this.#ring.length - 1);
    this.#ring[this.#head] = item;
    this.#size += 1;
  }

  /** The oldest item, left in place. */
  peek(): T | undefined {
    return this.#ring[this.#head];
  }

  /** Take the oldest item; `undefined` when there is none. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const item = this.#ring[this.#head];
    this.#ring[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.#size -= 1;
    return item;
  }

  clear(): void {
    this.#ring = new Array<T | undefined>(initialCapacity).fill(undefined);
    this.#head = 0;
    this.#size = 0;
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let index = 0; index < this.#size; index += 1) {
      yield this.#ring[(this.#head + index) & (this.#ring.length - 1)] as T;
    }
  }

  #grow(): void {
    const items = [...this];
    invariant(
      items.length === this.#ring.length,
      "a queue grows only when it is full",
    );
    this.#ring = [
      ...items,
      ...new Array<undefined>(items.length).fill(undefined),
    ];
    this.#head = 0;
  }
}
