/** Every way to ask, under everything that can go wrong. */
import { SimulationBuilder } from "../../../src/runner/index.ts";
import { DeliveryClient } from "./delivery-clients.ts";
import { deliveryInvariant } from "./delivery-invariant.ts";
import { startDeliveryServer } from "./delivery-servers.ts";

export const delivery: SimulationBuilder = new SimulationBuilder("delivery")
  .processes("server", { count: [1, 5] }, startDeliveryServer)
  .workloads([1, 9], () => new DeliveryClient())
  .invariant(deliveryInvariant)
  .chaos({
    network: "swarm",
    operations: "swarm",
    attrition: { maxDead: 2 },
  })
  .phases({ chaosMs: 15_000, recoveryMs: 60_000, checkMs: 600_000 });
