/** What can be proved over many seeds, by name. */
import type { SimulationBuilder } from "../../src/runner/index.ts";
import { balancing } from "../rpc/balance/suite/index.ts";
import { rpcSuite } from "../rpc/suite/index.ts";
import { transportSuite } from "../transport/suite/index.ts";

export const suites: Readonly<Record<string, readonly SimulationBuilder[]>> = {
  rpc: [...rpcSuite, balancing],
  transport: transportSuite,
};
