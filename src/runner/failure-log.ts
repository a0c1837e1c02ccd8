/** The failures of one seed, stamped as they come. */
import type {
  FaultLog,
  SimFaultEvent,
  TimelineEntry,
  TraceEntry,
  TraceLog,
} from "../sim/index.ts";
import { describeError, type Failure, type FailureKind } from "./failure.ts";

/** Where a world stands. */
export interface Instant {
  readonly nowMs: number;
  readonly steps: number;
  readonly faults: Pick<FaultLog, "recent">;
  readonly trace: Pick<TraceLog, "recent">;
}

/** Faults that are told with a failure, those of one kind, place and instant counted as one. */
const struckMax = 8;
/** How far back they are looked for. */
const lookBackMax = 1_000;
/** What strikes so often that it would leave no room for anything else. */
const commonplace = "late timer";

export class FailureLog {
  readonly #byKey = new Map<string, Failure>();
  #struck: readonly TimelineEntry<SimFaultEvent>[] = [];
  #said: readonly TraceEntry[] = [];
  readonly #now: () => Instant;

  constructor(now: () => Instant) {
    this.#now = now;
  }

  /** In the order in which they happened first. */
  get all(): readonly Failure[] {
    return [...this.#byKey.values()];
  }

  /** The last faults before the first failure: where its story begins. */
  get struck(): readonly TimelineEntry<SimFaultEvent>[] {
    return this.#struck;
  }

  /** The last trace entries before the first failure: what comes after it is another story. */
  get said(): readonly TraceEntry[] {
    return this.#said;
  }

  add(
    kind: FailureKind,
    message: string,
    more: Partial<Pick<Failure, "details" | "stack" | "waiting">> = {},
  ): void {
    const key = `${kind} ${message}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      this.#byKey.set(key, { ...known, count: known.count + 1 });
      return;
    }
    const { nowMs: atMs, steps: event, faults, trace } = this.#now();
    if (this.#byKey.size === 0) {
      this.#struck = lastStruck(faults.recent);
      this.#said = trace.recent;
    }
    const { details, stack, waiting } = more;
    const failure = { kind, message, count: 1, atMs, event, details, stack };
    this.#byKey.set(key, waiting ? { ...failure, waiting } : failure);
  }

  /** Something was thrown at `who`. */
  threw(kind: FailureKind, who: string, error: unknown): void {
    const stack = error instanceof Error ? error.stack : undefined;
    this.add(kind, `${who}: ${describeError(error)}`, { stack });
  }
}

function lastStruck(
  recent: FaultLog["recent"],
): readonly TimelineEntry<SimFaultEvent>[] {
  const told = recent
    .since(Math.max(0, recent.length - lookBackMax))
    .filter(({ event }) => event.kind !== commonplace);
  const alike = new Set<string>();
  let first = told.length;
  for (const { atMs, event } of told.toReversed()) {
    alike.add([atMs, event.kind, ...event.targets].join(" "));
    if (alike.size > struckMax) break;
    first -= 1;
  }
  return told.slice(first);
}
