/** What callers may say of balanced calls, and servers of themselves. */
import test from "ava";

import {
  type ClientInterceptor,
  createBalancedClient,
  type HandlerContext,
  isRpcError,
  type Metadata,
  penaltyMetadata,
  RpcError,
  serve,
} from "../../../src/rpc/index.ts";
import { NotesRpc } from "../notes.ts";
import { drain, endOf, names, tapes, TapesRpc } from "../streams.ts";
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

test.serial("the handler of a request that lost is told to stop", async (t) => {
  const told: string[] = [];
  let isStuck = false;
  const read = (
    _: unknown,
    { signal }: HandlerContext,
  ): Promise<{ cents: bigint }> => {
    if (!isStuck) return Promise.resolve({ cents: 1n });
    isStuck = false;
    signal.addEventListener("abort", () => told.push("stop"));
    return never();
  };
  await inHall({ handler: () => ({ read }) }, async (hall) => {
    for (let count = 0; count < 100; count += 1) await hall.notes.read({});
    isStuck = true;
    const won = sums(hall).backupsWon;
    t.is(await ending(hall.notes.read({})), "ok");
    await hall.sleep(20);
    t.deepEqual(told, ["stop"]);
    t.is(sums(hall).backupsWon, won + 1);
    t.deepEqual(leftovers(hall), nothing);
  });
});

test.serial(
  "a call that is made for another ends with it, however many servers it asks",
  async (t) => {
    await inHall(
      { handler: () => ({ read: never, write: never }) },
      async (hall) => {
        const controller = new AbortController();
        const { signal } = controller;
        const parent = {
          signal,
          timeRemainingMs: () => 300,
        } as unknown as HandlerContext;
        const { client, pool, world } = hall;
        const notes = createBalancedClient(NotesRpc, client, pool, { parent });
        const before = world.nowMs;
        t.is(await ending(notes.read({})), "deadline_exceeded maybe");
        t.is(Math.round(world.nowMs - before), 300);
        const call = ending(notes.write({}));
        await hall.sleep(100);
        controller.abort(new Error("the parent is gone"));
        t.is(await call, "cancelled maybe");
        t.is(await ending(notes.write({})), "cancelled not_sent");
        t.deepEqual(leftovers(hall), nothing);
      },
    );
  },
);

test.serial(
  "interceptors stand around each request, and metadata goes with it",
  async (t) => {
    const asked: string[] = [];
    const interceptor: ClientInterceptor = (call, next) => {
      asked.push(`${call.to.key} ${call.options.metadata?.["tenant"]}`);
      return next(call);
    };
    const seen: (string | undefined)[] = [];
    const write = (_: unknown, context: HandlerContext): object => {
      seen.push(context.metadata["tenant"]);
      context.replyMetadata["shard"] = "7";
      return {};
    };
    const options = { interceptors: [interceptor] };
    const others = ["10.0.1.8:4500"];
    await inHall(
      { count: 1, others, options, handler: () => ({ write }) },
      async (hall) => {
        const told: unknown[] = [];
        for (let at = 0; at < 5; at += 1)
          await hall.notes.write(
            {},
            {
              metadata: { tenant: "a" },
              onReplyMetadata: (metadata) => told.push(metadata["shard"]),
            },
          );
        t.deepEqual(seen, Array(5).fill("a"));
        t.deepEqual(told, Array(5).fill("7"));
        t.true(asked.includes("10.0.1.8:4500 a"));
        t.is(asked.filter((line) => line === "10.0.1.1:4500 a").length, 5);
        await t.throwsAsync(
          hall.notes.write({}, { metadata: { "Bad!": "" } }),
          {
            instanceOf: TypeError,
          },
        );
        t.deepEqual(leftovers(hall), nothing);
      },
    );
  },
);

test.serial(
  "a server that says in its replies that it is busy gets less to do",
  async (t) => {
    const handler: HallOptions["handler"] = (index, world) => ({
      write: async (_, { replyMetadata }) => {
        if (index === 0) replyMetadata[penaltyMetadata] = "8";
        if (index === 1) replyMetadata[penaltyMetadata] = "-3";
        return after(world, () => 5)();
      },
    });
    await inHall({ handler }, async (hall) => {
      const caller = async (): Promise<void> => {
        for (let at = 0; at < 100; at += 1) await hall.notes.write({});
      };
      await Promise.all(Array.from({ length: 6 }, caller));
      const { endpoints } = hall.pool.metrics();
      t.deepEqual(
        endpoints.map(({ penalty }) => penalty),
        [8, 1, 1],
      );
      t.true((endpoints[0]?.requests ?? 600) < 90);
    });
  },
);

test.serial(
  "the caller is told what came with the reply that its call ends with, and of no other",
  async (t) => {
    let refusing = 1;
    const handler: HallOptions["handler"] = (index) => ({
      read: async (_, { replyMetadata }) => {
        replyMetadata["from"] = String(index);
        if (index < refusing) throw new RpcError("unavailable", "not now");
        return {};
      },
    });
    await inHall({ handler, balance: { backup: false } }, async (hall) => {
      const told: Metadata[] = [];
      const onReplyMetadata = (metadata: Metadata): void =>
        void told.push(metadata);
      const ask = (): Promise<unknown> =>
        hall.notes.read({}, { onReplyMetadata });
      for (let count = 0; count < 30; count += 1) await ask();
      t.true(sums(hall).retries > 0);
      t.is(told.length, 30);
      t.false(told.some(({ from }) => from === "0"));
      refusing = 3;
      told.splice(0);
      const error = await t.throwsAsync(ask());
      if (!isRpcError(error, "unavailable")) throw error!;
      t.deepEqual(told, [error.metadata]);
      t.true(Number(error.metadata["from"]) < 3);
      const mistake = (): void => {
        throw new Error("a mistake of the caller");
      };
      const bad = hall.notes.read({}, { onReplyMetadata: mistake });
      await t.throwsAsync(bad, { message: "a mistake of the caller" });
      t.deepEqual(leftovers(hall), nothing);
    });
  },
);

