/** The processes and workloads of a simulation on real providers: real clocks, real sockets, real files. No chaos. */
import type { Plan } from "./plan.ts";
import { NodeRun } from "./node-run.ts";
import { checkNodeOptions, type NodeRunnerOptions } from "./node-options.ts";
import type { NodeReport } from "./node-report.ts";

/** Whatever knows its plan: a `SimulationBuilder`. */
export interface Planned {
  plan(): Plan;
}

/**
 * Runs a simulation once in the real world, to see that what was tested in the simulated one works there too:
 *
 * `new NodeRunner(bank, { providers: (member, stop) => nodeProviders({ dataFolder: … }, { stop }) }).run()`
 *
 * boot ──▶ setup ──▶ run ──▶ check ──▶ stop
 *
 * Nothing is broken on purpose: faults, invariants and `buggify` are of the simulated world. All members live in this
 * program, so a process that ends the program ends them all. One run at a time, and none beside a simulation that
 * listens to the assertions of this thread.
 */
export class NodeRunner {
  readonly #plan: Plan;
  readonly #options: NodeRunnerOptions;

  /** Throws `SimulationError` `bad_option` for options that make no sense. */
  constructor(simulation: Planned, options: NodeRunnerOptions) {
    checkNodeOptions(options);
    this.#plan = simulation.plan();
    this.#options = options;
  }

  /** Rejects only for mistakes in the call; what breaks is in the report. */
  async run(): Promise<NodeReport> {
    return new NodeRun(this.#plan, this.#options).play();
  }
}
