/** `buggify` in a run: one coin a site and seed, one coin a strike, and peace after chaos. */
import test from "ava";

import {
  assertSometimes,
  buggify,
  buggifyWithProb,
} from "../../src/assertions/index.ts";
import {
  SimulationBuilder,
  type SimContext,
  type SimulationReport,
} from "../../src/runner/index.ts";
import { failures, prints, workload } from "./support.ts";

const seedCount = 200;
const asks = 200;

/** How often each site struck in each seed, when every site is asked so often. */
async function strikes(
  sites: string[],
  ask: (site: string) => boolean,
): Promise<{ counts: number[][]; report: SimulationReport }> {
  const counts: number[][] = [];
  const run = (): Promise<void> => {
    const struck = sites.map(() => 0);
    for (let count = 0; count < asks; count += 1) {
      for (const [at, site] of sites.entries())
        struck[at] = (struck[at] ?? 0) + (ask(site) ? 1 : 0);
    }
    counts.push(struck);
    return Promise.resolve();
  };
  const report = await new SimulationBuilder()
    .workload(workload({ run }))
    .run({ seeds: seedCount, base: 51, rerunShare: 0 });
  return { counts, report };
}

const sum = (numbers: number[]): number =>
  numbers.reduce((total, number) => total + number, 0);

test.serial(
  "a site is active in about half of the seeds, and strikes every fourth time in those",
  async (t) => {
    const { counts, report } = await strikes(["a site"], buggify);
    const active = counts.flat().filter((count) => count > 0);
    t.true(
      active.length > 0.4 * seedCount && active.length < 0.6 * seedCount,
      `${active.length} active`,
    );
    const share = sum(active) / (active.length * asks);
    t.true(share > 0.23 && share < 0.27, `strikes ${share} of the time`);
    t.true(
      active.every((count) => count > 20 && count < 85),
      "in every active seed alike",
    );
    t.is(report.faults.get("buggify"), sum(active));
  },
);

test.serial("the first coin is thrown for each site of its own", async (t) => {
  const { counts } = await strikes(["one", "two"], buggify);
  const combinations = counts.map((struck) =>
    struck.map((count) => count > 0).join(),
  );
  for (const combination of [
    "true,true",
    "true,false",
    "false,true",
    "false,false",
  ]) {
    const share =
      combinations.filter((other) => other === combination).length / seedCount;
    t.true(share > 0.17 && share < 0.33, `${combination}: ${share}`);
  }
});

test.serial("a new site changes nothing about the others", async (t) => {
  const { counts: before } = await strikes(["one", "two"], buggify);
  const { counts: after } = await strikes(["new", "one", "two"], buggify);
  t.deepEqual(
    after.map(([, ...others]) => others),
    before,
  );
});

test.serial(
  "a site is known by its name: two places of one name share the first coin",
  async (t) => {
    const places: ((site: string) => boolean)[] = [
      (site) => buggify(site),
      (site) => buggifyWithProb(site, 0.5),
    ];
    let place = 0;
    const { counts } = await strikes(
      ["shared", "shared"],
      (site) => places[(place += 1) % 2]?.(site) === true,
    );
    t.true(counts.every(([left = 0, right = 0]) => left > 0 === right > 0));
  },
);

for (const [probability, least, most] of [
  [0, 0, 0],
  [0.9, 0.88, 0.92],
  [1, 1, 1],
] as const) {
  test.serial(
    `an active site of probability ${probability} strikes accordingly`,
    async (t) => {
      const { counts } = await strikes(["a site"], (site) =>
        buggifyWithProb(site, probability),
      );
      const active = counts.flat().filter((count) => count > 0);
      const share =
        active.length === 0 ? 0 : sum(active) / (active.length * asks);
      t.true(share >= least && share <= most, `strikes ${share} of the time`);
      t.true(probability === 0 || active.length > 0.4 * seedCount);
    },
  );
}

test.serial(
  "no site strikes once chaos is over, neither in processes nor in workloads",
  async (t) => {
    const struckAt: number[] = [];
    const ask = (ctx: SimContext): void => {
      if (buggifyWithProb("anywhere", 1)) struckAt.push(ctx.time.now());
    };
    const askOften = async (ctx: SimContext): Promise<void> => {
      for (;;) {
        ask(ctx);
        await ctx.time.sleep(10);
      }
    };
    const report = await new SimulationBuilder()
      .processes(
        "server",
        {},
        (ctx) => void ctx.tasks.spawn("ask", () => askOften(ctx)),
      )
      .workload(
        workload({
          run: async (ctx) => {
            while (ctx.time.now() < 1_500) {
              ask(ctx);
              await ctx.time.sleep(10);
            }
          },
          check: async (ctx) => {
            for (let count = 0; count < 100; count += 1) ask(ctx);
            await ctx.time.sleep(300);
          },
        }),
      )
      .phases({ chaosMs: 1_000 })
      .run({ seeds: 10, base: 2 });
    t.deepEqual(failures(report), []);
    t.true(struckAt.length > 400);
    t.is(Math.max(...struckAt), 990);
  },
);

test.serial("what strikes is decided by the seed", async (t) => {
  const course = async (): Promise<string[]> => {
    const run = async ({ time }: SimContext): Promise<void> => {
      for (let count = 0; count < 20; count += 1)
        await time.sleep(buggify("slow") ? 5 : 1);
      assertSometimes(buggify("slow"), "slow at times");
    };
    return prints(
      await new SimulationBuilder()
        .workload(workload({ run }))
        .run({ seeds: 10, base: 2 }),
    );
  };
  t.deepEqual(await course(), await course());
});
