/** How a plan is run on real providers. */
import type { Providers } from "../core/index.ts";
import { checkOptionNames, checkSeed, SimulationError } from "../sim/index.ts";
import type { Plan } from "./plan.ts";
import type { Member } from "./topology.ts";

/** How long the parts of a run may take, in real milliseconds. */
export interface NodeLimits {
  /** Wait for processes to start; whoever is still starting then is taken for one that never returns. Default 1 000. */
  bootMs: number;
  /** What `setup` may take. Default: the plan's `checkMs`. */
  setupMs: number;
  /** After so long `ctx.chaosOver` is true, and workloads that go on for ever end. Default: the plan's `chaosMs`. */
  runMs: number;
  /** Workloads that have not finished so long after that have failed. Default: the plan's `recoveryMs`. */
  finishMs: number;
  /** What `check` may take. Default: the plan's `checkMs`. */
  checkMs: number;
  /** What processes may take to stop. Default 5 000. */
  stopMs: number;
}

export interface NodeRunnerOptions extends Partial<NodeLimits> {
  /**
   * The real world of one member, which is asked for once for each: for a process a storage folder of its own, and
   * `stop` for the tasks. `(member, stop) => nodeProviders({ dataFolder: join(root, member.name) }, { stop })`.
   */
  providers: (member: Member, stop: AbortSignal) => Providers;
  /**
   * Where members live. `mapped`: each has the address that it has in the simulation, which is translated to a free port
   * of 127.0.0.1; this works on every system. `own`: their addresses are real, and so the providers'. Default `mapped`.
   */
  addresses?: "mapped" | "own";
  /** Decides what a seed decides that is not chaos: how many there are of each. Default: drawn. */
  seed?: number;
  /** Ends the run early: everybody is asked to stop, and the report says who was interrupted. */
  signal?: AbortSignal;
}

const limitNames = [
  "bootMs",
  "setupMs",
  "runMs",
  "finishMs",
  "checkMs",
  "stopMs",
] as const;
const optionNames: readonly string[] = [
  ...limitNames,
  ...["providers", "addresses", "seed", "signal"],
];
const bootMs = 1_000;
const stopMs = 5_000;

/** Refuse what makes no sense. Throws `SimulationError` `bad_option` or `bad_seed`. */
export function checkNodeOptions(options: NodeRunnerOptions): void {
  checkOptionNames("a node runner", options, optionNames);
  const { providers, addresses = "mapped", seed } = options;
  if (typeof providers !== "function")
    throw bad("providers", providers, "a function that makes providers");
  if (addresses !== "mapped" && addresses !== "own")
    throw bad("addresses", addresses, '"mapped" or "own"');
  if (seed !== undefined) checkSeed(seed);
  for (const name of limitNames) {
    const ms = options[name];
    if (ms !== undefined && !(Number.isFinite(ms) && ms >= 0))
      throw bad(name, ms, "milliseconds, 0 or more");
  }
}

/** The limits in force: what was asked for, and what the plan says in simulated time otherwise. */
export function limitsOf(
  { phases }: Pick<Plan, "phases">,
  options: NodeRunnerOptions,
): Readonly<NodeLimits> {
  const { chaosMs, recoveryMs, checkMs } = phases;
  const defaults: NodeLimits = {
    ...{ bootMs, setupMs: checkMs, runMs: chaosMs },
    ...{ finishMs: recoveryMs, checkMs, stopMs },
  };
  const limits = { ...defaults };
  for (const name of limitNames) limits[name] = options[name] ?? defaults[name];
  return Object.freeze(limits);
}

function bad(
  option: string,
  value: unknown,
  right: string,
): SimulationError<"bad_option"> {
  const message = `node runner option ${option} cannot be ${String(value)}: ${right}`;
  return new SimulationError("bad_option", message, { option, value });
}
