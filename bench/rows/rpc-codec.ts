/** What it costs to make bytes of messages, and messages of bytes. */
import {
  create,
  type DescMessage,
  fromBinary,
  type Message,
  toBinary,
} from "@bufbuild/protobuf";

import { EchoRequestSchema, OrderSchema } from "../../gen/bench/v1/bench_pb.ts";
import { protobufCodec } from "../../src/rpc/index.ts";
import { medians } from "../rounds.ts";
import { ratiosAtLeast, type Row } from "../row.ts";

interface Codec {
  encode(schema: DescMessage, message: Message): Uint8Array;
  decode(schema: DescMessage, bytes: Uint8Array): Message;
}

const protobufEs: Codec = { encode: toBinary, decode: fromBinary };
const roundTrips = 100_000;

const order = create(OrderSchema, {
  id: "order-17",
  balance: -5n,
  quantities: [1, 2, 3, -4, 500, 60_000],
  labels: { region: "eu-west-1", tier: "gold", a: "b" },
  weight: 0.5,
});
const echo = create(EchoRequestSchema, { payload: new Uint8Array(64) });

/** An order with a map, a list and a negative number; the note has a message of 64 bytes beside it. */
export const rpcCodec: Row = {
  id: "rpc.codec",
  what: "protobufCodec: an order written and read, by processor time",
  unit: "messages/s",
  target: ratiosAtLeast({ "protobuf-es": 1.3 }, "≥ 1.3× protobuf-es"),
  async run() {
    const figures = (): Record<string, () => number> => ({
      ours: () => nsOf(protobufCodec, OrderSchema, order),
      theirs: () => nsOf(protobufEs, OrderSchema, order),
      ourEcho: () => nsOf(protobufCodec, EchoRequestSchema, echo),
      theirEcho: () => nsOf(protobufEs, EchoRequestSchema, echo),
    });
    await medians(figures(), 1);
    const { ours, theirs, ourEcho, theirEcho } = await medians(figures());
    return {
      value: 1e9 / ours!,
      against: { "protobuf-es": 1e9 / theirs! },
      note: `64 bytes: ${ourEcho!.toFixed(0)} ns, and ${theirEcho!.toFixed(0)} ns with protobuf-es`,
    };
  },
};

/** Nanoseconds of processor time to write a message and read it again. */
function nsOf(codec: Codec, schema: DescMessage, message: Message): number {
  const before = process.cpuUsage();
  for (let count = 0; count < roundTrips; count += 1) {
    const read = codec.decode(schema, codec.encode(schema, message));
    if (read.$typeName !== message.$typeName) throw new Error("another type");
  }
  return (process.cpuUsage(before).user * 1_000) / roundTrips;
}
