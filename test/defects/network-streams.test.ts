/** Defects of the simulator that this one follows, each in the words of its effect here: what becomes of bytes. */
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
} from "../sim/support.ts";

test.serial(
  "a partition tears no hole into a stream, and an end does not pass it either",
  async (t) => {
    const world = worldOf();
    await world.run(async () => {
      const { client, server } = await connect(world);
      const draining = drain(server);
      const told = watch(draining);
      await client.write(pattern(100));
      world.network.partition(ipA, ipB);
      await client.write(pattern(100, 100));
      client.end();
      await world.time.sleep(1_000);
      t.false(told.settled, "an end that passes would end the stream here");
      world.network.heal(ipA, ipB);
      t.deepEqual(await draining, { bytes: pattern(200), end: "end" });
    });
  },
);

test.serial("an end alone is held by a partition like bytes", async (t) => {
  const world = worldOf();
  await world.run(async () => {
    const { client, server } = await connect(world);
    world.network.partition(ipA, ipB);
    client.end();
    const reading = server.read();
    const told = watch(reading);
    await world.time.sleep(1_000);
    t.false(told.settled);
    world.network.heal(ipA, ipB);
    t.is(await reading, undefined);
  });
});

test.serial(
  "a reset is no end of the stream, and what had arrived can be read",
  async (t) => {
    const world = worldOf();
    await world.run(async () => {
      const { client, server } = await connect(world);
      await client.write(pattern(10));
      await world.time.sleep(100);
      client.reset();
      await world.time.sleep(100);
      const { bytes, end } = await drain(server);
      t.deepEqual(bytes, pattern(10));
      t.true(isNetworkError(end, "reset"));
      const writing: unknown = await server
        .write(pattern(1))
        .catch((error: unknown) => error);
      t.true(isNetworkError(writing, "reset"));
    });
  },
);

test.serial(
  "an end that has ended its own stream goes on reading",
  async (t) => {
    const world = worldOf();
    await world.run(async () => {
      const { client, server } = await connect(world);
      await client.write(pattern(4));
      client.end();
      t.deepEqual((await drain(server)).bytes, pattern(4));
      await server.write(pattern(9));
      server.end();
      t.deepEqual(await drain(client), { bytes: pattern(9), end: "end" });
    });
  },
);

test.serial(
  "a write of more than 64 KiB completes, and a slow reader slows the writer down",
  async (t) => {
    const world = worldOf();
    await world.run(async () => {
      const { client, server } = await connect(world);
      const writing = client.write(pattern(300_000));
      const told = watch(writing);
      await world.time.sleep(1_000);
      t.false(told.settled, "there is no room yet");
      let got = 0;
      while (got < 300_000) got += (await server.read())?.length ?? Infinity;
      await writing;
      t.is(got, 300_000);
    });
  },
);

test.serial(
  "bytes for a peer that has closed are answered by a reset",
  async (t) => {
    const world = worldOf();
    await world.run(async () => {
      const { client, server } = await connect(world);
      server.close();
      await client.write(pattern(10));
      await world.time.sleep(100);
      const { end } = await drain(client);
      t.true(end === "end" || isNetworkError(end, "reset"));
      const writing: unknown = await client
        .write(pattern(1))
        .catch((error: unknown) => error);
      t.true(isNetworkError(writing, "reset"));
    });
  },
);

test.serial("a writer who waits for room is woken by a reset", async (t) => {
  const world = worldOf();
  await world.run(async () => {
    const { client, server } = await connect(world);
    const writing = client
      .write(pattern(200_000))
      .catch((error: unknown) => error);
    await world.time.sleep(100);
    server.reset();
    t.true(isNetworkError(await writing, "reset"));
  });
});

test.serial("every chunk of a burst pays its latency", async (t) => {
  const world = worldOf({ network: { latencyMs: [5, 5] } });
  await world.run(async () => {
    const { client, server } = await connect(world);
    const startMs = world.nowMs;
    for (let part = 0; part < 3; part += 1)
      await client.write(pattern(1, part));
    await server.read();
    t.true(world.nowMs - startMs >= 5 - 1e-9, "the first one too");
  });
});
