/** The bank in the tank: the right one survives, and each of the broken ones is found out. */
import test from "ava";

import bank from "../../examples/bank/bank.sim.ts";
import { brokenBanks, essence, search } from "./search.ts";

test.serial(
  "the right bank survives the 200 seeds of npm start, and those seeds try everything",
  async (t) => {
    const report = await bank.run({ seeds: 200, base: 1 });
    t.deepEqual(report.failed, []);
    t.deepEqual(report.problems, []);
    t.is(report.fingerprints.size, 200);
    t.is(report.ghostCalls, 0);
    for (const kind of ["crash", "graceful stop", "partition", "buggify"]) {
      t.true((report.faults.get(kind) ?? 0) > 0, kind);
    }
    for (const { kind, message, passes } of report.observations)
      t.true(passes > 50, `${kind}: ${message} ${passes}×`);
  },
);

for (const { simulation, caughtAt } of brokenBanks) {
  for (const base of [1, 2, 3]) {
    test.serial(
      `a bank that ${simulation.name} is found within 100 seeds from ${base}, and replayed`,
      async (t) => {
        const { failed, seeds } = await search(simulation, base);
        const [first] = failed?.failures ?? [];
        t.log(`found after ${seeds} seeds: ${first?.message}`);
        if (failed === undefined || first === undefined)
          return t.fail("it was not found");
        t.is(first.kind, "assertion");
        t.true(caughtAt.includes(first.message), first.message);
        const replay = await simulation.run({
          seeds: [failed.seed],
          recipe: failed.recipe,
        });
        t.deepEqual(
          replay.failed[0]?.failures.map(essence),
          failed.failures.map(essence),
        );
        t.is(replay.failed[0]?.fingerprint, failed.fingerprint);
        t.deepEqual(replay.failed[0]?.chaos, failed.chaos);
        t.deepEqual(replay.failed[0]?.recent, failed.recent);
      },
    );
  }
}
