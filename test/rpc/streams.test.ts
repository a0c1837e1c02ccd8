/** Streams, one at a time: what comes, in which order, how it ends, and that both sides know. */
import test from "ava";

import type { Endpoint, UID } from "../../src/core/index.ts";
import { RpcError } from "../../src/rpc/index.ts";
import { isReplyError, StreamCall } from "../../src/transport/index.ts";
import {
  below,
  count,
  drain,
  endOf,
  inStudio,
  names,
  TapesRpc,
  watchSignal,
} from "./streams.ts";

test.serial(
  "a stream of responses comes whole, in order, and ends",
  async (t) => {
    await inStudio({}, async ({ tapes, handle }) => {
      t.deepEqual(await drain(tapes.play({ account: "5000" })), {
        got: below(5_000),
        end: "complete",
      });
      t.deepEqual(await drain(tapes.play({ account: "0" })), {
        got: [],
        end: "complete",
      });
      t.is(handle.runningCount, 0);
    });
  },
);

test.serial(
  "a stream of requests is answered once, when it is complete",
  async (t) => {
    await inStudio({}, async ({ tapes }) => {
      t.is((await tapes.record(names(1, 2, 3))).cents, 6n);
      t.is((await tapes.record(names())).cents, 0n);
    });
  },
);

test.serial("streams both ways go each at its own pace", async (t) => {
  await inStudio({}, async ({ tapes, sleep }) => {
    const asked: number[] = [];
    async function* slowly(): AsyncGenerator<{ account: string }> {
      for (const length of [3, 1, 2]) {
        asked.push(length);
        yield { account: "a".repeat(length) };
        await sleep(100);
      }
    }
    const got: number[] = [];
    for await (const { cents } of tapes.dub(slowly())) {
      got.push(Number(cents));
      t.deepEqual(asked, [3, 1, 2].slice(0, got.length));
    }
    t.deepEqual(got, [3, 1, 2]);
  });
});

test.serial(
  "leaving the loop closes the handler within a trip, and fires its signal",
  async (t) => {
    const seen: string[] = [];
    await inStudio(
      {
        handler: {
          async *play(_, context) {
            try {
              context.signal.addEventListener("abort", () => {
                seen.push((context.signal.reason as RpcError).code);
              });
              yield* count();
            } finally {
              seen.push("closed");
            }
          },
        },
      },
      async ({ tapes, world, handle, sleep }) => {
        const got: number[] = [];
        for await (const { cents } of tapes.play({})) {
          got.push(Number(cents));
          if (got.length === 3) break;
        }
        t.deepEqual(got, [0, 1, 2]);
        const leftMs = world.nowMs;
        while (handle.runningCount > 0) await sleep(0.1);
        t.true(world.nowMs - leftMs < 50, `${world.nowMs - leftMs} ms`);
        t.deepEqual(seen, ["cancelled", "closed"]);
      },
    );
  },
);

test.serial(
  "an error in the middle comes after all that was sent before it",
  async (t) => {
    await inStudio(
      {
        handler: {
          async *play() {
            yield* count(100);
            throw new RpcError("not_found", "the tape is torn");
          },
        },
      },
      async ({ tapes }) => {
        t.deepEqual(await drain(tapes.play({})), {
          got: below(100),
          end: "not_found answered",
        });
      },
    );
  },
);

test.serial(
  "a handler is no further ahead of its reader than the window and one item",
  async (t) => {
    let made = 0;
    await inStudio(
      {
        handler: {
          async *play() {
            for await (const item of count()) {
              made += 1;
              yield item;
            }
          },
        },
      },
      async ({ tapes, sleep }) => {
        const stream = tapes.play({})[Symbol.asyncIterator]();
        await stream.next();
        await sleep(5_000);
        // 64 KiB, in items of 32 bytes and what they hold.
        t.true(made > 1_500 && made <= 2_049, `${made} were made`);
        const stopped = made;
        for (let index = 0; index < 1_500; index += 1) await stream.next();
        await sleep(1_000);
        t.true(made > stopped);
        await stream.return?.();
      },
    );
  },
);

test.serial("an item larger than the window is no deadlock", async (t) => {
  await inStudio({}, async ({ tapes }) => {
    t.is((await tapes.record(names(300_000, 1, 300_000))).cents, 600_001n);
  });
});

