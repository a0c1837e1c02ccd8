/** The suite of calls and streams, over seeds that differ from run to run. */
import test from "ava";

import { survives } from "../../src/ava.ts";
import { rpcSuite } from "./suite/index.ts";

for (const simulation of rpcSuite)
  test.serial(`${simulation.name} survive chaos`, survives, simulation, {
    seeds: 25,
  });
