/** The short form of a simulation: one function for everybody. */
import type { SimulationBuilder } from "./builder.ts";
import type { SimContext } from "./context.ts";
import type { SimulationReport } from "./report.ts";
import type { RunOptions } from "./simulate.ts";

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
    if (clients > 0)
      this.#builder.workloads(clients, () => ({ name: "client", run: main }));
    return this.#builder.run(options);
  }
}
