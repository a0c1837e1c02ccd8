/** Which families of faults take part in a seed: all, none, or in a swarm each of them in half of the seeds. */
import test from "ava";

import {
  assertAlways,
  buggify,
  buggifyKnob,
} from "../../src/assertions/index.ts";
import {
  formatReport,
  plainPaint,
  SimulationBuilder,
  type ChaosMode,
  type DrawnChaos,
  type SimContext,
} from "../../src/runner/index.ts";
import {
  echoes,
  echoPort,
  echoServer,
  failures,
  passes,
  workload,
} from "./support.ts";

const seedCount = 200;

/** What was drawn for each of many seeds; it is reported for those that fail, so all do. */
async function drawn(
  network: ChaosMode,
  storage: ChaosMode,
): Promise<DrawnChaos[]> {
  const report = await new SimulationBuilder()
    .workload(
      workload({ run: () => Promise.resolve(assertAlways(false, "fails")) }),
    )
    .chaos({ network, storage, attrition: { maxDead: 2 } })
    .run({ seeds: seedCount, base: 41, failuresMax: seedCount });
  return report.failed.map(({ chaos }) => chaos);
}

/** Which families take part. */
function families({
  weather,
  partitions,
}: DrawnChaos): Record<string, boolean> {
  return {
    latency: weather.network?.latencyMs !== undefined,
    refuse: (weather.network?.refuseProbability ?? 0) > 0,
    cut: partitions !== undefined,
    drift: (weather.clockDriftMaxMs ?? 0) > 0,
  };
}

test.serial(
  "a swarm switches each family off in about half of the seeds, in all combinations",
  async (t) => {
    const seeds = (await drawn("swarm", "swarm")).map(families);
    t.is(seeds.length, seedCount);
    for (const family of Object.keys(seeds[0] ?? {})) {
      const share = seeds.filter((taking) => taking[family]).length / seedCount;
      t.true(
        share > 0.4 && share < 0.6,
        `${family} takes part in ${share} of the seeds`,
      );
    }
    t.is(new Set(seeds.map((taking) => JSON.stringify(taking))).size, 16);
  },
);

test.serial(
  "random lets every family take part in every seed, with other parameters in each",
  async (t) => {
    const seeds = await drawn("random", "random");
    t.deepEqual(
      [...new Set(seeds.map((seed) => JSON.stringify(families(seed))))],
      ['{"latency":true,"refuse":true,"cut":true,"drift":true}'],
    );
    t.true(
      seeds.every(
        ({ weather, attrition }) =>
          weather.tieBreak === "random" && attrition?.maxDead === 2,
      ),
    );
    t.is(
      new Set(
        seeds.map(({ weather }) =>
          JSON.stringify([weather.network, weather.storage]),
        ),
      ).size,
      seedCount,
    );
  },
);

test.serial(
  "off draws nothing for the network and nothing for the disk",
  async (t) => {
    const plain = {
      tieBreak: "fifo",
      network: {},
      storage: {},
      clockDriftMaxMs: 0,
    };
    for (const { weather, partitions } of await drawn("off", "off")) {
      t.deepEqual(weather, plain as typeof weather);
      t.is(partitions, undefined);
    }
  },
);

test.serial(
  "storage and network are switched one without the other",
  async (t) => {
    const [disk] = await drawn("off", "random");
    t.deepEqual(disk?.weather.network, {});
    t.truthy(disk?.weather.storage?.syncMs);
    const [network] = await drawn("random", "off");
    t.deepEqual(network?.weather.storage, {});
    t.truthy(network?.weather.network?.latencyMs);
  },
);

test.serial(
  "off breaks nothing at all: everybody answers, clocks agree, nobody dies, the disk keeps its speed",
  async (t) => {
    const demand = async (ctx: SimContext): Promise<void> => {
      const file = await ctx.storage.open("log", { write: true, create: true });
      for (let count = 0; count < 50; count += 1) {
        for (const address of ctx.topology.addresses("echo", echoPort)) {
          assertAlways(await echoes(ctx, address), "everybody answers");
        }
        assertAlways(ctx.time.timer() === ctx.time.now(), "clocks agree");
        const since = ctx.time.now();
        await file.sync();
        const tookMs = ctx.time.now() - since;
        assertAlways(tookMs >= 1 && tookMs <= 5.1, "the disk keeps its speed", {
          tookMs,
        });
        await ctx.time.sleep(100);
      }
    };
    const boots = { count: 0 };
    const start = (ctx: SimContext): Promise<void> => {
      boots.count += 1;
      return echoServer(ctx);
    };
    for (const chaos of [
      undefined,
      {},
      { network: "off", storage: "off", attrition: false } as const,
    ]) {
      boots.count = 0;
      const builder = new SimulationBuilder().processes(
        "echo",
        { count: 3 },
        start,
      );
      builder.workload(
        workload({ setup: ({ time }) => time.sleep(10), run: demand }),
      );
      if (chaos !== undefined) builder.chaos(chaos);
      const report = await builder.run({ seeds: 20, base: 5, rerunShare: 0 });
      t.deepEqual(failures(report), []);
      t.is(passes(report, "everybody answers"), 20 * 50 * 3);
      t.deepEqual([...report.faults], []);
      t.is(boots.count, 20 * 3);
    }
  },
);