test.serial(
  "a handler that answers early stops the stream of requests, whose source is closed",
  async (t) => {
    let closed = false;
    await inStudio(
      {
        handler: {
          record: async (requests) => {
            for await (const { account } of requests)
              return { cents: BigInt(account.length) };
            return {};
          },
        },
      },
      async ({ tapes, sleep }) => {
        async function* endless(): AsyncGenerator<{ account: string }> {
          try {
            for (;;) yield { account: "four" };
          } finally {
            closed = true;
          }
        }
        t.is((await tapes.record(endless())).cents, 4n);
        await sleep(10);
        t.true(closed);
      },
    );
  },
);

test.serial(
  "a source of requests that waits is closed at once when the call is answered",
  async (t) => {
    let closedMs = Infinity;
    await inStudio(
      { handler: { record: async () => ({ cents: 7n }) } },
      async ({ tapes, world, sleep }) => {
        const waits: AsyncIterable<{ account: string }> = {
          [Symbol.asyncIterator]: () => ({
            next: () => new Promise(() => undefined),
            return: async () => {
              closedMs = world.nowMs;
              return { done: true, value: undefined };
            },
          }),
        };
        t.is((await tapes.record(waits)).cents, 7n);
        const answeredMs = world.nowMs;
        await sleep(100);
        t.true(closedMs <= answeredMs, `closed at ${closedMs} ms`);
      },
    );
  },
);

test.serial(
  "a source of requests that throws cancels the call, with what it threw as the cause",
  async (t) => {
    const seen: string[] = [];
    await inStudio(
      {
        handler: {
          record: async (requests) => {
            try {
              for await (const { account } of requests) seen.push(account);
            } catch (error) {
              seen.push(endOf(error));
            }
            return {};
          },
        },
      },
      async ({ tapes, sleep }) => {
        const torn = new Error("torn");
        async function* broken(): AsyncGenerator<{ account: string }> {
          yield { account: "first" };
          await sleep(50);
          throw torn;
        }
        const error = await t.throwsAsync(tapes.record(broken()));
        t.is(endOf(error), "cancelled maybe");
        t.is(error?.cause, torn);
        await sleep(100);
        t.deepEqual(seen, ["first", "cancelled answered"]);
      },
    );
  },
);

test.serial(
  "a stream ends at its deadline on both sides, whatever its handler does",
  async (t) => {
    const seen: string[] = [];
    await inStudio(
      {
        handler: {
          async *play(_, context) {
            watchSignal(context, seen, tank.world);
            yield { cents: 1n };
            await new Promise((resolve) => {
              context.signal.addEventListener("abort", resolve);
            });
          },
        },
      },
      async (studio) => {
        tank.world = studio.world;
        const startMs = studio.world.nowMs;
        const { got, end } = await drain(
          studio.tapes.play({}, { timeoutMs: 300 }),
        );
        t.deepEqual([got, end], [[1], "deadline_exceeded maybe"]);
        t.is(Math.round(studio.world.nowMs - startMs), 300);
        await studio.sleep(100);
        t.is(seen.length, 1);
        t.regex(seen[0] ?? "", /^(deadline_exceeded|cancelled) at/);
      },
    );
  },
);

test.serial(
  "a stream whose connection breaks brings what had come, and is in doubt",
  async (t) => {
    const closed: string[] = [];
    await inStudio(
      {
        handler: {
          async *play(_, { signal }) {
            try {
              yield* count(10);
              await new Promise((resolve) => {
                signal.addEventListener("abort", resolve);
              });
            } finally {
              closed.push((signal.reason as RpcError).code);
            }
          },
        },
      },
      async ({ world, tapes, sleep }) => {
        const draining = drain(tapes.play({}));
        await sleep(1_000);
        world.network.partition("10.0.1.1", "10.0.1.2");
        t.deepEqual(await draining, {
          got: below(10),
          end: "unavailable maybe",
        });
        world.network.heal("10.0.1.1", "10.0.1.2");
        await sleep(60_000);
        t.deepEqual(closed, ["cancelled"]);
      },
    );
  },
);

test.serial(
  "a request that comes without the streams of its method is refused",
  async (t) => {
    await inStudio({}, async ({ client, server, sleep }) => {
      const { play, look } = TapesRpc.methods;
      const at = (token: UID): Endpoint => server.endpoint(token);
      const refused = await t.throwsAsync(
        client.tryGetReply(at(play!.uid), new Uint8Array(0)),
      );
      t.true(isReplyError(refused, "serialization"));
      using stream = new StreamCall(
        client,
        { to: at(look!.uid), body: new Uint8Array(0) },
        { takes: true },
      );
      const odd = await t.throwsAsync(stream.reply);
      t.true(isReplyError(odd, "serialization"));
      await sleep(1);
    });
  },
);

const tank = {} as { world: Parameters<typeof watchSignal>[2] };
