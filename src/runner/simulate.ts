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
  checkAloneSeeds,
  defaultAloneSeeds,
  isolate,
  seedsToIsolate,
  type AloneOptions,
} from "./proof-alone.ts";
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
  /**
   * Run some seeds once more in a thread of their own, where no other seed came before: what a variable of a module
   * keeps from one seed to the next shows there. Default: none, since it takes a module that exports this very
   * simulation. `wavetank run` does it.
   */
  alone?: AloneOptions;
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
  "alone",
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
  if (options.alone !== undefined) checkAloneSeeds(options.alone);
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
      ...{
        seed,
        ...how,
        traceRecentMax: 0,
        keepOrigins: false,
        log: undefined,
      },
    });
    tally.add(result, elapsedMs() - beganMs);
    if (result.failures.length > 0 || isInShare(tally.done - 1, rerunShare))
      tally.runAgain(await runAgain(plan, result, how), recipe);
    tell();
  }
  const wallMs = elapsedMs();
  if (ended !== "aborted") await aloneToo(plan, options, tally);
  return tally.report(wallMs, ended ?? "finished");
}

/** What was run is run alone, if it is known how. */
async function aloneToo(
  plan: Plan,
  { alone, settling = "tick", signal }: RunOptions,
  tally: Tally,
): Promise<void> {
  if (alone === undefined) return;
  const { module, seeds = defaultAloneSeeds } = alone;
  // Whatever had a recipe was one seed, with nothing before it.
  const how = {
    recipe: [],
    settling,
    escapes: "off",
    allowEscape: allowNone,
  } as const;
  tally.alone = await isolate(
    { plan, module, how, signal },
    seedsToIsolate([...tally.healthy], seeds),
    (leak) => tally.fail(leak, []),
  );
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
