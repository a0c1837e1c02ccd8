/** The log in the tank for long: 5,000 seeds for the right one, ten bases for each of the wrong ones. */
import test from "ava";

import right from "../../examples/wal/wal.sim.ts";
import { brokenLogs, losses } from "../wal/search.ts";

test.serial("the right log survives 5,000 seeds", async (t) => {
  const report = await right.run({ seeds: 5_000, base: 77 });
  t.deepEqual(report.failed, []);
  t.deepEqual(report.problems, []);
  t.is(report.fingerprints.size, 5_000);
  for (const loss of losses) {
    const times = report.faults.get(loss) ?? 0;
    t.log(`${loss} ${times}×`);
    t.true(times > 100, loss);
  }
});

for (const { simulation, caughtAt } of brokenLogs) {
  test.serial(
    `a log that ${simulation.name} is found within 200 seeds from each of ten bases`,
    async (t) => {
      for (let base = 1_000; base < 11_000; base += 1_000) {
        const report = await simulation.run({
          seeds: 200,
          base,
          failuresMax: 1,
        });
        t.log(`from ${base} after ${report.fingerprints.size} seeds`);
        t.is(report.failed[0]?.failures[0]?.message, caughtAt);
      }
    },
  );
}
