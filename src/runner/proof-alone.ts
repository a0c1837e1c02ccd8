/** Seeds that come after others, run once more where nothing came before: they must take the same course. */
import { callInFreshThread } from "../node/index.ts";
import {
  EventLog,
  SimulationError,
  type Breakpoint,
  type Settling,
} from "../sim/index.ts";
import {
  findDivergence,
  type LoggedRun,
  type Repeatable,
} from "./divergence.ts";
import { describeError } from "./failure.ts";
import type { Plan } from "./plan.ts";
import { nondeterminism, repeatable, type HowToRun } from "./proof-rerun.ts";
import { runSeed } from "./seed-run.ts";
import type { SeedResult } from "./seed-result.ts";

/** How to run seeds alone. */
export interface AloneOptions {
  /** The address (`file:///…`) of the module that exports the simulation: as default, or under any name. */
  readonly module: string;
  /** How many seeds of a run. Default 2. */
  readonly seeds?: number;
}

/** What became of it. Plain data. */
export interface AloneReport {
  /** How many seeds took the same course alone as after others. */
  readonly seeds: number;
  /** Why they could not be run alone, if that is so. */
  readonly trouble: string | undefined;
}

export const defaultAloneSeeds = 2;

/** Refuse a number of seeds that is none. */
export function checkAloneSeeds({ seeds = 0 }: AloneOptions): void {
  if (Number.isSafeInteger(seeds) && seeds >= 0) return;
  const message = `alone.seeds cannot be ${seeds}: a whole number, 0 or more, is`;
  throw new SimulationError("bad_option", message, {
    option: "alone.seeds",
    value: seeds,
  });
}

/** The last seed of a run, which had the most before it, and others in equal steps. Never the first: nothing was before. */
export function seedsToIsolate<T>(seeds: readonly T[], count: number): T[] {
  const steps = Math.min(count, seeds.length - 1);
  return Array.from(
    { length: Math.max(steps, 0) },
    (_, step) => Math.floor((seeds.length * (steps - step)) / steps) - 1,
  )
    .filter((index) => index > 0)
    .map((index) => seeds[index] as T);
}

/** What a thread is asked, and what it answers. */
interface AloneRequest {
  readonly module: string;
  readonly seed: number;
  readonly recipe: readonly Breakpoint[];
  readonly settling: Settling;
  /** The operation that is wanted in words; `undefined` where only the fingerprint is wanted. */
  readonly pick: number | undefined;
}
interface AloneAnswer extends LoggedRun {
  readonly fingerprint: string;
}

/** Run one seed of a module's simulation. Called in a fresh thread, by its name. */
export async function runAlone(request: AloneRequest): Promise<AloneAnswer> {
  const { module, seed, recipe, settling, pick } = request;
  const plan = await planOf(module);
  const log = pick === undefined ? undefined : new EventLog(pick);
  const { fingerprint } = await runSeed(plan, {
    ...{ seed, recipe, settling, log, traceRecentMax: 0, keepOrigins: false },
    ...{ escapes: "off", allowEscape: () => true },
  });
  const hashes = log?.hashes ?? new Uint32Array();
  return { fingerprint, hashes, picked: log?.picked };
}

async function planOf(module: string): Promise<Plan> {
  const exported = (await import(module)) as Record<string, unknown>;
  const found = [exported["default"], ...Object.values(exported)].find(
    isSimulation,
  );
  if (found === undefined) throw new Error(`${module} exports no simulation`);
  return found.plan();
}

/** Not `instanceof`: this module is below the builder's. */
function isSimulation(value: unknown): value is { plan(): Plan } {
  const { plan, run } = (value ?? {}) as { plan?: unknown; run?: unknown };
  return typeof plan === "function" && typeof run === "function";
}

/** One seed of a run, and how the others were run. */
export interface AloneParts {
  readonly plan: Plan;
  readonly module: string;
  readonly how: HowToRun;
  readonly seed: number;
  /** What it came to after others. */
  readonly fingerprint: string;
}

/** The seed as a failure if it takes another course alone; `undefined` if it does not. */
export async function leakOf(
  parts: AloneParts,
): Promise<SeedResult | undefined> {
  const { plan, how, seed, fingerprint } = parts;
  const alone = (await ask(parts, undefined)).fingerprint;
  if (alone === fingerprint) return undefined;
  const here = await runSeed(plan, {
    ...{ ...how, seed, traceRecentMax: 0, keepOrigins: false, log: undefined },
  });
  const divergence = await findDivergence(
    isolated(parts),
    repeatable(plan, "after others", { ...how, seed }),
  );
  const message =
    `the seed takes another course alone (${alone}) than after others (${fingerprint}): ` +
    "something is kept from one seed to the next, perhaps in a variable of a module";
  const failures = [nondeterminism(message, divergence), ...here.failures];
  return { ...here, fingerprint, failures, divergence };
}

function isolated(parts: AloneParts): Repeatable {
  return { name: "alone", run: (pick) => ask(parts, pick) };
}

async function ask(
  { module, how, seed }: AloneParts,
  pick: number | undefined,
): Promise<AloneAnswer> {
  const { recipe, settling } = how;
  const argument: AloneRequest = { module, seed, recipe, settling, pick };
  const call = { module: import.meta.url, name: runAlone.name, argument };
  return (await callInFreshThread(call)) as AloneAnswer;
}

/** Run some seeds of a run alone, and hand over those that are different then. */
export async function isolate(
  run: Omit<AloneParts, "seed" | "fingerprint"> & {
    readonly signal: AbortSignal | undefined;
  },
  prints: readonly (readonly [seed: number, fingerprint: string])[],
  onLeak: (result: SeedResult) => void,
): Promise<AloneReport> {
  let seeds = 0;
  for (const [seed, fingerprint] of prints) {
    if (run.signal?.aborted === true) break;
    try {
      const leak = await leakOf({ ...run, seed, fingerprint });
      if (leak !== undefined) onLeak(leak);
      else seeds += 1;
    } catch (error) {
      return { seeds, trouble: describeError(error) };
    }
  }
  return { seeds, trouble: undefined };
}
