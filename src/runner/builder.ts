/** Collects what a simulation consists of. */
import { checkOptionNames, SimulationError, type Crash } from "../sim/index.ts";
import { checkChaos, type ChaosOptions } from "./chaos.ts";
import type { SimContext } from "./context.ts";
import type { FaultInjector } from "./faults.ts";
import {
  defaultPhases,
  resolvePhases,
  type Phases,
  type Plan,
  type WorkloadFactory,
} from "./plan.ts";
import type { Count, Process, Started } from "./program.ts";
import type { SimulationReport } from "./report.ts";
import { simulate, type RunOptions } from "./simulate.ts";

/** How many of a kind there are. */
export interface ProcessOptions {
  /** Default 1. */
  count?: Count;
}

/**
 * A simulation: processes, workloads, and what may go wrong. Build it once, run it with as many seeds as you like.
 * Every call returns the same builder.
 */
export class SimulationBuilder {
  readonly name: string;
  readonly #processes: Process[] = [];
  readonly #workloads: WorkloadFactory[] = [];
  readonly #injectors: FaultInjector[] = [];
  readonly #requiredFaults: string[] = [];
  #chaos: ChaosOptions = {};
  #phases: Readonly<Phases> = defaultPhases;
  #expectedCrash: (crash: Crash) => boolean = () => false;
  #requireSometimes = false;

  /** @param name for reports */
  constructor(name = "simulation") {
    this.name = name;
  }

  /** Add a kind of process. `start` runs at every boot. */
  processes(
    name: string,
    options: ProcessOptions,
    start: (ctx: SimContext) => Started | Promise<Started>,
  ): this {
    if (this.#processes.some((other) => other.name === name)) {
      const message = `there is a process "${name}" already: give each kind a name of its own`;
      throw new SimulationError("bad_option", message, {
        option: "processes",
        value: name,
      });
    }
    checkOptionNames(`process "${name}"`, options, ["count"]);
    checkCount(name, options.count ?? 1);
    checkFunction(`processes "${name}"`, start);
    this.#processes.push({ name, start, ...options });
    return this;
  }

  /** Add a workload. The factory makes a fresh one for each seed. */
  workload(factory: WorkloadFactory): this {
    checkFunction("workload", factory);
    this.#workloads.push(factory);
    return this;
  }

  /** Add a fault injector of your own. */
  fault(injector: FaultInjector): this {
    checkInjectorName(injector.name, this.#injectors);
    this.#injectors.push(injector);
    return this;
  }

  /** What goes wrong. Without this call: nothing but what `buggify` sites in the program offer. */
  chaos(options: ChaosOptions): this {
    checkChaos(options);
    this.#chaos = options;
    return this;
  }

  /** How long the parts of a run take. */
  phases(phases: Partial<Phases>): this {
    this.#phases = resolvePhases(phases);
    return this;
  }

  /** Crashes of processes by their own errors fail a run, except those for which this says true. */
  expectCrash(expected: (crash: Crash) => boolean): this {
    this.#expectedCrash = expected;
    return this;
  }

  /** Fail the run when one of these faults (by the names that reports use) struck in no seed. */
  requireFaults(...kinds: string[]): this {
    this.#requiredFaults.push(...kinds);
    return this;
  }

  /** Fail the run when a `sometimes` assertion that was evaluated held in no seed. */
  requireSometimes(): this {
    this.#requireSometimes = true;
    return this;
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
    return {
      name: this.name,
      processes: [...this.#processes],
      workloads: [...this.#workloads],
      injectors: [...this.#injectors],
      chaos: this.#chaos,
      phases: this.#phases,
      expectedCrash: this.#expectedCrash,
      requiredFaults: [...this.#requiredFaults],
      requireSometimes: this.#requireSometimes,
    };
  }
}

/** Clients and servers that share one function, told apart by `ctx.role`. */
export class ShortSimulation {
  readonly #builder: SimulationBuilder;
  readonly #counts: { clients: number; servers: number };

  constructor(
    builder: SimulationBuilder,
    counts: { clients: number; servers: number },
  ) {
    this.#builder = builder;
    this.#counts = counts;
  }

  /** Run `main` in every client and server. A server's addresses are `ctx.topology.addresses("server", port)`. */
  run(
    main: (ctx: SimContext) => Promise<void>,
    options: RunOptions = {},
  ): Promise<SimulationReport> {
    const { clients, servers } = this.#counts;
    this.#builder.processes("server", { count: servers }, main);
    for (let client = 0; client < clients; client += 1) {
      this.#builder.workload(() => ({ name: "client", run: main }));
    }
    return this.#builder.run(options);
  }
}

/** Each injector has a random stream of its own, by its name. */
function checkInjectorName(
  name: string,
  others: readonly FaultInjector[],
): void {
  const taken = [
    "attrition",
    "partitions",
    ...others.map((other) => other.name),
  ];
  if (!taken.includes(name)) return;
  const message = `there is a fault injector "${name}" already: give each a name of its own`;
  throw new SimulationError("bad_option", message, {
    option: "fault",
    value: name,
  });
}

function checkCount(name: string, count: Count): void {
  const [from, to] = typeof count === "number" ? [count, count] : count;
  if (
    Number.isSafeInteger(from) &&
    Number.isSafeInteger(to) &&
    from >= 1 &&
    from <= to
  )
    return;
  const message = `process "${name}" cannot have count ${JSON.stringify(count)}: a number above 0, or [from, to]`;
  throw new SimulationError("bad_option", message, {
    option: "count",
    value: count,
  });
}

function checkFunction(what: string, given: unknown): void {
  if (typeof given === "function") return;
  const message = `${what} needs a function that makes or starts one, not ${typeof given}`;
  throw new SimulationError("bad_option", message, {
    option: what,
    value: given,
  });
}
