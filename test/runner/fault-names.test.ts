/** Faults that are required by a name that nothing is called: found before the run, not after all of it. */
import test from "ava";

import { SimulationBuilder } from "../../src/runner/index.ts";
import { isSimulationError } from "../../src/sim/index.ts";

const idle = (): SimulationBuilder =>
  new SimulationBuilder()
    .withoutChecks()
    .workload(() => ({ name: "idle", run: ({ time }) => time.sleep(1) }));

const misspelt: readonly [name: string, hint: string][] = [
  ["partitoin", ' (did you mean "partition"?)'],
  ["Crash", ' (did you mean "crash"?)'],
  ["bit-flip", ' (did you mean "bit flip"?)'],
  ["earthquake", ""],
  ["", ""],
];
for (const [name, hint] of misspelt)
  test.serial(
    `requireFaults("${name}") is refused before anything starts`,
    async (t) => {
      const run = idle().requireFaults("crash", name).run({ seeds: 1 });
      const error = await t.throwsAsync(run);
      t.true(isSimulationError(error, "bad_option"), String(error));
      t.is(
        error?.message,
        `[bad_option] requireFaults: no fault is called "${name}"${hint}: docs/faults.md has every name; others need an injector or an attack that notes them`,
      );
    },
  );

test.serial(
  "a simulation with an injector of its own may require faults of its own",
  async (t) => {
    const report = await idle()
      .fault({
        name: "ground",
        inject: ({ note }) => Promise.resolve(note("earthquake")),
      })
      .requireFaults("earthquake")
      .phases({ chaosMs: 10 })
      .run({ seeds: [1] });
    t.deepEqual(report.problems, []);
  },
);
