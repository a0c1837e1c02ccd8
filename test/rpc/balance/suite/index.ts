/** Balanced calls, streams and fan-outs, under everything that can go wrong. */
import { SimulationBuilder } from "../../../../src/runner/index.ts";
import { BalancedCaller } from "./clients.ts";
import { balancingInvariant } from "./invariant.ts";
import { startServer } from "./servers.ts";
import { streamInvariant } from "./stream-invariant.ts";

export const balancing: SimulationBuilder = new SimulationBuilder("balancing")
  .processes("server", { count: [1, 5] }, startServer)
  .workloads([1, 5], () => new BalancedCaller())
  .invariant(balancingInvariant)
  .invariant(streamInvariant)
  .chaos({
    network: "swarm",
    operations: "swarm",
    attrition: { maxDead: 2 },
  })
  .phases({ chaosMs: 15_000, recoveryMs: 90_000, checkMs: 600_000 });
