/** The calls of one server that have begun and not ended. */

/** A call, as far as its end goes. */
export interface RunningCall {
  /** End it: its caller hears of it, and so does its handler. */
  stop(): void;
}

/**
 * Calls whose handler has not finished. Whoever waits for the last of them is called back before its answer is queued,
 * in the same turn: the answer is on its way by the next one.
 *
 * Most handlers finish before they give control back. A list of those that have just begun, hardly ever more than one,
 * spares them the set (bench row `rpc.unary.64B.c64`).
 */
export class RunningCalls {
  readonly #begun: RunningCall[] = [];
  readonly #going = new Set<RunningCall>();
  readonly #waiting: (() => void)[] = [];
  #isClosed = false;

  get size(): number {
    return this.#begun.length + this.#going.size;
  }

  /** Whether no more may begin. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** No more may begin; those that run go on. */
  close(): void {
    this.#isClosed = true;
  }

  /** Its handler is called. From here on it counts: the handler may stop the server before it answers anything. */
  begin(call: RunningCall): void {
    this.#begun.push(call);
  }

  /** Its handler has given control back, and has more to do. */
  goOn(call: RunningCall): void {
    if (this.#takeBegun(call)) this.#going.add(call);
  }

  /** It has ended. Harmless when it never was here. */
  delete(call: RunningCall): void {
    if (!this.#takeBegun(call) && !this.#going.delete(call)) return;
    if (this.size > 0) return;
    for (const callback of this.#waiting.splice(0)) callback();
  }

  /** Call back when none is left; at once if none is. */
  onNone(callback: () => void): void {
    if (this.size === 0) callback();
    else this.#waiting.push(callback);
  }

  /** End all of them: their callers hear of it, and so do their handlers. */
  stop(): void {
    for (const call of [...this.#begun, ...this.#going]) call.stop();
  }

  #takeBegun(call: RunningCall): boolean {
    const index = this.#begun.lastIndexOf(call);
    if (index === -1) return false;
    if (index === this.#begun.length - 1) this.#begun.pop();
    else this.#begun.splice(index, 1);
    return true;
  }
}
