/** A value that changes, as a stream for one reader. */
import { onAbort } from "../core/index.ts";

export interface WatchOptions<T> {
  /** Ends the stream. */
  readonly signal: AbortSignal;
  /** The value as it is now. The same value is the same object. */
  readonly read: () => T;
  /** Where the watch is found while it lasts, by whoever changes the value. */
  readonly among: Set<Watch<T>>;
}

/**
 * Yields the value at once, and then whenever it is another than the one that was yielded last. A reader that is slow
 * finds the latest value, not all that it missed: nothing is queued, whoever does not read.
 */
export class Watch<T> implements AsyncIterableIterator<T> {
  readonly #options: WatchOptions<T>;
  /** Not there yet when the signal has fired before. */
  readonly #unsubscribe: (() => void) | undefined;
  #isOver = false;
  #told: T | undefined;
  #waiting: ((result: IteratorResult<T>) => void) | undefined;

  constructor(options: WatchOptions<T>) {
    this.#options = options;
    options.among.add(this);
    this.#unsubscribe = onAbort(options.signal, () => this.#end());
  }

  /** The value may be another now. */
  look(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    const news = this.#news();
    if (news === undefined) return;
    this.#waiting = undefined;
    waiting(news);
  }

  /** One reader, one item at a time. */
  next(): Promise<IteratorResult<T>> {
    return new Promise((resolve) => {
      const news = this.#news();
      if (news !== undefined) resolve(news);
      else this.#waiting = resolve;
    });
  }

  return(): Promise<IteratorResult<T>> {
    this.#end();
    return Promise.resolve(end);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #news(): IteratorResult<T> | undefined {
    if (this.#isOver) return end;
    const value = this.#options.read();
    if (value === this.#told) return undefined;
    this.#told = value;
    return { done: false, value };
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#waiting?.(end);
    this.#unsubscribe?.();
    this.#options.among.delete(this);
  }
}

const end: IteratorReturnResult<undefined> = Object.freeze({
  done: true,
  value: undefined,
});
