/** Work that must not overlap. */

/** Runs what it is given one after the other, in the order of the calls. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  /** Start `work` when everything before it has settled, well or badly. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(ignore);
    return result;
  }

  /** Resolve when everything that was given before the call has settled. */
  idle(): Promise<unknown> {
    return this.#last;
  }
}

function ignore(): void {
  // Its caller has the same rejection.
}
