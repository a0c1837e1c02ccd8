/** Messages that are none, and such as are too large: whose mistake it is, and who is told what. */
import test from "ava";

import {
  isRpcError,
  protobufCodec,
  serve,
  createClient,
} from "../../src/rpc/index.ts";
import { nodeProviders } from "../../src/node/index.ts";
import { NetTransport } from "../../src/transport/index.ts";
import { address, atDesk, NotesRpc, plainHandler } from "./notes.ts";
import {
  count,
  drain,
  inStudio,
  names,
  type StudioOptions,
} from "./streams.ts";

/** Whatever it is given becomes two million bytes. */
const bloated = {
  ...protobufCodec,
  encode: (): Uint8Array => new Uint8Array(2_000_000),
};

/** What a call fails with, in words. */
async function failureOf(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    return isRpcError(error)
      ? `${error.code} ${error.delivery}: ${error.rawMessage}`
      : String(error);
  }
  return "it succeeded";
}

async function all(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

/** Notes what `onError` is told. */
function listening(): {
  readonly told: string[];
  readonly serve: NonNullable<StudioOptions["serve"]>;
} {
  const told: string[] = [];
  const onError = (error: unknown): void => void told.push(String(error));
  return { told, serve: { onError } };
}

const itemTooLarge =
  /^resource_exhausted \w+: an item of 20000\d\d bytes is above the limit of the other side: 1048572 bytes$/;

test.serial(
  "an item of a handler that is too large ends the stream for both sides with its size and the limit",
  async (t) => {
    const { told, serve: options } = listening();
    await inStudio(
      { serve: { ...options, codec: bloated } },
      async ({ tapes }) => {
        t.regex(
          await failureOf(() => all(tapes.play({ account: "3" }))),
          itemTooLarge,
        );
        t.is(told.length, 1);
        t.regex(told[0] ?? "", /^TooLargeError: an item of 2000000 bytes/);
      },
    );
  },
);

test.serial(
  "an item of a client that is too large ends the call with its size and the limit",
  async (t) => {
    await inStudio({}, async ({ tapes, handle, sleep }) => {
      const tooLong = (): AsyncIterable<{ account: string }> =>
        names(1, 2_000_000);
      t.regex(await failureOf(() => tapes.record(tooLong())), itemTooLarge);
      t.regex(await failureOf(() => all(tapes.dub(tooLong()))), itemTooLarge);
      await sleep(100);
      t.is(handle.runningCount, 0);
    });
  },
);

test.serial(
  "a reply that is too large is told to both sides with its size and the limit",
  async (t) => {
    const { told, serve: options } = listening();
    await atDesk(
      { serve: { ...options, codec: bloated } },
      async ({ notes }) => {
        t.regex(
          await failureOf(() => notes.write({})),
          /^resource_exhausted answered: a reply of 2000000 bytes is above the limit of 1048572: /,
        );
        t.deepEqual(told, [
          "TooLargeError: a reply of test.v1.Notes.Write of 2000000 bytes is above the limit of the other side: 1048572 bytes",
        ]);
      },
    );
  },
);

test("over TCP, too, a reply that is too large is told with its size and the limit", async (t) => {
  await using server = await NetTransport.listen(
    nodeProviders(),
    "127.0.0.1:0",
  );
  await using handle = serve(server, NotesRpc, plainHandler, {
    codec: bloated,
  });
  await using client = NetTransport.client(nodeProviders(), {
    payloadSizeMax: 5_000,
  });
  const notes = createClient(NotesRpc, client, handle.endpoint);
  t.regex(
    await failureOf(() => notes.write({}, { timeoutMs: 60_000 })),
    /^resource_exhausted answered: a reply of 2000000 bytes is above the limit of 4996: /,
  );
});

const noStreams: [given: unknown, name: string][] = [
  [[{ account: "a" }], "an array of 1"],
  [{}, "an object"],
  [undefined, "undefined"],
  [null, "null"],
  [() => count(), "a function"],
  ["a".repeat(100), "a text of 100 characters"],
];

for (const [given, name] of noStreams)
  test.serial(
    `${name} is no stream of requests, nor of responses`,
    async (t) => {
      const { told, serve: options } = listening();
      const handler = { play: () => given as AsyncGenerator<object> };
      await inStudio({ serve: options, handler }, async ({ tapes }) => {
        const rest = `must be an AsyncIterable, as an async generator makes it, not ${name}`;
        const requests = given as AsyncIterable<object>;
        t.is(
          await failureOf(() => tapes.record(requests)),
          `TypeError: what test.v1.Tapes.Record is called with ${rest}`,
        );
        t.is(
          await failureOf(() => tapes.dub(requests)),
          `TypeError: what test.v1.Tapes.Dub is called with ${rest}`,
        );
        t.is((await drain(tapes.play({}))).end, "internal answered");
        t.deepEqual(told, [
          `TypeError: what test.v1.Tapes.Play answers ${rest}`,
        ]);
      });
    },
  );

const noMessages: [given: unknown, name: string][] = [
  [5, "5"],
  ["str", '"str"'],
  [null, "null"],
  [true, "true"],
  [[{}], "an array of 1"],
];

for (const [given, name] of noMessages) {
  const wrong = `${name} is no bank.v1.GetBalance`;

  test.serial(`${name} is no response, nor a request`, async (t) => {
    const { told, serve: options } = listening();
    const handler = {
      write: () => given as object,
      read: async () => given as object,
    };
    await atDesk({ serve: options, handler }, async ({ notes }) => {
      const hidden = "internal answered: the handler failed";
      t.is(await failureOf(() => notes.write({})), hidden);
      t.is(await failureOf(() => notes.read({})), hidden);
      t.is(told.length, 2);
      t.true(
        told[0]?.startsWith(
          `TypeError: test.v1.Notes.Write: ${wrong}Response: `,
        ),
        told[0],
      );
      t.is(
        await failureOf(() => notes.write(given as object)),
        `invalid_argument not_sent: the request cannot be encoded: test.v1.Notes.Write: ${wrong}Request: a message is an object of its fields`,
      );
    });
  });

  test.serial(`${name} is no item of a stream`, async (t) => {
    const { told, serve: options } = listening();
    async function* odd(): AsyncGenerator<object> {
      yield given as object;
    }
    await inStudio(
      { serve: options, handler: { play: odd } },
      async ({ tapes }) => {
        t.is((await drain(tapes.play({}))).end, "internal answered");
        t.true(
          told[0]?.startsWith(
            `TypeError: test.v1.Tapes.Play: ${wrong}Response: `,
          ),
          told[0],
        );
        t.regex(
          await failureOf(() => tapes.record(odd())),
          /^invalid_argument maybe: the request cannot be encoded: test.v1.Tapes.Record: /,
        );
      },
    );
  });
}

test.serial(
  "a handler that answers nothing answers an empty message",
  async (t) => {
    const handler = { write: () => undefined as unknown as object };
    await atDesk({ handler }, async ({ notes }) => {
      t.is((await notes.write({})).cents, 0n);
    });
  },
);

test.serial(
  "a codec that makes no bytes harms its own calls only",
  async (t) => {
    const { told, serve: options } = listening();
    const wordy = {
      ...protobufCodec,
      encode: () => "text" as unknown as Uint8Array,
    };
    const wrong =
      'TypeError: what a codec makes of a message must be a Uint8Array, not "text"';
    await atDesk(
      { serve: { ...options, codec: wordy } },
      async ({ client, notes }) => {
        const hidden = "internal answered: the handler failed";
        t.is(await failureOf(() => notes.write({})), hidden);
        t.deepEqual(told, [wrong]);
        const other = createClient(NotesRpc, client, address, { codec: wordy });
        t.regex(
          await failureOf(() => other.write({})),
          /^invalid_argument not_sent: the request cannot be encoded/,
        );
      },
    );
  },
);
