/** Everything that a builder collected: what runs, what breaks, for how long. */
import { withDefaults } from "../base/with-defaults.ts";
import {
  checkOptionNames,
  SimulationError,
  type BugRecipe,
  type Crash,
} from "../sim/index.ts";
import type { AttackEntry } from "./attack.ts";
import type { ChaosOptions } from "./chaos.ts";
import type { ClientId, WorkloadCount } from "./clients.ts";
import type { ResolvedFaultBudget } from "./fault-budget.ts";
import type { FaultInjector } from "./faults.ts";
import type { IterationControl } from "./iterations.ts";
import type { InvariantFactory } from "./invariant.ts";
import type { ClusterLayout } from "./locality.ts";
import type { Process, Workload } from "./program.ts";
import { defaultSettleOptions, type SettleOptions } from "./settle.ts";

/** How long the parts of a run take, in simulated milliseconds. */
export interface Phases {
  /** Workloads run and things break. Ends early when the last workload has finished. Default 10 000. */
  chaosMs: number;
  /** Everything is healed; workloads that have not finished by the end of it are stuck. Default 60 000. */
  recoveryMs: number;
  /** What `setup` may take, and `check`. Default 60 000. */
  checkMs: number;
}

export const defaultPhases: Readonly<Phases> = Object.freeze({
  chaosMs: 10_000,
  recoveryMs: 60_000,
  checkMs: 60_000,
});

export function resolvePhases(given: Partial<Phases>): Readonly<Phases> {
  checkOptionNames("phases", given, Object.keys(defaultPhases));
  const phases = withDefaults(defaultPhases, given);
  for (const option of ["chaosMs", "recoveryMs", "checkMs"] as const) {
    if (Number.isFinite(phases[option]) && phases[option] >= 0) continue;
    const message = `phase ${option} cannot be ${phases[option]}: milliseconds, 0 or more, are`;
    throw new SimulationError("bad_option", message, {
      option,
      value: phases[option],
    });
  }
  return Object.freeze(phases);
}

/**
 * A factory of fresh workloads, so that no seed sees what another left behind.
 *
 * @param index among those that it makes for one seed, from 0
 */
export type WorkloadFactory = (index: number) => Workload;

/** Workloads of one factory. */
export interface WorkloadEntry {
  readonly count: WorkloadCount;
  readonly clientId: ClientId;
  readonly factory: WorkloadFactory;
}

/** Told before each world of a run is made: where state that outlives a world can be cleared. */
export type BeforeIteration = (seed: number) => void | Promise<void>;

export interface Plan {
  readonly name: string;
  readonly processes: readonly Process[];
  /** How large the cluster is, if some processes stand in one. */
  readonly cluster: Readonly<ClusterLayout> | undefined;
  readonly workloads: readonly WorkloadEntry[];
  readonly attacks: readonly AttackEntry[];
  readonly injectors: readonly FaultInjector[];
  readonly budgets: readonly ResolvedFaultBudget[];
  readonly invariants: readonly InvariantFactory[];
  readonly chaos: ChaosOptions;
  readonly phases: Readonly<Phases>;
  readonly settling: Readonly<SettleOptions>;
  /** Whether a process that died like this is part of the plan. */
  readonly expectedCrash: (crash: Crash) => boolean;
  /** Kinds of faults that must have struck at least once in a run. */
  readonly requiredFaults: readonly string[];
  /** Whether `sometimes` assertions that never held fail the run. */
  readonly requireSometimes: boolean;
  /** Whether the run is meant to assert nothing. */
  readonly withoutChecks: boolean;
  readonly iterations: IterationControl;
  /** Run before all others, unless a run lists its seeds. */
  readonly debugSeeds: readonly number[];
  /** Run this and nothing else. */
  readonly replay: BugRecipe | undefined;
  readonly beforeIteration: readonly BeforeIteration[];
  /** Seeds that take longer by the host's clock are reported. */
  readonly seedWarningMs: number;
  /** Simulated time that a seed may take, from its first event to its last. */
  readonly runTimeBudgetMs: number;
}

/** A simulation of nothing. Plans are never changed, only replaced: a run keeps the one that it began with. */
export function emptyPlan(name: string): Plan {
  return {
    name,
    processes: [],
    cluster: undefined,
    workloads: [],
    attacks: [],
    injectors: [],
    budgets: [],
    invariants: [],
    chaos: {},
    phases: defaultPhases,
    settling: defaultSettleOptions,
    expectedCrash: () => false,
    requiredFaults: [],
    requireSometimes: false,
    withoutChecks: false,
    iterations: {},
    debugSeeds: [],
    replay: undefined,
    beforeIteration: [],
    seedWarningMs: Infinity,
    runTimeBudgetMs: Infinity,
  };
}
