/** Asking a second server when the first takes its time. */
import test from "ava";

import type { BalanceOptions } from "../../../src/rpc/index.ts";
import type { SimWorld } from "../../../src/sim/index.ts";
import {
  after,
  ending,
  type HallOptions,
  inHall,
  leftovers,
  never,
  nothing,
  sums,
} from "./hall.ts";

/** How long calls took, of one every 5 ms or so, while one server after the other stands still for a second. */
async function latencies(
  seed: number,
  balance: BalanceOptions = {},
): Promise<number[]> {
  const took: number[] = [];
  const handler: HallOptions["handler"] = (_, world) => ({
    read: after(world, () => 5),
  });
  await inHall({ seed, balance, handler }, async ({ world, notes, sleep }) => {
    const random = world.random("arrivals");
    const calls: Promise<void>[] = [];
    const call = async (): Promise<void> => {
      const before = world.nowMs;
      await notes.read({}, { timeoutMs: 60_000 });
      took.push(world.nowMs - before);
    };
    for (let count = 1; count <= 2_000; count += 1) {
      calls.push(call());
      await sleep(random.range(0, 10));
      if (count % 500 === 0 && count < 2_000)
        world.stall(`10.0.1.${count / 500}`, 1_000);
    }
    await Promise.all(calls);
  });
  return took;
}

test.serial(
  "calls to servers that stand still are saved by backups",
  async (t) => {
    const late = { without: 0, with: 0 };
    const worst = { without: 0, with: 0 };
    for (let seed = 1; seed <= 4; seed += 1) {
      for (const [name, balance] of [
        ["without", { backup: false }],
        ["with", {}],
      ] as const) {
        const took = await latencies(seed, balance);
        late[name] += took.filter((ms) => ms > 100).length;
        worst[name] = Math.max(worst[name], ...took);
      }
    }
    t.true(late.without >= 12, `${late.without}`);
    t.true(worst.without > 900, `${worst.without}`);
    t.is(late.with, 0);
    t.true(worst.with < 50, `${worst.with}`);
  },
);

test.serial(
  "backups are rare when all is well, and bounded when all are slow",
  async (t) => {
    const load = async (
      latencyMs: (world: SimWorld) => number,
    ): Promise<number> => {
      let ratio = 0;
      const handler: HallOptions["handler"] = (_, world) => ({
        read: after(world, () => latencyMs(world)),
      });
      await inHall({ handler }, async (hall) => {
        const calls = Array.from({ length: 20 }, async () => {
          for (let count = 0; count < 50; count += 1)
            await hall.notes.read({}, { timeoutMs: 60_000 });
        });
        await Promise.all(calls);
        const { backups, requests } = sums(hall);
        t.is(requests, 1_000 + backups);
        // One to begin with, and a share of 0.05 for each first answer.
        t.true(backups <= 51, `${backups}`);
        ratio = backups / 1_000;
        t.deepEqual(leftovers(hall), nothing);
      });
      return ratio;
    };
    t.true((await load(() => 5)) < 0.02);
    // Each server is slow now and then, so that another one is always worth a try.
    const uneven = (world: SimWorld): number =>
      world.random("work").bool(0.5) ? 5 : 500;
    t.true((await load(uneven)) > 0.03);
  },
);

test.serial("whoever loses is cancelled at once, and for good", async (t) => {
  let isStuck = false;
  const read = (): Promise<object> => (isStuck ? never() : Promise.resolve({}));
  const handler = (index: number): object => (index === 0 ? { read } : {});
  await inHall({ handler, count: 2 }, async (hall) => {
    for (let count = 0; count < 400; count += 1) {
      isStuck = count > 100;
      await hall.notes.read({}, { timeoutMs: 10_000 });
      t.is(hall.client.metrics().callCount, 0);
    }
    t.true(sums(hall).backupsWon > 0);
    t.deepEqual(leftovers(hall), nothing);
  });
});

test.serial(
  "only what the contract allows to run twice is asked of two servers at once",
  async (t) => {
    await inHall({}, async (hall) => {
      const { notes, counters } = hall;
      for (let count = 0; count < 200; count += 1) await notes.read({});
      t.true(hall.pool.metrics().backupsSaved > 5);
      const before = sums(hall).backups;
      counters.forEach(({ ip }) => hall.world.stall(ip, 2_000));
      const ran = (): number =>
        counters.reduce((sum, one) => sum + one.ran.write, 0);
      const terms = { timeoutMs: 10_000 };
      const asked = [
        notes.write({}, terms),
        notes.write.getReply({}, terms),
        notes.write.getReplyUnlessFailedFor({}, { ...terms, failedForMs: 900 }),
        notes.read.tryGetReply({}, terms),
      ];
      for (const call of asked) t.is(await ending(call), "ok");
      t.is(sums(hall).backups, before);
      t.is(ran(), 3);
      t.is(await ending(notes.read({}, terms)), "ok");
      counters.forEach(({ ip }) => hall.world.stall(ip, 2_000));
      await notes.read({}, terms);
      t.is(sums(hall).backups, before + 1);
      t.deepEqual(leftovers(hall), nothing);
    });
  },
);

test.serial(
  "a call whose two servers both fail goes on with the third",
  async (t) => {
    await inHall({}, async (hall) => {
      const { notes, counters, world } = hall;
      for (let count = 0; count < 200; count += 1) await notes.read({});
      counters.forEach(({ ip }) => world.stall(ip, 2_000));
      const call = ending(notes.read({}, { timeoutMs: 10_000 }));
      await hall.sleep(500);
      const { endpoints } = hall.pool.metrics();
      const out = endpoints.map(({ outstanding }) => outstanding);
      t.is(out.filter((count) => count === 1).length, 2);
      counters.forEach(({ ip }, at) => out[at] === 1 && world.kill(ip));
      t.is(await call, "ok");
      t.is(sums(hall).retries, 1);
      t.deepEqual(leftovers(hall), nothing);
    });
  },
);
