/** What was broken, how often. A test that broke nothing has tested nothing, so reports show these counts. */

/** Counts faults by kind, in order of first appearance. */
export class FaultLog {
  readonly #counts = new Map<string, number>();

  count(kind: string): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  /** How often each kind struck so far. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }
}
