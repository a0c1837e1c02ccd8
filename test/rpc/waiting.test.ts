/** Several items that are asked for at once: all are answered, in order, however the stream ends. */
import test from "ava";

import {
  CodecError,
  createBalancedClient,
  type MessageCodec,
  protobufCodec,
} from "../../src/rpc/index.ts";
import {
  address,
  count,
  endOf,
  inStudio,
  names,
  type Studio,
  type StudioOptions,
  type TapesClient,
  TapesRpc,
} from "./streams.ts";

type Items = AsyncIterator<{ cents: bigint }>;

const intercepting: StudioOptions = {
  client: { interceptors: [(call, next) => next(call)] },
};

/** Ask for so many at once. */
async function asked(
  items: AsyncIterator<Record<string, unknown>>,
  number: number,
): Promise<string[]> {
  const asking = Array.from({ length: number }, () => items.next());
  return Promise.all(
    asking.map((one) =>
      one.then(
        ({ done, value }) =>
          done === true ? "end" : String(Object.values(value).at(-1)),
        endOf,
      ),
    ),
  );
}

const begin = (
  tapes: TapesClient,
  account: string,
  timeoutMs?: number,
): Items => tapes.play({ account }, { timeoutMs })[Symbol.asyncIterator]();

/** Plays two numbers, and then none until nobody wants one. */
async function* stuck(signal: AbortSignal): AsyncGenerator<{ cents: bigint }> {
  yield* count(2);
  await new Promise((resolve) => {
    signal.addEventListener("abort", resolve);
  });
}

const stuckTapes: StudioOptions = {
  handler: { play: (_, { signal }) => stuck(signal) },
};

const plain = ({ tapes }: Studio): TapesClient => tapes;
const balanced = ({ client }: Studio): TapesClient =>
  createBalancedClient(TapesRpc, client, [address]);

const ways: [string, StudioOptions, (studio: Studio) => TapesClient][] = [
  ["plain", {}, plain],
  ["intercepted", intercepting, plain],
  ["balanced", {}, balanced],
];

/** Cannot read the third message that it is given. */
function fussy(): MessageCodec {
  let count = 0;
  return {
    ...protobufCodec,
    decode(schema, bytes) {
      count += 1;
      if (count === 3)
        throw new CodecError("decode", "odd", { type: schema.typeName });
      return protobufCodec.decode(schema, bytes);
    },
  };
}

for (const [name, options, clientOf] of ways) {
  test.serial(
    `a ${name} stream answers all who wait, in order, up to its end`,
    async (t) => {
      await inStudio(options, async (studio) => {
        const items = begin(clientOf(studio), "3");
        t.deepEqual(await asked(items, 5), ["0", "1", "2", "end", "end"]);
      });
    },
  );

  test.serial(
    `the deadline of a ${name} stream is told to the first who waits, and ends it for the rest`,
    async (t) => {
      await inStudio({ ...options, ...stuckTapes }, async (studio) => {
        const items = begin(clientOf(studio), "", 300);
        t.deepEqual(await asked(items, 5), [
          ...["0", "1", "deadline_exceeded maybe", "end", "end"],
        ]);
      });
    },
  );

  test.serial(
    `leaving a ${name} stream lets nobody wait any longer`,
    async (t) => {
      await inStudio({ ...options, ...stuckTapes }, async (studio) => {
        const items = begin(clientOf(studio), "");
        const asking = asked(items, 5);
        await studio.sleep(100);
        await items.return?.();
        t.deepEqual(await asking, [
          ...["0", "1", "cancelled maybe", "end", "end"],
        ]);
        t.deepEqual(await asked(items, 2), ["end", "end"]);
      });
    },
  );
}

test.serial(
  "a handler may ask for several requests at once, and leave while it waits",
  async (t) => {
    const seen: string[][] = [];
    await inStudio(
      {
        handler: {
          record: async (requests) => {
            const items = requests[Symbol.asyncIterator]();
            seen.push(await asked(items, 2));
            const rest = asked(items, 3);
            await items.return?.();
            seen.push(await rest, await asked(items, 1));
            return {};
          },
        },
      },
      async ({ tapes, sleep }) => {
        async function* slowly(): AsyncGenerator<{ account: string }> {
          yield* names(1, 2);
          await sleep(5_000);
          yield* names(3);
        }
        await tapes.record(slowly(), { timeoutMs: 1_000 });
        t.deepEqual(seen, [["a", "aa"], ["end", "end", "end"], ["end"]]);
      },
    );
  },
);

test.serial(
  "what cannot be read is an error for who asked for it, and the end for the rest",
  async (t) => {
    const seen: string[][] = [];
    const record = async (
      requests: AsyncIterable<Record<string, unknown>>,
    ): Promise<object> => {
      seen.push(await asked(requests[Symbol.asyncIterator](), 5));
      return {};
    };
    await inStudio(
      {
        client: { codec: fussy() },
        serve: { codec: fussy() },
        handler: { record },
      },
      async ({ tapes, sleep }) => {
        async function* slowly(): AsyncGenerator<{ account: string }> {
          for (let length = 1; length < 5; length += 1) {
            await sleep(10);
            yield* names(length);
          }
          await sleep(5_000);
        }
        await tapes.record(slowly(), { timeoutMs: 1_000 });
        t.deepEqual(seen, [
          ["a", "aa", "invalid_argument answered", "end", "end"],
        ]);
      },
    );
    await inStudio(
      { client: { codec: fussy() }, ...stuckTapes },
      async ({ tapes }) => {
        const items = tapes.dub(names(1, 2, 3, 4))[Symbol.asyncIterator]();
        t.deepEqual(await asked(items, 5), [
          ...["1", "2", "internal answered", "end", "end"],
        ]);
      },
    );
  },
);
