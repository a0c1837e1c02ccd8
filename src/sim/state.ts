/**
 * What the parts of one seed tell each other behind the program's back: values and timelines, for tests only.
 *
 * A process of a real cluster shares nothing with others. What is published here reaches its readers at once, through
 * every partition, so it is for those who judge: workloads, injectors and invariants.
 */
import { AppendList, type ListCursor } from "../base/append-list.ts";
import { SimulationError } from "./error.ts";

/** Where a value is published. Make one per value, export it, and use the very same everywhere. */
export interface StateKey<T> {
  readonly name: string;
  readonly kind: "value";
  /** Never there: it only ties the key to its type. */
  readonly type?: (value: T) => T;
}

/** Where entries are put down one after another. Make one per timeline, export it, and use the very same everywhere. */
export interface TimelineKey<T> {
  readonly name: string;
  readonly kind: "timeline";
  /** Never there: it only ties the key to its type. */
  readonly type?: (entry: T) => T;
}

/** `export const leader = stateKey<string>("leader")`. The name is for messages. */
export function stateKey<T>(name: string): StateKey<T> {
  return Object.freeze({ name, kind: "value" as const });
}

/** `export const applied = timelineKey<Transfer>("applied")`. The name is for messages. */
export function timelineKey<T>(name: string): TimelineKey<T> {
  return Object.freeze({ name, kind: "timeline" as const });
}

/** One thing that happened, with when, where, and its place in the order of everything that happened in its world. */
export interface TimelineEntry<T> {
  /** From 1, over all timelines of a world: entries of two timelines can be put in order. */
  readonly seq: number;
  /** Simulated milliseconds. */
  readonly atMs: number;
  /** The address of whoever put it down; `world` for the world itself. */
  readonly source: string;
  readonly event: T;
}

/** One reader's place in a timeline. */
export type TimelineCursor<T> = ListCursor<TimelineEntry<T>>;

/** Everything of one kind that happened in a world, in order. Entries stay when whoever put them down is dead. */
export interface TimelineView<T> {
  /** How many entries there ever were. */
  readonly length: number;
  /** The newest entry. */
  readonly last: TimelineEntry<T> | undefined;
  /** A copy of the entries from that number on, oldest first; the first entry ever is number 0. Default: all. */
  since(number?: number): readonly TimelineEntry<T>[];
  /** A reader that is given each entry once. It begins with the oldest, or with that number. */
  cursor(from?: number): TimelineCursor<T>;
}

/** A timeline to read, and to put things down on. */
export interface Timeline<T> extends TimelineView<T> {
  /** Put something down. Does nothing when the process that it was given to is dead. */
  emit(event: T): void;
}

/** Where the clock of a timeline stands, and the number that the next entry gets. One per world. */
export class Chronology {
  readonly #nowMs: () => number;
  #seq = 0;

  /** @param nowMs the time that entries are stamped with */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Something happened now. */
  entry<T>(source: string, event: T): TimelineEntry<T> {
    this.#seq += 1;
    return { seq: this.#seq, atMs: this.#nowMs(), source, event };
  }
}

type List<T> = AppendList<TimelineEntry<T>>;

/** All values and timelines of one world. Whoever takes part holds a `StateHandle` to it. */
export class SharedState {
  readonly chronology: Chronology;
  readonly #values = new Map<StateKey<unknown>, unknown>();
  readonly #timelines = new Map<TimelineKey<unknown>, List<unknown>>();
  readonly #keys = new Set<object>();
  readonly #labels = new Set<string>();

  constructor(chronology: Chronology) {
    this.chronology = chronology;
  }

  /** Whatever was last published, if anything was. */
  get<T>(key: StateKey<T>): T | undefined {
    return this.#values.get(this.#known(key) as StateKey<unknown>) as
      T | undefined;
  }

  /** Whether anything was published. */
  has<T>(key: StateKey<T>): boolean {
    return this.#values.has(this.#known(key) as StateKey<unknown>);
  }

  set<T>(key: StateKey<T>, value: T): void {
    this.#values.set(this.#known(key) as StateKey<unknown>, value);
  }

  list<T>(key: TimelineKey<T>): List<T> {
    const known = this.#known(key) as TimelineKey<unknown>;
    let list = this.#timelines.get(known) as List<T> | undefined;
    if (list === undefined) {
      list = new AppendList();
      this.#timelines.set(known, list as List<unknown>);
    }
    return list;
  }

  /** A timeline that the world keeps itself. */
  adopt<T>(key: TimelineKey<T>, list: List<T>): void {
    this.#timelines.set(
      this.#known(key) as TimelineKey<unknown>,
      list as List<unknown>,
    );
  }

  /** Keys are told apart by identity; two that look alike would never see each other's values. */
  #known<K extends { readonly name: string; readonly kind: string }>(
    key: K,
  ): K {
    // First, and without a new string: invariants come by after every event.
    if (this.#keys.has(key)) return key;
    const label = `${key.kind} ${key.name}`;
    if (!this.#labels.has(label)) {
      this.#keys.add(key);
      this.#labels.add(label);
      return key;
    }
    const message = `two keys are called "${key.name}": make one, and import it wherever it is used`;
    throw new SimulationError("bad_option", message, {
      option: "state key",
      value: key.name,
    });
  }
}
