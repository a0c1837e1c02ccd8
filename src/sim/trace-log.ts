/** What the processes of a world had to say, in order. */
import { Queue } from "../base/queue.ts";
import type { TraceFields } from "../core/index.ts";

/** One structured event, with when and where. */
export interface TraceEntry {
  readonly atMs: number;
  /** The address of the process, or `world`. */
  readonly source: string;
  readonly name: string;
  readonly fields: TraceFields;
}

export type TraceListener = (entry: TraceEntry) => void;

/** Passes events to listeners and keeps the last few for reports. Costs nothing while nobody listens. */
export class TraceLog {
  readonly #listeners = new Set<TraceListener>();
  readonly #recent = new Queue<TraceEntry>();
  readonly #recentMax: number;

  /** @param recentMax how many entries to keep; 0 keeps none, and then only listeners make the log enabled. */
  constructor(recentMax: number) {
    this.#recentMax = recentMax;
  }

  get enabled(): boolean {
    return this.#recentMax > 0 || this.#listeners.size > 0;
  }

  /** The last entries, oldest first. */
  get recent(): TraceEntry[] {
    return [...this.#recent];
  }

  /** Be told of every entry from now on. Returns the way to unsubscribe. */
  listen(listener: TraceListener): () => void {
    // Wrapped, so that one function can listen twice and leave once.
    const heard = (entry: TraceEntry): void => listener(entry);
    this.#listeners.add(heard);
    return () => this.#listeners.delete(heard);
  }

  add(entry: TraceEntry): void {
    if (this.#recentMax > 0) {
      this.#recent.push(entry);
      if (this.#recent.size > this.#recentMax) this.#recent.shift();
    }
    for (const listener of this.#listeners) listener(entry);
  }
}
