/** Attrition: how many processes it takes down at once, how, and how often. */
import test from "ava";

import {
  SimulationBuilder,
  type Attrition,
  type SimulationReport,
} from "../../src/runner/index.ts";
import { busyFor } from "./support.ts";
import { Watch } from "./watch.ts";

/** Forty seeds of ten seconds with four processes that die all the time. */
async function underAttrition(
  attrition: Partial<Attrition>,
): Promise<{ watch: Watch; report: SimulationReport }> {
  const watch = new Watch();
  const report = await new SimulationBuilder()
    .withoutChecks()
    .processes("server", { count: 4 }, watch.beat)
    .workload(busyFor(10_000))
    .fault(watch)
    .chaos({
      attrition: {
        pauseMs: [10, 200],
        recoveryMs: [100, 2_000],
        graceMs: [50, 500],
        ...attrition,
      },
    })
    .run({ seeds: 40, base: 21, rerunShare: 0 });
  return { watch, report };
}

for (const maxDead of [0, 1, 2, 3]) {
  test.serial(
    `attrition with maxDead ${maxDead} has so many down at times, and never more`,
    async (t) => {
      const { watch, report } = await underAttrition({
        maxDead,
        graceful: 1,
        crash: 1,
        crashAndWipe: 1,
      });
      t.true(report.success);
      t.is(watch.seeds.length, 40);
      t.is(watch.most("deadCount"), maxDead);
      t.is(watch.most("silentCount"), maxDead);
    },
  );
}

test.serial(
  "processes that die by themselves count, so attrition waits until they are back",
  async (t) => {
    const watch = new Watch();
    const report = await new SimulationBuilder()
      .withoutChecks()
      .processes("server", { count: 3 }, watch.beat)
      .processes("fragile", {}, () => {
        throw new Error("never healthy");
      })
      .workload(busyFor(10_000))
      .fault(watch)
      .expectCrash(() => true)
      .chaos({
        attrition: {
          maxDead: 1,
          pauseMs: [10, 20],
          recoveryMs: [3_000, 3_000],
        },
      })
      .phases({ recoveryMs: 0 })
      .run({ seeds: 5, base: 1 });
    t.is(watch.most("deadCount"), 1);
    t.is(report.faults.get("crash") ?? 0, 0);
  },
);

const weights: [
  what: string,
  attrition: Partial<Attrition>,
  shares: Record<string, number>,
][] = [
  ["graceful stops alone", { graceful: 1, crash: 0 }, { "graceful stop": 1 }],
  ["crashes alone", { graceful: 0, crash: 5 }, { crash: 1 }],
  [
    "wipes alone",
    { graceful: 0, crash: 0, crashAndWipe: 0.1 },
    { "crash and wipe": 1 },
  ],
  ["the default", {}, { "graceful stop": 0.3, crash: 0.7 }],
  [
    "all three",
    { graceful: 1, crash: 1, crashAndWipe: 2 },
    { "graceful stop": 0.25, crash: 0.25, "crash and wipe": 0.5 },
  ],
];
for (const [what, attrition, shares] of weights) {
  test.serial(
    `attrition takes processes down by weight: ${what}`,
    async (t) => {
      const { report } = await underAttrition({ maxDead: 2, ...attrition });
      const total = [...report.faults.values()].reduce(
        (sum, count) => sum + count,
        0,
      );
      t.true(total > 300, `${total} faults`);
      t.deepEqual(
        [...report.faults.keys()].toSorted(),
        Object.keys(shares).toSorted(),
      );
      for (const [kind, share] of Object.entries(shares)) {
        const actual = (report.faults.get(kind) ?? 0) / total;
        t.true(
          Math.abs(actual - share) < 0.05,
          `${kind}: ${actual} instead of ${share}`,
        );
      }
    },
  );
}

test.serial(
  "attrition takes its time: pauses and recoveries last as long as they were drawn from",
  async (t) => {
    const { watch, report } = await underAttrition({
      maxDead: 1,
      crash: 1,
      graceful: 0,
      pauseMs: [1_000, 1_000],
      recoveryMs: [300, 300],
    });
    t.is(
      report.faults.get("crash"),
      40 * 9,
      "at each full second but the last, which is too late",
    );
    for (const looks of watch.seeds) {
      const dead = looks
        .filter(({ deadCount }) => deadCount > 0)
        .map(({ atMs }) => atMs % 1_000);
      t.true(
        dead.length > 9 * 40 && dead.every((ms) => ms <= 301),
        `${Math.max(...dead)}`,
      );
    }
  },
);

test.serial("attrition with nobody to kill does no harm", async (t) => {
  const report = await new SimulationBuilder()
    .withoutChecks()
    .workload(busyFor(5_000))
    .chaos({ attrition: {} })
    .run({ seeds: 5 });
  t.true(report.success);
  t.is(report.faults.size, 0);
});
