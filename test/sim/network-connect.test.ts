/** Connects: across partitions, refused by chance, refused by a full backlog, in time and too late. */
import test from "ava";

import { isNetworkError } from "../../src/core/index.ts";

import {
  codeOf,
  dial,
  ipA,
  ipB,
  listen,
  port,
  watch,
  worldOf,
} from "./support.ts";

test.serial(
  "a connect across a partition waits, and succeeds when it is healed in time",
  async (t) => {
    const world = worldOf({ network: { connectTimeoutMs: 1_000 } });
    await world.run(async () => {
      await listen(world);
      world.network.partition(ipA, ipB);
      const connecting = dial(world);
      const told = watch(connecting);
      await world.time.sleep(900);
      t.false(told.settled);
      world.network.heal(ipA, ipB);
      const client = await connecting;
      t.is(client.remote.key, `${ipA}:${port}`);
      t.true(world.nowMs < 920);
      await world.time.sleep(60_000);
      await client.write(Uint8Array.of(1));
    });
  },
);

test.serial("a connect whose answer is held waits as well", async (t) => {
  const world = worldOf({
    network: { latencyMs: [10, 10], connectMs: [0, 0] },
  });
  await world.run(async () => {
    await listen(world);
    const connecting = dial(world);
    const told = watch(connecting);
    await world.time.sleep(15);
    world.network.partition(ipA, ipB);
    await world.time.sleep(1_000);
    t.false(told.settled);
    world.network.heal(ipA, ipB);
    t.is((await connecting).remote.key, `${ipA}:${port}`);
  });
});

test.serial(
  "a connect across a lasting partition times out, exactly then, and never comes back",
  async (t) => {
    const world = worldOf({ network: { connectTimeoutMs: 1_234 } });
    await world.run(async () => {
      const listener = await listen(world);
      const accepted = watch(listener.accept());
      const startMs = world.nowMs;
      world.network.partition(ipA, ipB);
      const error = await dial(world).catch((failure: unknown) => failure);
      t.true(isNetworkError(error, "timed_out"));
      t.is(
        (error as Error).message,
        `[timed_out] no answer from ${ipA}:${port}`,
      );
      t.is(Math.round((world.nowMs - startMs) * 1_000), 1_234_000);
      world.network.heal(ipA, ipB);
      await world.time.sleep(1_000);
      t.false(accepted.settled, "the abandoned request makes no connection");
    });
  },
);

test.serial(
  "a server end whose client gave up in the handshake is reset",
  async (t) => {
    const world = worldOf({
      network: { latencyMs: [10, 10], connectMs: [0, 0], connectTimeoutMs: 15 },
    });
    await world.run(async () => {
      const listener = await listen(world);
      const error = await dial(world).catch((failure: unknown) => failure);
      t.true(isNetworkError(error, "timed_out"));
      const server = await listener.accept();
      t.true(
        isNetworkError(
          await server.read().catch((failure: unknown) => failure),
          "reset",
        ),
      );
    });
  },
);

test.serial(
  "a listener that accepts nothing takes 511 connections, refuses more, and takes more after accepting",
  async (t) => {
    const world = worldOf();
    await world.run(async () => {
      const listener = await listen(world);
      const codes = await Promise.all(
        Array.from({ length: 515 }, () => codeOf(world)),
      );
      t.is(codes.filter((code) => code === "connected").length, 511);
      t.is(codes.filter((code) => code === "refused").length, 4);
      await listener.accept();
      t.is(await codeOf(world), "connected");
      t.is(await codeOf(world), "refused");
    });
  },
);

test.serial(
  "a connect takes the time of a request, and that of the answer",
  async (t) => {
    const durations: readonly [
      latencyMs: number,
      connectMs: number,
      takesMs: number,
    ][] = [
      [1, 5, 6],
      [5, 1, 10],
      [0, 0, 0],
    ];
    for (const [latencyMs, connectMs, takesMs] of durations) {
      const network = {
        latencyMs: [latencyMs, latencyMs],
        connectMs: [connectMs, connectMs],
      } as const;
      const world = worldOf({ network });
      await world.run(async () => {
        await listen(world);
        const startMs = world.nowMs;
        await dial(world);
        t.is(Math.round((world.nowMs - startMs) * 1_000), takesMs * 1_000);
      });
    }
  },
);

test.serial(
  "an ephemeral port is no listener's, and not soon used again",
  async (t) => {
    const world = worldOf();
    await world.run(async () => {
      await listen(world);
      await world.providers(ipB).network.bind(`${ipB}:40001`);
      const ports = [];
      for (let turn = 0; turn < 5; turn += 1)
        ports.push((await dial(world)).local.port);
      t.deepEqual(ports, [40_000, 40_002, 40_003, 40_004, 40_005]);
    });
  },
);
