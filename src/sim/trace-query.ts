/** Questions about what the processes of a world had to say. */
import { AppendList } from "../base/append-list.ts";
import type { TraceEntry, TraceLog } from "./trace-log.ts";

/** Which entries a query is about. Default: all of them. */
export interface TraceFilter {
  /** Only entries of this name. */
  readonly name?: string;
  /** Only entries of this process, by its address. */
  readonly source?: string;
}

/** Entries that wait for somebody to read them. Whoever looks after every event never meets this bound. */
const waitingMax = 10_000;

/**
 * Collects the entries that match, from now on, for one reader: `next()` gives each of them once. While a query lives
 * the log is enabled, so production code takes the trouble to describe what it does; close it when it is not needed.
 */
export class TraceQuery {
  readonly #entries = new AppendList<TraceEntry>(waitingMax);
  readonly #cursor = this.#entries.cursor();
  readonly #unsubscribe: () => void;

  constructor(log: TraceLog, filter: TraceFilter = {}) {
    const { name, source } = filter;
    this.#unsubscribe = log.listen((entry) => {
      if (name !== undefined && entry.name !== name) return;
      if (source !== undefined && entry.source !== source) return;
      this.#entries.push(entry);
    });
  }

  /** How many entries matched so far. */
  get length(): number {
    return this.#entries.length;
  }

  /** How many entries `next` gave so far. */
  get read(): number {
    return this.#entries.length - this.#cursor.pending - this.#cursor.missed;
  }

  /** How many entries were dropped unread, because 10,000 newer ones came. */
  get missed(): number {
    return this.#cursor.missed;
  }

  /** The next entry that was not read yet; `undefined` when there is none. */
  next(): TraceEntry | undefined {
    return this.#cursor.next();
  }

  /** A copy of what matched, from that number on; the first match is number 0. Default: all that are kept. */
  since(number: number = 0): readonly TraceEntry[] {
    return this.#entries.since(number);
  }

  /** Collect no more. */
  close(): void {
    this.#unsubscribe();
  }
}
