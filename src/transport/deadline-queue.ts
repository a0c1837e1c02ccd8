/** All deadlines of a transport behind one timer. */
import type { TimeProvider, Timer } from "../core/index.ts";

/** Something that ends by itself unless it is taken out in time. */
export interface Expiring {
  /** When, by `TimeProvider.now()`. Must not change while it is queued. */
  deadlineMs: number;
  /** Where it is in the queue; -1 when it is in none. */
  queueIndex: number;
  /** Its time has come; it has left the queue. */
  expire(): void;
}

/**
 * A binary heap of deadlines, soonest first.
 *
 * 1. What is deleted is gone at once: finished calls leave nothing behind.
 * 2. A timer exists exactly while the queue is not empty. It may be set too
 *    early after a deletion, in which case it is set again when it fires.
 */
export class DeadlineQueue {
  readonly #time: TimeProvider;
  readonly #heap: Expiring[] = [];
  #timer: Timer | undefined;
  #timerMs = Infinity;

  constructor(time: TimeProvider) {
    this.#time = time;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** Have it end when its time comes. What is never due is not queued. */
  add(entry: Expiring): void {
    if (entry.deadlineMs === Infinity) return;
    this.#heap.push(entry);
    this.#rise(entry, this.#heap.length - 1);
    if (entry.deadlineMs < this.#timerMs) this.#setTimer();
  }

  /** Harmless when it is not queued. */
  delete(entry: Expiring): void {
    const index = entry.queueIndex;
    if (index === -1) return;
    entry.queueIndex = -1;
    const last = this.#heap.pop() as Expiring;
    if (last !== entry) this.#rise(last, this.#sink(last, index));
    if (this.#heap.length === 0) this.#stopTimer();
  }

  #setTimer(): void {
    this.#timer?.cancel();
    this.#timerMs = (this.#heap[0] as Expiring).deadlineMs;
    const delayMs = Math.max(0, this.#timerMs - this.#time.now());
    this.#timer = this.#time.schedule(delayMs, this.#fire);
  }

  #stopTimer(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerMs = Infinity;
  }

  readonly #fire = (): void => {
    this.#timer = undefined;
    this.#timerMs = Infinity;
    const nowMs = this.#time.now() + roundingMs;
    for (
      let next = this.#heap[0];
      next !== undefined && next.deadlineMs <= nowMs;
      next = this.#heap[0]
    ) {
      this.delete(next);
      next.expire();
    }
    if (this.#heap.length > 0 && this.#timer === undefined) this.#setTimer();
  };

  /** Move an entry from `index` towards the root until it is not before its parent. */
  #rise(entry: Expiring, index: number): void {
    const heap = this.#heap;
    let at = index;
    while (at > 0) {
      const parent = heap[(at - 1) >> 1] as Expiring;
      if (parent.deadlineMs <= entry.deadlineMs) break;
      heap[at] = parent;
      parent.queueIndex = at;
      at = (at - 1) >> 1;
    }
    heap[at] = entry;
    entry.queueIndex = at;
  }

  /** Let smaller entries up from below `index`. Answers where the hole has gone. */
  #sink(entry: Expiring, index: number): number {
    const heap = this.#heap;
    let at = index;
    for (let child = at * 2 + 1; child < heap.length; child = at * 2 + 1) {
      const right = heap[child + 1];
      if (
        right !== undefined &&
        right.deadlineMs < (heap[child] as Expiring).deadlineMs
      )
        child += 1;
      const smaller = heap[child] as Expiring;
      if (smaller.deadlineMs >= entry.deadlineMs) break;
      heap[at] = smaller;
      smaller.queueIndex = at;
      at = child;
    }
    return at;
  }
}

/** Clocks count microseconds, so a smaller remainder is none. */
const roundingMs = 0.001;
