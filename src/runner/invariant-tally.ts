/** What came of each invariant over all seeds of a run. */
import type { InvariantResult } from "./invariant.ts";

/** Adds up what the seeds say, in the order in which invariants were added to the builder. */
export class InvariantTally {
  readonly #byName = new Map<string, InvariantResult>();

  get all(): InvariantResult[] {
    return [...this.#byName.values()];
  }

  add(results: readonly InvariantResult[]): void {
    for (const { name, checks, observed, violations } of results) {
      const before = this.#byName.get(name);
      this.#byName.set(name, {
        name,
        checks: checks + (before?.checks ?? 0),
        observed: observed + (before?.observed ?? 0),
        violations: violations + (before?.violations ?? 0),
      });
    }
  }
}
