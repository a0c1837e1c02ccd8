/** Collects what a simulation consists of. */
import {
  checkOptionNames,
  checkSeed,
  type BugRecipe,
  type Crash,
} from "../sim/index.ts";
import {
  resolveAttack,
  type AttackFactory,
  type AttackOptions,
} from "./attack.ts";
import {
  checkFunction,
  checkInjectorName,
  checkMs,
  checkInvariant,
  checkProcess,
  checkProcessOptions,
} from "./builder-checks.ts";
import { checkChaos, type ChaosOptions } from "./chaos.ts";
import {
  checkWorkloads,
  type WorkloadCount,
  type WorkloadOptions,
} from "./clients.ts";
import {
  checkOneCluster,
  processesOfCluster,
  type ClusterKinds,
} from "./cluster-kinds.ts";
import type { SimContext } from "./context.ts";
import { resolveFaultBudget, type FaultBudget } from "./fault-budget.ts";
import type { FaultInjector } from "./faults.ts";
import { checkIterations, type IterationControl } from "./iterations.ts";
import {
  invariantFn,
  type Invariant,
  type InvariantFactory,
  type InvariantView,
} from "./invariant.ts";
import { resolveClusterLayout, type ClusterLayout } from "./locality.ts";
import {
  emptyPlan,
  resolvePhases,
  type BeforeIteration,
  type Phases,
  type Plan,
  type WorkloadFactory,
} from "./plan.ts";
import type { Process, ProcessOptions, Started } from "./program.ts";
import type { SimulationReport } from "./report.ts";
import { resolveSettleOptions, type SettleOptions } from "./settle.ts";
import { ShortSimulation } from "./short-simulation.ts";
import { simulate, type RunOptions } from "./simulate.ts";

/**
 * A simulation: processes, workloads, and what may go wrong. Build it once, run it with as many seeds as you like.
 * Every call returns the same builder.
 */
export class SimulationBuilder {
  readonly name: string;
  #plan: Plan;

  /** @param name for reports */
  constructor(name = "simulation") {
    this.name = name;
    this.#plan = emptyPlan(name);
  }

  /** Add a kind of process. `start` runs at every boot. */
  processes(
    name: string,
    options: ProcessOptions,
    start: (ctx: SimContext) => Started | Promise<Started>,
  ): this {
    checkProcessOptions(name, options);
    return this.#withProcesses([{ name, start, ...options }]);
  }

