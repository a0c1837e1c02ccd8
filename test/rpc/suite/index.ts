/**
 * What calls, streams, deadlines and cancellation promise, under swarms of everything that can go wrong.
 *
 * `calls` has all of that. In `deadlines` clocks are right, and neither processes nor readers pause, so that a call
 * must end when its time is up, and not a step later.
 */
import { SimulationBuilder } from "../../../src/runner/index.ts";
import { SuiteClients } from "./clients.ts";
import { callInvariant } from "./invariant.ts";
import { startSuiteServer } from "./servers.ts";

const phases = { chaosMs: 15_000, recoveryMs: 60_000, checkMs: 600_000 };

const callsUnderChaos: SimulationBuilder = new SimulationBuilder("calls")
  .processes("server", { count: [1, 4] }, startSuiteServer)
  .workloads([1, 6], () => new SuiteClients({ pauses: 0.05 }))
  .invariant(callInvariant({ lateMs: 60_000 }))
  .chaos({ network: "swarm", operations: "swarm", attrition: { maxDead: 2 } })
  .phases(phases);

const deadlines: SimulationBuilder = new SimulationBuilder("deadlines")
  .processes("server", { count: [1, 2] }, startSuiteServer)
  .workloads([1, 3], () => new SuiteClients({ pauses: 0 }))
  .invariant(callInvariant({ lateMs: 0.01 }))
  .chaos({
    network: "swarm",
    operations: "swarm",
    attrition: { maxDead: 1 },
    stalls: false,
    clockDrift: false,
    clockRates: false,
    clockSteps: false,
    lateTimers: false,
  })
  .phases(phases);

export const rpcSuite: readonly SimulationBuilder[] = [
  callsUnderChaos,
  deadlines,
];
