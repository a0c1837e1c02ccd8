/** What becomes of calls to several servers when some of them fail. */
import test from "ava";

import { createClient, isRpcError, RpcError } from "../../../src/rpc/index.ts";
import {
  ending,
  inHall,
  leftovers,
  never,
  nothing,
  ranIn,
  resetAll,
} from "./hall.ts";
import { specWith } from "../notes.ts";

const refuse = (): never => {
  throw new RpcError("unavailable", "ask somebody else");
};

test.serial("calls are spread over all servers, and answered", async (t) => {
  await inHall({}, async (hall) => {
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, length) =>
        hall.notes.write({ account: "a".repeat(length) }),
      ),
    );
    t.deepEqual(
      answers.map(({ cents }) => Number(cents)),
      answers.map((_, length) => length),
    );
    for (const { ran } of hall.counters) t.true(ran.write > 60, `${ran.write}`);
    t.deepEqual(leftovers(hall), nothing);
  });
});

test.serial(
  "an at-most-once call that surely did not run is made of the next server",
  async (t) => {
    const others = ["10.0.1.8:4500", "10.0.1.9:4500"];
    await inHall({ count: 1, others }, async (hall) => {
      for (let count = 0; count < 20; count += 1)
        t.is(await ending(hall.notes.write({})), "ok");
      t.is(hall.counters[0]?.ran.write, 20);
      t.deepEqual(leftovers(hall), nothing);
    });
  },
);

test.serial(
  "a call that may run twice is made of the next server when its connection breaks",
  async (t) => {
    let isFirst = true;
    const read = (): Promise<{ cents: bigint }> => {
      if (!isFirst) return Promise.resolve({ cents: 7n });
      isFirst = false;
      return never();
    };
    const balance = { backup: false } as const;
    await inHall({ handler: () => ({ read }), balance }, async (hall) => {
      const call = hall.notes.read({}, { timeoutMs: 5_000 });
      await hall.sleep(100);
      resetAll(hall);
      t.is((await call).cents, 7n);
      t.is(ranIn(hall), 2);
      t.deepEqual(leftovers(hall), nothing);
    });
  },
);

test.serial(
  "a server that is full, stops, or does not serve the method, is passed over even by at-most-once calls",
  async (t) => {
    const spec = specWith("write", { concurrency: 1 });
    const handler = (index: number): object =>
      index === 0 || index === 3 ? { write: never } : {};
    await inHall({ spec, handler, count: 4 }, async (hall) => {
      const [full, gone, , stopping] = hall.counters;
      await gone?.handle.stop();
      const direct = createClient(spec, hall.client, `${stopping?.ip}:4500`);
      const last = ending(direct.write({}, { timeoutMs: 1_000 }));
      await hall.sleep(100);
      const stopped = stopping?.handle.stop({ graceMs: 10_000 });
      const stuck = Array.from({ length: 30 }, () =>
        ending(hall.notes.write({}, { timeoutMs: 3_000 })),
      );
      const endings = await Promise.all(stuck);
      t.deepEqual([...new Set(endings)].sort(), [
        "deadline_exceeded maybe",
        "ok",
      ]);
      t.is(full?.ran.write, 1);
      t.is(hall.counters[2]?.ran.write, 29);
      t.is(stopping?.ran.write, 1);
      t.is(await last, "deadline_exceeded maybe");
      await stopped;
      t.deepEqual(leftovers(hall), nothing);
    });
  },
);

test.serial(
  "a handler that says unavailable is believed by calls that may run twice, and left alone for a second",
  async (t) => {
    const handler = (index: number): object =>
      index === 0 ? { read: refuse, write: refuse } : {};
    // The refusal of a backup that came second would not be heard.
    const balance = { backup: false } as const;
    await inHall({ handler, balance }, async (hall) => {
      const before = hall.world.nowMs;
      const askUntil = async (ms: number): Promise<void> => {
        while (hall.world.nowMs < before + ms) {
          t.is(await ending(hall.notes.read({})), "ok");
          await hall.sleep(10);
        }
      };
      await askUntil(900);
      t.is(hall.counters[0]?.ran.read, 1);
      const [metrics] = hall.pool.metrics().endpoints;
      t.is(metrics?.fitness, "suspended");
      t.true((metrics?.suspendedForMs ?? 0) > 0);
      await askUntil(20_000);
      // 1, 2, 4, 8, 8 seconds: it is asked again each time, and the pause grows.
      t.is(hall.counters[0]?.ran.read, 5);
      hall.pool.update(["10.0.1.1:4500"]);
      t.is(await ending(hall.notes.write({})), "unavailable answered");
    });
  },
);

test.serial(
  "when all servers say unavailable the caller is told after some rounds",
  async (t) => {
    const handler = (): object => ({ read: refuse });
    await inHall({ handler }, async (hall) => {
      const error = await t.throwsAsync(
        hall.notes.read({}, { timeoutMs: 60_000 }),
      );
      t.true(isRpcError(error, "unavailable"));
      t.regex(error?.message ?? "", /ask somebody else/);
      t.deepEqual(
        hall.counters.map(({ ran }) => ran.read),
        [3, 3, 3],
      );
      t.deepEqual(leftovers(hall), nothing);
    });
  },
);

