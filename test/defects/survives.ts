/** A suite as a check. */
import type { SimulationBuilder } from "../../src/runner/index.ts";
import type { Claims } from "./defect.ts";

/** Run some seeds of a suite, as many as it takes for each mutant to show itself. */
export const survives =
  (simulation: SimulationBuilder, seeds: number) =>
  async (t: Claims): Promise<void> => {
    const options = { seeds, base: 1, failuresMax: 1, rerunShare: 0 };
    const { failed, problems } = await simulation.run(options);
    t.deepEqual(
      failed.map(({ failures }) => failures[0]?.message),
      [],
    );
    t.deepEqual(problems, []);
  };
