/** The balancing suite, over seeds that differ from run to run. */
import test from "ava";

import { survives } from "../../../src/ava.ts";
import { balancing } from "./suite/index.ts";

test.serial("balanced calls survive chaos", survives, balancing, { seeds: 15 });
