/** The failures of one seed, stamped as they come. */
import type { FaultLog, SimFaultEvent, TimelineEntry } from "../sim/index.ts";
import { describeError, type Failure, type FailureKind } from "./failure.ts";

/** Where a world stands. */
export interface Instant {
  readonly nowMs: number;
  readonly steps: number;
  readonly faults: Pick<FaultLog, "recent">;
}

/** Faults that are told with a failure. */
const struckMax = 8;

export class FailureLog {
  readonly #failures: Failure[] = [];
  #struck: readonly TimelineEntry<SimFaultEvent>[] = [];
  readonly #now: () => Instant;

  constructor(now: () => Instant) {
    this.#now = now;
  }

  /** In order of time. */
  get all(): readonly Failure[] {
    return this.#failures;
  }

  /** The last faults before the first failure: where its story begins. */
  get struck(): readonly TimelineEntry<SimFaultEvent>[] {
    return this.#struck;
  }

  add(
    kind: FailureKind,
    message: string,
    more: Partial<Pick<Failure, "details" | "stack" | "waiting">> = {},
  ): void {
    const { nowMs: atMs, steps: event, faults } = this.#now();
    if (this.#failures.length === 0)
      this.#struck = faults.recent.since(faults.recent.length - struckMax);
    const { details, stack, waiting } = more;
    const failure = { kind, message, atMs, event, details, stack };
    this.#failures.push(waiting ? { ...failure, waiting } : failure);
  }

  /** Something was thrown at `who`. */
  threw(kind: FailureKind, who: string, error: unknown): void {
    const stack = error instanceof Error ? error.stack : undefined;
    this.add(kind, `${who}: ${describeError(error)}`, { stack });
  }
}
