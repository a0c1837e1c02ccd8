/** Seeds that once failed. */
import test from "ava";

import { survives } from "../../src/ava.ts";
import { delivery } from "./suite/delivery.ts";

// A look at a connection that was due, by the queue's rounding, and not yet due, by the monitor's, was repeated for ever.
test.serial("a look at a connection is over at some time", survives, delivery, {
  seeds: [3212618074230072],
});
