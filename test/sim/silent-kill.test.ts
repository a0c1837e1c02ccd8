/** A machine that loses its power: nobody is told, until somebody asks a machine that is back. */
import test from "ava";

import { isNetworkError } from "../../src/core/index.ts";
import {
  codeOf,
  connect,
  drain,
  ipA,
  ipB,
  listen,
  pattern,
  port,
  watch,
  worldOf,
} from "./support.ts";

const network = {
  latencyMs: [1, 1] as const,
  resetAfterMs: [500, 500] as const,
  connectTimeoutMs: 300,
};

test.serial(
  "a peer of a machine without power hears nothing, where a crash resets",
  async (t) => {
    for (const silent of [true, false]) {
      const world = worldOf({ network });
      await world.run(async () => {
        const { client } = await connect(world);
        const reading = watch(client.read());
        world.kill(ipA, { silent });
        await world.time.sleep(3_600_000);
        t.is(reading.settled, !silent);
        world.calm();
        await world.time.sleep(10);
        t.true(reading.settled, "calm ends it");
      });
      t.is(world.network.circuits.length, 0);
    }
  },
);

test.serial(
  "what was under way from it still arrives, and who sends to it gives up",
  async (t) => {
    const world = worldOf({ network });
    await world.run(async () => {
      const { client, server } = await connect(world);
      await server.write(pattern(7));
      world.kill(ipA, { silent: true });
      t.deepEqual(await client.read(), pattern(7));
      const startMs = world.nowMs;
      await client.write(pattern(100_000));
      t.true(isNetworkError((await drain(client)).end, "reset"));
      t.is(Math.round(world.nowMs - startMs), 500);
    });
  },
);

test.serial("who had sent something before gives up as well", async (t) => {
  const world = worldOf({ network });
  await world.run(async () => {
    const { client } = await connect(world);
    const writing = watch(client.write(pattern(200_000)));
    world.kill(ipA, { silent: true });
    t.true(isNetworkError((await drain(client)).end, "reset"));
    t.true(writing.settled);
    t.is(Math.round(world.nowMs) > 500, true);
  });
});

test.serial(
  "a machine without power refuses nobody; when it is back, it refuses what it does not know",
  async (t) => {
    const world = worldOf({ network });
    await world.run(async () => {
      const { client } = await connect(world);
      world.kill(ipA, { silent: true });
      t.is(await codeOf(world), "timed_out");
      const reading = watch(client.read());
      await listen(world);
      t.is(await codeOf(world), "connected");
      await world.time.sleep(10_000);
      t.false(reading.settled, "nobody has asked");
      const startMs = world.nowMs;
      await client.write(pattern(1));
      const { end } = await drain(client).catch(() => ({ end: "second read" }));
      t.truthy(end);
      await world.time.sleep(10);
      t.true(reading.settled, "it has no such connection");
      t.true(world.nowMs - startMs < 50, "and says so at once");
    });
  },
);

test.serial(
  "what was sent while the power was off is answered when it is back",
  async (t) => {
    const world = worldOf({
      network: { ...network, resetAfterMs: [9_000, 9_000] },
    });
    await world.run(async () => {
      const { client } = await connect(world);
      world.kill(ipA, { silent: true });
      await client.write(pattern(1));
      const reading = watch(client.read());
      await world.time.sleep(2_000);
      t.false(reading.settled);
      world.boot(ipA, () => undefined);
      await world.time.sleep(10);
      t.true(reading.settled);
    });
  },
);

test.serial("two machines that lose their power leave nothing", async (t) => {
  const world = worldOf({ network });
  await world.run(async () => {
    const { client } = await connect(world);
    await client.write(pattern(1));
    world.kill(ipA, { silent: true });
    world.kill(ipB, { silent: true });
    await world.time.sleep(1_000);
    t.deepEqual(world.network.circuits, []);
    const again = await world.providers(ipA).network.bind(`${ipA}:${port}`);
    t.is(again.address.port, port);
  });
});
