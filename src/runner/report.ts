/** What a run of many seeds came to: plain data, made to be printed or compared. */
import {
  formatTimeline,
  type Breakpoint,
  type SimFaultEvent,
  type TimelineEntry,
  type TraceEntry,
} from "../sim/index.ts";
import type { DrawnChaos } from "./chaos.ts";
import type { Divergence } from "./divergence.ts";
import type { Failure } from "./failure.ts";
import type { InvariantResult } from "./invariant.ts";
import type { SimulationMetrics } from "./metrics.ts";
import type { Observation } from "./observations.ts";
import type { AloneReport } from "./proof-alone.ts";
import type { Escape } from "./proof-escapes.ts";
import type { LeftBehind } from "./settle.ts";

/** One seed that failed, with everything needed to see it again. */
export interface FailedSeed {
  readonly seed: number;
  readonly recipe: readonly Breakpoint[];
  /** In order of time; the first is the one to look at. */
  readonly failures: readonly Failure[];
  readonly fingerprint: string;
  /** What was drawn for this seed. */
  readonly chaos: DrawnChaos;
  /** The last faults before the first failure. */
  readonly struck: readonly TimelineEntry<SimFaultEvent>[];
  /** Where it parted from another run of the same seed, if it did. */
  readonly divergence?: Divergence | undefined;
  /** The last things that processes said before the first failure. */
  readonly recent: readonly TraceEntry[];
}

/**
 * Why a run ended: all seeds are done, its time was up, enough seeds had failed, or its signal fired. `running` in the
 * reports that are given to `onProgress`.
 */
export type RunEnd =
  "running" | "finished" | "time_limit" | "failures_max" | "aborted";

/** A seed that took longer by the host's clock than `seedWarningMs`. */
export interface SlowSeed {
  readonly seed: number;
  readonly wallMs: number;
}

export interface SimulationReport {
  readonly name: string;
  /** The base that seeds were derived from; undefined where they were listed. */
  readonly base: number | undefined;
  /** How many seeds there were to run; `Infinity` where only time was to end the run. */
  readonly total: number;
  readonly ended: RunEnd;
  /** Seeds that were run, and the fingerprint of each. */
  readonly fingerprints: ReadonlyMap<number, string>;
  readonly failed: readonly FailedSeed[];
  /** What is wrong with the run as a whole: something that had to happen and never did. */
  readonly problems: readonly string[];
  readonly simulatedMs: number;
  readonly events: number;
  readonly wallMs: number;
  /** What each seed took, failed ones included; `averageMetrics(report)` has the average. */
  readonly metrics: ReadonlyMap<number, SimulationMetrics>;
  /** How often each kind of fault struck, over all seeds. */
  readonly faults: ReadonlyMap<string, number>;
  readonly observations: readonly Observation[];
  /** What came of each invariant, over all seeds. */
  readonly invariants: readonly InvariantResult[];
  readonly ghostCalls: number;
  /** What members still held after they had been asked to stop. */
  readonly leftBehind: readonly LeftBehind[];
  /** Seeds that took longer than `seedWarningMs`. */
  readonly slowSeeds: readonly SlowSeed[];
  /** Places in the code that used the machine's own clock, entropy, files or sockets in a step. */
  readonly escapes: readonly Escape[];
  /** How many seeds were run twice, to see that they take the same course. */
  readonly runAgain: number;
  /** What became of the seeds that were run alone, if any were to be. */
  readonly alone?: AloneReport | undefined;
  /** Neither a failed seed nor a problem. */
  readonly success: boolean;
}

/** The line to paste: into a terminal, or without a file behind the builder. */
export function replayLine(
  file: string | undefined,
  failed: Pick<FailedSeed, "seed" | "recipe">,
): string {
  const { seed } = failed;
  const recipe = formatTimeline(failed.recipe);
  if (file === undefined) {
    const steered = recipe === "" ? "" : `, recipe: parseTimeline("${recipe}")`;
    return `run({ seeds: [${seed}]${steered} })`;
  }
  const steered = recipe === "" ? "" : ` --recipe "${recipe}"`;
  const path = /\s/.test(file) ? `"${file}"` : file;
  return `npx wavetank replay ${path} --seed ${seed}${steered}`;
}
