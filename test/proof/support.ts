/** Small simulations in which somebody does something that is to be proved, or disproved. */
import {
  SimulationBuilder,
  type RunOptions,
  type SimContext,
  type SimulationReport,
} from "../../src/runner/index.ts";
import { busyFor } from "../runner/support.ts";

/** One process that does this in a step of its own, once or at every boot, for one seed if not told otherwise. */
export function runIn(
  use: (ctx: SimContext) => unknown,
  options: RunOptions = {},
): Promise<SimulationReport> {
  return new SimulationBuilder("user")
    .withoutChecks()
    .processes("user", {}, async (ctx) => void (await use(ctx)))
    .workload(busyFor(100))
    .run({ seeds: [1], ...options });
}