  /**
   * Add kinds of processes that stand in one cluster: data centres with zones with machines, which fail as a whole.
   * Machines are filled in order: process number `i` of a kind stands on machine `floor(i / processesPerMachine)`.
   * There is one cluster at most; what `processes` adds stands outside of it.
   */
  cluster(given: Partial<ClusterLayout>, kinds: ClusterKinds): this {
    checkOneCluster(this.#plan.cluster, given);
    const cluster = resolveClusterLayout(given);
    this.#withProcesses(processesOfCluster(cluster, kinds));
    return this.#with({ cluster });
  }

  /** Add a workload. The factory makes a fresh one for each seed. */
  workload(factory: WorkloadFactory): this {
    return this.workloads(1, factory);
  }

  /** Add so many workloads of one factory, which makes fresh ones for each seed. */
  workloads(
    count: WorkloadCount,
    factory: WorkloadFactory,
    options: WorkloadOptions = {},
  ): this {
    checkOptionNames("workloads", options, ["clientId"]);
    const { clientId = 0 } = options;
    checkWorkloads(count, clientId);
    checkFunction("workload", factory);
    const entry = { count, clientId, factory };
    return this.#with({ workloads: [...this.#plan.workloads, entry] });
  }

  /** Add a fault injector of your own. */
  fault(injector: FaultInjector): this {
    const { injectors } = this.#plan;
    checkInjectorName(injector.name, injectors);
    return this.#with({ injectors: [...injectors, injector] });
  }

  /**
   * Add what must hold after every event. Give a factory where it has state of its own, so that each seed has a fresh
   * one; a single object serves all seeds.
   */
  invariant(given: Invariant | InvariantFactory): this {
    const { invariants } = this.#plan;
    const factory = typeof given === "function" ? given : () => given;
    checkInvariant(factory, invariants);
    return this.#with({ invariants: [...invariants, factory] });
  }

  /** The short form of `invariant`, for one without state of its own. */
  invariantFn(name: string, check: (view: InvariantView) => void): this {
    checkFunction(`invariant "${name}"`, check);
    return this.invariant(invariantFn(name, check));
  }

  /** Add an attack: a workload that breaks things while chaos lasts. The factory makes a fresh one for each seed. */
  attack(factory: AttackFactory, options: AttackOptions = {}): this {
    const entry = resolveAttack(factory, options);
    return this.#with({ attacks: [...this.#plan.attacks, entry] });
  }

  /** At most so many of these processes lose something at once: whoever would break more is told no. */
  faultBudget(budget: FaultBudget): this {
    const { budgets } = this.#plan;
    return this.#with({ budgets: [...budgets, resolveFaultBudget(budget)] });
  }

  /** What goes wrong. Without this call: nothing but what `buggify` sites in the program offer. */
  chaos(options: ChaosOptions): this {
    checkChaos(options);
    return this.#with({ chaos: options });
  }

  /** How long the parts of a run take. */
  phases(phases: Partial<Phases>): this {
    return this.#with({ phases: resolvePhases(phases) });
  }

  /** How seeds end: how long everybody has to stop, and what becomes of what is left behind. */
  settle(settling: Partial<SettleOptions>): this {
    return this.#with({ settling: resolveSettleOptions(settling) });
  }

  /** Crashes of processes by their own errors fail a run, except those for which this says true. */
  expectCrash(expected: (crash: Crash) => boolean): this {
    return this.#with({ expectedCrash: expected });
  }

  /**
   * Fail the run when one of these faults (by the names that reports use) struck in no seed. A name that nothing is
   * called is refused when the run begins, unless there are injectors or attacks, which may count by names of its own.
   */
  requireFaults(...kinds: string[]): this {
    const { requiredFaults } = this.#plan;
    return this.#with({ requiredFaults: [...requiredFaults, ...kinds] });
  }

  /** Fail the run when a `sometimes` assertion that was evaluated held in no seed. */
  requireSometimes(): this {
    return this.#with({ requireSometimes: true });
  }

  /**
   * This run shall only find crashes, throws and hangs. Without this call, one in which no check, no invariant and no
   * assertion observed anything fails, because a mistake would have gone unnoticed.
   */
  withoutChecks(): this {
    return this.#with({ withoutChecks: true });
  }

  /** How long a run goes on when `run` is not told. */
  iterations(control: IterationControl): this {
    checkIterations(control);
    return this.#with({ iterations: control });
  }

  /**
   * Seeds to run first, in addition to those that are derived: those of bugs that one is after, or has had. A run that
   * lists its seeds runs those alone.
   */
  debugSeeds(seeds: readonly number[]): this {
    return this.#with({ debugSeeds: seeds.map(checkSeed) });
  }

  /** Run one failing timeline again, as a report gave it, and nothing else. */
  replayRecipe({ seed, recipe }: BugRecipe): this {
    checkSeed(seed);
    return this.#with({ replay: { seed, recipe } });
  }

  /**
   * Call this before the world of each seed is made, re-runs included: the place to clear what outlives a world, such
   * as variables of modules under test. What it throws ends the run.
   */
  beforeIteration(hook: BeforeIteration): this {
    checkFunction("beforeIteration", hook);
    const { beforeIteration } = this.#plan;
    return this.#with({ beforeIteration: [...beforeIteration, hook] });
  }

  /** Report seeds that take longer than this by the host's clock. Default: none are. */
  seedWarningMs(ms: number): this {
    checkMs("seedWarningMs", ms);
    return this.#with({ seedWarningMs: ms });
  }

  /**
   * The simulated time that a seed may take in all, whatever its phases allow. One that reaches it ends at that instant:
   * it is stuck, `check` is not called, and the run goes on with the next seed. Default: no such limit.
   */
  runTimeBudgetMs(ms: number): this {
    checkMs("runTimeBudgetMs", ms);
    return this.#with({ runTimeBudgetMs: ms });
  }

  /** The short form: one function for servers (processes) and clients (workloads) alike. See `run`. */
  topology(counts: { clients: number; servers: number }): ShortSimulation {
    return new ShortSimulation(this, counts);
  }

  /** Run seeds. Rejects only for mistakes in the call; what breaks is in the report. */
  run(options: RunOptions = {}): Promise<SimulationReport> {
    return simulate(this.plan(), options);
  }

  /** Everything collected so far. */
  plan(): Plan {
    return this.#plan;
  }

  #withProcesses(added: readonly Process[]): this {
    const { processes } = this.#plan;
    for (const process of added) checkProcess(process, processes);
    return this.#with({ processes: [...processes, ...added] });
  }

  #with(more: Partial<Plan>): this {
    this.#plan = { ...this.#plan, ...more };
    return this;
  }
}