/** Everything that a seed may be spared. */
function everyFamily({
  weather,
  attrition,
  partitions,
  clogs,
  connections,
  stalls,
}: DrawnChaos): Record<string, boolean> {
  const { network = {}, storage = {}, clock = {} } = weather;
  const has = (options: object, ...names: string[]): boolean =>
    names.some((name) => name in options);
  return {
    attrition: attrition !== undefined,
    partitions: partitions !== undefined,
    clogs: clogs !== undefined,
    connections: connections !== undefined,
    stalls: stalls !== undefined,
    ties: weather.tieBreak === "random",
    clockDrift: (weather.clockDriftMaxMs ?? 0) > 0,
    clockRates: has(clock, "ratePpmMax"),
    clockSteps: has(clock, "stepEveryMs"),
    lateTimers: has(clock, "sleepDelayMaxMs"),
    diskSpeed: has(storage, "syncMs"),
    latency: has(network, "latencyMs"),
    refusals: has(network, "refuseProbability"),
    bitFlips: has(network, "bitFlipEveryMs"),
    datagrams: has(network, "datagramLossProbability"),
  };
}

test.serial(
  "a swarm leaves out each family in half of the seeds; some seeds are calm, and some have everything",
  async (t) => {
    const seeds = await drawn("swarm", "swarm");
    const masks = seeds.map(everyFamily);
    for (const family of Object.keys(masks[0] ?? {})) {
      const share = masks.filter((taking) => taking[family]).length / seedCount;
      t.true(share > 0.38 && share < 0.62, `${family}: ${share}`);
    }
    const extremes = { calm: false, everything: true };
    for (const [mood, taking] of Object.entries(extremes)) {
      const such = seeds.filter((seed) => seed.mood === mood);
      t.true(such.length >= 3 && such.length <= 25, `${mood}: ${such.length}`);
      for (const seed of such)
        t.deepEqual(
          [...new Set(Object.values(everyFamily(seed)))],
          [taking],
          mood,
        );
    }
  },
);

test.serial(
  "nothing at all happens in a calm seed: no fault, no site, no knob",
  async (t) => {
    const taken: Record<string, number> = {};
    const run = async (ctx: SimContext): Promise<void> => {
      for (let turn = 0; turn < 40; turn += 1) {
        await echoes(ctx, ctx.topology.addresses("echo", echoPort)[0] ?? "");
        await ctx.time.sleep(100);
        taken["site"] = Number(buggify("site"));
      }
      taken["knob"] = buggifyKnob("knob", 0, [1, 2]);
      assertAlways(false, "fails");
    };
    const report = await new SimulationBuilder()
      .processes("echo", { count: 3 }, echoServer)
      .workload(workload({ run }))
      .chaos({ network: "swarm", storage: "swarm", attrition: {} })
      .run({ seeds: seedCount, base: 41, failuresMax: seedCount });
    const calm = report.failed.filter(({ chaos }) => chaos.mood === "calm");
    t.true(calm.length > 0);
    for (const { seed } of calm) {
      const again = await new SimulationBuilder()
        .processes("echo", { count: 3 }, echoServer)
        .workload(workload({ run }))
        .chaos({ network: "swarm", storage: "swarm", attrition: {} })
        .run({ seeds: [seed] });
      t.deepEqual([...again.faults], []);
      t.deepEqual(taken, { site: 0, knob: 0 });
    }
  },
);

test.serial(
  "what is drawn for a seed is printed, to the last option",
  async (t) => {
    const report = await new SimulationBuilder()
      .workload(
        workload({
          run: async (ctx) => {
            buggifyKnob("batch", 10, [1, 9]);
            ctx.operations({ read: () => 1, write: () => 2 });
            assertAlways(false, "fails");
          },
        }),
      )
      .chaos({ network: "swarm", storage: "swarm", attrition: {} })
      .run({ seeds: 60, base: 41, failuresMax: 60 });
    // A report tells its first failed seed in full.
    const printed = report.failed.map((seed) => {
      const one = { ...report, failed: [seed] };
      const text = formatReport(one, { paint: plainPaint, file: undefined });
      const [, json] = /^ {2}drawn: (.*)$/m.exec(text) ?? [];
      return JSON.parse(json ?? "") as DrawnChaos;
    });
    const plain = (chaos: DrawnChaos): unknown =>
      JSON.parse(JSON.stringify(chaos));
    t.deepEqual(
      printed as unknown[],
      report.failed.map(({ chaos }) => plain(chaos)),
    );
    const turned = printed.filter(({ knobs }) => "batch" in knobs).length;
    t.true(turned > 15 && turned < 45, `${turned} of 60`);
    t.true(printed.every(({ operations }) => "work" in operations));
  },
);
