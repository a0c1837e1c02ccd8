/** The transport suite over many more seeds. */
import test from "ava";

import { survives } from "../../src/ava.ts";
import { transportSuite } from "../transport/suite/index.ts";

for (const simulation of transportSuite)
  test.serial(`${simulation.name} survives chaos`, survives, simulation, {
    seeds: 300,
  });
