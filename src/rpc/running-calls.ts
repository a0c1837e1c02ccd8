/** The calls of one server that have begun and not ended. */

/** A call, as far as its end goes. */
export interface RunningCall {
  /** End it: its caller hears of it, and so does its handler. */
  stop(): void;
}

/**
 * Calls whose handler has not finished. Whoever waits for the last of them is called back before its answer is queued,
 * in the same turn: the answer is on its way by the next one.
 */
export class RunningCalls {
  readonly #calls = new Set<RunningCall>();
  readonly #waiting: (() => void)[] = [];
  #isClosed = false;

  get size(): number {
    return this.#calls.size;
  }

  /** Whether no more may begin. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** No more may begin; those that run go on. */
  close(): void {
    this.#isClosed = true;
  }

  add(call: RunningCall): void {
    this.#calls.add(call);
  }

  /** It has ended. Harmless when it never was here. */
  delete(call: RunningCall): void {
    if (!this.#calls.delete(call) || this.#calls.size > 0) return;
    for (const callback of this.#waiting.splice(0)) callback();
  }

  /** Call back when none is left; at once if none is. */
  onNone(callback: () => void): void {
    if (this.#calls.size === 0) callback();
    else this.#waiting.push(callback);
  }

  /** End all of them: their callers hear of it, and so do their handlers. */
  stop(): void {
    for (const call of [...this.#calls]) call.stop();
  }
}
