/** What was broken, how often. A test that broke nothing has tested nothing, so reports show these counts. */
import { AppendList } from "../base/append-list.ts";
import {
  Chronology,
  timelineKey,
  type TimelineEntry,
  type TimelineKey,
} from "./state.ts";

/** One fault that struck, or the end of one. */
export interface SimFaultEvent {
  /** As reports call it: `crash`, `partition`, `bit flip`, … */
  readonly kind: string;
  /** What it struck: addresses of machines, mostly; from and to where it has a direction. Empty where it has no place. */
  readonly targets: readonly string[];
}

/**
 * Every fault of a world, and where it ends by an event of its own the end of it (`healed`, `unclogged`, `connection
 * restored`, `reboot`): `ctx.timeline(simFaults)`. Kept are the last 1,000 at least; a cursor that looks after every
 * event misses none.
 */
export const simFaults: TimelineKey<SimFaultEvent> = timelineKey("sim:faults");

const keptMax = 1_000;

/** Counts faults by kind, in order of first appearance, and keeps the last ones. */
export class FaultLog {
  /** The last faults, with the ends of some among them. */
  readonly recent: AppendList<TimelineEntry<SimFaultEvent>> = new AppendList(
    keptMax,
  );
  readonly #chronology: Chronology;
  readonly #counts = new Map<string, number>();

  constructor(chronology: Chronology = new Chronology(() => 0)) {
    this.#chronology = chronology;
  }

  /** A fault struck. */
  count(kind: string, ...targets: readonly string[]): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    this.#record(kind, targets);
  }

  /** Something that is no fault by itself, but belongs to the story of one: its end. */
  tell(kind: string, ...targets: readonly string[]): void {
    this.#record(kind, targets);
  }

  /** How often each kind struck so far. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  #record(kind: string, targets: readonly string[]): void {
    this.recent.push(this.#chronology.entry("world", { kind, targets }));
  }
}
