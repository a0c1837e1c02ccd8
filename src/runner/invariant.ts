/** What must hold after every single event of a seed, and what whoever says so is given to look at. */
import type {
  StateKey,
  TimelineEntry,
  TimelineKey,
  TimelineView,
  TraceFilter,
  TraceQuery,
} from "../sim/index.ts";

/**
 * A property that is looked at after every event, when all promises have settled. It must hold at each of these
 * instants, however short: no process sees the state of all, but an invariant does.
 *
 * It may look and judge, and nothing else: an invariant that draws chance or schedules anything would change what it
 * looks at, and fails the seed. It runs millions of times, so it reads what is new (`view.next`) and does not allocate.
 */
export interface Invariant {
  /** How reports call it. Each needs a name of its own. */
  readonly name: string;
  /** Once in each seed, before the first event: forget other seeds, and ask for traces. */
  begin?(view: InvariantView): void;
  /** After every event. A throw, or an assertion that does not hold, fails the seed and ends the looking. */
  check(view: InvariantView): void;
}

/** Makes a fresh invariant for each seed. */
export type InvariantFactory = () => Invariant;

/**
 * What an invariant sees. All that it reads through `next`, `get` and `trace` counts as observed, and so does every
 * assertion that must always hold: one that observed nothing in a whole run has proved nothing, and fails the run.
 */
export interface InvariantView {
  /** Simulated milliseconds. */
  readonly nowMs: number;
  /** The number of the event that just happened: the same in every replay. */
  readonly event: number;
  /** The next entry that this invariant has not seen; `undefined` when there is none yet. */
  next<T>(key: TimelineKey<T>): TimelineEntry<T> | undefined;
  /** What was last published; `undefined` when nothing was. */
  get<T>(key: StateKey<T>): T | undefined;
  /** A timeline as a whole. Looking at it does not count by itself. */
  timeline<T>(key: TimelineKey<T>): TimelineView<T>;
  /** Collect trace entries from now on. Ask once, in `begin`; what `next()` of the query gives counts. */
  trace(filter?: TraceFilter): TraceQuery;
  /** Something else was looked at. Default: one thing. */
  observed(count?: number): void;
}

/** An invariant without state of its own: `invariantFn("one leader", (view) => …)`. */
export function invariantFn(
  name: string,
  check: (view: InvariantView) => void,
): Invariant {
  return { name, check };
}

/** What came of one invariant, in a seed or in all of them. */
export interface InvariantResult {
  readonly name: string;
  /** How often it was looked at: once an event, until it was violated. */
  readonly checks: number;
  /** How many things it looked at. */
  readonly observed: number;
  /** In how many seeds it did not hold. */
  readonly violations: number;
}
