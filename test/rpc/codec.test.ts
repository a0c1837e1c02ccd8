import { create, equals, type MessageInitShape } from "@bufbuild/protobuf";
import test from "ava";

import {
  GetBalanceResponseSchema,
  JournalEntrySchema,
  TransferRequestSchema,
} from "../../gen/bank/v1/bank_pb.ts";
import {
  CodecError,
  isCodecError,
  isRpcError,
  JsonCodec,
  type MessageCodec,
  protobufCodec,
} from "../../src/rpc/index.ts";
import { atDesk } from "./notes.ts";

/** What every codec must do. */
const codecs: Record<string, MessageCodec> = {
  protobufCodec,
  JsonCodec: new JsonCodec(),
};

const largest: MessageInitShape<typeof JournalEntrySchema> = {
  requestId: "r-1 ü \u{1f980}",
  from: "",
  to: "bob",
  cents: 9_223_372_036_854_775_807n,
};

for (const [name, codec] of Object.entries(codecs)) {
  test(`${name} gives back what it was given`, (t) => {
    for (const init of [{}, largest, { cents: -1n }]) {
      const bytes = codec.encode(JournalEntrySchema, init);
      const message = create(JournalEntrySchema, init);
      const back = codec.decode(JournalEntrySchema, bytes);
      t.true(equals(JournalEntrySchema, back, message));
    }
  });

  test(`${name} makes the same bytes of the same message`, (t) => {
    t.deepEqual(
      codec.encode(JournalEntrySchema, largest),
      codec.encode(JournalEntrySchema, create(JournalEntrySchema, largest)),
    );
  });

  test(`${name} says of which type a message cannot be made`, (t) => {
    const wrong = {
      cents: "many" as unknown as bigint,
      requestId: 5 as unknown as string,
    };
    const error = t.throws(() => codec.encode(TransferRequestSchema, wrong));
    t.true(isCodecError(error, "encode"), String(error));
    t.regex(String(error), /bank\.v1\.TransferRequest/);
    t.true(error?.cause instanceof Error);
  });

  test(`${name} says of which type bytes are not`, (t) => {
    for (const bytes of [[0xff], [0x0a, 0x7f], [0xc3, 0x28], [0x7b]]) {
      const error = t.throws(() =>
        codec.decode(TransferRequestSchema, Uint8Array.from(bytes)),
      );
      t.true(error instanceof CodecError && error.code === "decode");
    }
  });

  test(`${name} takes a message that has more fields than it knows`, (t) => {
    const bytes = codec.encode(JournalEntrySchema, largest);
    t.notThrows(() => codec.decode(GetBalanceResponseSchema, bytes));
  });
}

test.serial("a service speaks JSON when both sides do", async (t) => {
  const codec = new JsonCodec();
  await atDesk({ serve: { codec }, client: { codec } }, async ({ notes }) => {
    t.is((await notes.write({ account: "alice" })).cents, 5n);
  });
});

test.serial(
  "a request that the server cannot read is answered, and the next is served",
  async (t) => {
    const garbled: MessageCodec = {
      encode: (schema, message) =>
        protobufCodec
          .encode(schema, message)
          .map((byte) => (spoils ? 0xff : byte)),
      decode: (schema, bytes) => protobufCodec.decode(schema, bytes),
    };
    let spoils = true;
    await atDesk({ client: { codec: garbled } }, async ({ notes }) => {
      const error = await t.throwsAsync(notes.write({ account: "alice" }));
      t.true(isRpcError(error, "invalid_argument"));
      spoils = false;
      t.is((await notes.write({ account: "alice" })).cents, 5n);
    });
  },
);
