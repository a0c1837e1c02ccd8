/** Many seeds, one after the other, into one report. */
import { drawSeed, hostNowMs } from "../node/index.ts";
import {
  checkOptionNames,
  SimulationError,
  type Breakpoint,
  type Settling,
} from "../sim/index.ts";
import type { Plan } from "./plan.ts";
import type { SimulationReport } from "./report.ts";
import { runSeed } from "./seed-run.ts";
import type { SeedResult } from "./seed-result.ts";
import { seedList, type Seeds } from "./seeds.ts";
import { Tally } from "./tally.ts";

export interface RunOptions {
  /** How many seeds, or exactly which. Default 100. */
  seeds?: Seeds;
  /** What the seeds are derived from. Default: drawn from the machine, and in the report. */
  base?: number;
  /** Where chance is steered elsewhere; for one seed only. */
  recipe?: readonly Breakpoint[];
  /** How promise jobs are drained. Default `tick`. */
  settling?: Settling;
  /** Stop after this many failed seeds; `Infinity` for never. Default 10. */
  failuresMax?: number;
  /** Told before the first seed and after each one. */
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
  "onProgress",
  "signal",
];
/** Trace entries that are kept when a failed seed is run again. */
const traceRecentMax = 200;
const defaultSeeds = 100;
const defaultFailuresMax = 10;

/** Run seeds until all are done, or enough have failed. */
export async function simulate(
  plan: Plan,
  options: RunOptions = {},
): Promise<SimulationReport> {
  const {
    recipe = [],
    settling = "tick",
    failuresMax = defaultFailuresMax,
  } = options;
  checkOptionNames("a run", options, runOptions);
  checkFailuresMax(failuresMax);
  const base = options.base ?? drawSeed();
  const seeds = seedList(options.seeds ?? defaultSeeds, base);
  checkRecipe(recipe, seeds);
  const tally = new Tally(plan, base);
  const startMs = hostNowMs();
  const report = (whole: boolean): SimulationReport =>
    tally.report(hostNowMs() - startMs, whole);
  options.onProgress?.(0, seeds.length, report(false));
  let done = 0;
  for (const seed of seeds) {
    if (options.signal?.aborted === true) break;
    const result = await runSeed(plan, {
      seed,
      recipe,
      settling,
      traceRecentMax: 0,
    });
    tally.add(result);
    if (result.failures.length > 0)
      tally.fail(await runAgain(plan, result, { recipe, settling }), recipe);
    done += 1;
    options.onProgress?.(done, seeds.length, report(false));
    if (report(false).failed.length >= failuresMax) break;
  }
  return report(done === seeds.length);
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

function checkRecipe(
  recipe: readonly Breakpoint[],
  seeds: readonly number[],
): void {
  if (recipe.length === 0 || seeds.length === 1) return;
  const message = `a recipe steers one seed, not ${seeds.length}: give the seed that it belongs to`;
  throw new SimulationError("bad_option", message, {
    option: "recipe",
    value: recipe,
  });
}

/** A failed seed is run once more, now with its story told; it must take the very same course. */
async function runAgain(
  plan: Plan,
  first: SeedResult,
  how: { recipe: readonly Breakpoint[]; settling: Settling },
): Promise<SeedResult> {
  const second = await runSeed(plan, {
    seed: first.seed,
    ...how,
    traceRecentMax,
  });
  if (second.fingerprint === first.fingerprint) return second;
  const message =
    `the seed took another course when it was run again (${first.fingerprint}, then ${second.fingerprint}): ` +
    "something in the program depends on more than its providers";
  const failure = {
    kind: "nondeterminism" as const,
    message,
    atMs: 0,
    event: 0,
    details: undefined,
    stack: undefined,
  };
  return {
    ...first,
    failures: [failure, ...first.failures],
    recent: second.recent,
  };
}
