/** The log in the tank: the right one survives, and each of the wrong ones is found and replayed. */
import test from "ava";

import right from "../../examples/wal/wal.sim.ts";
import { essence } from "../bank/search.ts";
import { brokenLogs, losses } from "./search.ts";

test.serial(
  "the right log survives 100 seeds that lose, tear and fail",
  async (t) => {
    const report = await right.run({ seeds: 100, base: 1 });
    t.deepEqual(report.failed, []);
    t.deepEqual(report.problems, []);
    for (const loss of losses) t.true((report.faults.get(loss) ?? 0) > 0, loss);
  },
);

for (const { simulation, caughtAt } of brokenLogs) {
  test.serial(
    `a log that ${simulation.name} is found within 200 seeds, and its replay line shows it again`,
    async (t) => {
      const report = await simulation.run({
        seeds: 200,
        base: 1,
        failuresMax: 1,
      });
      const [failed] = report.failed;
      const [first] = failed?.failures ?? [];
      t.log(`found after ${report.fingerprints.size} seeds`);
      if (failed === undefined || first === undefined)
        return t.fail("it was not found");
      t.is(first.message, caughtAt);
      const replay = await simulation.run({ seeds: [failed.seed] });
      t.deepEqual(
        replay.failed[0]?.failures.map(essence),
        failed.failures.map(essence),
      );
      t.is(replay.failed[0]?.fingerprint, failed.fingerprint);
    },
  );
}
