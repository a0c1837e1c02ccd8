/** Defects of the simulator that this one follows, each in the words of its effect here: when faults strike, and end. */
import test from "ava";

import { SimulationBuilder } from "../../src/runner/index.ts";
import { connect, ipA, ipB, pattern, worldOf } from "../sim/support.ts";

/** How many partitions thirty seconds see while a client is this busy. */
async function partitions(pauseMs: number): Promise<number> {
  const report = await new SimulationBuilder()
    .processes("server", { count: 3 }, () => undefined)
    .workload(() => ({
      name: "busy",
      async run({ time }) {
        while (time.now() < 30_000) await time.sleep(pauseMs);
      },
    }))
    .chaos({ network: "random" })
    .phases({ chaosMs: 40_000 })
    .run({ seeds: 10, base: 7 });
  return (
    (report.faults.get("partition") ?? 0) +
    (report.faults.get("one-way partition") ?? 0)
  );
}

test.serial(
  "a busy world sees no more partitions than a quiet one",
  async (t) => {
    const [quiet, busy] = [await partitions(500), await partitions(1)];
    t.true(quiet > 50);
    t.true(busy < quiet * 1.5, `${quiet} and ${busy}`);
  },
);

test.serial(
  "connections break in the first seconds of a run, and one break does not spare the next",
  async (t) => {
    let early = 0;
    for (let seed = 0; seed < 20; seed += 1) {
      const world = worldOf({ seed, network: { randomCloseEveryMs: 1_000 } });
      await world.run(async () => {
        for (let port = 1; port <= 5; port += 1) await connect(world, port);
        await world.time.sleep(3_000);
      });
      early += [...world.faults.counts.values()].reduce(
        (sum, count) => sum + count,
        0,
      );
    }
    t.true(early > 80, `${early} of 100 connections`);
  },
);

test.serial("calm ends every fault, in both directions", async (t) => {
  const world = worldOf({
    network: {
      latencyMs: [1, 1],
      readMs: [0, 0],
      pairLatencyMs: [50, 50],
      refuseProbability: 1,
      randomCloseEveryMs: 5_000,
      bitFlipEveryMs: 1,
      partialWriteEveryMs: 1,
      partialReadEveryMs: 1,
    },
  });
  await world.run(async () => {
    for (const [from, to] of [
      [ipA, ipB],
      [ipB, ipA],
    ] as const) {
      world.network.cut({ from, to });
      world.network.clog({ from, to });
    }
    world.calm();
    const { client, server } = await connect(world);
    const faults = JSON.stringify([...world.faults.counts]);
    const startMs = world.nowMs;
    for (let turn = 0; turn < 1_000; turn += 1) {
      await client.write(pattern(100));
      t.deepEqual(await server.read(), pattern(100));
      await server.write(pattern(100));
      t.deepEqual(await client.read(), pattern(100));
    }
    t.is(Math.round(world.nowMs - startMs), 2_000);
    t.is(JSON.stringify([...world.faults.counts]), faults);
  });
});

test.serial(
  "each machine has a clock of its own, which errs and jumps either way",
  async (t) => {
    const world = worldOf({
      clock: { ratePpmMax: 500, stepEveryMs: 100, stepMaxMs: 1_000 },
    });
    const [a, b] = [world.providers(ipA).time, world.providers(ipB).time];
    let back = 0;
    await world.run(async () => {
      for (let turn = 0; turn < 50; turn += 1) {
        const beforeMs = a.wallClock();
        await a.sleep(100);
        if (a.wallClock() < beforeMs) back += 1;
      }
    });
    t.true(back > 5, "it jumps backwards, too");
    t.true(Math.abs(a.wallClock() - b.wallClock()) > 1);
    t.is(a.now(), b.now());
  },
);
