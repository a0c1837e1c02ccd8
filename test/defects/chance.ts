/** When faults strike, and when they end. */
import { SimulationBuilder } from "../../src/runner/index.ts";
import { connect, ipA, ipB, pattern, worldOf } from "../sim/support.ts";
import type { Defect } from "./defect.ts";

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
    .chaos({
      network: "random",
      clogs: false,
      connections: false,
      stalls: false,
    })
    .phases({ chaosMs: 40_000 })
    .run({ seeds: 10, base: 7 });
  return (
    (report.faults.get("partition") ?? 0) +
    (report.faults.get("one-way partition") ?? 0)
  );
}

export const chanceDefects: readonly Defect[] = [
  {
    holds: "a busy world sees no more partitions than a quiet one",
    numbers: ["network 4"],
    check: async (t) => {
      const [quiet, busy] = [await partitions(500), await partitions(0.5)];
      t.true(quiet > 50);
      t.true(busy < quiet * 1.5, `${quiet} and ${busy}`);
    },
    mutants: [
      {
        file: "runner/faults",
        from: "time,\n        random,",
        to: "time: { now: () => world.time.now(), schedule: (...given) => world.time.schedule(...given), sleep: async (ms, options) => { for (const until = world.steps + ms; world.steps < until && options?.signal?.aborted !== true; ) await world.time.sleep(1); } }, random,",
      },
    ],
  },
  {
    holds:
      "connections break in the first seconds of a run, and one break does not spare the next",
    numbers: ["simulator 7", "network 13"],
    check: async (t) => {
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
    mutants: [
      {
        file: "sim/network/random-close",
        from: "circuit.breakLater(exponential(",
        to: "circuit.breakLater(5_000 + exponential(",
      },
    ],
  },
  {
    holds: "calm ends every fault, in both directions",
    numbers: ["simulator 25", "network 11"],
    check: async (t) => {
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
    },
    mutants: [
      {
        file: "sim/network/sim-network",
        from: "this.healAll();",
        to: "for (const { from, to } of [...this.#links.values()]) if (from < to) this.mend({ from, to });",
      },
      {
        file: "sim/network/sim-network",
        from: "this.#config = Object.freeze({ ...this.#config, ...disabledChaos });",
        to: "",
      },
    ],
  },
  {
    holds:
      "each machine has a clock of its own, which errs and jumps either way",
    numbers: ["simulator 9", "network 10"],
    check: async (t) => {
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
    mutants: [
      {
        file: "sim/machines",
        from: "new MachineClock(engine, ip, faults)",
        to: "(this.onlyClock ??= new MachineClock(engine, ip, faults))",
      },
      {
        file: "sim/clock",
        from: "this.step((this.#random.ratio() * 2 - 1) * stepMaxMs);",
        to: "this.step(this.#random.ratio() * stepMaxMs);",
      },
    ],
  },
];
