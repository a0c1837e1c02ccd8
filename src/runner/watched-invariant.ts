/** One invariant in one seed, and what it has seen. */
import type { AssertionDetails } from "../assertions/index.ts";
import {
  TraceQuery,
  type SimWorld,
  type StateKey,
  type TimelineCursor,
  type TimelineEntry,
  type TimelineKey,
  type TimelineView,
  type TraceFilter,
} from "../sim/index.ts";
import { describeError } from "./failure.ts";
import type { FailureLog } from "./failure-log.ts";
import type { Invariant, InvariantResult, InvariantView } from "./invariant.ts";

export interface WatchedParts {
  readonly world: SimWorld;
  readonly failures: FailureLog;
}

/** What the invariant is given to look at, and what the runner knows of it. */
export class Watched implements InvariantView {
  readonly #invariant: Invariant;
  readonly #world: SimWorld;
  readonly #failures: FailureLog;
  readonly #cursors = new Map<object, TimelineCursor<unknown>>();
  readonly #queries: TraceQuery[] = [];
  #checks = 0;
  #observed = 0;
  violated = false;

  constructor(invariant: Invariant, parts: WatchedParts) {
    this.#invariant = invariant;
    this.#world = parts.world;
    this.#failures = parts.failures;
  }

  get result(): InvariantResult {
    const read = this.#queries.reduce((sum, query) => sum + query.read, 0);
    return {
      name: this.#invariant.name,
      checks: this.#checks,
      observed: this.#observed + read,
      violations: this.violated ? 1 : 0,
    };
  }

  look(part: "begin" | "check"): void {
    try {
      if (part === "begin") this.#expectNothing(this.#invariant.begin?.(this));
      else {
        this.#checks += 1;
        this.#expectNothing(this.#invariant.check(this));
      }
    } catch (error) {
      const stack = error instanceof Error ? error.stack : undefined;
      this.violate(describeError(error), { stack });
    }
  }

  violate(
    what: string,
    more: {
      details?: AssertionDetails | undefined;
      stack?: string | undefined;
    } = {},
  ): void {
    if (this.violated) return;
    this.violated = true;
    this.#failures.add("invariant", `${this.#invariant.name}: ${what}`, more);
    for (const query of this.#queries) query.close();
  }

  get nowMs(): number {
    return this.#world.nowMs;
  }

  get event(): number {
    return this.#world.steps;
  }

  next<T>(key: TimelineKey<T>): TimelineEntry<T> | undefined {
    let cursor = this.#cursors.get(key) as TimelineCursor<T> | undefined;
    if (cursor === undefined) {
      cursor = this.timeline(key).cursor();
      this.#cursors.set(key, cursor);
    }
    const entry = cursor.next();
    if (entry !== undefined) this.#observed += 1;
    return entry;
  }

  get<T>(key: StateKey<T>): T | undefined {
    const value = this.#world.state.get(key);
    if (value !== undefined) this.#observed += 1;
    return value;
  }

  timeline<T>(key: TimelineKey<T>): TimelineView<T> {
    return this.#world.state.timeline(key);
  }

  trace(filter: TraceFilter = {}): TraceQuery {
    const query = new TraceQuery(this.#world.trace, filter);
    this.#queries.push(query);
    return query;
  }

  observed(count: number = 1): void {
    this.#observed += count;
  }

  /** A promise would be looked at by nobody: what it finds comes after other events, and its error is lost. */
  #expectNothing(outcome: unknown): void {
    if (outcome === undefined) return;
    throw new TypeError(
      "an invariant judges at once and returns nothing: it cannot be async",
    );
  }
}
