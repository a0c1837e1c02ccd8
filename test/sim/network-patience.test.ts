/** What is held for too long breaks a connection: whichever way, whatever it is, and whatever else gets through. */
import test from "ava";

import { isNetworkError } from "../../src/core/index.ts";
import { connect, ipA, ipB, pattern, watch, worldOf } from "./support.ts";

const network = {
  latencyMs: [1, 1] as const,
  resetAfterMs: [500, 500] as const,
  windowBytes: 4_096,
};

test.serial(
  "a writer whose news of room are held gives up, and so does the other end",
  async (t) => {
    const world = worldOf({ network });
    await world.run(async () => {
      const { client, server } = await connect(world);
      const writing = client
        .write(pattern(10_000))
        .catch((error: unknown) => error);
      await world.time.sleep(10);
      world.network.partition(ipA, ipB);
      t.is((await server.read())?.length, 10_000);
      const startMs = world.nowMs;
      t.true(isNetworkError(await writing, "reset"));
      t.is(Math.round(world.nowMs - startMs), 501);
      world.network.heal(ipA, ipB);
      const reading: unknown = await server.read().catch((e: unknown) => e);
      t.true(isNetworkError(reading, "reset"));
    });
  },
);

for (const how of ["partition", "cut"] as const) {
  test.serial(
    `a writer whose news of room outlast a ${how} writes on, and the connection stays whole`,
    async (t) => {
      const world = worldOf({ network });
      await world.run(async () => {
        const { client, server } = await connect(world);
        const writing = watch(client.write(pattern(10_000)));
        await world.time.sleep(10);
        const [circuit] = world.network.circuits;
        if (how === "cut") circuit?.cut();
        else world.network.partition(ipA, ipB);
        await server.read();
        await world.time.sleep(400);
        t.false(writing.settled);
        if (how === "cut") circuit?.restore();
        else world.network.heal(ipA, ipB);
        await world.time.sleep(10_000);
        t.true(writing.settled);
        await client.write(pattern(5));
        t.deepEqual(await server.read(), pattern(5));
      });
    },
  );
}

test.serial(
  "what gets through one way does not keep a connection whole whose bytes are held the other way",
  async (t) => {
    const world = worldOf({ network });
    await world.run(async () => {
      const { client, server } = await connect(world);
      world.network.cut({ from: ipB, to: ipA });
      await client.write(pattern(5));
      let heard = 0;
      const chat = async (): Promise<void> => {
        for (; heard < 100; heard += 1) {
          await server.write(pattern(1));
          await client.read();
          await world.time.sleep(20);
        }
      };
      const end: unknown = await chat().catch((error: unknown) => error);
      t.true(isNetworkError(end, "reset"));
      t.true(heard > 10 && heard < 30, `${heard} in half a second`);
    });
  },
);

test.serial("a machine without a free port says so", async (t) => {
  const world = worldOf();
  await world.run(async () => {
    const near = world.providers(ipA).network;
    const all = Array.from({ length: 25_536 }, () => near.bind(`${ipA}:0`));
    await Promise.all(all);
    const attempts: (() => Promise<unknown>)[] = [
      () => near.bind(`${ipA}:0`),
      () => near.bindDatagram(`${ipA}:0`),
      () => near.connect(`${ipB}:1`),
    ];
    for (const attempt of attempts) {
      const error: unknown = await attempt().catch((e: unknown) => e);
      t.true(isNetworkError(error, "address_in_use"), String(error));
    }
    const listener = await (all[7] as (typeof all)[number]);
    await listener.close();
    const next = await near.bind(`${ipA}:0`);
    t.is(next.address.key, listener.address.key);
  });
});
