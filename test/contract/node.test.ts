/** The real providers keep the contracts. */
import test from "ava";

import { allContracts } from "./all-contracts.ts";
import { nodeHarness } from "./node-harness.ts";

allContracts(test, "node", nodeHarness);
