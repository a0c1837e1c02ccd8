/** Mistakes in the call of `run` reject it before any seed is run. */
import { inspect } from "node:util";
import test from "ava";

import { SimulationBuilder, type RunOptions } from "../../src/runner/index.ts";
import { SimulationError } from "../../src/sim/index.ts";
import { workload } from "./support.ts";

/** Call `run`, and see to it that no seed is. */
async function refused(options: RunOptions): Promise<SimulationError> {
  const begun: string[] = [];
  const simulation = new SimulationBuilder().workload(
    workload({ setup: ({ name }) => Promise.resolve(void begun.push(name)) }),
  );
  try {
    await simulation.run(options);
  } catch (error) {
    if (error instanceof SimulationError && begun.length === 0) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

for (const seeds of [0, -1, 1.5, NaN, Infinity]) {
  test.serial(`a run refuses ${seeds} seeds`, async (t) => {
    const error = await refused({ seeds });
    t.deepEqual(error.details, { option: "seeds", value: seeds });
    t.is(
      error.message,
      `[bad_option] the number of seeds must be a whole number above 0, not ${seeds}`,
    );
  });
}

test.serial(
  "a run refuses an empty list of seeds, which could not fail",
  async (t) => {
    t.like(await refused({ seeds: [] }), {
      code: "bad_option",
      details: { option: "seeds", value: [] },
    });
  },
);

for (const seed of [-1, 1.5, NaN, 2 ** 53]) {
  test.serial(`a run refuses ${seed} as a seed and as a base`, async (t) => {
    for (const options of [{ base: seed }, { seeds: [1, seed] }]) {
      const error = await refused(options);
      t.is(error.code, "bad_seed");
      t.deepEqual(error.details, { seed });
      t.is(
        error.message,
        `[bad_seed] a seed is a whole number from 0 to 9007199254740991, not ${seed}`,
      );
    }
  });
}

for (const failuresMax of [0, -1, 1.5, NaN]) {
  test.serial(
    `a run refuses to stop after ${failuresMax} failed seeds`,
    async (t) => {
      t.like(await refused({ failuresMax }), {
        code: "bad_option",
        details: { option: "failuresMax", value: failuresMax },
      });
    },
  );
}

for (const options of [{ seed: 1 }, { failures: 2 }] as object[]) {
  test.serial(
    `a run refuses ${inspect(options)}, which is no option`,
    async (t) => {
      const error = await refused(options);
      t.is(error.code, "bad_option");
      t.regex(
        error.message,
        /^\[bad_option\] a run has no option "\w+": it has seeds, base, /,
      );
    },
  );
}
