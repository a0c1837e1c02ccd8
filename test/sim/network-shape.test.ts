/** How long bytes travel: shapes, distances that last, what differs from link to link, and how much fits through. */
import test from "ava";

import {
  disabledChaos,
  fastLocalNetwork,
  randomNetworkForSeed,
  resolveNetworkConfiguration,
  sampleDuration,
  type Latency,
  type NetworkConfiguration,
} from "../../src/sim/index.ts";
import { connect, drain, ipA, ipB, ipC, pattern, worldOf } from "./support.ts";

/** Many travel times from `ipB` to `ipA`, one after the other. */
async function travels(
  network: Partial<NetworkConfiguration>,
  count = 400,
): Promise<number[]> {
  const world = worldOf({ network: { readMs: [0, 0], ...network } });
  const times: number[] = [];
  await world.run(async () => {
    const { client, server } = await connect(world);
    for (let turn = 0; turn < count; turn += 1) {
      const sentMs = world.nowMs;
      await client.write(pattern(1));
      await server.read();
      times.push(world.nowMs - sentMs);
    }
  });
  return times.toSorted((left, right) => left - right);
}

const shapes: readonly [Latency, (sorted: number[]) => boolean][] = [
  [
    { shape: "exponential", minMs: 2, meanMs: 4 },
    (sorted) => near(mean(sorted), 6, 0.7) && (sorted.at(-1) ?? 0) > 15,
  ],
  [
    {
      shape: "bimodal",
      fastMs: [1, 2],
      slowMs: [50, 60],
      slowProbability: 0.1,
    },
    (sorted) =>
      near(sorted.filter((ms) => ms >= 50).length, 40, 20) &&
      sorted.every((ms) => ms < 2.01 || ms >= 50),
  ],
  [
    { shape: "long_tail", minMs: 1, scaleMs: 2, maxMs: 30 },
    (sorted) =>
      near(sorted[200] ?? 0, 2.2, 0.3) && near(sorted.at(-1) ?? 0, 30, 5),
  ],
];
for (const [latencyMs, isRight] of shapes) {
  const { shape } = latencyMs as { shape: string };
  test.serial(`a latency can be ${shape}`, async (t) => {
    const sorted = await travels({ latencyMs });
    t.true(isRight(sorted), JSON.stringify(sorted.slice(-20)));
    t.true((sorted[0] ?? 0) >= 1);
  });
}

test("sampleDuration stays within what it is given", (t) => {
  const random = worldOf().random("dice");
  for (let turn = 0; turn < 200; turn += 1) {
    const ms = sampleDuration(random, [3, 5]);
    t.true(ms >= 3 && ms < 5);
  }
});

test.serial("a distance is drawn once for each pair, and lasts", async (t) => {
  const base = { latencyMs: [1, 1] as const };
  const quiet = await travels(base, 20);
  const far = await travels({ ...base, pairLatencyMs: [20, 30] }, 20);
  t.deepEqual([...new Set(quiet.map(Math.round))], [1]);
  t.is(new Set(far.map((ms) => Math.round(ms * 1_000))).size, 1);
  t.true((far[0] ?? 0) >= 21);
  const world = worldOf({ network: { ...base, pairLatencyMs: [20, 30] } });
  await world.run(async () => void (await connect(world)));
  t.is(world.faults.counts.get("pair latency"), 1);
  t.is(world.faults.counts.get("asymmetric latency"), undefined);
});

test.serial("an asymmetric latency makes both ways differ", async (t) => {
  const world = worldOf({
    network: {
      latencyMs: [1, 1],
      readMs: [0, 0],
      asymmetricLatencyMs: [0, 50],
    },
  });
  await world.run(async () => {
    const { client, server } = await connect(world);
    const startMs = world.nowMs;
    await client.write(pattern(1));
    await server.read();
    const thereMs = world.nowMs - startMs;
    await server.write(pattern(1));
    await client.read();
    const backMs = world.nowMs - startMs - thereMs;
    t.true(Math.abs(thereMs - backMs) > 0.5, `${thereMs} and ${backMs}`);
  });
  t.is(world.faults.counts.get("asymmetric latency"), 2);
});

test.serial(
  "bandwidth makes every byte of a burst wait its turn",
  async (t) => {
    const seconds = async (bytesPerSecond: number): Promise<number> => {
      const world = worldOf({
        network: { latencyMs: [1, 1], bytesPerSecond, windowBytes: 1_000_000 },
      });
      return world.run(async () => {
        const { client, server } = await connect(world);
        const startMs = world.nowMs;
        for (let part = 0; part < 10; part += 1)
          await client.write(pattern(10_000, part * 10_000));
        client.end();
        t.deepEqual((await drain(server)).bytes, pattern(100_000));
        return Math.round(world.nowMs - startMs) / 1_000;
      });
    };
    t.is(await seconds(0), 0.001);
    t.is(await seconds(100_000), 1.001);
  },
);

test.serial("a link and a machine can be slower than the rest", async (t) => {
  const world = worldOf({
    network: {
      latencyMs: [1, 1],
      links: [
        { from: ipB, to: ipA, latencyMs: [7, 7] },
        { to: ipC, extraLatencyMs: 20 },
      ],
    },
  });
  const takes = async (from: string, to: string): Promise<number> => {
    const startMs = world.nowMs;
    const listener = await world.providers(to).network.bind(`${to}:0`);
    const dialling = world.providers(from).network.connect(listener.address);
    const server = await listener.accept();
    const client = await dialling;
    const sentMs = world.nowMs;
    await client.write(pattern(1));
    await server.read();
    t.true(sentMs > startMs);
    return Math.round(world.nowMs - sentMs);
  };
  await world.run(async () => {
    t.deepEqual(
      [await takes(ipB, ipA), await takes(ipA, ipB), await takes(ipB, ipC)],
      [7, 1, 21],
    );
    world.network.shape({ from: ipA, latencyMs: [3, 3] });
    t.deepEqual([await takes(ipA, ipB), await takes(ipB, ipA)], [3, 7]);
  });
});

test.serial(
  "presets are sound: as fast as can be, and another network for each seed",
  async (t) => {
    t.deepEqual(
      resolveNetworkConfiguration(fastLocalNetwork),
      fastLocalNetwork,
    );
    t.like(fastLocalNetwork, disabledChaos);
    const drawn = [1, 2].map((seed) =>
      resolveNetworkConfiguration(
        randomNetworkForSeed(worldOf({ seed }).random("preset")),
      ),
    );
    t.notDeepEqual(drawn[0], drawn[1]);
    for (const network of drawn)
      await travels({ ...network, ...disabledChaos }, 5);
  },
);

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function near(value: number, wanted: number, within: number): boolean {
  return Math.abs(value - wanted) <= within;
}
