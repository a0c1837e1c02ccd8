/** What the runner promises, held to it over many seeds. */
import test from "ava";

import { assertAlways } from "../../src/assertions/index.ts";
import {
  SimulationBuilder,
  type FaultContext,
  type SimContext,
} from "../../src/runner/index.ts";
import {
  echoes,
  echoPort,
  echoServer,
  failures,
  prints,
  talker,
  workload,
} from "../runner/support.ts";
import { Watch } from "../runner/watch.ts";

/** Everything at once: several kinds, all families of faults, and a watch that looks at each seed. */
function stormy(
  watch: Watch,
  maxDead: number,
  check: (ctx: SimContext) => Promise<void>,
): SimulationBuilder {
  return new SimulationBuilder("stormy")
    .processes("echo", { count: [1, 4] }, async (ctx) => {
      watch.beat(ctx);
      await echoServer(ctx);
      const file = await ctx.storage.open("boots", {
        read: true,
        write: true,
        create: true,
      });
      await file.append(ctx.random.bytes(3));
      await file.sync();
    })
    .processes("idle", { count: [1, 3] }, watch.beat)
    .workload(talker({ check }))
    .workload(talker())
    .fault(watch)
    .chaos({
      network: "swarm",
      storage: "swarm",
      ...{ ioErrors: false, fullDisks: false, syncFailures: false },
      attrition: {
        maxDead,
        pauseMs: [50, 1_000],
        crashAndWipe: 0.3,
        recoveryMs: [100, 3_000],
        graceMs: [50, 1_000],
      },
    })
    .phases({ chaosMs: 8_000 });
}

/** After chaos everybody answers, at once. */
async function everybodyAnswers(ctx: SimContext): Promise<void> {
  for (const address of ctx.topology.addresses("echo", echoPort)) {
    for (let count = 0; count < 5; count += 1)
      assertAlways(await echoes(ctx, address), "everybody answers", {
        address,
      });
  }
}

for (const maxDead of [1, 2, 3]) {
  test.serial(
    `no more than ${maxDead} are ever down, and everybody answers after chaos, over 600 seeds`,
    async (t) => {
      const watch = new Watch();
      const report = await stormy(watch, maxDead, everybodyAnswers).run({
        seeds: 600,
        base: 60 + maxDead,
        // Each seed is watched once.
        rerunShare: 0,
      });
      t.deepEqual(failures(report), []);
      t.is(watch.seeds.length, 600);
      t.is(watch.most("deadCount"), maxDead);
      // Stalls and late timers make the living silent too, so silence proves nothing here.
      t.is(report.ghostCalls, 0);
      for (const kind of [
        "crash",
        "graceful stop",
        "crash and wipe",
        "partition",
      ]) {
        t.true(
          (report.faults.get(kind) ?? 0) > 200,
          `${kind}: ${report.faults.get(kind)}`,
        );
      }
    },
  );
}

test.serial(
  "400 seeds take the same courses again, in any order, and however they settle",
  async (t) => {
    const courses = (
      seeds: readonly number[] | number,
      settling: "tick" | "barrier",
    ): Promise<string[]> =>
      stormy(new Watch(), 2, everybodyAnswers)
        .run({ seeds, base: 70, settling })
        .then(prints);
    const report = await stormy(new Watch(), 2, everybodyAnswers).run({
      seeds: 400,
      base: 70,
    });
    const seeds = [...report.fingerprints.keys()];
    t.is(new Set(prints(report)).size, 400);
    t.deepEqual(await courses(400, "tick"), prints(report));
    t.deepEqual(
      await courses(seeds.toReversed(), "tick"),
      prints(report).toReversed(),
    );
    t.deepEqual(
      await courses(seeds.slice(0, 40), "barrier"),
      prints(report).slice(0, 40),
    );
  },
);

test.serial(
  "a failure is the same in the run, in its replay and when it is steered there, over 200 seeds",
  async (t) => {
    const check = (ctx: SimContext): Promise<void> =>
      Promise.resolve(
        assertAlways(ctx.random.below(10) > 0, "the draw is not zero", {
          at: ctx.time.now(),
        }),
      );
    const simulation = stormy(new Watch(), 2, check);
    const found = await simulation.run({
      seeds: 200,
      base: 80,
      failuresMax: 200,
    });
    t.true(
      found.failed.length > 8 && found.failed.length < 40,
      `${found.failed.length} failed`,
    );
    for (const failed of found.failed) {
      const replay = await simulation.run({ seeds: [failed.seed] });
      t.deepEqual(replay.failed, [failed]);
    }
    const recipe = [{ count: 100, seed: 5 }];
    let steeredFailures = 0;
    for (const [seed, fingerprint] of [...found.fingerprints].slice(0, 100)) {
      const steered = await simulation.run({ seeds: [seed], recipe });
      const [failed] = steered.failed;
      if (failed === undefined) continue;
      steeredFailures += 1;
      const replay = await simulation.run({
        seeds: [seed],
        recipe: failed.recipe,
      });
      t.deepEqual(replay.failed, [failed]);
      t.not(failed.fingerprint, fingerprint);
    }
    t.true(steeredFailures > 0);
  },
);

test.serial(
  "a swarm of 3,000 seeds leaves each combination of families its share",
  async (t) => {
    const report = await new SimulationBuilder()
      .workload(
        workload({ run: () => Promise.resolve(assertAlways(false, "fails")) }),
      )
      .chaos({ network: "swarm", storage: "swarm" })
      .run({ seeds: 3_000, base: 90, failuresMax: 3_000 });
    const combinations = new Map<string, number>();
    for (const { chaos } of report.failed) {
      const { network, clockDriftMaxMs = 0 } = chaos.weather;
      const taking = [
        network?.latencyMs !== undefined,
        (network?.refuseProbability ?? 0) > 0,
        chaos.partitions !== undefined,
      ];
      const key = [...taking, clockDriftMaxMs > 0].join();
      combinations.set(key, (combinations.get(key) ?? 0) + 1);
    }
    t.is(combinations.size, 16);
    // One seed in twenty is calm, and one has everything, beside those that the coins decide.
    for (const [combination, count] of combinations) {
      const isExtreme = new Set(combination.split(",")).size === 1;
      const [least, most] = isExtreme ? [240, 400] : [120, 225];
      t.true(count > least && count < most, `${combination}: ${count}`);
    }
  },
);

test.serial(
  "a seed in which time stands still is ended, and said to be stuck",
  async (t) => {
    const forever = async ({ time }: FaultContext): Promise<void> => {
      for (;;) await time.sleep(0);
    };
    const report = await new SimulationBuilder()
      .workload(workload({ run: ({ time }) => time.sleep(10) }))
      .fault({ name: "treadmill", inject: forever })
      .run({ seeds: [1] });
    t.deepEqual(failures(report), [
      "stuck: the seed did not end within 20000000 events",
    ]);
  },
);
