/** How long bytes travel, and that they never overtake each other. */
import test from "ava";

import { isNetworkError } from "../../src/core/index.ts";
import { connect, drain, ipA, ipB, pattern, port, worldOf } from "./support.ts";

test.serial(
  "bytes travel for as long as the latency range says, from end to end of it",
  async (t) => {
    const world = worldOf({ network: { latencyMs: [1, 3], readMs: [0, 0] } });
    const travels: number[] = [];
    await world.run(async () => {
      const { client, server } = await connect(world);
      for (let turn = 0; turn < 300; turn += 1) {
        const sentMs = world.nowMs;
        await client.write(pattern(1));
        await server.read();
        travels.push(world.nowMs - sentMs);
        await world.time.sleep(5);
      }
    });
    const [least, most] = [Math.min(...travels), Math.max(...travels)];
    t.true(least >= 1 && least < 1.05, `the fastest took ${least}`);
    t.true(most <= 3 + 1e-9 && most > 2.95, `the slowest took ${most}`);
    const mean =
      travels.reduce((sum, travel) => sum + travel, 0) / travels.length;
    t.true(mean > 1.85 && mean < 2.15, `the mean is ${mean}`);
  },
);

test.serial(
  "a latency range of one value is that value, to the microsecond",
  async (t) => {
    const world = worldOf({
      network: {
        latencyMs: [1.234, 1.234],
        readMs: [0, 0],
        acceptMs: [0, 0],
        connectMs: [0, 0],
        bindMs: [0.5, 0.5],
      },
    });
    await world.run(async () => {
      const { client, server } = await connect(world);
      t.is(Math.round(world.nowMs * 1_000), 500 + 2 * 1_234);
      await client.write(pattern(1));
      await server.read();
      t.is(Math.round(world.nowMs * 1_000), 500 + 3 * 1_234);
    });
  },
);

test.serial(
  "each direction and each pair of machines draws its own latencies",
  async (t) => {
    const travel = async (noise: boolean): Promise<number> => {
      const world = worldOf({ network: { latencyMs: [1, 3], readMs: [0, 0] } });
      return world.run(async () => {
        const { client, server } = await connect(world);
        if (noise) await server.write(pattern(1));
        const sentMs = world.nowMs;
        await client.write(pattern(1));
        await server.read();
        return Math.round((world.nowMs - sentMs) * 1_000);
      });
    };
    t.is(await travel(true), await travel(false));
  },
);

for (const tieBreak of ["fifo", "random"] as const) {
  test.serial(
    `bytes keep their order under wildly varying latency, ties ${tieBreak}`,
    async (t) => {
      for (let seed = 0; seed < 60; seed += 1) {
        const world = worldOf({
          seed,
          tieBreak,
          network: { latencyMs: [0, seed % 2 === 0 ? 1_000 : 0] },
        });
        await world.run(async () => {
          const { client, server } = await connect(world);
          const draining = drain(server);
          for (let part = 0; part < 40; part += 1) {
            await client.write(pattern(10, part * 10));
            if (part % 3 === 0)
              await world.time.sleep(world.random("test").ratio() * 50);
          }
          client.end();
          t.deepEqual(
            await draining,
            { bytes: pattern(400), end: "end" },
            `seed ${seed}`,
          );
        });
      }
    },
  );

  test.serial(
    `a reset never overtakes bytes, and none come after it, ties ${tieBreak}`,
    async (t) => {
      for (let seed = 0; seed < 60; seed += 1) {
        const world = worldOf({
          seed,
          tieBreak,
          network: { latencyMs: [0, 10] },
        });
        await world.run(async () => {
          const { client, server } = await connect(world);
          const parted = seed % 3 === 0;
          if (parted) world.network.partition(ipA, ipB);
          for (let part = 0; part < 5; part += 1)
            await client.write(pattern(10, part * 10));
          if (parted) await world.time.sleep(20);
          world.network.heal(ipA, ipB);
          client.reset();
          const { bytes, end } = await drain(server);
          t.true(isNetworkError(end, "reset"));
          t.deepEqual(bytes, pattern(bytes.length), `seed ${seed}`);
          await world.time.sleep(100);
          t.true(isNetworkError((await drain(server)).end, "reset"));
          t.is(
            (await drain(server)).bytes.length,
            0,
            `bytes after the reset: seed ${seed}`,
          );
        });
      }
    },
  );
}

test.serial("a run with other latencies is another run", async (t) => {
  const prints = new Set<string>();
  for (const latencyMs of [
    [1, 1],
    [1, 2],
    [2, 2],
  ] as const) {
    const world = worldOf({ network: { latencyMs } });
    await world.run(() => connect(world));
    prints.add(world.fingerprint);
  }
  t.is(prints.size, 3);
});

test.serial(
  "loopback and wildcard addresses mean the machine itself",
  async (t) => {
    const world = worldOf();
    await world.run(async () => {
      const { network } = world.providers(ipA);
      const listener = await network.bind(`0.0.0.0:${port}`);
      for (const ip of ["127.0.0.1", "[::1]", "0.0.0.0", "[::]", ipA]) {
        const client = await network.connect(`${ip}:${port}`);
        const server = await listener.accept();
        t.is(client.remote.key, `${ipA}:${port}`);
        t.is(server.remote.key, client.local.key);
      }
      const other = await world
        .providers(ipB)
        .network.connect(`127.0.0.1:${port}`)
        .catch((error: unknown) => error);
      t.true(isNetworkError(other, "refused"));
    });
  },
);
