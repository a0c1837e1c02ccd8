/** Whom a balanced client asks when all is well. */
import test from "ava";

import { isRpcError } from "../../../src/rpc/index.ts";
import {
  after,
  ending,
  type Hall,
  type HallOptions,
  inHall,
  leftovers,
  nothing,
} from "./hall.ts";

/** The share of requests that each server was sent. */
function shares({ pool }: Hall): number[] {
  const { endpoints } = pool.metrics();
  const all = endpoints.reduce((sum, { requests }) => sum + requests, 0);
  return endpoints.map(({ requests }) => requests / all);
}

/** Several callers that ask one after the other. */
async function callers(hall: Hall, count: number, each: number): Promise<void> {
  const caller = async (): Promise<void> => {
    for (let at = 0; at < each; at += 1)
      await hall.notes.write({}, { timeoutMs: 60_000 });
  };
  await Promise.all(Array.from({ length: count }, caller));
}

test.serial("a slow server gets less to do, on every seed", async (t) => {
  for (let seed = 1; seed <= 8; seed += 1) {
    const handler: HallOptions["handler"] = (index, world) => ({
      write: after(world, () => (index === 0 ? 100 : 5)),
    });
    await inHall({ seed, handler }, async (hall) => {
      await callers(hall, 6, 100);
      const [slow = 1, ...fast] = shares(hall);
      t.true(slow < 0.1, `seed ${seed}: ${slow}`);
      for (const share of fast) t.true(share > 0.35, `seed ${seed}: ${share}`);
      t.deepEqual(leftovers(hall), nothing);
    });
  }
});

test.serial(
  "equal servers get equally much to do, on every seed",
  async (t) => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const handler: HallOptions["handler"] = (_, world) => ({
        write: after(world, () => world.random("work").range(1, 10)),
      });
      await inHall({ seed, handler, count: 5 }, async (hall) => {
        await callers(hall, 5, 100);
        for (const share of shares(hall))
          t.true(share > 0.15 && share < 0.25, `seed ${seed}: ${share}`);
      });
    }
  },
);

test.serial("a server that reports to be busy gets less to do", async (t) => {
  const handler: HallOptions["handler"] = (_, world) => ({
    write: after(world, () => 5),
  });
  await inHall({ handler }, async (hall) => {
    hall.pool.setPenalty("10.0.1.2:4500", 8);
    hall.pool.setPenalty("10.0.1.99:4500", 8);
    await callers(hall, 6, 100);
    const [, busy = 1] = shares(hall);
    t.true(busy < 0.15, `${busy}`);
    t.is(hall.pool.metrics().endpoints[1]?.penalty, 8);
    for (const penalty of [0, Number.NaN, Infinity])
      t.throws(() => hall.pool.setPenalty("10.0.1.2:4500", penalty), {
        instanceOf: RangeError,
        message: /penalty/,
      });
  });
});

test.serial("the same seed asks the same servers", async (t) => {
  const trial = async (): Promise<[string, number[]]> => {
    let asked: number[] = [];
    const world = await inHall({ seed: 7 }, async (hall) => {
      await callers(hall, 5, 20);
      asked = shares(hall);
    });
    return [world.fingerprint, asked];
  };
  t.deepEqual(await trial(), await trial());
});

/** Two servers in each of three places, seen from one of them. */
const near: Pick<HallOptions, "count" | "pool" | "balance"> = {
  count: 6,
  pool: (addresses) =>
    addresses.map((to, index) => ({
      to,
      locality: localities[Math.floor(index / 2)],
    })),
  balance: { locality: { dataCentre: "dc1", zone: "dc1-z1" } },
};
const localities = [
  { dataCentre: "dc2", zone: "dc2-z1" },
  { dataCentre: "dc1", zone: "dc1-z2" },
  { dataCentre: "dc1", zone: "dc1-z1" },
];

test.serial("servers nearby are asked first", async (t) => {
  await inHall(near, async (hall) => {
    await callers(hall, 4, 25);
    const ran = (): number[] => hall.counters.map((one) => one.ran.write);
    t.deepEqual(ran().slice(0, 4), [0, 0, 0, 0]);
    t.true((ran()[4] ?? 0) > 20 && (ran()[5] ?? 0) > 20);
    const { endpoints } = hall.pool.metrics();
    t.deepEqual(
      endpoints.map(({ distance }) => distance),
      [1, 1, 2, 2, 3, 3],
    );
    // One of the nearest may be away; with both, those of the same data centre are asked.
    for (const away of [4, 5]) {
      hall.world.kill(`10.0.1.${away + 1}`);
      const before = ran();
      for (let count = 0; count < 50; count += 1)
        await ending(hall.notes.write({}));
      const asked = ran().map((count, index) => count - (before[index] ?? 0));
      const wanted = away === 4 ? [5] : [2, 3];
      asked.forEach((count, index) => {
        if (wanted.includes(index)) t.true(count > 10, `${asked}`);
        else t.true(count <= 1, `${asked}`);
      });
    }
    t.deepEqual(leftovers(hall), nothing);
  });
});

test.serial("servers come and go", async (t) => {
  await inHall({}, async (hall) => {
    const { pool, counters, notes } = hall;
    await callers(hall, 3, 20);
    const before = pool.metrics().endpoints[0];
    // One stays, one is named twice, one is gone.
    pool.update(["10.0.1.1:4500", "10.0.1.3:4500", "10.0.1.3:4500"]);
    t.is(pool.metrics().endpoints.length, 2);
    t.is(pool.metrics().endpoints[0]?.requests, before?.requests);
    const ran = counters[1]?.ran.write;
    await callers(hall, 3, 20);
    t.is(counters[1]?.ran.write, ran);
    pool.update([]);
    t.is(await ending(notes.write({})), "unavailable not_sent");
    const waiting = notes.read({ account: "abc" }, { timeoutMs: 5_000 });
    await hall.sleep(1_000);
    pool.update(["10.0.1.2:4500"]);
    t.is((await waiting).cents, 3n);
    t.deepEqual(leftovers(hall), nothing);
  });
});

test.serial("instances are told apart by their tokens", async (t) => {
  await inHall({ count: 1 }, async (hall) => {
    const [counter] = hall.counters;
    const { endpoint } = counter?.handle ?? {};
    if (endpoint === undefined) throw new Error("nobody is there");
    hall.pool.update([endpoint, "10.0.1.1:4500"]);
    t.is(hall.pool.metrics().endpoints.length, 2);
    await callers(hall, 2, 20);
    for (const { requests } of hall.pool.metrics().endpoints)
      t.true(requests > 5);
    t.is(counter?.ran.write, 40);
  });
});

test.serial("at rest nothing of a balanced client is left", async (t) => {
  const others = ["10.0.1.8:4500", "10.0.1.9:4500"];
  const world = await inHall({ others }, async (hall) => {
    await callers(hall, 3, 20);
    const { notes } = hall;
    for (const call of [notes.read, notes.read.tryGetReply])
      t.is(await ending(call({})), "ok");
    t.deepEqual(leftovers(hall), nothing);
    await hall.client.close();
    t.true(isRpcError(await t.throwsAsync(notes.read({})), "unavailable"));
    t.deepEqual(leftovers(hall), nothing);
  });
  await world.runUntilEmpty();
  t.is(world.pending, 0);
});
