import { invariant } from "./invariant.ts";

const initialCapacity = 8;

/**
 * First in, first out, in constant time and without allocation once it has grown. The oldest item has a place of its
 * own, and those behind it a ring of a power of two places, which is not there before it is needed: most queues hold
 * one item at a time, and there may be thousands of them (bench row `sim.scale`).
 */
export class Queue<T> {
  #size = 0;
  #first: T | undefined;
  /** Where the second oldest stands. */
  #head = 0;
  #ring: (T | undefined)[] = noPlaces;

  get size(): number {
    return this.#size;
  }

  push(item: T): void {
    this.#size += 1;
    if (this.#size === 1) {
      this.#first = item;
      return;
    }
    this.#makeRoom();
    const ring = this.#ring;
    ring[(this.#head + this.#size - 2) & (ring.length - 1)] = item;
  }

  /** Put an item back at the front, as if it had never been taken. */
  unshift(item: T): void {
    this.#size += 1;
    if (this.#size > 1) {
      this.#makeRoom();
      this.#head = (this.#head - 1) & (this.#ring.length - 1);
      this.#ring[this.#head] = this.#first;
    }
    this.#first = item;
  }

  /** The oldest item, left in place. */
  peek(): T | undefined {
    return this.#first;
  }

  /** Take the oldest item; `undefined` when there is none. */
  shift(): T | undefined {
    const item = this.#first;
    if (this.#size > 1) {
      const ring = this.#ring;
      this.#first = ring[this.#head];
      ring[this.#head] = undefined;
      this.#head = (this.#head + 1) & (ring.length - 1);
    } else {
      this.#first = undefined;
      if (this.#size === 0) return undefined;
    }
    this.#size -= 1;
    return item;
  }

  clear(): void {
    this.#size = 0;
    this.#first = undefined;
    this.#head = 0;
    this.#ring = noPlaces;
  }

  *[Symbol.iterator](): IterableIterator<T> {
    if (this.#size > 0) yield this.#first as T;
    for (let index = 0; index < this.#size - 1; index += 1) {
      yield this.#ring[(this.#head + index) & (this.#ring.length - 1)] as T;
    }
  }

  /** The ring must hold all but the oldest of `#size` items, of which the newest is still to come. */
  #makeRoom(): void {
    const old = this.#ring;
    if (this.#size - 1 <= old.length) return;
    invariant(
      this.#size - 2 === old.length,
      "a queue grows only when it is full",
    );
    const ring = new Array<T | undefined>(
      Math.max(initialCapacity, old.length * 2),
    ).fill(undefined);
    for (let index = 0; index < old.length; index += 1)
      ring[index] = old[(this.#head + index) & (old.length - 1)];
    this.#ring = ring;
    this.#head = 0;
  }
}

/** Shared by all queues that never held two items, and never written to. */
const noPlaces: undefined[] = [];
