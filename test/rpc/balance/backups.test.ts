/** Asking a second server when the first takes its time. */
import test from "ava";

import type { BalanceOptions } from "../../../src/rpc/index.ts";
import {
  after,
  ending,
  type HallOptions,
  inHall,
  leftovers,
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
