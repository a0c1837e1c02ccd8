/** Many seeds, one after the other, into one report. */
import { hostNowMs } from "../node/index.ts";
import {
  checkOptionNames,
  SimulationError,
  type Breakpoint,
  type Settling,
} from "../sim/index.ts";
import {
  resolveIterations,
  type IterationControl,
  type Iterations,
} from "./iterations.ts";
import type { Plan } from "./plan.ts";
import {
  withEscapeDetector,
  type AllowEscape,
  type EscapeMode,
} from "./proof-escapes.ts";
import { checkPlan } from "./plan-checks.ts";
import {
  checkShare,
  defaultRerunShare,
  isInShare,
  runAgain,
} from "./proof-rerun.ts";
import type { RunEnd, SimulationReport } from "./report.ts";
import { runSeed } from "./seed-run.ts";
import { Tally } from "./tally.ts";

export interface RunOptions extends IterationControl {
  /** What the seeds are derived from. Default: drawn from the machine, and in the report. */
  base?: number;
  /** Where chance is steered elsewhere; for one seed only. */
  recipe?: readonly Breakpoint[];
  /** How promise jobs are drained. Default `tick`. */
  settling?: Settling;
  /** Stop after this many failed seeds; `Infinity` for never. Default 10. */
  failuresMax?: number;
  /** What becomes of uses of the machine's own clock, entropy, timers, files and sockets in a step. Default `warn`. */
  escapes?: EscapeMode;
  /** Says which of those are all right. Default: none. For a single place in your code there is `allowEscapes`. */
  allowEscape?: AllowEscape;
  /**
   * The share of seeds that are run twice, to see that they take the same course, from 0 to 1. Failed ones always are.
   * Default 0.05: the twentieth, the fortieth, … of a run.
   */
  rerunShare?: number;
  /** Told before the first seed and after each one. `total` is `Infinity` where only a time limit ends the run. */
  onProgress?: (done: number, total: number, report: SimulationReport) => void;
  /** Ends the run after the seed that is running. */
  signal?: AbortSignal;
}

const runOptions = [
  "seeds",
  "base",
  "recipe",
  "settling",
  "failuresMax",
  "escapes",
  "allowEscape",
  "rerunShare",
  "onProgress",
  "signal",
  "timeLimitMs",
];
const defaultFailuresMax = 10;

/** Run seeds until all are done, or enough have failed, or time is up. */
export async function simulate(
  plan: Plan,
  options: RunOptions = {},
): Promise<SimulationReport> {
  const { escapes = "warn" } = options;
  return withEscapeDetector(escapes, () => runSeeds(plan, options));
}

async function runSeeds(
  plan: Plan,
  options: RunOptions,
): Promise<SimulationReport> {
  const {
    settling = "tick",
    failuresMax = defaultFailuresMax,
    escapes = "warn",
    allowEscape = allowNone,
    rerunShare = defaultRerunShare,
  } = options;
  checkShare("rerunShare", rerunShare);
  checkOptionNames("a run", options, runOptions);
  checkFailuresMax(failuresMax);
  checkPlan(plan);
  const iterations = chooseIterations(plan, options);
  const { recipe, total } = iterations;
  const tally = new Tally(plan, iterations);
  const startMs = hostNowMs();
  const elapsedMs = (): number => hostNowMs() - startMs;
  const tell = (): void =>
    options.onProgress?.(tally.done, total, tally.report(elapsedMs()));
  const stops = (): RunEnd | undefined => {
    if (options.signal?.aborted === true) return "aborted";
    if (tally.failedCount >= failuresMax) return "failures_max";
    const late = tally.done > 0 && elapsedMs() >= iterations.timeLimitMs;
    return late ? "time_limit" : undefined;
  };
  tell();
  let ended: RunEnd | undefined;
  for (const seed of iterations.seeds) {
    ended = stops();
    if (ended !== undefined) break;
    const beganMs = elapsedMs();
    const how = { recipe, settling, escapes, allowEscape };
    const result = await runSeed(plan, {
      ...{ seed, ...how, traceRecentMax: 0, log: undefined },
    });
    tally.add(result, elapsedMs() - beganMs);
    if (result.failures.length > 0 || isInShare(tally.done - 1, rerunShare))
      tally.runAgain(await runAgain(plan, result, how), recipe);
    tell();
  }
  return tally.report(elapsedMs(), ended ?? "finished");
}

function chooseIterations(plan: Plan, run: RunOptions): Iterations {
  const { iterations: builder, debugSeeds, replay } = plan;
  return resolveIterations({
    ...{ builder, run, debugSeeds, replay, recipe: run.recipe },
  });
}

function checkFailuresMax(failuresMax: number): void {
  if (
    failuresMax === Infinity ||
    (Number.isSafeInteger(failuresMax) && failuresMax > 0)
  )
    return;
  const message = `failuresMax must be a whole number above 0, or Infinity, not ${failuresMax}`;
  throw new SimulationError("bad_option", message, {
    option: "failuresMax",
    value: failuresMax,
  });
}

function allowNone(): boolean {
  return false;
}
