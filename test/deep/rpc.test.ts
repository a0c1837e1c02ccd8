/** The suite of calls and streams over many more seeds. */
import test from "ava";

import { survives } from "../../src/ava.ts";
import { rpcSuite } from "../rpc/suite/index.ts";

for (const simulation of rpcSuite)
  test.serial(`${simulation.name} survive chaos`, survives, simulation, {
    seeds: 300,
  });