test.serial(
  "what servers say of themselves with errors, and at the end of streams, is noted",
  async (t) => {
    await inHall({ count: 2 }, async (hall) => {
      const { client, pool, counters } = hall;
      const slow = ({ replyMetadata }: HandlerContext, penalty: string): void =>
        void (replyMetadata[penaltyMetadata] = penalty);
      serve(counters[0]!.transport, TapesRpc, {
        ...tapes,
        look: (_, context) => {
          slow(context, "3");
          throw new RpcError("aborted", "why");
        },
        async *play(_, context) {
          slow(context, "5");
          yield {};
          throw new RpcError("aborted", "why");
        },
        record: (_, context) => (slow(context, "6"), {}),
      });
      pool.update(["10.0.1.1:4500"]);
      const one = createBalancedClient(TapesRpc, client, pool);
      const penalty = (): unknown => pool.metrics().endpoints[0]?.penalty;
      t.is(await ending(one.look({})), "aborted answered");
      t.is(penalty(), 3);
      const told: Metadata[] = [];
      const onReplyMetadata = (metadata: Metadata): void =>
        void told.push(metadata);
      const { end } = await drain(one.play({}, { onReplyMetadata }));
      t.is(end, "aborted answered");
      t.is(penalty(), 5);
      t.deepEqual(told, [{ [penaltyMetadata]: "5" }]);
      await one.record(names(1));
      t.is(penalty(), 6);
      t.deepEqual(leftovers(hall), nothing);
    });
  },
);

test.serial(
  "a balanced stream can be left while it waits for an item, and is gone through once",
  async (t) => {
    await inHall({ count: 1 }, async (hall) => {
      const { client, pool, counters } = hall;
      const handle = serve(counters[0]!.transport, TapesRpc, {
        ...tapes,
        async *play(_, { signal }) {
          yield { cents: 1n };
          await new Promise((resolve) => {
            signal.addEventListener("abort", resolve);
          });
        },
      });
      const one = createBalancedClient(TapesRpc, client, pool);
      const stream = one.play({})[Symbol.asyncIterator]();
      t.is((await stream.next()).value?.cents, 1n);
      const waiting = t.throwsAsync(stream.next());
      await stream.return?.();
      t.is(endOf(await waiting), "cancelled maybe");
      t.deepEqual(leftovers(hall), nothing);
      await hall.sleep(100);
      t.is(handle.runningCount, 0);
      const numbers = one.dub(names(1, 2));
      for await (const { cents } of numbers) {
        t.is(cents, 1n);
        break;
      }
      t.deepEqual(await drain(numbers), { got: [], end: "complete" });
      const bad = one.play({}, { timeoutMs: -1 })[Symbol.asyncIterator]();
      await t.throwsAsync(bad.next(), { instanceOf: RangeError });
      t.deepEqual(leftovers(hall), nothing);
    });
  },
);

test.serial(
  "a stream is of one server, which is busy with it until it ends",
  async (t) => {
    await inHall({}, async (hall) => {
      for (const { transport } of hall.counters)
        serve(transport, TapesRpc, tapes);
      const { client, pool } = hall;
      const one = createBalancedClient(TapesRpc, client, pool);
      const busy = (): number =>
        pool
          .metrics()
          .endpoints.reduce((sum, { outstanding }) => sum + outstanding, 0);
      t.deepEqual(await drain(one.play({ account: "3" })), {
        got: [0, 1, 2],
        end: "complete",
      });
      t.is((await one.record(names(2, 1))).cents, 3n);
      t.deepEqual((await drain(one.dub(names(2, 1)))).got, [2, 1]);
      t.is(busy(), 0);
      const streams = Array.from({ length: 6 }, () =>
        one.play({ account: "Infinity" })[Symbol.asyncIterator](),
      );
      t.is(busy(), 0);
      for (const stream of streams) await stream.next();
      t.is(busy(), 6);
      for (const stream of streams) await stream.return?.();
      t.is(busy(), 0);
      const lost = one.play({ account: "Infinity" })[Symbol.asyncIterator]();
      await lost.next();
      const { endpoints } = pool.metrics();
      const at = endpoints.findIndex(({ outstanding }) => outstanding === 1);
      hall.world.kill(hall.counters[at]?.ip ?? "");
      t.regex(
        await drain({ [Symbol.asyncIterator]: () => lost }).then(
          ({ end }) => end,
        ),
        /unavailable maybe/,
      );
      t.is(busy(), 0);
      pool.update([]);
      t.is((await drain(one.play({}))).end, "unavailable not_sent");
      t.is(await one.record(names()).catch(endOf), "unavailable not_sent");
      await hall.sleep(1_000);
      t.deepEqual(leftovers(hall), nothing);
    });
  },
);
