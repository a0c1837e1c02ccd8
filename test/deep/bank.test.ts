/** The bank in the tank for long: thousands of seeds for the right one, ten bases for each of the broken ones. */
import test from "ava";

import bank from "../../examples/bank/bank.sim.ts";
import { brokenBanks, essence, search } from "../bank/search.ts";

for (const [seeds, base] of [
  [1_000, 1],
  [3_000, 8124330917],
] as const) {
  test.serial(
    `the right bank survives ${seeds} seeds from ${base}`,
    async (t) => {
      const report = await bank.run({ seeds, base });
      t.deepEqual(
        report.failed.map(({ seed, failures }) => [
          seed,
          failures.map(essence),
        ]),
        [],
      );
      t.deepEqual(report.problems, []);
      t.is(report.fingerprints.size, seeds);
      t.is(report.ghostCalls, 0);
    },
  );
}

for (const { simulation, caughtAt } of brokenBanks) {
  test.serial(
    `a bank that ${simulation.name} is found within 100 seeds from each of ten bases, and replayed`,
    async (t) => {
      for (let base = 1_000; base < 11_000; base += 1_000) {
        const { failed, seeds } = await search(simulation, base);
        const [first] = failed?.failures ?? [];
        if (failed === undefined || first === undefined)
          return t.fail(`it was not found from ${base}`);
        t.log(`from ${base} after ${seeds} seeds: ${first.message}`);
        t.is(first.kind, "assertion");
        t.true(caughtAt.includes(first.message), first.message);
        const replay = await simulation.run({ seeds: [failed.seed] });
        t.deepEqual(
          replay.failed[0]?.failures.map(essence),
          failed.failures.map(essence),
        );
      }
    },
  );
}
