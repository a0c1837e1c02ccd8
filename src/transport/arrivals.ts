/** What has arrived and waits to be taken, and those who wait for it. */
import { Queue } from "../base/queue.ts";
import { onAbort, type WaitOptions } from "../core/index.ts";

interface Waiter<T> {
  take(item: T | undefined): void;
}

/** Items wait, or takers do, never both; each in the order in which it came. */
export class Arrivals<T> {
  readonly #items = new Queue<T>();
  readonly #waiters = new Set<Waiter<T>>();
  readonly #lengthMax: number;
  #closed = false;

  /** @param lengthMax how many items may wait */
  constructor(lengthMax: number) {
    this.#lengthMax = lengthMax;
  }

  /** How many items wait. */
  get size(): number {
    return this.#items.size;
  }

  /** Add an item, or answer that there is no room. */
  offer(item: T): boolean {
    const [waiter] = this.#waiters;
    if (waiter === undefined) {
      if (this.#items.size >= this.#lengthMax) return false;
      this.#items.push(item);
      return true;
    }
    this.#waiters.delete(waiter);
    waiter.take(item);
    return true;
  }

  /** The next item; `undefined` once all is taken and nothing more comes. Rejects with the signal's reason. */
  next({ signal }: WaitOptions = {}): Promise<T | undefined> {
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    const item = this.tryNext();
    if (item !== undefined || this.#closed) return Promise.resolve(item);
    return new Promise((resolve, reject) => {
      const unsubscribe = onAbort(signal, (reason) => {
        this.#waiters.delete(waiter);
        reject(reason);
      });
      const waiter: Waiter<T> = {
        take(next) {
          unsubscribe();
          resolve(next);
        },
      };
      this.#waiters.add(waiter);
    });
  }

  /** The next item if there is one. */
  tryNext(): T | undefined {
    return this.#items.shift();
  }

  /** Nothing more comes: those who wait are told so, and what waits can still be taken. */
  close(): void {
    this.#closed = true;
    for (const waiter of this.#waiters) waiter.take(undefined);
    this.#waiters.clear();
  }

  /** Until nothing more comes. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for (
      let next = await this.next();
      next !== undefined;
      next = await this.next()
    )
      yield next;
  }
}
