/** Which seeds a run tries, and when it has tried enough. */
import { drawSeed } from "../node/index.ts";
import {
  checkOptionNames,
  checkSeed,
  SimulationError,
  type Breakpoint,
  type BugRecipe,
} from "../sim/index.ts";
import { derivedSeeds, listedSeeds, type Seeds } from "./seeds.ts";

/** How long a run goes on. What is given to `run` goes before what the builder was told. */
export interface IterationControl {
  /** How many seeds, or exactly which. Default 100; without end where there is a time limit. */
  seeds?: Seeds;
  /**
   * Begin no other seed once the run has taken so long by the host's clock. The first is always run, and the one that
   * is running always ends.
   */
  timeLimitMs?: number;
}

/** What else decides which seeds are tried. */
export interface IterationParts {
  readonly builder: IterationControl;
  readonly run: IterationControl & { readonly base?: number };
  readonly debugSeeds: readonly number[];
  readonly replay: BugRecipe | undefined;
  readonly recipe: readonly Breakpoint[] | undefined;
}

/** The seeds of one run, in order. */
export interface Iterations {
  /** What seeds were derived from; undefined where they were listed. */
  readonly base: number | undefined;
  readonly seeds: Iterable<number>;
  /** How many there are; `Infinity` where only time ends them. */
  readonly total: number;
  readonly timeLimitMs: number;
  readonly recipe: readonly Breakpoint[];
}

const defaultSeeds = 100;

/** Refuse what is no iteration control, before anything starts. */
export function checkIterations(given: IterationControl): void {
  checkOptionNames("iterations", given, ["seeds", "timeLimitMs"]);
  if (typeof given.seeds === "object") listedSeeds(given.seeds);
  else if (given.seeds !== undefined) checkSeedCount(given.seeds);
  checkTimeLimit(given.timeLimitMs);
}

/** Put together what the builder was told and what `run` was given. */
export function resolveIterations(parts: IterationParts): Iterations {
  const { builder, run, replay } = parts;
  if (replay !== undefined) return replaying(parts, replay);
  const timeLimitMs = run.timeLimitMs ?? builder.timeLimitMs ?? Infinity;
  checkTimeLimit(timeLimitMs);
  const asked = run.seeds ?? builder.seeds;
  if (typeof asked === "number") checkSeedCount(asked);
  if (run.base !== undefined) checkSeed(run.base);
  const which =
    typeof asked === "object"
      ? listed(asked)
      : derived(parts, asked ?? defaultCount(timeLimitMs));
  const iterations = { ...which, recipe: parts.recipe ?? [], timeLimitMs };
  checkRecipe(iterations);
  return iterations;
}

function defaultCount(timeLimitMs: number): number {
  return timeLimitMs === Infinity ? defaultSeeds : Infinity;
}

type Which = Pick<Iterations, "base" | "seeds" | "total">;

function listed(seeds: readonly number[]): Which {
  return { base: undefined, seeds: listedSeeds(seeds), total: seeds.length };
}

function derived({ run, debugSeeds }: IterationParts, count: number): Which {
  const base = run.base ?? drawSeed();
  const seeds = debugSeedsFirst(debugSeeds, derivedSeeds(base, count));
  return { base, seeds, total: debugSeeds.length + count };
}

function* debugSeedsFirst(
  debugSeeds: readonly number[],
  others: Iterable<number>,
): Generator<number> {
  yield* debugSeeds;
  yield* others;
}

/** A builder that replays a recipe runs that, and nothing else. */
function replaying(
  { run, recipe }: IterationParts,
  replay: BugRecipe,
): Iterations {
  const other = run.seeds ?? run.base ?? run.timeLimitMs ?? recipe;
  const how = { recipe: replay.recipe, timeLimitMs: Infinity };
  if (other === undefined) return { ...listed([replay.seed]), ...how };
  const message = `this builder replays seed ${replay.seed}: a run of it takes no seeds, base, recipe or time limit`;
  throw new SimulationError("bad_option", message, {
    option: "replayRecipe",
    value: other,
  });
}

function checkSeedCount(seeds: number): void {
  if (Number.isSafeInteger(seeds) && seeds >= 1) return;
  const message = `the number of seeds must be a whole number above 0, not ${seeds}`;
  throw new SimulationError("bad_option", message, {
    option: "seeds",
    value: seeds,
  });
}

function checkTimeLimit(timeLimitMs: number | undefined): void {
  if (timeLimitMs === undefined || timeLimitMs > 0) return;
  const message = `timeLimitMs cannot be ${timeLimitMs}: milliseconds above 0 are`;
  throw new SimulationError("bad_option", message, {
    option: "timeLimitMs",
    value: timeLimitMs,
  });
}

function checkRecipe({ recipe, total }: Iterations): void {
  if (recipe.length === 0 || total === 1) return;
  const message = `a recipe steers one seed, not ${total}: give the seed that it belongs to`;
  throw new SimulationError("bad_option", message, {
    option: "recipe",
    value: recipe,
  });
}
