/** Where two runs of one seed part. */
import type { EventLog, Operation } from "../sim/index.ts";

/** What one run did at the place where they part. */
export interface DivergentSide {
  /** Which run: `first`, `again`, `alone`. */
  readonly run: string;
  /** `undefined` where nothing more happened. */
  readonly operation: Operation | undefined;
}

/** The first thing that two runs of one seed did not do alike. Plain data. */
export interface Divergence {
  /** Everything that a world does is counted: events, schedulings, draws, bytes. So many of them were alike. */
  readonly alike: number;
  readonly sides: readonly [DivergentSide, DivergentSide];
}

/** One run as its log has it. */
export interface LoggedRun {
  readonly hashes: Uint32Array;
  readonly picked: Operation | undefined;
}

/** Something that can be run again and again, and whose operation of that number is wanted in words. */
export interface Repeatable {
  readonly name: string;
  run(pick: number): Promise<LoggedRun>;
}

/** Where two rows of numbers part; `undefined` when they are the same. */
export function firstDifference(
  left: Uint32Array,
  right: Uint32Array,
): number | undefined {
  const shorter = Math.min(left.length, right.length);
  for (let index = 0; index < shorter; index += 1)
    if (left[index] !== right[index]) return index;
  return left.length === right.length ? undefined : shorter;
}

/** A program that depends on the machine parts elsewhere every time; after so many tries the last one is as good. */
const triesMax = 3;

/**
 * Run both until the place where they part is known, and then once more to hear what they do there. `undefined` when
 * they do not part any more.
 */
export async function findDivergence(
  left: Repeatable,
  right: Repeatable,
): Promise<Divergence | undefined> {
  let found: Divergence | undefined;
  let pick = -1;
  for (let tries = 0; tries <= triesMax; tries += 1) {
    const [one, other] = [await left.run(pick), await right.run(pick)];
    const alike = firstDifference(one.hashes, other.hashes);
    if (alike === undefined) return found;
    found = {
      alike,
      sides: [
        { run: left.name, operation: one.picked },
        { run: right.name, operation: other.picked },
      ],
    };
    if (alike === pick) return found;
    pick = alike;
  }
  return found;
}

/** What a filled log has to tell. */
export function loggedRun(log: EventLog): LoggedRun {
  return { hashes: log.hashes, picked: log.picked };
}
