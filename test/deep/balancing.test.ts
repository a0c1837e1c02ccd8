/** The balancing suite over many more seeds. */
import test from "ava";

import { survives } from "../../src/ava.ts";
import { balancing } from "../rpc/balance/suite/index.ts";

test.serial("balanced calls survive chaos", survives, balancing, {
  seeds: 300,
});
