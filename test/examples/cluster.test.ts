/** The cluster of the examples: 54 processes in three data centres survive the death of their machines (§18.3). */
import test from "ava";

import { clusterSimulation } from "../../examples/cluster/cluster.ts";
import { failures, prints } from "../runner/support.ts";

test.serial(
  "54 processes in three data centres answer again after their machines died",
  async (t) => {
    const report = await clusterSimulation().run({ seeds: 20, base: 1 });
    t.deepEqual(failures(report), []);
    t.true(report.success);
    const deaths = [...report.faults.values()].reduce(
      (sum, count) => sum + count,
      0,
    );
    t.true(deaths >= 20 * 2, `${deaths} deaths`);
  },
);

test.serial(
  "the cluster takes the same course again, seed by seed",
  async (t) => {
    const run = (seeds: number): Promise<string[]> =>
      clusterSimulation().run({ seeds, base: 5 }).then(prints);
    const three = await run(3);
    t.is(new Set(three).size, 3);
    t.deepEqual(await run(3), three);
  },
);
