/** Rules about single segments, and records of what travelled. */
import test from "ava";

import { isNetworkError } from "../../src/core/index.ts";
import type { LinkRule, Verdict } from "../../src/sim/index.ts";
import {
  busyRun,
  connect,
  drain,
  ipA,
  ipB,
  pattern,
  port,
  watch,
  worldOf,
} from "./support.ts";

const network = {
  latencyMs: [1, 1] as const,
  readMs: [0, 0] as const,
  resetAfterMs: [500, 500] as const,
};

/** This verdict about segments of so many bytes. */
const about =
  (length: number, verdict: Verdict): LinkRule =>
  ({ bytes }) =>
    bytes.length === length ? verdict : "pass";

test.serial(
  "a held segment holds what is behind it, and travels on when the rule is gone",
  async (t) => {
    const world = worldOf({ network });
    await world.run(async () => {
      const { client, server } = await connect(world);
      const filter = world.network.filter(about(7, "hold"));
      await client.write(pattern(5));
      await client.write(pattern(7));
      await client.write(pattern(9));
      t.deepEqual(await server.read(), pattern(5));
      const reading = server.read();
      const told = watch(reading);
      await world.time.sleep(400);
      t.false(told.settled);
      filter.remove();
      t.deepEqual(await reading, pattern(7));
      t.deepEqual(await server.read(), pattern(9));
      await world.time.sleep(5_000);
      await client.write(pattern(7));
      t.deepEqual(await server.read(), pattern(7), "it stays whole");
    });
  },
);

test.serial(
  "a segment that is held for too long breaks the connection",
  async (t) => {
    const world = worldOf({ network });
    await world.run(async () => {
      const { client, server } = await connect(world);
      using filter = world.network.filter(about(7, "hold"));
      await client.write(pattern(7));
      t.true(isNetworkError((await drain(server)).end, "reset"));
      t.true(isNetworkError((await drain(client)).end, "reset"));
      filter.review();
    });
  },
);

test.serial("a rule may change its mind, and is asked again", async (t) => {
  const world = worldOf({ network });
  await world.run(async () => {
    const { client, server } = await connect(world);
    let verdict: Verdict = "hold";
    const filter = world.network.filter(() => verdict);
    await client.write(pattern(3));
    client.end();
    await world.time.sleep(10);
    verdict = "pass";
    filter.review();
    t.deepEqual(await drain(server), { bytes: pattern(3), end: "end" });
  });
});

test.serial("a reset breaks both ends, and the segment is gone", async (t) => {
  const world = worldOf({ network });
  await world.run(async () => {
    const { client, server } = await connect(world);
    world.network.filter(about(7, "reset"));
    await client.write(pattern(5));
    await world.time.sleep(10);
    await client.write(pattern(7));
    await world.time.sleep(10);
    for (const end of [client, server])
      t.true(isNetworkError((await drain(end)).end, "reset"));
  });
});

test.serial("a delay adds to the trip, and to what is behind", async (t) => {
  const world = worldOf({ network });
  await world.run(async () => {
    const { client, server } = await connect(world);
    world.network.filter(about(7, { delayMs: 100 }));
    const startMs = world.nowMs;
    await client.write([pattern(7), pattern(8)]);
    t.deepEqual(await server.read(), pattern(7));
    t.is(Math.round(world.nowMs - startMs), 101);
    t.deepEqual(await server.read(), pattern(8));
    t.is(Math.round(world.nowMs - startMs), 101);
    await server.write(pattern(6));
    await client.read();
    t.is(Math.round(world.nowMs - startMs), 102);
  });
});

test.serial(
  "the first rule that does not pass decides; calm ends them all",
  async (t) => {
    const world = worldOf({ network });
    await world.run(async () => {
      const { client, server } = await connect(world);
      world.network.filter(() => "pass");
      world.network.filter(about(7, "hold"));
      world.network.filter(() => "reset");
      await client.write(pattern(7));
      const reading = server.read();
      world.calm();
      t.deepEqual(await reading, pattern(7));
      await client.write(pattern(7));
      t.deepEqual(await server.read(), pattern(7));
    });
  },
);

test.serial("datagrams are delayed by a rule, or lost", async (t) => {
  const world = worldOf({ network });
  await world.run(async () => {
    const where = `${ipA}:${port}`;
    const to = await world.providers(ipA).network.bindDatagram(where);
    const from = await world.providers(ipB).network.bindDatagram(`${ipB}:1`);
    world.network.filter(about(1, "hold"));
    world.network.filter(about(2, { delayMs: 50 }));
    for (const length of [1, 2, 3]) await from.send(pattern(length), where);
    t.is((await to.receive()).bytes.length, 3);
    t.is((await to.receive()).bytes.length, 2);
    const none = watch(to.receive());
    await world.time.sleep(1_000);
    t.false(none.settled);
  });
});

test.serial("a rule that says nonsense is told so", async (t) => {
  const world = worldOf({ network });
  const nonsense = "drop" as Verdict;
  await t.throwsAsync(
    world.run(async () => {
      const { client } = await connect(world);
      world.network.filter(() => nonsense);
      await client.write(pattern(1));
    }),
    { name: "SimulationError", message: /a link rule cannot say "drop"/ },
  );
});

test.serial(
  "a recording has what arrived, when, from whom, to whom",
  async (t) => {
    const world = worldOf({ network });
    await world.run(async () => {
      const { client, server } = await connect(world);
      const recording = world.network.record();
      const startMs = world.nowMs;
      await client.write(pattern(5));
      client.end();
      await drain(server);
      server.reset();
      await world.time.sleep(10);
      recording.stop();
      const told = recording.segments.map(({ atMs, from, to, kind, bytes }) => [
        ...[Math.round(atMs - startMs), from.key, to.key, kind, bytes.length],
      ]);
      const [a, b] = [server.local.key, client.local.key];
      t.deepEqual(told, [
        [1, b, a, "bytes", 5],
        [1, b, a, "end", 0],
        [2, a, b, "reset", 0],
      ]);
      t.deepEqual(recording.segments[0]?.bytes, pattern(5));
    });
  },
);

test.serial(
  "a rule that lets all pass, and a record, change nothing",
  async (t) => {
    const alone = await busyRun();
    const seen: string[] = [];
    const watched = await busyRun({}, ({ network: watchedNetwork }) => {
      watchedNetwork.record();
      watchedNetwork.filter(({ kind }) => {
        seen.push(kind);
        return "pass";
      });
    });
    t.deepEqual(watched, alone);
    t.true(seen.length > 16);
  },
);
