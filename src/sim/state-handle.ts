/** The state of a seed, as one of those who take part in it holds it. */
import type {
  SharedState,
  StateKey,
  Timeline,
  TimelineCursor,
  TimelineEntry,
  TimelineKey,
  TimelineView,
} from "./state.ts";

/** In whose name a handle acts. */
export interface StateHolder {
  /** The address that its entries carry. */
  readonly source: string;
  /** Asked before everything that is written. False for the dead. */
  mayWrite(): boolean;
}

/** What may be known of a seed's state by those who only look. */
export interface StateView {
  /** Whatever was last published, itself and no copy; `undefined` before that. */
  get<T>(key: StateKey<T>): T | undefined;
  /** Whether anything was published. */
  has<T>(key: StateKey<T>): boolean;
  timeline<T>(key: TimelineKey<T>): TimelineView<T>;
}

/**
 * Shared state of one seed, fresh in each. It is there for tests: what one process publishes another sees at once,
 * through every partition, so a program that reads it to do its work proves nothing about the real world.
 *
 * What a dead process writes is dropped. Throws `SimulationError` `bad_option` for a key whose name another key has.
 */
export class StateHandle implements StateView {
  readonly #shared: SharedState;
  readonly #holder: StateHolder;

  constructor(shared: SharedState, holder: StateHolder) {
    this.#shared = shared;
    this.#holder = holder;
  }

  get<T>(key: StateKey<T>): T | undefined {
    return this.#shared.get(key);
  }

  has<T>(key: StateKey<T>): boolean {
    return this.#shared.has(key);
  }

  /** Replace whatever was published. */
  publish<T>(key: StateKey<T>, value: T): void {
    if (this.#holder.mayWrite()) this.#shared.set(key, value);
  }

  /** Replace what was published by what `change` makes of it. Returns that. */
  update<T>(key: StateKey<T>, change: (before: T | undefined) => T): T {
    const value = change(this.#shared.get(key));
    this.publish(key, value);
    return value;
  }

  /** What happened, in order: to read, and to add to. */
  timeline<T>(key: TimelineKey<T>): Timeline<T> {
    return new HeldTimeline(this.#shared, this.#holder, key);
  }
}

/** A timeline in the hands of one who takes part. */
class HeldTimeline<T> implements Timeline<T> {
  readonly #shared: SharedState;
  readonly #holder: StateHolder;
  readonly #key: TimelineKey<T>;

  constructor(shared: SharedState, holder: StateHolder, key: TimelineKey<T>) {
    this.#shared = shared;
    this.#holder = holder;
    this.#key = key;
  }

  get length(): number {
    return this.#shared.list(this.#key).length;
  }

  get last(): TimelineEntry<T> | undefined {
    return this.#shared.list(this.#key).last;
  }

  since(number: number = 0): readonly TimelineEntry<T>[] {
    return this.#shared.list(this.#key).since(number);
  }

  cursor(from: number = 0): TimelineCursor<T> {
    return this.#shared.list(this.#key).cursor(from);
  }

  emit(event: T): void {
    const { source } = this.#holder;
    if (!this.#holder.mayWrite()) return;
    this.#shared
      .list(this.#key)
      .push(this.#shared.chronology.entry(source, event));
  }
}