test.serial("what a handler answers is not asked again", async (t) => {
  const read = (): never => {
    throw new RpcError("not_found", "no such account");
  };
  await inHall({ handler: () => ({ read }) }, async (hall) => {
    t.is(await ending(hall.notes.read({})), "not_found answered");
    t.is(ranIn(hall), 1);
    t.deepEqual(leftovers(hall), nothing);
  });
});

test.serial(
  "with no server in reach an at-most-once call gives up soon, and was not sent",
  async (t) => {
    const others = ["10.0.1.7:4500", "10.0.1.8:4500", "10.0.1.9:4500"];
    await inHall({ count: 0, others }, async (hall) => {
      const call = (): Promise<string> => ending(hall.notes.write({}));
      t.is(await call(), "unavailable not_sent");
      const before = hall.world.nowMs;
      t.is(await call(), "unavailable not_sent");
      t.true(hall.world.nowMs - before >= 50);
      await hall.sleep(60_000);
      const later = hall.world.nowMs;
      t.is(await call(), "unavailable not_sent");
      t.is(Math.round(hall.world.nowMs - later), 1_000);
      t.deepEqual(leftovers(hall), nothing);
    });
  },
);

test.serial(
  "with no server in reach a call that may run twice waits for one to come",
  async (t) => {
    const others = ["10.0.1.1:4500", "10.0.1.2:4500"];
    await inHall({ count: 0, others }, async (hall) => {
      const call = hall.notes.read({ account: "abc" }, { timeoutMs: 60_000 });
      const early = hall.notes.read.getReplyUnlessFailedFor(
        {},
        { failedForMs: 2_000 },
      );
      const late = ending(hall.notes.read({}, { timeoutMs: 4_000 }));
      t.is(await ending(early), "deadline_exceeded not_sent");
      t.is(await late, "deadline_exceeded not_sent");
      const unlessFailed = hall.notes.read.getReplyUnlessFailedFor(
        {},
        { failedForMs: 2_000, timeoutMs: 60_000 },
      );
      t.is(await ending(unlessFailed), "unavailable not_sent");
      await using counter = (await hall.open(1)).transport;
      t.is((await call).cents, 3n);
      t.is(counter.metrics().callCount, 0);
      t.deepEqual(leftovers(hall), nothing);
    });
  },
);

test.serial(
  "a server that was out of reach is asked again once it is back",
  async (t) => {
    await inHall({ others: ["10.0.1.4:4500"] }, async (hall) => {
      const calls = async (): Promise<void> => {
        for (let count = 0; count < 50; count += 1) {
          t.is(await ending(hall.notes.write({})), "ok");
          await hall.sleep(100);
        }
      };
      await calls();
      const counter = await hall.open(3);
      await calls();
      await calls();
      t.true(counter.ran.write > 10, `${counter.ran.write}`);
      await counter.transport.close();
    });
  },
);

test.serial(
  "a caller's signal recalls all that is out, with its reason as cause",
  async (t) => {
    const handler = (): object => ({ read: never, write: never });
    await inHall({ handler }, async (hall) => {
      const { notes } = hall;
      for (const call of [notes.read, notes.write, notes.read.getReply]) {
        const controller = new AbortController();
        const { signal } = controller;
        const terms = { signal, timeoutMs: 60_000 };
        const pending = call({}, terms);
        await hall.sleep(1_000);
        controller.abort(new Error("changed my mind"));
        const error = await t.throwsAsync(pending, { instanceOf: RpcError });
        t.is(`${error.code} ${error.delivery}`, "cancelled maybe");
        t.is((error.cause as Error).message, "changed my mind");
        t.is(await ending(call({}, terms)), "cancelled not_sent");
        t.deepEqual(leftovers(hall), nothing);
      }
    });
  },
);

test.serial("one-way messages go to a server that is in reach", async (t) => {
  await inHall({ others: ["10.0.1.9:4500"] }, async (hall) => {
    t.is(await ending(hall.notes.write({})), "ok");
    await hall.sleep(5_000);
    for (let count = 0; count < 30; count += 1) {
      hall.notes.hint({});
      hall.notes.write.send({});
      await hall.sleep(50);
    }
    const hints = hall.counters.map(({ ran }) => ran.hint);
    const writes = hall.counters.map(({ ran }) => ran.write);
    t.true(hints.reduce((sum, count) => sum + count, 0) >= 29, `${hints}`);
    t.true(writes.reduce((sum, count) => sum + count, 0) >= 30, `${writes}`);
    hall.pool.update([]);
    t.true(
      isRpcError(
        t.throws(() => hall.notes.hint({})),
        "unavailable",
      ),
    );
  });
});
