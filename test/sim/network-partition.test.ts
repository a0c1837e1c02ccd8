/** A partition holds what travels; healing lets it travel on; only time breaks connections. */
import test from "ava";

import { isNetworkError } from "../../src/core/index.ts";
import {
  connect,
  drain,
  ipA,
  ipB,
  pattern,
  watch,
  worldOf,
} from "./support.ts";

test.serial(
  "a partition holds bytes and ends, and healing delivers them in order, without loss",
  async (t) => {
    for (let seed = 0; seed < 20; seed += 1) {
      const world = worldOf({
        seed,
        tieBreak: seed % 2 === 0 ? "fifo" : "random",
      });
      await world.run(async () => {
        const { client, server } = await connect(world);
        const draining = drain(server);
        const told = watch(draining);
        await client.write(pattern(100));
        world.network.partition(ipA, ipB);
        for (let part = 1; part < 10; part += 1)
          await client.write(pattern(100, part * 100));
        client.end();
        await world.time.sleep(4_000);
        t.false(told.settled);
        world.network.heal(ipA, ipB);
        t.deepEqual(await draining, { bytes: pattern(1_000), end: "end" });
      });
    }
  },
);

test.serial(
  "what is under way when the partition comes is held as well",
  async (t) => {
    const world = worldOf({ network: { latencyMs: [10, 10], readMs: [0, 0] } });
    await world.run(async () => {
      const { client, server } = await connect(world);
      await client.write(pattern(10));
      const reading = watch(server.read());
      await world.time.sleep(5);
      world.network.partition(ipA, ipB);
      await world.time.sleep(4_000);
      t.false(reading.settled);
      world.network.heal(ipB, ipA);
      await world.time.sleep(10);
      t.true(reading.settled);
    });
  },
);

test.serial(
  "a long partition resets both ends, within the range and not before",
  async (t) => {
    for (let seed = 0; seed < 20; seed += 1) {
      const world = worldOf({
        seed,
        network: { resetAfterMs: [1_000, 2_000], latencyMs: [1, 1] },
      });
      await world.run(async () => {
        const { client, server } = await connect(world);
        world.network.partition(ipA, ipB);
        const startMs = world.nowMs;
        await client.write(pattern(10));
        const ends = [client, server].map(async (connection) => {
          const { bytes, end } = await drain(connection);
          t.true(isNetworkError(end, "reset"));
          t.is(bytes.length, 0);
          return world.nowMs - startMs - 1;
        });
        for (const afterMs of await Promise.all(ends))
          t.true(afterMs >= 1_000 && afterMs <= 2_000.001, `${afterMs} ms`);
        t.true(world.network.isPartitioned(ipA, ipB));
      });
    }
  },
);

test.serial("healing in time saves a connection for good", async (t) => {
  const world = worldOf({ network: { resetAfterMs: [1_000, 1_000] } });
  await world.run(async () => {
    const { client, server } = await connect(world);
    for (let turn = 0; turn < 5; turn += 1) {
      world.network.partition(ipA, ipB);
      await client.write(pattern(10));
      await server.write(pattern(10));
      await world.time.sleep(990);
      world.network.heal(ipA, ipB);
      t.deepEqual(
        [await client.read(), await server.read()],
        [pattern(10), pattern(10)],
      );
    }
    await world.time.sleep(60_000);
    await client.write(pattern(3));
    t.deepEqual(await server.read(), pattern(3));
  });
});

test.serial(
  "a connection with nothing to say outlives any partition",
  async (t) => {
    const world = worldOf();
    await world.run(async () => {
      const { client, server } = await connect(world);
      world.network.partition(ipA, ipB);
      await world.time.sleep(3_600_000);
      world.network.heal(ipA, ipB);
      await client.write(pattern(3));
      t.deepEqual(await server.read(), pattern(3));
    });
  },
);
