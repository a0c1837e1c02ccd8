/** Ways through the network that are cut or clogged: one way, one machine, for a while. */
import test from "ava";

import { isNetworkError } from "../../src/core/index.ts";
import type { Way } from "../../src/sim/index.ts";
import {
  connect,
  drain,
  ipA,
  ipB,
  ipC,
  pattern,
  watch,
  worldOf,
} from "./support.ts";

const ways: readonly [title: string, way: Way, fault: string][] = [
  ["one way between two machines", { from: ipB, to: ipA }, "one-way partition"],
  ["a machine that can only receive", { from: ipB }, "send partition"],
  ["a machine that can only send", { to: ipA }, "receive partition"],
];
for (const [title, way, fault] of ways) {
  test.serial(`a cut stops ${title}, and nothing else`, async (t) => {
    const world = worldOf({ network: { latencyMs: [1, 1] } });
    await world.run(async () => {
      const { client, server } = await connect(world);
      world.network.cut(way);
      t.true(world.network.isPartitioned(ipB, ipA));
      t.false(world.network.isPartitioned(ipA, ipB));
      const forth = server.read();
      const told = watch(forth);
      await client.write(pattern(4));
      await server.write(pattern(3));
      t.deepEqual(await client.read(), pattern(3));
      await world.time.sleep(1_000);
      t.false(told.settled);
      world.network.mend(way);
      t.deepEqual(await forth, pattern(4));
    });
    t.deepEqual([...world.faults.counts], [[fault, 1]]);
  });
}

test.serial(
  "a cut for so long mends itself, then; the longest counts",
  async (t) => {
    const world = worldOf({ network: { latencyMs: [1, 1] } });
    await world.run(async () => {
      const { client, server } = await connect(world);
      world.network.partition(ipA, ipB, { forMs: 300 });
      world.network.partition(ipA, ipB, { forMs: 100 });
      const startMs = world.nowMs;
      await client.write(pattern(4));
      t.deepEqual(await server.read(), pattern(4));
      t.is(Math.round(world.nowMs - startMs), 301);
      t.false(world.network.isPartitioned(ipA, ipB));
    });
    t.is(world.faults.counts.get("partition"), 1);
  },
);

test.serial(
  "a cut holds for connections made later, to machines seen later",
  async (t) => {
    const world = worldOf({ network: { connectTimeoutMs: 50 } });
    await world.run(async () => {
      world.network.cut({ to: ipC });
      const listener = await world.providers(ipC).network.bind(`${ipC}:0`);
      const { network } = world.providers(ipA);
      const failure: unknown = await network
        .connect(listener.address)
        .catch((error: unknown) => error);
      t.true(isNetworkError(failure, "timed_out"));
      const own = await world.providers(ipC).network.connect(listener.address);
      t.is(own.remote.ip, ipC, "a machine always reaches itself");
    });
  },
);

const clogs: readonly Way[] = [
  { from: ipB },
  { to: ipA },
  { from: ipB, to: ipA },
];
for (const way of clogs) {
  test.serial(
    `a clog of ${JSON.stringify(way)} delays, loses nothing and breaks nothing`,
    async (t) => {
      const world = worldOf({
        network: { latencyMs: [1, 1], resetAfterMs: [10, 10] },
      });
      await world.run(async () => {
        const { client, server } = await connect(world);
        world.network.clog(way, 5_000);
        t.true(world.network.isClogged(ipB, ipA));
        const startMs = world.nowMs;
        const draining = drain(server);
        for (let part = 0; part < 5; part += 1)
          await client.write(pattern(10, part * 10));
        client.end();
        t.deepEqual(await draining, { bytes: pattern(50), end: "end" });
        t.is(Math.round(world.nowMs - startMs), 5_001);
      });
      t.true([...world.faults.counts.keys()].join().endsWith("clog"));
    },
  );
}

test.serial(
  "what a clog holds breaks when the way is cut meanwhile",
  async (t) => {
    const world = worldOf({
      network: { latencyMs: [1, 1], resetAfterMs: [100, 100] },
    });
    await world.run(async () => {
      const { client, server } = await connect(world);
      world.network.clog({ from: ipB });
      await client.write(pattern(4));
      await world.time.sleep(1_000);
      world.network.partition(ipA, ipB);
      t.true(isNetworkError((await drain(server)).end, "reset"));
    });
  },
);

test.serial("calm mends and unclogs everything", async (t) => {
  const world = worldOf();
  world.network.cut({ from: ipA });
  world.network.clog({ to: ipB });
  world.network.partition(ipA, ipC);
  world.calm();
  for (const from of [ipA, ipB, ipC]) {
    for (const to of [ipA, ipB, ipC]) {
      t.false(world.network.isPartitioned(from, to));
      t.false(world.network.isClogged(from, to));
    }
  }
  await world.run(() => connect(world));
});
