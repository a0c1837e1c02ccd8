/** A listener for metadata that throws: how the stream ends for its caller, and nothing else. */
import test from "ava";

import { createBalancedClient, RpcError } from "../../src/rpc/index.ts";
import {
  address,
  count,
  inStudio,
  names,
  type StudioOptions,
  type TapesClient,
  TapesRpc,
} from "./streams.ts";

const torn = new Error("torn");
const onReplyMetadata = (): void => {
  throw torn;
};

/** All that comes, and what it ends with. */
async function readAll(
  stream: AsyncIterable<{ cents: bigint }>,
): Promise<unknown[]> {
  const got: unknown[] = [];
  try {
    for await (const { cents } of stream) got.push(Number(cents));
  } catch (error) {
    got.push(error);
  }
  return got;
}

/** Everything is answered with metadata, and what is asked for `bad` with an error. */
const labelled: StudioOptions = {
  handler: {
    async *play({ account }, { replyMetadata }) {
      replyMetadata["shard"] = "7";
      yield* count(3);
      if (account === "bad") throw new RpcError("not_found", "no such tape");
    },
    record: async (requests, { replyMetadata }) => {
      replyMetadata["shard"] = "7";
      for await (const { account } of requests)
        if (account === "aaa") throw new RpcError("not_found", "no such tape");
      return {};
    },
  },
};

test.serial(
  "a stream ends with what a listener throws, after its items, and others go on",
  async (t) => {
    await inStudio(labelled, async ({ tapes, client, sleep }) => {
      const check = async (one: TapesClient): Promise<void> => {
        for (const account of ["good", "bad"]) {
          const stream = one.play({ account }, { onReplyMetadata });
          const other = one.play({ account: "good" });
          const [got, all] = await Promise.all([
            readAll(stream),
            readAll(other),
          ]);
          t.deepEqual(got, [0, 1, 2, torn]);
          t.deepEqual(all, [0, 1, 2]);
          t.deepEqual(await readAll(stream), []);
        }
        const late = one.play({}, { onReplyMetadata })[Symbol.asyncIterator]();
        t.is((await late.next()).value?.cents, 0n);
        await sleep(1_000);
        await late.next();
        await late.next();
        t.is(await t.throwsAsync(late.next()), torn);
      };
      await check(tapes);
      await check(createBalancedClient(TapesRpc, client, [address]));
    });
  },
);

test.serial(
  "a stream of requests is answered with what a listener throws",
  async (t) => {
    await inStudio(labelled, async ({ tapes }) => {
      for (const lengths of [[1], [3]]) {
        const call = tapes.record(names(...lengths), { onReplyMetadata });
        t.is(await t.throwsAsync(call), torn);
      }
    });
  },
);

test.serial(
  "what a listener throws when nobody reads any more is dropped",
  async (t) => {
    await inStudio(labelled, async ({ tapes, sleep }) => {
      const items = tapes.play({}, { onReplyMetadata })[Symbol.asyncIterator]();
      await items.next();
      await sleep(1_000);
      await items.return?.();
      t.deepEqual(await items.next(), { done: true, value: undefined });
    });
  },
);
