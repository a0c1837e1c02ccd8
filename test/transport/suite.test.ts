/** The transport suite, over seeds that differ from run to run. */
import test from "ava";

import { survives } from "../../src/ava.ts";
import { transportSuite } from "./suite/index.ts";

for (const simulation of transportSuite)
  test.serial(`${simulation.name} survives chaos`, survives, simulation, {
    seeds: 25,
  });
