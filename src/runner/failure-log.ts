/** The failures of one seed, stamped as they come. */
import { describeError, type Failure, type FailureKind } from "./failure.ts";

/** Where a world stands. */
export interface Instant {
  readonly nowMs: number;
  readonly steps: number;
}

export class FailureLog {
  readonly #failures: Failure[] = [];
  readonly #now: () => Instant;

  constructor(now: () => Instant) {
    this.#now = now;
  }

  /** In order of time. */
  get all(): readonly Failure[] {
    return this.#failures;
  }

  add(
    kind: FailureKind,
    message: string,
    more: Partial<Pick<Failure, "details" | "stack">> = {},
  ): void {
    const { nowMs: atMs, steps: event } = this.#now();
    const { details, stack } = more;
    this.#failures.push({ kind, message, atMs, event, details, stack });
  }

  /** Something was thrown at `who`. */
  threw(kind: FailureKind, who: string, error: unknown): void {
    const stack = error instanceof Error ? error.stack : undefined;
    this.add(kind, `${who}: ${describeError(error)}`, { stack });
  }
}
