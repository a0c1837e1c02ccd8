/** What the table of fault families is made of: a small program that lives through a fault, or through the same without it. */
import type {
  SimulationBuilder,
  SimulationReport,
} from "../../src/runner/index.ts";
import type { SimWorld, SimWorldOptions } from "../../src/sim/index.ts";
import { worldOf } from "../sim/support.ts";

/** What came of it. */
export interface Sight {
  /** Whether the program has seen what docs/faults.md says that a program sees. */
  readonly seen: boolean;
  /** What was counted. */
  readonly faults: ReadonlyMap<string, number>;
}

/** One row of docs/faults.md, put to the test. */
export interface Family {
  /** As in the first column there. */
  readonly fault: string;
  /** The names by which reports count it, as in the fourth column; none for what is a property rather than an event. */
  readonly counted: readonly string[];
  /** Run the program with the fault, or with its switch as it is by default. Everything else is the same in both. */
  readonly live: (on: boolean) => Promise<Sight>;
}

/** Run `body` in a world of its own; it tells whether the effect was seen. */
export async function inWorld(
  options: Partial<SimWorldOptions>,
  body: (world: SimWorld) => Promise<boolean>,
): Promise<Sight> {
  const world = worldOf(options);
  const seen = await world.run(() => body(world));
  world.end();
  return { seen, faults: world.faults.counts };
}

/** Run a simulation for a few seeds, and look at its report. */
export async function inRuns(
  builder: SimulationBuilder,
  seen: (report: SimulationReport) => boolean,
): Promise<Sight> {
  const report = await builder.run({ seeds: 5, base: 11 });
  return { seen: seen(report), faults: report.faults };
}
