/** What befalls connections one by one: cuts, ends that vanish, breaks of every kind, and those that are spared. */
import test from "ava";

import { isNetworkError } from "../../src/core/index.ts";
import type { CloseKind, SimWorld } from "../../src/sim/index.ts";
import {
  connect,
  drain,
  pattern,
  watch,
  worldOf,
  type Pair,
} from "./support.ts";

interface Wired extends Pair {
  readonly circuit: SimWorld["network"]["circuits"][number];
}

/** Run with one connection, and hand over what can be done to it. */
function wired(
  world: SimWorld,
  body: (pair: Wired) => Promise<void>,
): Promise<void> {
  return world.run(async () => {
    const pair = await connect(world);
    const [circuit] = world.network.circuits;
    if (circuit === undefined) throw new Error("there is no circuit");
    await body({ ...pair, circuit });
  });
}

const quick = { latencyMs: [1, 1] as const, resetAfterMs: [500, 500] as const };

test.serial(
  "a cut connection holds bytes both ways until it is restored",
  async (t) => {
    const world = worldOf({ network: quick });
    await wired(world, async ({ client, server, circuit }) => {
      circuit.cut(400);
      t.true(circuit.isCut);
      const startMs = world.nowMs;
      await client.write(pattern(5));
      await client.write(pattern(5, 5));
      await server.write(pattern(3));
      t.deepEqual(
        [await client.read(), await server.read()],
        [pattern(3), pattern(5)],
      );
      t.is(Math.round(world.nowMs - startMs), 400);
      t.deepEqual(await server.read(), pattern(5, 5));
      t.false(circuit.isCut);
      await world.time.sleep(2_000);
      await client.write(pattern(1));
      t.deepEqual(await server.read(), pattern(1), "it stays whole");
    });
    t.deepEqual([...world.faults.counts], [["connection cut", 1]]);
  },
);

test.serial("a connection that is cut for too long is reset", async (t) => {
  const world = worldOf({ network: quick });
  await wired(world, async ({ client, server, circuit }) => {
    circuit.cut();
    await client.write(pattern(5));
    t.true(isNetworkError((await drain(client)).end, "reset"));
    t.true(isNetworkError((await drain(server)).end, "reset"));
  });
});

for (const resetAfterMs of [undefined, 700]) {
  test.serial(
    `a peer that vanishes leaves reads waiting and writes lost, and resets after ${resetAfterMs}`,
    async (t) => {
      const world = worldOf({ network: quick });
      await wired(world, async ({ client, server, circuit }) => {
        await server.write(pattern(3));
        circuit.crashPeer("server", resetAfterMs);
        const startMs = world.nowMs;
        const reading = client.read().catch((error: unknown) => error);
        const told = watch(reading);
        for (let part = 0; part < 50; part += 1)
          await client.write(pattern(9_000));
        await world.time.sleep(600);
        t.false(told.settled);
        if (resetAfterMs === undefined) {
          await world.time.sleep(3_600_000);
          t.false(told.settled, "neither an end nor a reset, ever");
          world.calm();
        }
        t.true(isNetworkError(await reading, "reset"));
        if (resetAfterMs !== undefined)
          t.is(Math.round(world.nowMs - startMs), resetAfterMs);
      });
      t.deepEqual([...world.faults.counts], [["peer crash", 1]]);
    },
  );
}

/** What both ends read after the network has broken their connection, without having sent anything. */
const breaks: readonly [
  CloseKind,
  told: boolean,
  client: string,
  server: string,
][] = [
  ["graceful", true, "end", "end"],
  ["graceful", false, "waits", "end"],
  ["one_sided", true, "waits", "reset"],
  ["one_sided", false, "waits", "waits"],
  ["abortive", true, "reset", "reset"],
  ["abortive", false, "waits", "waits"],
];
for (const [kind, told, client, server] of breaks) {
  const how = told ? "told at once" : "silent";
  test.serial(
    `a ${kind} close, ${how}: one end ${client}, the other ${server}`,
    async (t) => {
      const world = worldOf({ network: quick });
      await wired(world, async (pair) => {
        pair.circuit.close({ kind, told, end: "server" });
        const ends = await Promise.all(
          [pair.client, pair.server].map(async (connection) => {
            const draining = drain(connection);
            const heard = watch(draining);
            await world.time.sleep(10_000);
            if (!heard.settled) return "waits";
            const { end } = await draining;
            return end === "end" ? "end" : isNetworkError(end) ? end.code : "?";
          }),
        );
        t.deepEqual(ends, [client, server]);
        t.is(world.faults.counts.size, 1);
      });
    },
  );

  test.serial(
    `after a ${kind} close, ${how}, who keeps sending hears of it`,
    async (t) => {
      const world = worldOf({ network: quick });
      await wired(world, async (pair) => {
        pair.circuit.close({ kind, told, end: "client" });
        let failure: unknown;
        for (let turn = 0; turn < 100 && failure === undefined; turn += 1) {
          await world.time.sleep(20);
          failure = await pair.client
            .write(pattern(1))
            .catch((error: unknown) => error);
        }
        t.true(isNetworkError(failure, "reset"), String(failure));
      });
    },
  );
}

test.serial(
  "a random network breaks connections in every way, each after a drawn life",
  async (t) => {
    const kinds = new Set<string>();
    const lives: number[] = [];
    for (let seed = 0; seed < 60; seed += 1) {
      const world = worldOf({
        seed,
        network: {
          ...quick,
          randomCloseEveryMs: 1_000,
          randomCloseExplicitRatio: 0.5,
        },
      });
      await world.run(async () => void (await connect(world)));
      const madeMs = world.nowMs;
      await world.runUntilEmpty();
      lives.push(world.nowMs - madeMs);
      for (const kind of world.faults.counts.keys()) kinds.add(kind);
    }
    t.is(kinds.size, 6, [...kinds].join());
    const mean = lives.reduce((sum, life) => sum + life, 0) / lives.length;
    t.true(mean > 600 && mean < 1_500, `${mean}`);
  },
);

test.serial(
  "a stable connection is spared everything that strikes one by one",
  async (t) => {
    const world = worldOf({
      network: {
        ...quick,
        bitFlipEveryMs: 0.1,
        partialReadEveryMs: 0.1,
        partialWriteEveryMs: 0.1,
        randomCloseEveryMs: 100,
      },
    });
    await wired(world, async ({ client, server, circuit }) => {
      circuit.markStable();
      t.true(circuit.stable);
      t.deepEqual(
        [
          circuit.cut(),
          circuit.crashPeer("client"),
          circuit.close({ kind: "abortive", told: true }),
        ],
        [false, false, false],
      );
      for (let turn = 0; turn < 50; turn += 1) {
        await client.write(pattern(500));
        t.deepEqual(await server.read(), pattern(500));
        await world.time.sleep(20);
      }
    });
    t.deepEqual([...world.faults.counts], []);
  },
);

test.serial("connections that are over are forgotten", async (t) => {
  const world = worldOf();
  await wired(world, async ({ client, server, circuit }) => {
    t.is(world.network.circuits.length, 1);
    client.close();
    server.close();
    await world.time.sleep(100);
    t.false(circuit.open);
    t.is(world.network.circuits.length, 0);
  });
});
